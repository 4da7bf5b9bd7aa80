# Sourced by the boot tests: a real Debian with systemd as its first process, in
# a container of its own network, on a throw-away overlay; nothing of the host is
# touched.  machine_up DEB… boots it with those packages at hand (${DEBS[@]}).
#
# Host needs: root, systemd-container, mmdebstrap, dpkg-dev, zstd, iproute2.

export LC_ALL=C PATH=/usr/sbin:/usr/bin:/sbin:/bin
SUITE=bookworm
SOURCES=${BOOT_SOURCES:-/etc/apt/sources.list.d/debian.sources}
[ -e "$SOURCES" ] || SOURCES=/etc/apt/sources.list
CACHE=${BOOT_CACHE:-/var/tmp/forwardemail-boot}
INCLUDE=systemd,systemd-sysv,dbus,libpam-systemd,libnss-systemd,debconf,ca-certificates,iproute2,procps,curl,man-db
MACHINE=fwdboot$$
PASSED=0
FAILED=0
ok() { PASSED=$((PASSED + 1)); echo "  ok   $*"; }
nok() { FAILED=$((FAILED + 1)); echo "  FAIL $*"; }
# A bare `[[ x ]] && ok y` would vanish under errexit; these always count.
eq() { if [[ $2 == "$3" ]]; then ok "$1"; else nok "$1 (want '$2', got '$3')"; fi; }
like() { if [[ $3 == $2 ]]; then ok "$1"; else nok "$1 (want $2, got '$3')"; fi; }
t() { local d=$1; shift; if "$@" > /dev/null 2>&1; then ok "$d"; else nok "$d ($*)"; fi; }
nt() { local d=$1; shift; if "$@" > /dev/null 2>&1; then nok "$d ($*)"; else ok "$d"; fi; }
chapter() { echo "$1 ($((SECONDS)) s)"; }
die() { echo "boot: $*" >&2; exit 1; }
till() { local n=$1 i; shift; for ((i = 0; i < n * 10; i++)); do "$@" > /dev/null 2>&1 && return 0; sleep .1; done; return 1; }

# The tree all boots start from, made once per set of dependencies and cached.
make_base() { # debs…
  local deps key tar f
  mkdir -p "$CACHE"
  exec 9> "$CACHE/.lock"
  flock 9
  deps=$(for f in "$@"; do dpkg-deb -f "$f" Pre-Depends Depends; done | tr ',' '\n' | grep -v forwardemail | sort -u)
  key=$(printf '%s\n' "v1 $SUITE $INCLUDE $(cat "$SOURCES")" "$deps" | sha256sum | cut -c1-16)
  tar=$CACHE/base-$key.tar.zst
  BASE=$CACHE/base-$key
  if [[ ! -e $BASE/.complete ]]; then
    find "$CACHE" -maxdepth 1 -name 'base-*' -mmin +1440 -exec rm -rf --one-file-system {} + 2> /dev/null
    cat > "$CACHE/prefetch" << 'H'
#!/bin/sh
set -e
cd "$1"
rm -f var/cache/apt/archives/*.deb
APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" apt-get -q -y --no-install-recommends --download-only install $BOOT_DEBS
mkdir -p opt/repo
mv var/cache/apt/archives/*.deb opt/repo/ 2> /dev/null || true
cd opt/repo
dpkg-scanpackages -m . > Packages 2> /dev/null
H
    chmod +x "$CACHE/prefetch"
    BOOT_DEBS="$*" mmdebstrap --variant=minbase --mode=root --include="$INCLUDE" \
      --aptopt='Acquire::Languages "none"' --aptopt='APT::Install-Recommends "false"' \
      --dpkgopt='path-exclude=/usr/share/locale/*' --dpkgopt='path-exclude=/usr/share/doc/*' \
      --customize-hook="$CACHE/prefetch" \
      --customize-hook='rm -f "$1"/etc/apt/sources.list.d/* "$1"/etc/apt/sources.list; echo "deb [trusted=yes] file:/opt/repo ./" > "$1"/etc/apt/sources.list' \
      --customize-hook='rm -f "$1"/usr/sbin/policy-rc.d; : > "$1"/etc/machine-id; echo mx > "$1"/etc/hostname; printf "127.0.0.1 localhost mx.example.test mx\n::1 localhost\n" > "$1"/etc/hosts' \
      --customize-hook='for u in apt-daily.timer apt-daily-upgrade.timer e2scrub_all.timer fstrim.timer man-db.timer; do ln -sf /dev/null "$1"/etc/systemd/system/$u; done' \
      "$SUITE" "$tar.part.tar.zst" "$SOURCES" > "$CACHE/mmdebstrap.log" 2>&1 ||
      { tail -n 40 "$CACHE/mmdebstrap.log"; die "mmdebstrap failed"; }
    rm -rf --one-file-system "$BASE"
    mkdir -p "$BASE"
    tar --zstd --numeric-owner --xattrs --xattrs-include='*' -xpf "$tar.part.tar.zst" -C "$BASE"
    rm -f "$tar.part.tar.zst"
    touch "$BASE/.complete"
  fi
  flock -u 9
}

own_cgroup() { # hierarchy's name: this process's path in it
  awk -F: -v c="$1" '{n=split($2,a,","); for(i=1;i<=n;i++) if(a[i]==c || (c=="unified" && $1=="0" && $2=="") || (c=="systemd" && $2=="name=systemd")) {print $3; exit}}' /proc/self/cgroup
}
join_cgroup() { # mount point, hierarchy: run in the process that becomes nspawn
  local d
  d=$1$(own_cgroup "$2")
  d=${d%/}/$MACHINE
  mkdir -p "$d" || return 0
  if [[ -e $d/cpuset.cpus && -e $d/tasks ]]; then
    cat "${d%/*}/cpuset.cpus" > "$d/cpuset.cpus"
    cat "${d%/*}/cpuset.mems" > "$d/cpuset.mems"
  fi
  echo "$BASHPID" > "$d/cgroup.procs" && echo "$d" >> "$W/cgroups"
}
boot() {
  local h pure=no
  local -a a
  if [[ $(stat -f -c %T /sys/fs/cgroup) = cgroup2fs ]]; then
    pure=yes
    join_cgroup /sys/fs/cgroup unified
  else
    for h in /sys/fs/cgroup/*; do [[ -e $h/cgroup.procs ]] && join_cgroup "$h" "${h##*/}"; done
  fi
  a=(systemd-nspawn --quiet --directory="$W/root" --machine="$MACHINE" --register=no --keep-unit --console=pipe
    --network-namespace-path="/run/netns/$MACHINE" --link-journal=no --resolv-conf=off --timezone=off
    --kill-signal=SIGRTMIN+3 --system-call-filter=@known --capability=all)
  if [[ $pure = yes ]]; then
    SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 exec setpriv --pdeathsig KILL "${a[@]}" --boot
  else
    exec setpriv --pdeathsig KILL "${a[@]}" /bin/sh -c '
      for d in /sys/fs/cgroup/*; do mountpoint -q $d && mount -o remount,bind,rw,nosuid,nodev,noexec $d; done; exec /sbin/init'
  fi
}
leader() {
  local k
  for k in $(cat "/proc/$P/task/$P/children" 2> /dev/null || true); do
    if [[ $(awk '/^NSpid/{print $NF}' "/proc/$k/status" 2> /dev/null || true) = 1 ]]; then echo "$k"; return 0; fi
  done
}
# Runs a command inside; `u` runs it as a unit of the machine's own systemd.
c() { nsenter -t "$L" -m -u -i -n -p -C -r -w -- env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 "$@"; }
u() { c systemd-run --quiet --collect --wait --pipe --setenv=DEBIAN_FRONTEND=noninteractive -- "$@"; }

machine_start() {
  local s="" i
  boot >> "$W/console.log" 2>&1 < /dev/null &
  P=$!
  for i in {1..1200}; do
    L=$(leader)
    if [[ -n $L ]]; then
      s=$(c systemctl is-system-running 2> /dev/null || true)
      [[ $s = running || $s = degraded ]] && break
    fi
    [[ -d /proc/$P ]] || { tail -n 20 "$W/console.log"; die "the machine died while booting"; }
    sleep .05
  done
  [[ $s = running ]] || { c systemctl --failed --no-pager || true; die "the booted system is '$s'"; }
}

# What a test that was killed outright left behind.
sweep() {
  local d pid
  for d in /tmp/fwdboot.*; do
    pid=${d#/tmp/fwdboot.}
    pid=${pid%.*}
    [[ -d $d && $pid =~ ^[0-9]+$ && ! -d /proc/$pid ]] || continue
    umount -R "$d/root" 2> /dev/null || true
    umount -R "$d/rw" 2> /dev/null || true
    rm -rf --one-file-system "$d"
    ip netns del "fwdboot$pid" 2> /dev/null || true
  done
}

machine_up() { # debs…; DEBS becomes where they are inside
  local deb
  [[ $(id -u) = 0 ]] || die "must be root"
  [[ $# != 0 ]] || die "which packages?"
  for deb in "$@"; do
    set -- "${@:2}" "$(realpath "$deb")"
  done
  sweep
  make_base "$@"
  W=$(mktemp -d "/tmp/fwdboot.$$.XXXXXX")
  trap machine_down EXIT
  trap 'exit 143' TERM INT
  DEBS=()
  for deb in "$@"; do DEBS+=("/opt/debs/${deb##*/}"); done
  mkdir "$W/rw" "$W/root"
  mount -t tmpfs -o mode=755 tmpfs "$W/rw"
  mkdir "$W/rw/up" "$W/rw/wk"
  mount -t overlay -o "lowerdir=$BASE,upperdir=$W/rw/up,workdir=$W/rw/wk" overlay "$W/root"
  mkdir -p "$W/root/opt/debs"
  cp "$@" "$W/root/opt/debs/"
  ip netns add "$MACHINE"
  ip -n "$MACHINE" link set lo up
  machine_start
}

machine_reboot() {
  local rc=0
  c systemctl reboot > /dev/null 2>&1 || true
  wait "$P" || rc=$?
  eq "a reboot ends as one" 133 "$rc"
  machine_start
}

machine_down() {
  local rc=$? d i
  trap - EXIT INT TERM
  set +e
  if [[ $rc != 0 || $FAILED != 0 ]] && [[ -n ${L-} && -d /proc/$L ]]; then
    echo "---- journal"
    c journalctl -b --no-pager -n 60 2>&1 | tail -n 60
    c systemctl --failed --no-pager
  fi
  if [[ -n ${P-} && -d /proc/$P ]]; then
    kill -TERM "$P"
    for i in {1..60}; do [[ -d /proc/$P ]] || break; sleep .05; done
    kill -KILL "$P" 2> /dev/null
  fi
  wait 2> /dev/null
  ip netns del "$MACHINE" 2> /dev/null
  if [[ -s $W/cgroups ]]; then
    while read -r d; do find "$d" -depth -type d -exec rmdir {} + 2> /dev/null; done < "$W/cgroups"
  fi
  rmdir "/run/systemd/nspawn/propagate/$MACHINE" 2> /dev/null
  umount -R "$W/root" 2> /dev/null
  umount -R "$W/rw" 2> /dev/null
  rm -rf --one-file-system "$W"
  [[ $rc = 0 ]] || FAILED=$((FAILED + 1))
  echo "$PASSED passed, $FAILED failed"
  [[ $FAILED = 0 ]] || rc=1
  exit "$rc"
}

#!/bin/bash
# On a freshly booted Debian: install the packages, and from then on only do
# what an administrator would: first mail, restart, reboot, remove, purge.
#   first_mail.sh DEB…
set -euo pipefail
if [[ -z ${_CHILD-} ]]; then _CHILD=1 exec timeout --kill-after=20 "${BOOT_DEADLINE:-900}" "$0" "$@"; fi
. "$(dirname "$0")/machine.sh"
DEBS=()
for deb in "$@"; do DEBS+=("$(realpath "$deb")"); done
machine_up "${DEBS[@]}"
inside=()
for deb in "${DEBS[@]}"; do inside+=("/opt/debs/${deb##*/}"); done
u apt-get -q update > "$W/apt.log" 2>&1
u apt-get -q -y --no-install-recommends install "${inside[@]}" >> "$W/apt.log" 2>&1 || { tail -n 40 "$W/apt.log"; die "apt install"; }
ok "apt installs the packages"

for daemon in sqlited mxd imapd; do
  t "user _fwd-$daemon exists" c getent passwd "_fwd-$daemon"
  eq "fwd-$daemon.socket is enabled" enabled "$(c systemctl is-enabled "fwd-$daemon.socket")"
  eq "fwd-$daemon.socket listens" active "$(c systemctl is-active "fwd-$daemon.socket")"
  t "man fwd-$daemon" c man -P cat "fwd-$daemon"
done
eq "the server key is root's alone" "400 root root" "$(c stat -c '%a %U %G' /etc/forwardemail/secrets/server.key)"
eq "the TLS key is for its group" "640 root _fwd-tls" "$(c stat -c '%a %U %G' /etc/forwardemail/ssl/privkey.pem)"
t "man 5 forwardemail.conf" c man -P cat 5 forwardemail.conf
t "man 7 fwd-events" c man -P cat 7 fwd-events

t "forwardemail status" c forwardemail status
t "forwardemail check" c forwardemail check
t "domain add" c forwardemail domain add example.test
made=$(c forwardemail --json alias add hello@example.test --password)
password=$(printf %s "$made" | tr -d '\n' | sed -n 's/.*"password": *"\([^"]*\)".*/\1/p')
like "alias add gives a password of 24 characters" "????????????????????????" "$password"

deliver() { # subject
  printf 'From: a@elsewhere.test\r\nTo: hello@example.test\r\nSubject: %s\r\n\r\nbody of %s\r\n' "$1" "$1" |
    c curl -sS --max-time 20 --url "smtp://127.0.0.1/elsewhere.test" --mail-from a@elsewhere.test --mail-rcpt hello@example.test --upload-file -
}
fetch() { # uid
  c curl -sSk --max-time 20 --user "hello@example.test:$password" "imaps://127.0.0.1/INBOX;UID=$1"
}
t "port 25 takes a message" deliver one
like "port 993 gives it back" "*Subject: one*body of one*" "$(fetch 1)"
for daemon in sqlited mxd imapd; do
  pid=$(c systemctl show -P MainPID "fwd-$daemon.service")
  eq "fwd-$daemon runs as its own user" "_fwd-$daemon" "$(c ps -o user:32= -p "$pid" | tr -d ' ')"
  eq "fwd-$daemon: seccomp filter on, no capability, no new privileges" "2 0000000000000000 1" \
    "$(c awk '/^Seccomp:/{s=$2} /^CapBnd:/{b=$2} /^NoNewPrivs:/{n=$2} END{print s,b,n}' "/proc/$pid/status")"
  t "fwd-$daemon: no file of /etc can be written" c nsenter -t "$pid" -m -- sh -c '! touch /etc/x 2>/dev/null'
  eq "fwd-$daemon: unit is active (READY was said)" active "$(c systemctl is-active "fwd-$daemon.service")"
done
t "journalctl tells of the delivery" c sh -c 'journalctl -u fwd-mxd --no-pager | grep -q mx.delivered'
t "events are structured fields of the journal" c sh -c 'journalctl FWD_EVENT=mx.delivered --no-pager -o cat | grep -q .'
nt "no password in the journal" c sh -c "journalctl --no-pager | grep -F '$password'"

for daemon in sqlited mxd imapd; do c systemctl restart "fwd-$daemon.service"; done
t "after a restart of all: takes a message" till 10 deliver two
like "and the login opens the mailbox" "*Subject: two*" "$(fetch 2)"
c systemctl kill -s KILL fwd-sqlited.service
t "a killed door comes back by itself" till 15 deliver three
t "systemctl reload works" c systemctl reload fwd-imapd.service fwd-mxd.service
machine_reboot
t "after a reboot port 25 answers" till 10 deliver four
like "and IMAP too" "*body of four*" "$(fetch 4 || true)$(fetch 5 || true)"
eq "no failed unit" "" "$(c systemctl --failed --no-legend --no-pager)"

pids=$(for daemon in sqlited mxd imapd; do c systemctl show -P MainPID "fwd-$daemon.service"; done)
u apt-get -q -y purge 'forwardemail-*' >> "$W/apt.log" 2>&1 || { tail -n 30 "$W/apt.log"; die "purge"; }
for pid in $pids; do [[ $pid = 0 ]] || nt "purge stopped process $pid" c test -d "/proc/$pid"; done
eq "no unit left" "" "$(c systemctl list-unit-files 'fwd-*' --no-legend --no-pager)"
t "purge keeps mail and the key that opens it" c test -s /etc/forwardemail/secrets/server.key
t "  (the mail)" c sh -c 'ls /var/lib/forwardemail/*.sqlite'
eq "the system still runs well" running "$(c systemctl is-system-running)"

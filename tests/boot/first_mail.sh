#!/bin/bash
# On a freshly booted Debian: install the packages, and from then on only do
# what an administrator would: first mail, look around, renew a certificate,
# restart, reboot, remove, purge, install again.
#   first_mail.sh DEB…
set -euo pipefail
here=$(dirname "$(realpath "$0")")
if [[ -z ${_CHILD-} ]]; then _CHILD=1 exec timeout --kill-after=20 "${BOOT_DEADLINE:-600}" "$0" "$@" < /dev/null; fi
. "$here/machine.sh"
. "$here/mail.sh"
daemons="sqlited mxd smtpd imapd"
ports="25 2525 465 587 2465 2587 993 2993"
conf=/etc/forwardemail

machine_up "$@"
u apt-get -q update > "$W/apt.log" 2>&1
apt_install() { u apt-get -q -y --no-install-recommends "$@" "${DEBS[@]}" >> "$W/apt.log" 2>&1 || { tail -n 40 "$W/apt.log"; die "apt-get $*"; }; }

chapter "installed"
apt_install install
for d in $daemons; do
  t "user _fwd-$d exists" c getent passwd "_fwd-$d"
  eq "fwd-$d.socket is enabled" enabled "$(c systemctl is-enabled "fwd-$d.socket" || true)"
  eq "fwd-$d.socket listens" active "$(c systemctl is-active "fwd-$d.socket" || true)"
  eq "fwd-$d runs (READY was said)" active "$(c systemctl is-active "fwd-$d.service" || true)"
  t "man fwd-$d" c man -P cat "fwd-$d"
done
eq "fwd-smtp-bree is enabled" enabled "$(c systemctl is-enabled fwd-smtp-bree.service || true)"
eq "fwd-smtp-bree runs" active "$(c systemctl is-active fwd-smtp-bree.service || true)"
t "man fwd-smtp-bree" c man -P cat fwd-smtp-bree
t "man sendmail" c man -P cat sendmail
for port in $ports; do t "port $port is open" is_open "$port"; done
t "man 8 forwardemail" c man -P cat 8 forwardemail
t "man 5 forwardemail.conf" c man -P cat 5 forwardemail.conf
t "man 7 fwd-events" c man -P cat 7 fwd-events
t "bash completes the command" c bash -c '. /usr/share/bash-completion/completions/forwardemail; complete -p forwardemail'
eq "the server key is root's alone" "400 root root" "$(c stat -c '%a %U %G' $conf/secrets/server.key)"
eq "the TLS key is for its group" "640 root _fwd-tls" "$(c stat -c '%a %U %G' $conf/ssl/privkey.pem)"
eq "mail is fwd-sqlited's alone" "700 _fwd-sqlited _fwd-sqlited" "$(c stat -c '%a %U %G' /var/lib/forwardemail)"
eq "the door is for its group" "660 root _fwd-door" "$(c stat -c '%a %U %G' /run/forwardemail/sqlited.sock)"
eq "configuration files are dpkg's conffiles" "$conf/conf.d/README $conf/forwardemail.conf" \
  "$(c dpkg-query -W -f '${Conffiles}' forwardemail-common | awk 'NF{print $1}' | sort | paste -sd' ')"
eq "nothing is set in them" "" "$(c grep -vE '^(#|$)' $conf/forwardemail.conf || true)"

chapter "first mail"
t "forwardemail status" c forwardemail status
eq "forwardemail check" "no fault found" "$(c forwardemail check 2>&1 | tail -n 1)"
t "domain add" c forwardemail domain add example.test
made=$(c forwardemail --json alias add hello@example.test --password)
password=$(printf %s "$made" | tr -d '\n' | sed -n 's/.*"password": *"\([^"]*\)".*/\1/p')
like "alias add gives a password of 24 characters" "????????????????????????" "$password"
t "port 25 takes a message" deliver one
t "port 2525 takes one over STARTTLS" deliver two --url smtp://127.0.0.1:2525/elsewhere.test --ssl-reqd -k
like "port 993 gives back the first" "*Subject: one*body of one*" "$(fetch 1)"
like "port 2993 gives back the second, with TLS in its trace" "*ESMTPS*Subject: two*body of two*" "$(fetch 2 2993)"
like "over IPv6 as well" "*body of one*" "$(fetch 1 993 '[::1]')"
nt "a wrong password opens nothing" c curl -sSk --max-time 20 --user "hello@example.test:wrong" "imaps://127.0.0.1/INBOX;UID=1"
nt "an unknown recipient is refused" deliver_to nobody@example.test
like "  (with 550 5.1.1)" "*550*" "$(deliver_to nobody@example.test 2>&1 || true)"

chapter "sending"
t "port 465 takes a message from its owner" submit "sent to myself" hello@example.test
t "  and it is delivered" till 20 has_body "of sent to myself"
t "port 587 takes one after STARTTLS" submit "sent after STARTTLS" hello@example.test --url smtp://127.0.0.1:587/c --ssl-reqd
t "  and it is delivered, too" till 20 has_body "of sent after STARTTLS"
nt "port 587 takes no password in the clear" submit "in the clear" hello@example.test --url smtp://127.0.0.1:587/c
nt "a wrong password sends nothing" submit "wrong" hello@example.test --user hello@example.test:wrong
nt "nobody sends as somebody else" submit "as another" hello@example.test --mail-from other@elsewhere.test
t "a program of this host sends without a password" local_mail "from a program"
t "  and it is delivered" till 20 has_body "from a program"
t "mail to others is queued" submit "to others" x@elsewhere.example
waiting() { c forwardemail --json queue list | grep -q x@elsewhere.example; }
t "  and waits, as there is no network here" till 20 waiting
t "  mailq lists it" c sh -c 'mailq | grep -q x@elsewhere.example'
c systemctl kill -s KILL fwd-smtp-bree.service
t "a killed worker comes back by itself" till 15 c systemctl -q is-active fwd-smtp-bree.service
t "  and mail is delivered on" submit "after the kill" hello@example.test
t "  (it arrived)" till 20 has_body "of after the kill"
pid=$(main_pid smtp-bree)
eq "fwd-smtp-bree runs as its own user" "_fwd-smtp-bree" "$(c ps -o user:32= -p "$pid" | tr -d ' ')"
eq "fwd-smtp-bree: seccomp filter on, no capability, no new privileges" "2 0000000000000000 0000000000000000 1" \
  "$(c awk '/^Seccomp:/{s=$2} /^CapBnd:/{b=$2} /^CapEff:/{e=$2} /^NoNewPrivs:/{n=$2} END{print s,b,e,n}' "/proc/$pid/status")"
eq "fwd-smtp-bree listens nowhere" "" "$(c ss -Hltnp | grep "pid=$pid," || true)"
t "fwd-smtp-bree: exposure at most 2.5" c systemd-analyze security --threshold=25 fwd-smtp-bree.service
c sh -c "echo 'server.hostname = mx.example.test' > $conf/conf.d/name.conf"
like "the DNS records to publish name both keys" "*k=rsa*k=ed25519*" "$(c forwardemail domain dns example.test 2>&1 | paste -sd" ")"
c rm $conf/conf.d/name.conf

chapter "each in its sandbox"
own() { c readlink "/proc/1/ns/$1"; }
for d in $daemons; do
  pid=$(main_pid $d)
  eq "fwd-$d runs as its own user" "_fwd-$d" "$(c ps -o user:32= -p "$pid" | tr -d ' ')"
  eq "fwd-$d: seccomp filter on, no capability, no new privileges" "2 0000000000000000 0000000000000000 1" \
    "$(c awk '/^Seccomp:/{s=$2} /^CapBnd:/{b=$2} /^CapEff:/{e=$2} /^NoNewPrivs:/{n=$2} END{print s,b,e,n}' "/proc/$pid/status")"
  # fwd-mxd asks the DNS about who sends, so it has the machine's network: by the families of the
  # internet alone, and nothing listens there but what its socket unit gave it.
  if [ "$d" = mxd ]; then
    eq "fwd-mxd: makes sockets of no other families" "AF_INET AF_INET6 AF_UNIX" \
      "$(c systemctl show -P RestrictAddressFamilies fwd-mxd.service | tr ' ' '\n' | sort | paste -sd" ")"
    ports_of() { awk '{n = split($1, a, ":"); print a[n]}' | sort -u | paste -sd" "; }
    eq "fwd-mxd: listens where its socket unit says and nowhere else" \
      "$(c systemctl show -P Listen fwd-mxd.socket | ports_of)" \
      "$(c ss -Hltnp | grep "pid=$pid," | awk '{print $4}' | ports_of)"
  else
    t "fwd-$d: has no network but its sockets" differ "$(own net)" "$(c readlink "/proc/$pid/ns/net")"
  fi
  t "fwd-$d: sees its own mounts" differ "$(own mnt)" "$(c readlink "/proc/$pid/ns/mnt")"
  nt "fwd-$d: cannot write to /etc" c nsenter -t "$pid" -m -- touch /etc/x
  t "fwd-$d: leaves no core" c sh -c "grep -qE '^Max core file size +0 +0 ' /proc/$pid/limits"
  t "fwd-$d: exposure at most 1.5" c systemd-analyze security --threshold=15 "fwd-$d.service"
done
for d in mxd imapd; do
  pid=$(main_pid $d)
  t "fwd-$d: has users of its own (PrivateUsers)" differ "$(own user)" "$(c readlink "/proc/$pid/ns/user")"
  eq "fwd-$d: groups for the TLS key and the door" "$(gid _fwd-door) $(gid _fwd-tls)" \
    "$(c awk '/^Groups:/{$1=""; print}' "/proc/$pid/status" | tr ' ' '\n' | grep . | grep -vx "$(gid "_fwd-$d")" | sort -n | paste -sd' ')"
  nt "fwd-$d: no file of its own is open for writing" c sh -c "ls -l /proc/$pid/fd | grep -E '^l-w.* /(var|etc|tmp|srv)'"
done
eq "fwd-smtpd sees true users" "$(own user)" "$(c readlink "/proc/$(main_pid smtpd)/ns/user")"
eq "the door sees true users" "$(own user)" "$(c readlink "/proc/$(main_pid sqlited)/ns/user")"
t "the door keeps secrets in locked memory" c awk '/^VmLck:/{exit !($2 > 0)}' "/proc/$(main_pid sqlited)/status"
nt "a stranger is turned away even with the door's group" c setpriv --reuid=nobody --regid=_fwd-door --clear-groups forwardemail status
t "  (and the journal says who it was)" till 5 c sh -c "journalctl -q FWD_EVENT=door.refused FWD_UID=$(c id -u nobody) --no-pager | grep -q ."
nt "a stranger without the group cannot knock" c setpriv --reuid=nobody --regid=nogroup --clear-groups forwardemail status
nt "fwd-mxd's user may not list aliases" c setpriv --reuid=_fwd-mxd --regid=_fwd-mxd --groups=_fwd-door forwardemail alias list
t "  (and the journal says so)" till 5 c sh -c "journalctl -q FWD_EVENT=door.denied FWD_ROLE=mxd --no-pager | grep -q ."

chapter "the journal"
t "journalctl tells of the delivery" c sh -c 'journalctl -u fwd-mxd --no-pager | grep -q mx.delivered'
id=$(c journalctl -q FWD_EVENT=mx.delivered -n 1 --output-fields=FWD_MESSAGE -o json --no-pager | sed -n 's/.*"FWD_MESSAGE" *: *"\([^"]*\)".*/\1/p')
like "an event has the message's id as a field" "??????????" "$id"
t "journalctl FWD_MESSAGE= finds it" c sh -c "journalctl -q FWD_MESSAGE=$id --no-pager | grep -q mx.delivered"
like "forwardemail log tells the same story" "*mx.delivered*" "$(c forwardemail log "$id" 2>&1 || true)"
nt "no password is in the journal" c sh -c "journalctl --no-pager -o json | grep -qF '$password'"

chapter "reload"
imap_open
pid=$(main_pid imapd)
before=$(served_certificate)
c sh -c "cd $conf/ssl && rm privkey.pem fullchain.pem cert.pem && /usr/share/forwardemail/make-self-signed . mx.example.test && chgrp _fwd-tls privkey.pem && chmod 640 privkey.pem"
t "systemctl reload with a new certificate" c systemctl reload fwd-imapd.service fwd-mxd.service
new_is_served() { differ "$before" "$(served_certificate)"; }
t "the new certificate is served" till 10 new_is_served
like "  the session that was open goes on" "*n1 OK*" "$(imap_say n1 NOOP)"
eq "  in the same process" "$pid" "$(main_pid imapd)"
renewed=$(served_certificate)
c sh -c "cp $conf/ssl/fullchain.pem /root/good.pem; echo rubbish > $conf/ssl/fullchain.pem; systemctl reload fwd-imapd.service" > /dev/null 2>&1 || true
t "a broken certificate is refused with a log line" till 10 c sh -c 'journalctl -q -u fwd-imapd FWD_EVENT=daemon.reload.refused --no-pager | grep -q .'
eq "  and the good one stays in force" "$renewed" "$(served_certificate)"
c sh -c "cat /root/good.pem > $conf/ssl/fullchain.pem; echo 'smtp.idle-limt = 3m' > $conf/conf.d/typo.conf"
nt "systemctl reload fails on a misspelt option" c systemctl reload fwd-mxd.service
like "  and the journal has the right spelling" "*did you mean smtp.idle-limit*" "$(c journalctl -q -u fwd-mxd --no-pager -n 20)"
nt "forwardemail check fails on it" c forwardemail check
t "  while mail goes on" deliver three
c rm $conf/conf.d/typo.conf
t "  and a reload is well again" c systemctl reload fwd-sqlited.service fwd-mxd.service fwd-imapd.service
like "the session lives" "*n2 OK*" "$(imap_say n2 NOOP)"
imap_close

chapter "restarts and bad days"
# A session may be told 421 and its sender will come again; 7 is curl's "could not connect".
burst() { local status=0; deliver "burst $1" > /dev/null 2>&1 || status=$?; [[ $status != 7 ]] || echo "$1" >> "$W/lost"; }
bursts=()
for i in 1 2 3 4 5; do
  burst "$i" &
  bursts+=($!)
  [[ $i != 3 ]] || c systemctl restart fwd-mxd.service
done
wait "${bursts[@]}"
nt "no connection is refused over a restart of fwd-mxd (5 at once)" test -e "$W/lost"
for d in $daemons; do c systemctl restart "fwd-$d.service"; done
t "after a restart of all: takes a message" till 10 deliver restarted
t "  and the login opens the mailbox" has_body "of restarted"
pid=$(main_pid sqlited)
c systemctl kill -s KILL fwd-sqlited.service
t "a killed door comes back by itself" till 15 deliver killed
t "  as another process" differ "$pid" "$(main_pid sqlited)"
c systemctl stop fwd-sqlited.socket fwd-sqlited.service
like "while the door is stopped the sender is told to try again" "*45[0-9]*" "$(deliver away 2>&1 || true)"
c systemctl start fwd-sqlited.socket
t "the door's socket starts it again" till 10 deliver back
c sh -c "mv $conf/secrets/server.key /root/; systemctl restart fwd-sqlited.service" > /dev/null 2>&1 || true
nt "without its key the door does not start" c systemctl -q is-active fwd-sqlited.service
c mv /root/server.key $conf/secrets/
t "  and heals by itself when the key is back" till 20 deliver healed
c sh -c 'mkdir -p /run/systemd/system/fwd-mxd.service.d; printf "[Service]\nWatchdogSec=2s\nTimeoutAbortSec=1s\n" > /run/systemd/system/fwd-mxd.service.d/test.conf; systemctl daemon-reload; systemctl restart fwd-mxd.service'
pid=$(main_pid mxd)
c kill -STOP "$pid"
is_another() { local now; now=$(main_pid mxd); [[ $now != 0 && $now != "$pid" ]]; }
t "the watchdog replaces a daemon that hangs" till 15 is_another
c sh -c 'rm -r /run/systemd/system/fwd-mxd.service.d; systemctl daemon-reload; systemctl restart fwd-mxd.service'
t "  and mail goes on" till 10 deliver watched

chapter "upgrade"
key=$(c sha256sum $conf/secrets/server.key)
certificate=$(served_certificate)
c sh -c "echo 'imap.idle-limit = 31m' >> $conf/forwardemail.conf"
open_since=$(c systemctl show -P ActiveEnterTimestampMonotonic fwd-mxd.socket)
pid=$(main_pid mxd)
apt_install install --reinstall -o Dpkg::Options::=--force-confold
t "the daemon is a new process" differ "$pid" "$(main_pid mxd)"
eq "its port was open all the time" "$open_since" "$(c systemctl show -P ActiveEnterTimestampMonotonic fwd-mxd.socket)"
eq "the server key is untouched" "$key" "$(c sha256sum $conf/secrets/server.key)"
eq "the certificate is untouched" "$certificate" "$(served_certificate)"
t "the administrator's change is kept" c grep -q '^imap.idle-limit = 31m' $conf/forwardemail.conf
t "mail goes on" till 10 deliver upgraded

t "what waited to be sent still does" waiting

chapter "reboot"
machine_reboot
t "what waited to be sent still does" waiting
t "port 25 answers" till 20 deliver rebooted
t "  and IMAP has old and new" has_body "of rebooted"
like "  the first as it was" "*body of one*" "$(fetch 1)"
eq "no unit has failed" "" "$(c systemctl --failed --no-legend --no-pager)"

chapter "removed, installed, purged, installed"
pids=$(for d in $daemons; do main_pid "$d"; done)
u apt-get -q -y remove 'forwardemail-*' >> "$W/apt.log" 2>&1 || { tail -n 30 "$W/apt.log"; die "remove"; }
for pid in $pids; do [[ $pid = 0 ]] || nt "removing stopped process $pid" c test -d "/proc/$pid"; done
for port in $ports; do nt "port $port is closed" is_open "$port"; done
t "the configuration stays" c grep -q '^imap.idle-limit = 31m' $conf/forwardemail.conf
apt_install install
t "installed again: the mail is there" has_body "of rebooted"
u apt-get -q -y purge 'forwardemail-*' >> "$W/apt.log" 2>&1 || { tail -n 30 "$W/apt.log"; die "purge"; }
eq "purged: no unit is left" "" "$(c systemctl list-unit-files 'fwd-*' --no-legend --no-pager)"
eq "  nothing but the key is left in /etc" "$conf $conf/secrets $conf/secrets/server.key" "$(c find $conf | sort | paste -sd' ')"
t "  mail stays, with the key that opens it" c sh -c 'test -s /var/lib/forwardemail/directory.sqlite'
eq "  nothing of ours is left in /run or /usr" "" "$(c sh -c "find /run /usr /lib/systemd -iname '*fwd-*' -o -iname '*forwardemail*' | grep -vE '^/run/(systemd/(propagate|units)|credentials|log)/'" | paste -sd' ' || true)"
eq "  the system still runs well" running "$(c systemctl is-system-running || true)"
apt_install install
t "installed anew: the old mail is read with its old password" has_body "of rebooted"
t "  and new mail comes" till 10 deliver anew
eq "forwardemail check" "no fault found" "$(c forwardemail check 2>&1 | tail -n 1)"

# Sourced by the boot tests: mail clients inside the machine.

differ() { [[ -n $1 && -n $2 && $1 != "$2" ]]; }
main_pid() { c systemctl show -P MainPID "fwd-$1.service"; }
is_open() { c bash -c "exec 3<> /dev/tcp/127.0.0.1/$1"; }
gid() { c getent group "$1" | cut -d: -f3; }

# A message with `subject` for hello@example.test; more words are curl's.
deliver() {
  local subject=$1
  shift
  [[ $# != 0 ]] || set -- --url smtp://127.0.0.1/elsewhere.test
  printf 'From: a@elsewhere.test\r\nTo: hello@example.test\r\nSubject: %s\r\n\r\nbody of %s\r\n' "$subject" "$subject" |
    c curl -sS --max-time 20 --mail-from a@elsewhere.test --mail-rcpt hello@example.test --upload-file - "$@"
}
deliver_to() {
  printf 'Subject: x\r\n\r\nx\r\n' |
    c curl -sS --max-time 20 --url smtp://127.0.0.1/elsewhere.test --mail-from a@elsewhere.test --mail-rcpt "$1" --upload-file -
}
# A message from hello@example.test over submission; more words are curl's.
submit() {
  local subject=$1 to=$2
  shift 2
  printf 'From: hello@example.test\r\nTo: %s\r\nSubject: %s\r\n\r\nbody of %s\r\n' "$to" "$subject" "$subject" |
    c curl -sSk --max-time 20 --url smtps://127.0.0.1/c --user "hello@example.test:$password" \
      --mail-from hello@example.test --mail-rcpt "$to" --upload-file - "$@"
}
# As cron does it.
local_mail() {
  printf 'From: root\nTo: hello@example.test\nSubject: %s\n\nbody %s\n' "$1" "$1" |
    c setpriv --reuid=nobody --regid=nogroup --clear-groups /usr/sbin/sendmail -i -t
}
# One message by UID; port and host as options.
fetch() {
  c curl -sSk --max-time 20 --user "hello@example.test:$password" "imaps://${3:-127.0.0.1}:${2:-993}/INBOX;UID=$1"
}
# True when the newest message of INBOX has these words in its body.
has_body() {
  local found
  found=$(c curl -sSk --max-time 20 --user "hello@example.test:$password" "imaps://127.0.0.1/INBOX" -X "SEARCH BODY \"$1\"")
  [[ $found =~ SEARCH\ [0-9] ]]
}
served_certificate() {
  c sh -c 'openssl s_client -connect 127.0.0.1:993 < /dev/null 2> /dev/null | openssl x509 -noout -fingerprint' || true
}

# A session that stays open: imap_open, imap_say TAG COMMAND…, imap_close.
imap_open() {
  mkfifo "$W/imap.in" "$W/imap.out"
  c openssl s_client -quiet -crlf -connect 127.0.0.1:993 < "$W/imap.in" > "$W/imap.out" 2> /dev/null &
  exec 7> "$W/imap.in" 8< "$W/imap.out"
  imap_say l1 LOGIN hello@example.test "$password" > /dev/null
  imap_say l2 SELECT INBOX > /dev/null
}
imap_say() {
  local line
  printf '%s\n' "$*" >&7 || true
  while IFS= read -r -t 10 -u 8 line; do
    printf '%s\n' "$line"
    [[ $line != "$1 "* ]] || return 0
  done
  echo "(no answer to $1)"
}
imap_close() { exec 7>&- 8<&-; rm -f "$W/imap.in" "$W/imap.out"; }

// Every option there is.  To add one, add its row; the compiler checks it.
#include "config/option_table.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <numeric>
#include <vector>

namespace fwd::config {
namespace {

// clang-format off
constexpr Option kOptions[] = {
    {"daemon.stop-limit", "time 1s..10m", "20s", "imapd mxd smtp-bree smtpd sqlited",
     "How long open sessions may take to end when a daemon is stopped."},
    {"data.folder", "path", FWD_STATEDIR, "sqlited forwardemail",
     "Where mailboxes, directory, spool and journal are kept."},
    {"delivery.allow-private", "bool", "no", "smtp-bree",
     "Deliver to servers at private addresses, too; for a network without the internet."},
    {"delivery.answer-limit", "time 10s..10m", "5m", "smtp-bree",
     "How long an answer of a remote server is waited for (RFC 5321 §4.5.3.2)."},
    {"delivery.blocked-pause", "time 1m..1d", "1h", "smtp-bree",
     "How long a destination that has us on a block list is left alone."},
    {"delivery.claims-limit", "integer 1..1000", "50", "smtp-bree",
     "Messages and destinations that are tried at once."},
    {"delivery.claims-per-destination", "integer 1..1000", "10", "smtp-bree",
     "Messages to one destination that are tried at once."},
    {"delivery.connect-limit", "time 1s..5m", "30s", "smtp-bree",
     "How long connecting to a remote server may take."},
    {"delivery.connections-per-host", "integer 1..1000", "10", "smtp-bree",
     "Connections to one remote server at once."},
    {"delivery.dane", "bool", "yes", "smtp-bree",
     "Obey TLSA records of remote servers (RFC 7672)."},
    {"delivery.delay-notice", "time 15m..5d", "4h", "smtp-bree",
     "When a sender is told that a message is delayed."},
    {"delivery.destination-pause-limit", "time 1m..1d", "30m", "smtp-bree",
     "The longest pause before a destination that cannot be reached is tried again."},
    {"delivery.end-limit", "time 1m..1h", "10m", "smtp-bree",
     "How long a remote server may take to accept a message it was given (RFC 5321 §4.5.3.2.6)."},
    {"delivery.first-retry", "time 10s..1d", "90s", "smtp-bree",
     "The pause after a first failed attempt; each further one doubles it."},
    {"delivery.idle-connections", "integer 0..10000", "50", "smtp-bree",
     "Connections that are kept for another message to the same server."},
    {"delivery.idle-time", "time 0s..5m", "10s", "smtp-bree",
     "How long they are kept."},
    {"delivery.longest-retry", "time 1m..7d", "24h", "smtp-bree",
     "The longest pause between two attempts."},
    {"delivery.memory-budget", "size 16M..64G", "128M", "smtp-bree",
     "Content of messages that may be in memory at once."},
    {"delivery.mta-sts", "bool", "yes", "smtp-bree",
     "Obey MTA-STS policies of domains (RFC 8461)."},
    {"delivery.port", "integer 1..65535", "25", "smtp-bree",
     "The port of remote servers."},
    {"delivery.returned-limit", "size 0..1G", "1M", "smtp-bree",
     "Longer messages come back as their header alone, though the sender asked for all (RFC 3461 §4.3)."},
    {"delivery.trust", "text", "system", "smtp-bree",
     "Whose certificates are believed where a name must be proven: system, or a PEM file."},
    {"delivery.use-ipv4", "bool", "yes", "smtp-bree",
     "Speak to remote servers over IPv4."},
    {"delivery.use-ipv6", "bool", "yes", "smtp-bree",
     "Speak to remote servers over IPv6."},
    {"directory.aliases-indexed", "integer 1000..10000000", "200000", "sqlited",
     "Aliases kept in memory to answer RCPT; more are looked up on disk."},
    {"directory.cache-pages", "integer 64..1000000", "2048", "sqlited",
     "Pages of 4 KB that the directory's file may keep in memory."},
    {"dns.anchor-file", "path", "/usr/share/dns/root.key", "smtp-bree",
     "The root's trust anchors for DNSSEC."},
    {"dns.forwarders", "list", "", "smtp-bree",
     "Resolvers to ask, such as 192.0.2.53 or 192.0.2.53@5353, or system for those of resolv.conf; none: the root and downwards."},
    {"dns.limit", "time 1s..2m", "20s", "smtp-bree",
     "How long one question to the DNS may take."},
    {"dns.stubs", "list", "", "smtp-bree",
     "Private zones and who answers for them, such as example.test=192.0.2.53."},
    {"door.answer-limit", "size 1M..1G", "128M", "sqlited",
     "Largest single answer to a daemon."},
    {"door.answer-time", "time 1s..1h", "2m", "imapd mxd smtp-bree smtpd forwardemail",
     "How long an answer of the door is waited for."},
    {"door.calls-limit", "integer 1..10000", "256", "sqlited imapd mxd smtp-bree smtpd forwardemail",
     "Calls that one connection to the door may have under way."},
    {"door.connect-limit", "time 100ms..5m", "5s", "imapd mxd smtp-bree smtpd forwardemail",
     "How long connecting to the door may take."},
    {"door.connections-limit", "integer 4..1000000", "10000", "sqlited",
     "Connections of daemons that the door keeps at most."},
    {"door.socket", "path", FWD_RUNDIR "/sqlited.sock", "imapd mxd smtp-bree smtpd forwardemail",
     "The socket on which fwd-sqlited answers."},
    {"door.upload-budget", "size 8M..16G", "128M", "sqlited",
     "Memory for messages on their way in, for all connections of one role."},
    {"door.users-command", "list", "root", "sqlited",
     "Users who may do everything an operator does."},
    {"door.users-imapd", "list", "_fwd-imapd", "sqlited",
     "Users who may ask the door what fwd-imapd asks."},
    {"door.users-mxd", "list", "_fwd-mxd", "sqlited",
     "Users who may ask the door what fwd-mxd asks."},
    {"door.users-smtp-bree", "list", "_fwd-smtp-bree", "sqlited",
     "Users who may ask the door what fwd-smtp-bree asks."},
    {"door.users-smtpd", "list", "_fwd-smtpd", "sqlited",
     "Users who may ask the door what fwd-smtpd asks."},
    {"imap.append-limit", "size 64k..4G", "50M", "imapd",
     "Largest message a client may store (RFC 7889 §3)."},
    {"imap.append-messages-limit", "integer 1..10000", "100", "imapd",
     "Messages that one APPEND may store (RFC 3502 §3)."},
    {"imap.append-total-limit", "size 64k..16G", "100M", "imapd",
     "Octets that one APPEND of several messages may store."},
    {"imap.bad-commands-limit", "integer 1..1000", "20", "imapd",
     "Commands in a row that may be wrong before the session ends."},
    {"imap.clear-text-port", "bool", "no", "imapd",
     "Serve the socket called imap (port 143), where a client must use STARTTLS before it logs in."},
    {"imap.command-idle-limit", "time 10s..1h", "5m", "imapd",
     "How long a client may be silent in the middle of a command."},
    {"imap.command-limit", "size 8k..64M", "256k", "imapd",
     "Longest command with its literals, messages not counted."},
    {"imap.connections-limit", "integer 1..1000000", "4000", "imapd",
     "Connections open at once; one more is told to come back later."},
    {"imap.connections-per-address", "integer 0..1000000", "200", "imapd",
     "Connections from one IPv4 address or one IPv6 /64; 0 does not count them."},
    {"imap.discard-limit", "size 0..16G", "200M", "imapd",
     "A refused literal up to this size is read and dropped; beyond, the session ends."},
    {"imap.idle-limit", "time 30m..24h", "30m", "imapd",
     "End a session that has been silent for this long (RFC 9051 §5.4)."},
    {"imap.line-limit", "size 1k..1M", "64k", "imapd",
     "Longest command line taken, literals not counted."},
    {"imap.line-limit-before-login", "size 1k..64k", "8k", "imapd",
     "The same before login."},
    {"imap.literal-limit", "size 1k..16M", "64k", "imapd",
     "Largest literal that is not a message."},
    {"imap.literal-limit-before-login", "size 256..64k", "4k", "imapd",
     "The same before login (RFC 7888 §5)."},
    {"imap.login-idle-limit", "time 5s..30m", "1m", "imapd",
     "How long a client may be silent before it has logged in."},
    {"imap.login-limit", "time 10s..1h", "3m", "imapd",
     "How long a client may take in all to log in."},
    {"imap.memory-budget", "size 16M..64G", "256M", "imapd",
     "Memory for what is large, messages on their way in first of all, for all sessions together."},
    {"imap.write-limit", "time 10s..1h", "5m", "imapd",
     "End a session whose client takes nothing for this long."},
    {"imap.wrong-logins-limit", "integer 1..100", "5", "imapd",
     "Wrong passwords in one session before it ends."},
    {"journal.retention", "time 1h..3650d", "7d", "sqlited",
     "How long the story of each message is kept."},
    {"log.level", "choice error|warning|notice|info|debug", "info", "imapd mxd smtp-bree smtpd sqlited",
     "The least weighty events that are logged."},
    {"login.failure-delay", "time 0s..1m", "2s", "sqlited",
     "How long the answer to a wrong password waits."},
    {"login.failures-per-address", "integer 1..1000000", "10", "sqlited",
     "Wrong passwords from one address before it is refused for the rest of the window."},
    {"login.failures-window", "time 1m..30d", "1h", "sqlited",
     "The window in which wrong passwords are counted."},
    {"login.sessions-per-alias", "integer 1..100000", "60", "sqlited",
     "Sessions that may have one mailbox open at the same time."},
    {"mailbox.cache-pages", "integer 16..100000", "256", "sqlited",
     "Pages of 4 KB that one open mailbox may keep in memory."},
    {"mailbox.expunge-records", "integer 100..10000000", "10000", "sqlited",
     "Records of expunged messages kept in a folder for clients that resynchronise (RFC 7162 §3.2)."},
    {"mailbox.folder", "path", "@data/mailboxes", "sqlited",
     "Where mailbox files are kept."},
    {"mailbox.folders-limit", "integer 10..1000000", "10000", "sqlited",
     "Folders that one mailbox may have."},
    {"mailbox.message-limit", "size 1M..4G", "64M", "sqlited",
     "Largest message that a mailbox takes from any daemon."},
    {"mailbox.messages-limit", "integer 1000..100000000", "5000000", "sqlited",
     "Messages that one folder may have."},
    {"mailbox.open-limit", "integer 4..100000", "200", "sqlited",
     "Mailbox files open at once; the least recently used is closed first."},
    {"mailbox.quota", "size 1M..1000T", "10G", "sqlited",
     "Storage of an alias that has no quota of its own."},
    {"queue.cache-pages", "integer 64..1000000", "2048", "sqlited",
     "Pages of 4 KB that the queue's file may keep in memory."},
    {"queue.disk-reserve", "size 0..1T", "64M", "sqlited",
     "No mail is taken for sending when the disk has less left, so that what is queued can be ended."},
    {"queue.lifetime", "time 1h..30d", "5d", "sqlited",
     "How long a message is tried before it comes back."},
    {"queue.most-messages", "integer 100..100000000", "1000000", "sqlited",
     "Messages waiting to be sent; beyond, no more are taken."},
    {"queue.most-octets", "size 1M..1000T", "20G", "sqlited",
     "Content of all queued messages together; beyond, no more are taken."},
    {"queue.retention", "time 1h..3650d", "30d", "sqlited",
     "How long a sent or returned message stays in the queue's list, without its content."},
    {"secrets.server-key", "path", FWD_CONFDIR "/secrets/server.key", "sqlited forwardemail",
     "The server key: 32 octets that only fwd-sqlited reads."},
    {"server.hostname", "text", "", "imapd mxd smtp-bree smtpd sqlited forwardemail",
     "The name this host gives in greetings and trace lines; when empty, what the system calls itself."},
    {"smarthost.host", "text", "", "smtp-bree",
     "The server that takes all mail for others, in place of their own; empty: none."},
    {"smarthost.password-file", "path", FWD_CONFDIR "/smarthost.password", "smtp-bree",
     "Its password, on one line; only the group _fwd-smtp-bree should read it."},
    {"smarthost.port", "integer 1..65535", "587", "smtp-bree",
     "The port of the smarthost."},
    {"smarthost.tls", "choice verified|encrypted|implicit|none", "verified", "smtp-bree",
     "How the smarthost is spoken to: with STARTTLS and a certificate for its name, with any certificate, with TLS from the beginning, or in clear text."},
    {"smarthost.user", "text", "", "smtp-bree",
     "The name we log in with at the smarthost; empty: we do not."},
    {"smtp.command-line-limit", "size 512..64k", "1k", "mxd smtpd",
     "Longest command line taken (RFC 5321 §4.5.3.1.4)."},
    {"smtp.commands-limit", "integer 100..10000000", "20000", "mxd smtpd",
     "Commands in one session."},
    {"smtp.connections-limit", "integer 1..1000000", "1000", "mxd smtpd",
     "Connections open at once; one more is told 421."},
    {"smtp.connections-per-address", "integer 0..100000", "10", "mxd",
     "Connections from one IPv4 address or one IPv6 /64; 0 does not count them."},
    {"smtp.errors-limit", "integer 1..1000", "20", "mxd smtpd",
     "Refused commands in one session before it ends."},
    {"smtp.greet-delay", "time 0s..1m", "0s", "mxd",
     "How long the greeting waits; a peer that talks before it is refused."},
    {"smtp.idle-limit", "time 10s..1h", "3m", "mxd smtpd",
     "End a session that has been silent for this long (RFC 5321 §4.5.3.2.7)."},
    {"smtp.mailboxes-limit", "integer 1..1000", "25", "mxd",
     "Mailboxes that one message may be stored in."},
    {"smtp.memory-budget", "size 16M..64G", "256M", "mxd smtpd",
     "Memory for messages on their way in, for all sessions together."},
    {"smtp.message-limit", "size 64k..4G", "50M", "mxd",
     "Largest message taken (RFC 1870 §4)."},
    {"smtp.postmaster", "text", "", "mxd smtpd",
     "Who gets mail for Postmaster without a domain (RFC 5321 §4.5.1); when empty, postmaster at server.hostname."},
    {"smtp.received-limit", "integer 5..100", "25", "mxd smtpd",
     "Received lines that make a message a loop (RFC 5321 §6.3)."},
    {"smtp.recipients-limit", "integer 1..10000", "50", "mxd",
     "Recipients of one message (RFC 5321 §4.5.3.1.8)."},
    {"smtp.session-limit", "time 1m..24h", "2h", "mxd smtpd",
     "How long one session may last."},
    {"smtp.text-line-limit", "size 1000..16M", "1M", "mxd smtpd",
     "Longest line of a message taken (RFC 5321 §4.5.3.1.6)."},
    {"smtp.transactions-limit", "integer 1..1000000", "1000", "mxd smtpd",
     "Messages in one session."},
    {"smtp.write-limit", "time 10s..1h", "5m", "mxd smtpd",
     "End a session whose peer takes nothing for this long."},
    {"submission.connections-per-address", "integer 0..100000", "50", "smtpd",
     "Connections to submission from one IPv4 address or one IPv6 /64; 0 does not count them."},
    {"submission.daily-limit", "integer 1..100000000", "300", "sqlited",
     "Messages a day that a user may send, and a domain, when their records say nothing else."},
    {"submission.login-limit", "time 10s..1h", "3m", "smtpd",
     "How long a client may take in all to log in."},
    {"submission.most-delay", "time 1h..365d", "30d", "smtpd sqlited",
     "How far ahead a message may name the hour it is to be sent (RFC 4865)."},
    {"submission.most-octets", "size 64k..4G", "50M", "smtpd sqlited",
     "Largest message taken for sending."},
    {"submission.most-recipients", "integer 1..1000", "50", "smtpd sqlited",
     "Recipients of one message that is taken for sending."},
    {"submission.sessions-per-uid", "integer 1..10000", "20", "smtpd",
     "Sessions that the programs of one user of this host may have at once."},
    {"submission.trusted-users", "list", "", "sqlited",
     "Users of this machine whose programs may send as anybody, beside root."},
    {"submission.wrong-logins-limit", "integer 1..100", "5", "smtpd",
     "Wrong passwords in one session before it ends."},
    {"tls.certificate", "path", FWD_CONFDIR "/ssl/fullchain.pem", "imapd mxd smtpd",
     "The server's certificate with its chain, PEM."},
    {"tls.handshake-limit", "time 1s..5m", "30s", "imapd mxd smtpd",
     "How long a TLS handshake may take."},
    {"tls.key", "path", FWD_CONFDIR "/ssl/privkey.pem", "imapd mxd smtpd",
     "The private key of the certificate, PEM."},
    {"workers.threads", "integer 0..64", "0", "imapd mxd smtp-bree sqlited",
     "Threads for work that blocks; 0 takes one for each processor."},
};
// clang-format on

constexpr bool well_kept() {
  for (const Option& option : kOptions) {
    const auto kind = parse_kind(option.kind);
    if (!kind || !obeys(*kind, option.fallback)) return false;
    if (option.help.empty() || option.help.back() != '.') return false;
    if (option.programs.empty() || option.name.find('.') == std::string_view::npos) return false;
  }
  for (std::size_t i = 1; i < std::size(kOptions); ++i)
    if (!(kOptions[i - 1].name < kOptions[i].name)) return false;
  return true;
}
static_assert(well_kept(),
              "kOptions: sorted by name, a kind that kind.h knows and that the default obeys, "
              "somebody who reads it, help that ends with a full stop");

// How many letters must change to make `a` into `b`.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t corner = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = corner + (a[i - 1] == b[j - 1] ? 0 : 1);
      corner = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

}  // namespace

std::span<const Option> all_options() { return kOptions; }

const Option* find_option(std::string_view name) {
  const auto* found = std::lower_bound(
      std::begin(kOptions), std::end(kOptions), name,
      [](const Option& option, std::string_view wanted) { return option.name < wanted; });
  return found != std::end(kOptions) && found->name == name ? found : nullptr;
}

std::string_view nearest_option(std::string_view name) {
  constexpr std::size_t kLongestName = 100;
  if (name.size() > kLongestName) return {};
  std::string_view nearest;
  std::size_t best = name.size() / 2;  // farther than that is another word
  for (const Option& option : kOptions) {
    const std::size_t far = distance(name, option.name);
    if (far >= best) continue;
    best = far;
    nearest = option.name;
  }
  return nearest;
}

bool is_read_by(const Option& option, std::string_view program) {
  std::string_view rest = option.programs;
  while (!rest.empty()) {
    const std::size_t space = rest.find(' ');
    if (rest.substr(0, space) == program) return true;
    if (space == std::string_view::npos) break;
    rest.remove_prefix(space + 1);
  }
  return false;
}

}  // namespace fwd::config

// Plays .talk files against an SMTP session with the real inbound policy, or
// that of submission ("role=client", "role=local"), over stores in memory, each line by line and
// then octet by octet.
//
//   O: name=value …   settings, before anything is said (see apply_setting)
//   C: text           the client's line; \r \n \0 \\ \xNN are octets
//   C-: text          the same without CRLF
//   S: 250 2.1.0      the next reply begins so; "nothing": none came;
//                     "closed": the server has closed, with nothing more to say
//   S+: text          a line of the last reply, behind its code and separator
//   T: +180           turns the clock, seconds
//   X: stop|down|up|hangup   the daemon stops; the door goes down, comes up; the peer leaves
//   X: submit|login fault words   from now on that fails so
//   M: address 2      how many messages the mailbox holds
//   M+: text          a line of the message stored last anywhere
//   W: far@b.example 550 5.1.1   what that destination says to forwarded mail from now
//                     on; "nothing": it does not answer
//   F: 2 kept         how many forwards the queue was given, and how the last was
//                     settled: kept, dropped, open
//   Q: 2              how many messages the queue holds
//   Q+: text          a line of the message queued last, of its envelope first
//   Q-: text          no line of it is this
//
// C: lines that follow one another are sent in one piece.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "core/text.h"
#include "support/memory_submission.h"
#include "support/smtp_rig.h"

namespace fwd::test {
namespace {

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == '\0') {
      out += text[i];
      continue;
    }
    ++i;
    if (next == 'x') {
      out += from_hex(text.substr(i + 1, 2)).value_or("?");
      i += 2;
    } else {
      out += next == 'r' ? '\r' : next == 'n' ? '\n' : next == '0' ? '\0' : next;
    }
  }
  return out;
}

class Player {
 public:
  Player(std::string name, bool by_octet) : name_(std::move(name)), by_octet_(by_octet) {}

  // The number of expectations that failed.
  int play() {
    std::ifstream in(name_);
    std::string line;
    for (line_ = 1; std::getline(in, line); ++line_) {
      if (line.empty() || line[0] == '#') continue;
      const auto colon = line.find(':');
      const std::string key = line.substr(0, colon);
      const std::string value = line.size() < colon + 2 ? "" : line.substr(colon + 2);
      if (key == "C" || key == "C-") {
        typed_ += unescape(value) + (key == "C" ? "\r\n" : "");
        continue;
      }
      if (key != "O") begin();
      if (!obey(key, value)) wrong("a line this player understands", line);
      if (skipped_) return 0;
    }
    if (line_ == 1) wrong("a talk", "nothing");
    begin();
    return wrong_;
  }

 private:
  void wrong(const std::string& wanted, const std::string& got) {
    std::cerr << name_ << ':' << line_ << (by_octet_ ? " (by octet)" : "") << ": wanted \""
              << wanted << "\", got \"" << got << "\"\n";
    ++wrong_;
  }

  // Connects if need be and sends what was typed.
  void begin() {
    if (!connected_) rig_.connect();
    connected_ = true;
    rig_.send(typed_, by_octet_);
    typed_.clear();
  }

  bool obey(const std::string& key, const std::string& value) {
    if (key == "O") return apply_settings(value);
    if (key == "S") return expect_reply(value);
    if (key == "S+") return expect_line(value);
    if (key == "T") return rig_.clock.turn(std::chrono::seconds(std::stoi(value.substr(1)))), true;
    if (key == "M") return expect_messages(value);
    if (key == "M+") return expect_stored_line(value);
    if (key == "W") return hear_destination(value);
    if (key == "F") return expect_forwards(value);
    if (key == "Q") return expect_queued(value);
    if (key == "Q+") return expect_queued_line(value, true);
    if (key == "Q-") return expect_queued_line(value, false);
    if (key == "X" && value.find(' ') != std::string::npos) return make_trouble(value);
    if (key == "X" && value == "stop") return rig_.stop.set(), run_ready(), true;
    if (key == "X" && value == "hangup") return rig_.hang_up(), true;
    if (key == "X" && value == "up") return rig_.deliveries.trouble.reset(), true;
    if (key == "X" && value == "down")
      return rig_.deliveries.trouble = Failure{Fault::kUnavailable, "", "the door is down"}, true;
    return false;
  }

  bool apply_settings(const std::string& value) {
    std::istringstream words(value);
    std::string word;
    while (words >> word) {
      const auto equals = word.find('=');
      if (!apply_setting(word.substr(0, equals), word.substr(equals + 1))) return false;
    }
    return true;
  }

  bool apply_setting(const std::string& name, const std::string& value) {
    // "modes=whole": the talk is about what comes in one piece.
    if (name == "modes") return skipped_ = by_octet_ && value == "whole", true;
    if (name == "tls") return rig_.pipe.offers_tls = value == "yes", true;
    if (name == "role") return choose_role(value);
    if (name == "clear") return rig_.pipe.tls.active = value != "yes", true;
    if (name == "binding") return rig_.pipe.tls.tls_exporter = value, true;
    if (name == "wrong-logins")
      return rig_.limits.wrong_logins = parse_number(value).value_or(0), true;
    if (name == "postmaster") return rig_.options.postmaster = value, true;
    if (name == "host") return rig_.host = value, true;
    if (name == "alias") return add_alias(value);
    if (name == "needs-tls") return rig_.deliveries.rules[value].require_tls = true, true;
    if (name == "deny" || name == "allow") return add_rule(name, value);
    const std::size_t number = parse_number(value).value_or(0);
    if (name == "recipients") return rig_.limits.recipients = number, true;
    if (name == "size") return rig_.limits.message_size = number, true;
    if (name == "discard") return rig_.limits.discard = number, true;
    if (name == "errors") return rig_.limits.errors = number, true;
    if (name == "commands") return rig_.limits.commands = number, true;
    if (name == "transactions") return rig_.limits.transactions = number, true;
    if (name == "line") return rig_.limits.command_line = number, true;
    if (name == "text-line") return rig_.limits.text_line = number, true;
    if (name == "session") return rig_.limits.session = std::chrono::seconds(number), true;
    if (name == "greet-delay") return rig_.limits.greet_delay = std::chrono::seconds(number), true;
    if (name == "budget") return rig_.budget_octets = number, true;
    if (name == "mailboxes") return rig_.options.mailboxes = number, true;
    return false;
  }

  // Clients come inside TLS unless the talk says otherwise.
  bool choose_role(const std::string& value) {
    if (value == "client") {
      rig_.pipe.tls.active = true;
      return desk_.serve_clients(), true;
    }
    rig_.pipe.peer = {};
    if (value == "local") return desk_.serve_local(1000, "joe"), true;
    if (value == "local-refused") return desk_.serve_local(1001, "eve"), true;
    return false;
  }

  // submit|login, the fault's name, what the peer is told
  bool make_trouble(const std::string& value) {
    const auto words = split(value, ' ');
    for (auto fault = static_cast<std::uint8_t>(Fault::kBadInput);
         fault <= static_cast<std::uint8_t>(Fault::kCannot); ++fault) {
      if (fault_name(static_cast<Fault>(fault)) != words[1]) continue;
      std::string text;
      for (std::size_t i = 2; i < words.size(); ++i)
        text += (text.empty() ? "" : " ") + std::string(words[i]);
      auto& trouble =
          words[0] == "login" ? desk_.submission.login_trouble : desk_.submission.submit_trouble;
      trouble = Failure{static_cast<Fault>(fault), text, "private"};
      return true;
    }
    return false;
  }

  bool hear_destination(const std::string& value) {
    std::istringstream words(value);
    std::string address, code, status;
    words >> address >> code >> status;
    if (code == "nothing") return rig_.forwarding.say(address, std::nullopt), true;
    MemoryForwarding::Word word;
    word.code = static_cast<std::uint16_t>(parse_number(code).value_or(0));
    word.status = status;
    word.response = code + " " + status + " " + address;
    if (word.code >= 400) word.state = model::RecipientState::kWaiting;
    if (word.code >= 500) word.state = model::RecipientState::kFailed;
    rig_.forwarding.say(address, word);
    run_ready();
    return word.code >= 200;
  }

  bool expect_forwards(const std::string& value) {
    const auto& order = rig_.forwarding.order;
    std::string got = std::to_string(order.size());
    if (!order.empty()) {
      const auto& settled = rig_.forwarding.kept.at(order.back()).settled;
      got += !settled ? " open" : *settled == model::SettleForward::kKeep ? " kept" : " dropped";
    }
    if (got != value) wrong(value, got);
    return true;
  }

  // domain,entry
  bool add_rule(const std::string& name, const std::string& value) {
    const std::size_t comma = std::min(value.find(','), value.size() - 1);
    model::RecipientRules& rules = rig_.deliveries.rules[value.substr(0, comma)];
    (name == "deny" ? rules.denylist : rules.allowlist).push_back(value.substr(comma + 1));
    return true;
  }

  // address,kind[,room]; "address,forward,destination…": to those, to no mailbox
  bool add_alias(const std::string& value) {
    const auto words = split(value, ',');
    MemoryDeliveries::Alias alias;
    const auto kind = words.size() > 1 ? words[1] : "mailbox";
    using enum model::RecipientKind;
    if (kind == "ignored")
      alias.kind = kIgnored;
    else if (kind == "soft")
      alias.kind = kSoftDisabled;
    else if (kind == "hard")
      alias.kind = kHardDisabled;
    else if (kind == "full")
      alias.kind = kFull;
    else if (kind == "nowhere")
      alias.kind = kNoDestination;
    else if (kind == "forward")
      for (std::size_t i = 2; i < words.size(); ++i)
        alias.destinations.emplace_back().address = words[i];
    else if (kind == "many")
      alias.kind = kTooMany;
    else if (kind != "mailbox")
      return false;
    if (kind == "mailbox" && words.size() > 2) alias.room = parse_number(words[2]).value_or(0);
    rig_.deliveries.add(std::string(words[0]), alias);
    return true;
  }

  bool expect_reply(const std::string& wanted) {
    const auto got = rig_.reply();
    last_ = got.value_or("nothing");
    if (wanted == "closed") {
      if (got || !rig_.closed()) wrong(wanted, got ? last_ : "still open");
    } else if (last_.substr(last_.rfind('\n') + 1).rfind(wanted, 0) != 0) {
      wrong(wanted, last_);
    }
    return true;
  }

  bool expect_line(const std::string& wanted) {
    std::istringstream lines(last_);
    std::string line;
    while (std::getline(lines, line))
      if (line.size() >= 4 && line.substr(4) == wanted) return true;
    wrong(wanted, last_);
    return true;
  }

  bool expect_messages(const std::string& value) {
    const auto space = value.find(' ');
    const auto count = rig_.deliveries.messages(value.substr(0, space)).size();
    if (std::to_string(count) != value.substr(space + 1)) wrong(value, std::to_string(count));
    return true;
  }

  bool expect_stored_line(const std::string& value) {
    const auto& all = rig_.deliveries.deliveries();
    std::string content;
    if (!all.empty())
      for (const auto& chunk : all.back().targets.back().message.chunks) content += chunk.packed;
    if (("\r\n" + content).find("\r\n" + unescape(value) + "\r\n") == std::string::npos)
      wrong(value, content);
    return true;
  }

  bool expect_queued(const std::string& value) {
    const auto count = std::to_string(desk_.submission.queue.size());
    if (count != value) wrong(value, count);
    return true;
  }

  // The envelope as lines, an empty one, and the content.
  std::string queued() const {
    if (desk_.submission.queue.empty()) return {};
    const model::NewOutbound& last = desk_.submission.queue.back();
    std::ostringstream out;
    out << "\r\nfrom=" << last.envelope_from << " header-from=" << last.header_from
        << "\r\nmessage-id=" << last.message_id << "\r\nsubject=" << last.subject
        << "\r\ndate=" << last.date << " not-before=" << last.not_before
        << "\r\nenvid=" << last.envelope_id << " ret=" << int(last.returns)
        << "\r\nbody=" << int(last.body) << " utf8=" << last.smtp_utf8
        << " require-tls=" << last.require_tls << " tls-optional=" << last.tls_optional;
    for (const auto& to : last.recipients)
      out << "\r\nto=" << to.address << " notify=" << int(to.notify) << " orcpt=" << to.original;
    return out.str() + "\r\n\r\n" + last.content;
  }

  bool expect_queued_line(const std::string& value, bool there) {
    const std::string all = queued();
    if ((all.find("\r\n" + unescape(value) + "\r\n") != std::string::npos) != there)
      wrong((there ? "" : "no ") + value, all);
    return true;
  }

  std::string name_;
  bool by_octet_;
  SmtpRig rig_;
  SubmissionDesk desk_{rig_};
  bool connected_ = false;
  bool skipped_ = false;
  std::string typed_, last_;
  int line_ = 0, wrong_ = 0;
};

}  // namespace
}  // namespace fwd::test

// Plays the talks it is given, or all there are.
int main(int argc, char** argv) {
  std::vector<std::string> talks(argv + 1, argv + argc);
  const char* top = std::getenv("top_srcdir");
  if (talks.empty())
    for (const auto& file :
         std::filesystem::directory_iterator(std::string(top ? top : ".") + "/tests/talks/smtp"))
      if (file.path().extension() == ".talk") talks.push_back(file.path().string());
  std::sort(talks.begin(), talks.end());
  std::size_t bad = 0;
  for (const auto& talk : talks)
    for (const bool by_octet : {false, true}) {
      fwd::test::Player player(talk, by_octet);
      bad += player.play() > 0;
    }
  std::cout << 2 * talks.size() - bad << " passed, " << bad << " failed\n";
  return bad == 0 && !talks.empty() ? 0 : 1;
}

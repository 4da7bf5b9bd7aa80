// Plays .talk files against IMAP sessions over a keeper in memory, each with
// whole reads and then octet by octet.
//
//   O: name=value …   settings, before anything is said (see apply_setting)
//   D: folder name [flag …]   the named message is delivered (support/imap_rig.cc)
//   L1:               session 1 connects and logs in; what is said is dropped
//   C1: text          its client's line; \r \n \0 \\ \xNN are octets (C: is C1:)
//   C1-: text         the same without CRLF
//   S1: text          the next line said to it, exactly, but for "..." which
//                     stands for anything; "nothing" and "closed" are meant so
//   S1~: text         the same, passing over lines before it
//   S1*:              passes over all that was said
//   T: +180           turns the clock, seconds
//   X: stop | down | up | hangup | logout why | corrupt folder uid | forget
//                     the daemon stops; the keeper fails, works; the peer
//                     leaves; the keeper ends its logins, breaks a message,
//                     forgets what was expunged
//
// Whatever is said must be asked for, before the next C: of its session.
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

#include "core/text.h"
#include "support/imap_rig.h"

namespace fwd::test {
namespace {

std::string unescape(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char next = text[i] == '\\' && i + 1 < text.size() ? text[i + 1] : '\0';
    if (next == 'x' && from_hex(text.substr(i + 2, 2))) {
      out += *from_hex(text.substr(i + 2, 2));
      i += 3;
    } else if (next == 'r' || next == 'n' || next == '0' || next == '\\') {
      out += next == 'r' ? '\r' : next == 'n' ? '\n' : next == '0' ? '\0' : '\\';
      ++i;
    } else {
      out += text[i];
    }
  }
  return out;
}

// "..." stands for anything.
bool fits(std::string_view pattern, std::string_view text) {
  const std::size_t dots = pattern.find("...");
  if (dots == std::string_view::npos) return pattern == text;
  if (!text.starts_with(pattern.substr(0, dots))) return false;
  const std::string_view rest = pattern.substr(dots + 3);
  for (std::size_t at = dots; at <= text.size(); ++at)
    if (fits(rest, text.substr(at))) return true;
  return false;
}

class Player {
 public:
  Player(std::string name, bool by_octet) : name_(std::move(name)), by_octet_(by_octet) {
    if (by_octet) rig_.pipe.most_per_read = 1;
  }

  // The number of expectations that failed.
  int play() {
    std::ifstream in(name_);
    std::string line;
    for (line_ = 1; std::getline(in, line); ++line_) {
      if (line.empty() || line[0] == '#') continue;
      const auto colon = line.find(':');
      std::string key = line.substr(0, colon);
      const std::string value = line.size() < colon + 2 ? "" : line.substr(colon + 2);
      std::size_t who = 0;
      if (key.size() > 1 && is_digit(key[1])) {
        who = static_cast<std::size_t>(key[1] - '1');
        key.erase(1, 1);
      }
      if (!obey(key, value, who)) wrong("a line this player understands", line);
    }
    if (line_ == 1) wrong("a talk", "nothing");
    for (std::size_t who = 0; who < ImapRig::kMost; ++who) nothing_left(who);
    if (!rig_.bug.empty()) wrong("no exception", rig_.bug);
    return wrong_;
  }

 private:
  void wrong(const std::string& wanted, const std::string& got) {
    std::cerr << name_ << ':' << line_ << (by_octet_ ? " (by octet)" : "") << ": wanted \""
              << wanted << "\", got \"" << got << "\"\n";
    ++wrong_;
  }

  void nothing_left(std::size_t who) {
    if (!rig_.said(who).empty()) wrong("nothing more", rig_.take(who));
  }

  bool obey(const std::string& key, const std::string& value, std::size_t who) {
    if (key == "O") return apply_settings(value);
    if (key == "D") return deliver(value);
    if (key == "L") return rig_.log_in(who), true;
    if (key == "T") return rig_.clock.turn(std::chrono::seconds(std::stoi(value.substr(1)))), true;
    if (key == "X") return happen(value, who);
    if (!rig_.connected(who)) rig_.connect(who);
    if (key == "C" || key == "C-") {
      nothing_left(who);
      rig_.send(who, unescape(value) + (key == "C" ? "\r\n" : ""));
      return true;
    }
    if (key == "S") return expect(value, who), true;
    if (key == "S~") return expect_later(value, who), true;
    if (key == "S*") return rig_.take(who), true;
    return false;
  }

  std::optional<std::string> next_line(std::size_t who) {
    std::string& said = rig_.said(who);
    const auto end = said.find("\r\n");
    if (end == std::string::npos) return std::nullopt;
    std::string line = said.substr(0, end);
    said.erase(0, end + 2);
    return line;
  }

  void expect(const std::string& value, std::size_t who) {
    if (value == "nothing") return nothing_left(who);
    if (value == "closed") {
      nothing_left(who);
      if (!rig_.closed(who)) wrong("closed", "an open connection");
      return;
    }
    const auto line = next_line(who);
    if (!line || !fits(unescape(value), *line)) wrong(value, line.value_or("nothing"));
  }

  void expect_later(const std::string& value, std::size_t who) {
    std::string passed;
    while (const auto line = next_line(who)) {
      if (fits(unescape(value), *line)) return;
      passed += *line + '\n';
    }
    wrong(value, passed);
  }

  bool deliver(const std::string& value) {
    std::istringstream words(value);
    std::string folder, name, flag;
    words >> folder >> name;
    model::Flags flags;
    while (words >> flag) {
      if (flag == "\\Seen") {
        flags.system |= model::kSeen;
      } else if (flag == "\\Deleted") {
        flags.system |= model::kDeleted;
      } else if (flag == "\\Flagged") {
        flags.system |= model::kFlagged;
      } else {
        flags.add_keyword(flag);
      }
    }
    rig_.store.deliver(folder, message_named(name), flags);
    run_ready();
    return true;
  }

  bool happen(const std::string& value, std::size_t who) {
    std::istringstream words(value);
    std::string what, folder;
    words >> what;
    if (what == "stop") {
      rig_.stop.set();
    } else if (what == "down") {
      rig_.store.fail_with(Failure{Fault::kUnavailable, "", "the door is down"});
    } else if (what == "up") {
      rig_.store.fail_with(std::nullopt);
    } else if (what == "hangup") {
      rig_.hang_up(who);
    } else if (what == "logout") {
      rig_.store.log_out_all(value.substr(7));
    } else if (what == "forget") {
      rig_.store.forget_expunges();
    } else if (what == "corrupt") {
      model::Uid uid = 0;
      words >> folder >> uid;
      rig_.store.corrupt(folder, uid);
    } else {
      return false;
    }
    run_ready();
    return true;
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
    if (name == "starttls") return rig_.pipe.offers_tls = value == "yes", true;
    if (name == "tls") return rig_.pipe.tls.active = value == "yes", true;
    if (name == "binding") return rig_.pipe.tls.tls_exporter = value, true;
    const std::size_t number = parse_number(value).value_or(0);
    if (name == "quota") return rig_.store.set_quota(number), true;
    if (name == "line") return rig_.limits.line = number, true;
    if (name == "literal") return rig_.limits.literal = number, true;
    if (name == "append") return rig_.limits.append = number, true;
    if (name == "discard") return rig_.limits.discard = number, true;
    if (name == "bad") return rig_.limits.bad_commands = static_cast<unsigned>(number), true;
    if (name == "depth") return rig_.limits.search_depth = number, true;
    if (name == "keywords") return rig_.limits.keywords = number, true;
    if (name == "budget") return rig_.budget = FixedBudget(number), true;
    return false;
  }

  std::string name_;
  bool by_octet_;
  int line_ = 0;
  int wrong_ = 0;
  ImapRig rig_;
};

}  // namespace
}  // namespace fwd::test

// Plays the talks named, or all of tests/talks/imap.
int main(int argc, char** argv) {
  std::vector<std::string> names(argv + 1, argv + argc);
  if (names.empty()) {
    const char* top = std::getenv("top_srcdir");
    const std::filesystem::path folder =
        std::filesystem::path(top != nullptr ? top : ".") / "tests/talks/imap";
    for (const auto& entry : std::filesystem::directory_iterator(folder))
      if (entry.path().extension() == ".talk") names.push_back(entry.path().string());
    std::sort(names.begin(), names.end());
  }
  int talks = 0;
  int bad = 0;
  for (const std::string& name : names) {
    bool good = true;
    for (const bool by_octet : {false, true}) {
      fwd::test::Player player(name, by_octet);
      good = player.play() == 0 && good;
    }
    ++talks;
    bad += good ? 0 : 1;
  }
  std::cout << talks - bad << " passed, " << bad << " failed\n";
  return bad == 0 && talks > 0 ? 0 : 1;
}

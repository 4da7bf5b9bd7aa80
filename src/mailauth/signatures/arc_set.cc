// Finding the sets of a chain.
#include "mailauth/signatures/arc_set.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/text.h"

namespace fwd::mailauth {
namespace {

constexpr const char* kNames[] = {"ARC-Authentication-Results", "ARC-Message-Signature",
                                  "ARC-Seal"};

// [CFWS] (RFC 5322 §3.2.2)
void skip_space(std::string_view& text) {
  std::size_t depth = 0, at = 0;
  for (; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '(') {
      ++depth;
    } else if (c == ')' && depth > 0) {
      --depth;
    } else if (c == '\\' && depth > 0) {
      ++at;
    } else if (depth == 0 && c != ' ' && c != '\t' && c != '\r' && c != '\n') {
      break;
    }
  }
  text.remove_prefix(std::min(at, text.size()));
}

bool take(std::string_view& text, char wanted) {
  skip_space(text);
  if (text.empty() || text.front() != wanted) return false;
  text.remove_prefix(1);
  return true;
}

// The fields of all sets, by instance.
class Sorter {
 public:
  Sorter(const MessageView& message, std::size_t most_names, ArcChain& to)
      : message_(message), most_names_(most_names), to_(to) {}

  // Problems do not end it: the highest instance is wanted in any case.
  void sort() {
    for (const std::uint32_t place : message_.places(kNames[0])) {
      const auto results = read_arc_results(message_.fields()[place].value);
      if (ArcSet* set = set_of(0, results ? results->instance : 0)) set->results = place;
    }
    for (const std::uint32_t place : message_.places(kNames[1])) {
      Signature read;
      std::string problem =
          read_signature(message_, place, SignatureKind::kArcMessage, most_names_, read);
      if (ArcSet* set = set_of(1, read.instance)) {
        set->message = std::move(read);
        set->message_problem = std::move(problem);
      }
    }
    for (const std::uint32_t place : message_.places(kNames[2])) sort_seal(place);
    to_.has_failed = found_[to_.highest].seal.chain == "fail";
  }

  void put_in_order() {
    to_.sets.resize(to_.highest);
    for (std::uint32_t i = 1; i <= to_.highest; ++i) {
      for (int kind = 0; kind < 3; ++kind)
        if (!has_[i][static_cast<std::size_t>(kind)]) {
          complain("set " + std::to_string(i) + " has no " + kNames[kind]);
          return;
        }
      // RFC 8617 §5.2, step 3.3
      if (found_[i].seal.chain != (i == 1 ? "none" : "pass")) {
        complain("cv= of set " + std::to_string(i) + " is wrong");
        return;
      }
      to_.sets[i - 1] = std::move(found_[i]);
    }
  }

 private:
  void complain(std::string problem) {
    if (to_.problem.empty()) to_.problem = std::move(problem);
  }

  void sort_seal(std::uint32_t place) {
    Signature read;
    const std::string problem =
        read_signature(message_, place, SignatureKind::kArcSeal, most_names_, read);
    if (ArcSet* set = set_of(2, read.instance)) {
      if (!problem.empty())
        complain("ARC-Seal of set " + std::to_string(read.instance) + ": " + problem);
      set->seal = std::move(read);
    }
  }

  // Null for a field that is one too many, or of no set.
  ArcSet* set_of(std::size_t kind, std::uint32_t instance) {
    if (instance == 0) {
      complain(std::string(kNames[kind]) + " cannot be read");
      return nullptr;
    }
    to_.highest = std::max(to_.highest, instance);
    if (std::exchange(has_[instance][kind], true)) {
      complain("set " + std::to_string(instance) + " has two " + kNames[kind]);
      return nullptr;
    }
    return &found_[instance];
  }

  const MessageView& message_;
  std::size_t most_names_;
  ArcChain& to_;
  std::vector<ArcSet> found_ = std::vector<ArcSet>(kMostArcSets + 1);
  std::array<std::array<bool, 3>, kMostArcSets + 1> has_{};
};

}  // namespace

std::optional<ArcResults> read_arc_results(std::string_view value) {
  // instance = [CFWS] %s"i" [CFWS] "=" [CFWS] position
  if (!take(value, 'i') || !take(value, '=')) return std::nullopt;
  skip_space(value);
  std::size_t digits = 0;
  while (digits < value.size() && is_digit(value[digits])) ++digits;
  const auto instance = read_instance(value.substr(0, digits));
  value.remove_prefix(digits);
  if (!instance || !take(value, ';')) return std::nullopt;
  return ArcResults{*instance, value};
}

ArcChain read_chain(const MessageView& message, std::size_t most_sets, std::size_t most_names) {
  ArcChain chain;
  std::size_t most_of_a_kind = 0;
  for (const char* name : kNames)
    most_of_a_kind = std::max(most_of_a_kind, message.places(name).size());
  chain.is_there = most_of_a_kind > 0;
  if (message.is_cut()) {
    chain.problem = "the header is too large";
    return chain;
  }
  if (!chain.is_there) return chain;
  if (most_of_a_kind > std::min<std::size_t>(most_sets, kMostArcSets)) {
    chain.highest = kMostArcSets;
    chain.problem = "there are too many sets";
    return chain;
  }
  Sorter sorter(message, most_names, chain);
  sorter.sort();
  if (chain.has_failed) chain.problem = "it was broken before";
  if (chain.problem.empty()) sorter.put_in_order();
  if (!chain.problem.empty()) chain.sets.clear();
  return chain;
}

}  // namespace fwd::mailauth

// Writes Received-SPF.
#include "mailauth/results/received_spf.h"

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "mailauth/results/field_writer.h"

namespace fwd::mailauth {
namespace {

constexpr std::array<std::string_view, 7> kWords = {"pass", "fail",      "softfail", "neutral",
                                                    "none", "temperror", "permerror"};

}  // namespace

// header-field = "Received-SPF:" [CFWS] result FWS [comment FWS] [ key-value-list ] CRLF
std::string received_spf_line(const ReceivedSpf& facts) {
  if (std::find(kWords.begin(), kWords.end(), facts.word) == kWords.end()) return "";
  FoldedWords out("Received-SPF:");
  out.word(facts.word);
  out.comment(facts.comment);
  const std::array<std::pair<const char*, const std::string*>, 7> pairs = {{
      {"receiver", &facts.receiver},
      {"identity", &facts.identity},
      {"client-ip", &facts.client_ip},
      {"envelope-from", &facts.envelope_from},
      {"helo", &facts.helo},
      {"mechanism", &facts.mechanism},
      {"problem", &facts.problem},
  }};
  for (const auto& [key, value] : pairs)
    if (!value->empty()) out.word(std::string(key) + "=" + written_atom(*value) + ";");
  return out.text() + "\r\n";
}

std::string received_spf_comment(const ReceivedSpf& facts) {
  const std::string whose = facts.envelope_from.empty() ? facts.helo : facts.envelope_from;
  const std::string domain = "domain of " + whose;
  const std::string begin = facts.receiver.empty() ? "" : facts.receiver + ": ";
  if (facts.word == "pass")
    return begin + domain + " designates " + facts.client_ip + " as permitted sender";
  if (facts.word == "fail")
    return begin + domain + " does not designate " + facts.client_ip + " as permitted sender";
  if (facts.word == "softfail")
    return begin + "transitioning " + domain + " does not designate " + facts.client_ip +
           " as permitted sender";
  if (facts.word == "neutral")
    return begin + facts.client_ip + " is neither permitted nor denied by " + domain;
  if (facts.word == "none") return begin + domain + " does not designate permitted sender hosts";
  return begin + "error in processing during lookup of " + whose;
}

}  // namespace fwd::mailauth

#ifndef FWD_SERVICE_INBOUND_SENDER_CHECK_H
#define FWD_SERVICE_INBOUND_SENDER_CHECK_H

// Asks both lists of senders, the configured one and the door's.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/task.h"
#include "service/inbound/list_keys.h"

namespace fwd::service {

// smtp.allowlist and smtp.denylist.
class StaticLists {
 public:
  StaticLists() = default;
  // A sentence is added to `faults` for each value that is none; it is left out.
  static StaticLists read(const std::vector<std::string>& allow,
                          const std::vector<std::string>& deny, std::vector<std::string>& faults);
  std::vector<model::ListedSender> find(const std::vector<ListKey>& keys) const;
  bool allows_hosts() const;  // by their names, or their domains
  bool allows_names() const;  // of anybody: it takes more than an IP address to know
  bool empty() const { return entries_.empty(); }

 private:
  void add(model::ListKind kind, const std::vector<std::string>& values, std::string_view option,
           std::vector<std::string>& faults);
  std::multimap<std::string, model::ListedSender> entries_;
};

struct SenderVerdict {
  ListDecision decision;
  Finding finding;
  // The door did not answer: the configured lists decided alone, and `finding`
  // says so.
  bool is_partial = false;
  // Nobody is named who is known, but a host may be, and the DNS did not tell
  // the peer's name.
  bool may_name_host = false;

  // 451 for who may be let in by what could not be asked; nothing else.
  std::optional<smtp::Reply> ask_again() const;
};
// As list_refusal(), but what is not certain is 451 (421 at the greeting).
smtp::Reply list_refusal(const SenderVerdict& verdict, Moment moment);

// `kept` and `configured` must outlive the task.
Task<SenderVerdict> check_sender(model::SenderLists& kept, const StaticLists& configured,
                                 SenderFacts facts);

// Whether the operator lets in anybody by a name, so that who is denied by his address
// may be let in once more of him is known.  When the door does not tell, that may be.
Task<bool> allows_names(model::SenderLists& kept, const StaticLists& configured);

}  // namespace fwd::service

#endif

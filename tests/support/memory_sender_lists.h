#ifndef FWD_TESTS_SUPPORT_MEMORY_SENDER_LISTS_H
#define FWD_TESTS_SUPPORT_MEMORY_SENDER_LISTS_H

// Sender lists kept in memory, for tests.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/clock.h"
#include "model/sender_lists.h"

namespace fwd::test {

class MemorySenderLists final : public model::SenderLists {
 public:
  explicit MemorySenderLists(Clock& clock) : clock_(clock) {}
  std::optional<Failure> refuses;               // every question is answered so
  std::vector<std::vector<std::string>> asked;  // find_listed()
  std::size_t most = 1000;                      // entries

  // Values are spelled as the door does.
  void add(model::ListKind kind, const std::string& value, const std::string& reason = "");

  Task<Outcome<std::vector<model::ListedSender>>> find_listed(
      std::vector<std::string> values) override;
  Task<Outcome<model::ListedSender>> put_listed(model::ListedSender entry) override;
  Task<Outcome<void>> remove_listed(model::ListKind kind, std::string value) override;
  Task<Outcome<std::vector<model::ListedSender>>> list_listed(model::ListKind kind,
                                                              std::string after) override;

 private:
  std::int64_t now() const { return unix_milliseconds(clock_.wall()); }
  bool is_in_force(const model::ListedSender& entry) const {
    return entry.expires == 0 || entry.expires > now();
  }
  Clock& clock_;
  std::map<std::pair<std::string, model::ListKind>, model::ListedSender> entries_;
};

}  // namespace fwd::test

#endif

// Asks the door about senders.
#include "service/submission/sender_keeper.h"

#include <utility>

#include "core/wipe.h"

namespace fwd::submission {

Task<Outcome<void>> SenderKeeper::let_local(std::uint32_t uid, std::string user) {
  auto asking = submission_.let_local_send(context_, uid, std::move(user));
  auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  session_ = std::move(answer).value();
  co_return Outcome<void>{};
}

Task<Outcome<void>> SenderKeeper::check_password(std::string name, std::string password) {
  const Wiped held(std::move(password));
  auto asking = submission_.log_in_to_send(context_, std::move(name), held.text);
  auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  session_ = std::move(answer).value();
  co_return Outcome<void>{};
}

Task<Outcome<std::string>> SenderKeeper::begin_scram(std::string client_first, bool offered_plus) {
  auto asking = submission_.begin_scram_to_send(context_, std::move(client_first), offered_plus);
  auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  scram_ = std::move(answer).value();
  co_return scram_->server_first();
}

Task<Outcome<std::string>> SenderKeeper::finish_scram(std::string client_final,
                                                      std::string binding_data) {
  auto asking = scram_->finish(std::move(client_final), std::move(binding_data));
  auto answer = co_await asking;
  if (!answer.ok()) co_return answer.failure();
  session_ = std::move(answer.value().session);
  co_return std::move(answer.value().server_final);
}

}  // namespace fwd::submission

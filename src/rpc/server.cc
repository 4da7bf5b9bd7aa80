// Serving connections.
#include "rpc/server.h"

#include <utility>

#include "rpc/server_connection.h"

namespace fwd::rpc {
namespace {

template <typename Shared, std::size_t... Is>
std::array<Shared, sizeof...(Is)> make_shared_of(const Limits& limits, std::index_sequence<Is...>) {
  return {((void)Is, Shared(limits))...};
}

}  // namespace

DoorServer::DoorServer(Promises promises, ServerEvents events, Limits limits)
    : promises_(promises),
      events_(std::move(events)),
      limits_(limits),
      shared_(make_shared_of<Shared>(limits, std::make_index_sequence<kRoleCount>{})) {}

Task<Outcome<void>> DoorServer::serve(std::unique_ptr<Stream> stream, Role role) {
  Shared& shared = shared_.at(static_cast<std::size_t>(role) - 1);
  ServerConnection connection(*stream, role, promises_, events_, limits_, shared.uploads,
                              shared.load);
  Outcome<void> ended = co_await connection.run();
  stream->close();
  co_return ended;
}

Answer find_answer(Verb verb, const Promises& promises) {
  switch (static_cast<std::uint16_t>(verb) / 100) {
    case 1:
      return promises.logins != nullptr ? find_login_answer(verb) : nullptr;
    case 2:
      return promises.deliveries != nullptr ? find_delivery_answer(verb) : nullptr;
    case 3:
      return promises.state ? find_state_answer(verb) : nullptr;
    case 4:
      return promises.journal != nullptr ? find_journal_answer(verb) : nullptr;
    case 5:
      return promises.directory != nullptr ? find_directory_answer(verb) : nullptr;
    case 7:
      return promises.submission != nullptr ? find_submission_answer(verb) : nullptr;
    case 8:
      return promises.queue != nullptr ? find_queue_answer(verb) : nullptr;
    case 9:
      return promises.forwarding != nullptr ? find_forwarding_answer(verb) : nullptr;
    case 10:
      return promises.sender_lists != nullptr ? find_sender_list_answer(verb) : nullptr;
    default:
      break;
  }
  const Answer folders = find_folder_answer(verb);
  return folders != nullptr ? folders : find_message_answer(verb);
}

}  // namespace fwd::rpc

// AUTH PLAIN and LOGIN (RFC 4954 §4), as a smarthost asks for them.
#include <utility>

#include "core/text.h"
#include "protocol/smtp/client.h"

namespace fwd::smtp {
namespace {

constexpr std::size_t kMostCommandLine = 510;  // RFC 5321 §4.5.3.1.4, without CRLF

}  // namespace

// message = [authzid] NUL authcid NUL passwd (RFC 4616 §2)
Task<Outcome<RemoteReply>> Client::log_in_plain(const std::string& user,
                                                const std::string& password) {
  std::string message;
  message += '\0';
  message += user;
  message += '\0';
  message += password;
  const std::string response = to_base64(message);
  std::string command = "AUTH PLAIN " + response;
  if (command.size() <= kMostCommandLine)
    co_return co_await ask(std::move(command), "AUTH", options_.limits.mail);
  command = "AUTH PLAIN";
  auto reply = co_await ask(std::move(command), "AUTH", options_.limits.mail);
  if (!reply.ok() || reply.value().code != 334) co_return reply;
  command = response;
  co_return co_await ask(std::move(command), "AUTH", options_.limits.mail);
}

Task<Outcome<RemoteReply>> Client::log_in_by_prompts(const std::string& user,
                                                     const std::string& password) {
  std::string command = "AUTH LOGIN";
  auto reply = co_await ask(std::move(command), "AUTH", options_.limits.mail);
  if (!reply.ok() || reply.value().code != 334) co_return reply;
  command = to_base64(user);
  reply = co_await ask(std::move(command), "AUTH", options_.limits.mail);
  if (!reply.ok() || reply.value().code != 334) co_return reply;
  command = to_base64(password);
  co_return co_await ask(std::move(command), "AUTH", options_.limits.mail);
}

Task<Outcome<RemoteReply>> Client::log_in(std::string user, std::string password) {
  if (extensions_.offers_auth("PLAIN")) co_return co_await log_in_plain(user, password);
  if (extensions_.offers_auth("LOGIN")) co_return co_await log_in_by_prompts(user, password);
  co_return Failure{Fault::kCannot, "", "the server offers neither AUTH PLAIN nor AUTH LOGIN"};
}

}  // namespace fwd::smtp

// The verbs of Logins, on the door's side.
#include "rpc/serving.h"
#include "rpc/wire.h"
#include "rpc/wire_logins.h"

namespace fwd::rpc {
namespace {

Parcel logged_in(const model::LoggedIn& login, const std::string& server_final) {
  wire::LoggedIn out;
  out.set_alias_id(login.alias_id);
  out.set_address(login.address);
  out.set_server_final(server_final);
  return pack(out);
}

Task<Outcome<Parcel>> log_in(Serving& serving, Parcel request) {
  wire::LogIn in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.logins->log_in(from_wire(*in.mutable_context()),
                                                std::move(*in.mutable_address()),
                                                std::move(*in.mutable_password()));
  const Outcome<model::LoggedIn> login = co_await asking;
  if (!login.ok()) co_return login.failure();
  serving.keep(login.value().mailbox);
  co_return logged_in(login.value(), std::string());
}

Task<Outcome<Parcel>> begin_scram(Serving& serving, Parcel request) {
  wire::BeginScram in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.promises.logins->begin_scram(
      from_wire(*in.mutable_context()), std::move(*in.mutable_client_first()), in.offered_plus());
  Outcome<std::unique_ptr<model::ScramExchange>> begun = co_await asking;
  if (!begun.ok()) co_return begun.failure();
  wire::ScramBegun out;
  out.set_server_first(begun.value()->server_first());
  serving.keep(std::move(begun).value());
  co_return pack(out);
}

Task<Outcome<Parcel>> finish_scram(Serving& serving, Parcel request) {
  wire::FinishScram in;
  const Outcome<void> read = unpack(request, in);
  if (!read.ok()) co_return read.failure();
  auto asking = serving.scram->finish(std::move(*in.mutable_client_final()),
                                      std::move(*in.mutable_binding_data()));
  const Outcome<model::ScramExchange::Verdict> verdict = co_await asking;
  if (!verdict.ok()) co_return verdict.failure();
  serving.keep(verdict.value().login.mailbox);
  co_return logged_in(verdict.value().login, verdict.value().server_final);
}

}  // namespace

Answer find_login_answer(Verb verb) {
  switch (verb) {
    case Verb::kLogIn:
      return log_in;
    case Verb::kBeginScram:
      return begin_scram;
    case Verb::kFinishScram:
      return finish_scram;
    default:
      return nullptr;
  }
}

}  // namespace fwd::rpc

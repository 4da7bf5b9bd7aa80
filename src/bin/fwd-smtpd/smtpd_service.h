#ifndef FWD_BIN_FWD_SMTPD_SMTPD_SERVICE_H
#define FWD_BIN_FWD_SMTPD_SMTPD_SERVICE_H

// One SMTP session a connection, with a submission policy of its own, over the
// door.

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "protocol/smtp/session.h"
#include "rpc/client.h"
#include "service/daemon/daemon.h"
#include "service/submission/policy.h"

namespace fwd::smtpd {

// The socket of programs on this machine.
inline constexpr std::string_view kLocalRole = "local";

class SmtpdService final : public daemon::Service {
 public:
  explicit SmtpdService(daemon::Daemon& daemon);

  Task<Outcome<void>> start() override;
  Task<void> serve(std::unique_ptr<net::SocketStream> stream, std::string role) override;
  std::string refusal(const std::string& role) override;
  void reload() override;
  Task<void> finish() override;

 private:
  void read_options();
  // A session with this policy, to its end.
  Task<void> converse(Stream& stream, smtp::Policy& policy);
  Task<void> serve_local(net::SocketStream& stream, const submission::SubmissionContext& context);

  daemon::Daemon& daemon_;
  rpc::DoorPool door_;
  submission::Recorder recorder_;
  smtp::Budget budget_;
  smtp::Limits limits_;                    // sessions keep a copy of their day's
  submission::SubmissionOptions options_;  // as above
  std::uint64_t sessions_per_uid_ = 0;
  std::map<std::uint32_t, std::uint64_t> local_sessions_;  // by uid; none is zero
  std::string host_;
  std::function<std::string()> new_id_;
};

}  // namespace fwd::smtpd

#endif

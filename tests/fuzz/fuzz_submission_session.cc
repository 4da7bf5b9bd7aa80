// A whole submission session of somebody who has logged in, or of a program of
// this host: MAIL, RCPT, header and all, over a keeper of senders in memory.
#include "fuzz/fuzz.h"
#include "support/memory_submission.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fwd::test::SmtpRig rig;
  fwd::test::SubmissionDesk desk(rig);
  rig.limits.message_size = 64 * 1024;
  rig.budget_octets = 256 * 1024;
  rig.pipe.tls.active = true;
  const bool local = size % 2 == 1;
  if (local)
    desk.serve_local(1000, "joe");
  else
    desk.serve_clients();
  rig.connect();
  rig.ask("EHLO client.example");
  if (!local) rig.ask("AUTH PLAIN AGhlbGxvQGV4YW1wbGUudGVzdABzZWNyZXQ=");
  rig.send(fwd::fuzz::text_of(data, size));  // throws what escaped the session
  rig.clock.turn(rig.limits.idle);
  rig.hang_up();
  fwd::fuzz::must(rig.closed() && rig.budget().used() == 0);
  return 0;
}

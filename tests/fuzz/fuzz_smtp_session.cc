// A whole SMTP session, with the real inbound policy over stores in memory: a
// peer says the input, all at once or in small pieces, waits, and hangs up.
#include "fuzz/fuzz.h"
#include "support/smtp_rig.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  fwd::test::SmtpRig rig;
  rig.limits.message_size = 64 * 1024;
  rig.budget_octets = 256 * 1024;
  rig.pipe.offers_tls = true;
  if (size % 2 == 1) rig.pipe.most_per_read = 3;
  rig.connect();
  rig.send(fwd::fuzz::text_of(data, size));  // throws what escaped the session
  rig.clock.turn(rig.limits.idle);
  rig.hang_up();
  fwd::fuzz::must(rig.closed() && rig.budget().used() == 0);
  return 0;
}

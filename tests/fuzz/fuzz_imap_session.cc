// A whole IMAP session over a keeper in memory: a client that has logged in
// and selected INBOX says the input and hangs up.  An input that begins with
// "!" comes from a stranger instead.
#include "core/ready.h"
#include "fuzz/fuzz.h"
#include "support/imap_rig.h"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view in = fwd::fuzz::text_of(data, size);
  fwd::test::ImapRig rig;
  rig.limits.append = 64 * 1024;
  rig.limits.discard = 128 * 1024;
  rig.pipe.offers_tls = in.starts_with('!');
  if (size % 2 == 1) rig.pipe.most_per_read = 3;
  for (const char* name : {"nested", "utf8", "plain"})
    rig.store.deliver("INBOX", fwd::test::message_named(name));
  if (in.starts_with('!'))
    in.remove_prefix(1), rig.connect(0);
  else
    rig.log_in(0), rig.ask(0, "S SELECT INBOX");
  rig.send(0, std::string(in));
  rig.clock.turn(rig.limits.command_idle);
  rig.hang_up(0);
  fwd::run_ready();
  fwd::fuzz::must(rig.bug.empty() && rig.closed(0) && rig.budget.left() == 1ULL << 30);
  return 0;
}

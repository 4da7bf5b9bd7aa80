#ifndef FWD_PROTOCOL_IMAP_VERBS_H
#define FWD_PROTOCOL_IMAP_VERBS_H

// The protocol at a glance: every command, when it may come, who does it.

#include <cstdint>
#include <span>
#include <string_view>

#include "core/task.h"
#include "protocol/imap/parser.h"
#include "protocol/imap/reply.h"

namespace fwd::imap {

class Session;

// Where a session stands (RFC 9051 §3); bits, so that a verb can list where it
// is welcome.
enum Stage : std::uint8_t {
  kStranger = 1,   // not authenticated
  kLoggedIn = 2,   // authenticated
  kSelected = 4,   // a folder is selected
  kLoggedOut = 8,  // LOGOUT or BYE: nothing more is read
};
inline constexpr std::uint8_t kAnyStage = kStranger | kLoggedIn | kSelected;
inline constexpr std::uint8_t kInside = kLoggedIn | kSelected;

// A command under way.
struct Command {
  std::string tag;
  Parser& arguments;  // behind the verb's name
  bool by_uid;        // it came as UID FETCH, UID STORE, …
};

struct Verb {
  std::string_view name;  // in capitals; "UID FETCH" is a verb of its own
  std::uint8_t stages;
  // EXPUNGE and VANISHED may be sent as it ends (RFC 9051 §7.5.1).
  bool may_tell_expunges;
  Task<Reply> (*run)(Session& session, Command& command);
  std::string_view rfc;
};

// Finds `name` without regard to case, or gives nullptr.
const Verb* find_verb(std::string_view name);
std::span<const Verb> all_verbs();

Task<Reply> verb_append(Session& session, Command& command);
Task<Reply> verb_authenticate(Session& session, Command& command);
Task<Reply> verb_capability(Session& session, Command& command);
Task<Reply> verb_check(Session& session, Command& command);
Task<Reply> verb_close(Session& session, Command& command);
Task<Reply> verb_copy(Session& session, Command& command);
Task<Reply> verb_create(Session& session, Command& command);
Task<Reply> verb_delete(Session& session, Command& command);
Task<Reply> verb_enable(Session& session, Command& command);
Task<Reply> verb_examine(Session& session, Command& command);
Task<Reply> verb_expunge(Session& session, Command& command);
Task<Reply> verb_fetch(Session& session, Command& command);
Task<Reply> verb_getquota(Session& session, Command& command);
Task<Reply> verb_getquotaroot(Session& session, Command& command);
Task<Reply> verb_id(Session& session, Command& command);
Task<Reply> verb_idle(Session& session, Command& command);
Task<Reply> verb_list(Session& session, Command& command);
Task<Reply> verb_login(Session& session, Command& command);
Task<Reply> verb_logout(Session& session, Command& command);
Task<Reply> verb_lsub(Session& session, Command& command);
Task<Reply> verb_move(Session& session, Command& command);
Task<Reply> verb_namespace(Session& session, Command& command);
Task<Reply> verb_noop(Session& session, Command& command);
Task<Reply> verb_rename(Session& session, Command& command);
Task<Reply> verb_search(Session& session, Command& command);
Task<Reply> verb_select(Session& session, Command& command);
Task<Reply> verb_starttls(Session& session, Command& command);
Task<Reply> verb_status(Session& session, Command& command);
Task<Reply> verb_store(Session& session, Command& command);
Task<Reply> verb_subscribe(Session& session, Command& command);
Task<Reply> verb_unselect(Session& session, Command& command);
Task<Reply> verb_unsubscribe(Session& session, Command& command);

}  // namespace fwd::imap

#endif

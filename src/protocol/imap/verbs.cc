// The table of all commands.
#include "protocol/imap/verbs.h"

#include <array>

#include "core/text.h"

namespace fwd::imap {
namespace {

// In FETCH, STORE and SEARCH a client may have sent further sequence numbers
// already, so no EXPUNGE may come there; their UID forms are free.
constexpr std::array kVerbs = {
    Verb{"CAPABILITY", kAnyStage, true, verb_capability, "RFC 9051 §6.1.1"},
    Verb{"NOOP", kAnyStage, true, verb_noop, "RFC 9051 §6.1.2"},
    Verb{"LOGOUT", kAnyStage, true, verb_logout, "RFC 9051 §6.1.3"},
    Verb{"ID", kAnyStage, true, verb_id, "RFC 2971 §3.1"},
    Verb{"STARTTLS", kStranger, true, verb_starttls, "RFC 9051 §6.2.1"},
    Verb{"AUTHENTICATE", kStranger, true, verb_authenticate, "RFC 9051 §6.2.2"},
    Verb{"LOGIN", kStranger, true, verb_login, "RFC 9051 §6.2.3"},
    Verb{"ENABLE", kLoggedIn, true, verb_enable, "RFC 9051 §6.3.1"},
    Verb{"SELECT", kInside, true, verb_select, "RFC 9051 §6.3.2"},
    Verb{"EXAMINE", kInside, true, verb_examine, "RFC 9051 §6.3.3"},
    Verb{"CREATE", kInside, true, verb_create, "RFC 9051 §6.3.4"},
    Verb{"DELETE", kInside, true, verb_delete, "RFC 9051 §6.3.5"},
    Verb{"RENAME", kInside, true, verb_rename, "RFC 9051 §6.3.6"},
    Verb{"SUBSCRIBE", kInside, true, verb_subscribe, "RFC 9051 §6.3.7"},
    Verb{"UNSUBSCRIBE", kInside, true, verb_unsubscribe, "RFC 9051 §6.3.8"},
    Verb{"LIST", kInside, true, verb_list, "RFC 9051 §6.3.9"},
    Verb{"LSUB", kInside, true, verb_lsub, "RFC 3501 §6.3.9"},
    Verb{"NAMESPACE", kInside, true, verb_namespace, "RFC 9051 §6.3.10"},
    Verb{"STATUS", kInside, true, verb_status, "RFC 9051 §6.3.11"},
    Verb{"APPEND", kInside, true, verb_append, "RFC 9051 §6.3.12"},
    Verb{"IDLE", kInside, true, verb_idle, "RFC 9051 §6.3.13"},
    Verb{"GETQUOTA", kInside, true, verb_getquota, "RFC 9208 §4.1.1"},
    Verb{"GETQUOTAROOT", kInside, true, verb_getquotaroot, "RFC 9208 §4.1.2"},
    Verb{"CHECK", kSelected, true, verb_check, "RFC 3501 §6.4.1"},
    Verb{"CLOSE", kSelected, true, verb_close, "RFC 9051 §6.4.1"},
    Verb{"UNSELECT", kSelected, true, verb_unselect, "RFC 9051 §6.4.2"},
    Verb{"EXPUNGE", kSelected, true, verb_expunge, "RFC 9051 §6.4.3"},
    Verb{"SEARCH", kSelected, false, verb_search, "RFC 9051 §6.4.4"},
    Verb{"FETCH", kSelected, false, verb_fetch, "RFC 9051 §6.4.5"},
    Verb{"STORE", kSelected, false, verb_store, "RFC 9051 §6.4.6"},
    Verb{"COPY", kSelected, true, verb_copy, "RFC 9051 §6.4.7"},
    Verb{"MOVE", kSelected, true, verb_move, "RFC 9051 §6.4.8"},
    Verb{"UID EXPUNGE", kSelected, true, verb_expunge, "RFC 9051 §6.4.9"},
    Verb{"UID SEARCH", kSelected, true, verb_search, "RFC 9051 §6.4.9"},
    Verb{"UID FETCH", kSelected, true, verb_fetch, "RFC 9051 §6.4.9"},
    Verb{"UID STORE", kSelected, true, verb_store, "RFC 9051 §6.4.9"},
    Verb{"UID COPY", kSelected, true, verb_copy, "RFC 9051 §6.4.9"},
    Verb{"UID MOVE", kSelected, true, verb_move, "RFC 9051 §6.4.9"},
};

}  // namespace

const Verb* find_verb(std::string_view name) {
  for (const Verb& verb : kVerbs)
    if (same_word(verb.name, name)) return &verb;
  return nullptr;
}

std::span<const Verb> all_verbs() { return kVerbs; }

}  // namespace fwd::imap

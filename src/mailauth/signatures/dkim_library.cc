// Verifying RSA signatures with libopendkim.
#include "mailauth/signatures/dkim_library.h"

#include <sys/types.h>

#include <algorithm>
#include <cstring>
#include <string_view>
#include <unordered_set>

#define _Bool bool  // the library's header is C
extern "C" {
#include <opendkim/dkim.h>
}
#undef _Bool

#include "core/text.h"
#include "mailauth/signatures/tag_list.h"

namespace fwd::mailauth {
namespace {

// The library cuts h= there.
constexpr std::size_t kMostNamesOctets = DKIM_MAXHEADER - 1;
constexpr std::size_t kMostComparisons = 50'000;

unsigned char* octets_of(std::string_view text) {
  return reinterpret_cast<unsigned char*>(const_cast<char*>(text.data()));
}

// Nothing but CRLF ends its lines, and no NUL ends it, as it would for the library.
bool is_plain(std::string_view text) {
  return text.find('\0') == text.npos && !has_bare_line_end(text);
}

// What the library is asked about; its "user context".
struct Inquiry {
  const std::vector<RsaQuestion>& questions;
};

// Answers from the keys we hold; the library asks the DNS only when told to.
DKIM_CBSTAT look_up(DKIM* handle, DKIM_SIGINFO* info, unsigned char* buffer, std::size_t room) {
  const auto* inquiry = static_cast<const Inquiry*>(dkim_get_user_context(handle));
  const auto text = [](const unsigned char* name) {
    return name != nullptr ? std::string_view(reinterpret_cast<const char*>(name))
                           : std::string_view();
  };
  for (const RsaQuestion& question : inquiry->questions) {
    if (!same_word(text(dkim_sig_getdomain(info)), question.signature->domain) ||
        !same_word(text(dkim_sig_getselector(info)), question.signature->selector))
      continue;
    const std::string record =
        "v=DKIM1; k=rsa; p=" + to_base64(question.key->subject_public_key_info());
    if (record.size() >= room) return DKIM_CBSTAT_ERROR;
    std::memcpy(buffer, record.c_str(), record.size() + 1);
    return DKIM_CBSTAT_CONTINUE;
  }
  return DKIM_CBSTAT_NOTFOUND;
}

// One for all messages and threads, as nothing in it is a message's; never
// closed, so that what the library shares with others is not torn down.
class Library {
 public:
  static const Library& get() {
    static const Library& library = *new Library;
    return library;
  }
  DKIM_LIB* handle() const { return is_set_up_ ? handle_ : nullptr; }

 private:
  Library() : handle_(dkim_init(nullptr, nullptr)), is_set_up_(set_up()) {}
  // Broken signatures keep their places, so that ours can be told by theirs;
  // times and sizes of keys have been judged before.
  bool set_up() {
    unsigned flags = DKIM_LIBFLAGS_BADSIGHANDLES | DKIM_LIBFLAGS_DELAYSIGPROC;
    unsigned least_bits = 1024;
    std::uint64_t drift = std::uint64_t{1} << 60;
    return handle_ != nullptr && set(DKIM_OPTS_FLAGS, &flags, sizeof flags) &&
           set(DKIM_OPTS_MINKEYBITS, &least_bits, sizeof least_bits) &&
           set(DKIM_OPTS_CLOCKDRIFT, &drift, sizeof drift) &&
           dkim_set_key_lookup(handle_, look_up) == DKIM_STAT_OK;
  }
  bool set(dkim_opts_t option, void* value, std::size_t size) {
    return dkim_options(handle_, DKIM_OP_SETOPT, option, value, size) == DKIM_STAT_OK;
  }
  DKIM_LIB* handle_;
  bool is_set_up_;
};

// One message being verified.
class Check {
 public:
  explicit Check(Inquiry& inquiry) {
    DKIM_STAT state = DKIM_STAT_OK;
    DKIM_LIB* library = Library::get().handle();
    if (library == nullptr) return;
    handle_ = dkim_verify(library, octets_of("fwd"), nullptr, &state);
    if (handle_ != nullptr) dkim_set_user_context(handle_, &inquiry);
  }
  ~Check() {
    if (handle_ != nullptr) dkim_free(handle_);
  }
  Check(const Check&) = delete;
  Check& operator=(const Check&) = delete;

  bool take(const MessageView& message, const std::vector<std::uint32_t>& places) {
    if (handle_ == nullptr) return false;
    for (const std::uint32_t place : places) {
      const std::string_view raw = message.fields()[place].raw;
      if (!went(dkim_header(handle_, octets_of(raw), raw.size()))) return false;
    }
    if (!went(dkim_eoh(handle_))) return false;
    const std::string_view body = message.body();
    if (!body.empty() && !went(dkim_body(handle_, octets_of(body), body.size()))) return false;
    // RFC 6376 §3.4.3: a last line without its end gets one.
    if (!body.empty() && !body.ends_with("\r\n") && !went(dkim_body(handle_, octets_of("\r\n"), 2)))
      return false;
    // What this says of the message is told again by each signature.
    bool is_testing = false;
    dkim_eom(handle_, &is_testing);
    return true;
  }

  std::vector<RsaAnswer> answers() {
    DKIM_SIGINFO** list = nullptr;
    int count = 0;
    std::vector<RsaAnswer> all;
    if (!went(dkim_getsiglist(handle_, &list, &count))) return all;
    for (int i = 0; i < count; ++i) all.push_back(answer_of(list[i]));
    return all;
  }

 private:
  RsaAnswer answer_of(DKIM_SIGINFO* info) {
    if ((dkim_sig_getflags(info) & DKIM_SIGFLAG_PROCESSED) == 0) dkim_sig_process(handle_, info);
    const unsigned flags = dkim_sig_getflags(info);
    if ((flags & DKIM_SIGFLAG_PROCESSED) == 0) return RsaAnswer::kUnread;
    if (dkim_sig_getbh(info) == DKIM_SIGBH_MISMATCH) return RsaAnswer::kBadBody;
    if ((flags & DKIM_SIGFLAG_PASSED) != 0 && dkim_sig_getbh(info) == DKIM_SIGBH_MATCH)
      return RsaAnswer::kGood;
    return dkim_sig_geterror(info) == DKIM_SIGERROR_BADSIG ? RsaAnswer::kBadSignature
                                                           : RsaAnswer::kUnread;
  }
  bool went(DKIM_STAT state) { return state == DKIM_STAT_OK; }
  DKIM* handle_ = nullptr;
};

// The fields that a signature in question names, those signatures, and From,
// without which the library does nothing: what it need not see costs it
// nothing.  In the order of the message.
std::vector<std::uint32_t> places_to_show(const MessageView& message,
                                          const std::vector<RsaQuestion>& questions) {
  std::unordered_set<std::string_view> names{"from"};
  std::vector<std::uint32_t> places;
  for (const RsaQuestion& question : questions) {
    places.push_back(question.signature->place);
    names.insert(question.signature->names.begin(), question.signature->names.end());
  }
  for (const std::string_view name : names) {
    const auto& found = message.places(name);
    places.insert(places.end(), found.begin(), found.end());
  }
  std::sort(places.begin(), places.end());
  return places;
}

}  // namespace

// * It cuts h= after 4095 octets.
// * It counts the signature itself among the fields that h= may name.
// * It finds the value of b= behind the first "=" that has a "b" right before
//   it: so not in "b =", and in other tags whose names end in "b".
// * It takes a text to its first NUL, and a bare LF for a line end.
// * For each name in h= it looks at every field, which strangers could make long.
bool library_reads(const MessageView& message, const Signature& signature) {
  const MessageField& field = message.fields()[signature.place];
  const auto tags = TagList::read(field.value);
  if (!tags || tags->value("h").size() > kMostNamesOctets || signature.domain.empty()) return false;
  for (const Tag& tag : tags->tags()) {
    if (tag.name == "b" && tag.name.data() + 1 != tag.room.data() - 1) return false;
    if (tag.name != "b" && tag.name.ends_with('b')) return false;
  }
  if (!same_word(tags->value("d"), signature.domain) ||
      !same_word(tags->value("s"), signature.selector))
    return false;  // U-labels
  const auto& names = signature.names;
  if (names.size() * message.fields().size() > kMostComparisons) return false;
  return std::find(names.begin(), names.end(), "dkim-signature") == names.end() &&
         is_plain(message.header()) && is_plain(message.body());
}

std::vector<RsaAnswer> ask_library(const MessageView& message,
                                   const std::vector<RsaQuestion>& questions) {
  std::vector<RsaAnswer> answers(questions.size(), RsaAnswer::kUnread);
  if (questions.empty()) return answers;
  Inquiry inquiry{questions};
  Check check(inquiry);
  if (!check.take(message, places_to_show(message, questions))) return answers;
  std::vector<RsaAnswer> found = check.answers();
  return found.size() == answers.size() ? found : answers;
}

}  // namespace fwd::mailauth

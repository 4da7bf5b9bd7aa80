// Reads the words of refusals.
#include "service/delivery/remote_words.h"

#include "core/text.h"

namespace fwd::delivery {
namespace {

struct Sign {
  Category category;
  std::string_view words;  // lower case, anywhere in the reply
};

// The first that fits decides.  A list that names our host comes before words
// about one message, as "blocked for spam, see our blocklist" means the host.
constexpr Sign kSigns[] = {
    {Category::kBlocklist, "spamhaus"},
    {Category::kBlocklist, "blocklist"},
    {Category::kBlocklist, "block list"},
    {Category::kBlocklist, "blacklist"},
    {Category::kBlocklist, "black list"},
    {Category::kBlocklist, "denylist"},
    {Category::kBlocklist, "dnsbl"},
    {Category::kBlocklist, "rbl"},
    {Category::kBlocklist, "spamcop"},
    {Category::kBlocklist, "barracudacentral"},
    {Category::kBlocklist, "proofpoint.com/dnsbl"},
    {Category::kBlocklist, "poor reputation"},
    {Category::kBlocklist, "low reputation"},
    {Category::kBlocklist, "ip reputation"},
    {Category::kBlocklist, "banned sending ip"},
    {Category::kBlocklist, "your ip address has been blocked"},
    {Category::kBlocklist, "your network is on"},
    {Category::kGreylist, "greylist"},
    {Category::kGreylist, "graylist"},
    {Category::kVirus, "virus"},
    {Category::kVirus, "malware"},
    {Category::kAuthentication, "dmarc"},
    {Category::kAuthentication, "dkim"},
    {Category::kAuthentication, "spf "},
    {Category::kAuthentication, "unauthenticated"},
    {Category::kSpam, "spam"},
    {Category::kSpam, "unsolicited"},
    {Category::kMailboxFull, "mailbox full"},
    {Category::kMailboxFull, "mailbox is full"},
    {Category::kMailboxFull, "over quota"},
    {Category::kMailboxFull, "quota exceeded"},
    {Category::kMailboxFull, "out of storage"},
    {Category::kNoRecipient, "user unknown"},
    {Category::kNoRecipient, "no such user"},
    {Category::kNoRecipient, "does not exist"},
    {Category::kNoRecipient, "unknown user"},
    {Category::kCapacity, "too many connections"},
    {Category::kCapacity, "rate limit"},
    {Category::kCapacity, "too much mail"},
};

struct Detail {
  std::string_view detail;  // RFC 3463, without its class
  Category category;
};
constexpr Detail kDetails[] = {
    {"1.1", Category::kNoRecipient},
    {"1.10", Category::kNoRecipient},
    {"2.1", Category::kNoRecipient},
    {"2.2", Category::kMailboxFull},
    {"2.3", Category::kSize},
    {"3.4", Category::kSize},
    {"4.5", Category::kCapacity},
    {"7.1", Category::kPolicy},
    {"7.26", Category::kAuthentication},
};

// `words` in `text`, and, when they are short, as a word of their own: "rbl"
// stands in "warblers", too.
bool says(std::string_view text, std::string_view words) {
  for (std::size_t at = text.find(words); at != std::string_view::npos;
       at = text.find(words, at + 1)) {
    const std::size_t end = at + words.size();
    const bool begins = at == 0 || !is_alnum(text[at - 1]);
    const bool ends = end == text.size() || !is_alnum(text[end]);
    if (words.size() > 4 || (begins && ends)) return true;
  }
  return false;
}

}  // namespace

std::string_view category_name(Category category) {
  switch (category) {
    case Category::kBlocklist:
      return "blocklist";
    case Category::kCapacity:
      return "capacity";
    case Category::kGreylist:
      return "greylist";
    case Category::kMailboxFull:
      return "mailbox_full";
    case Category::kNoRecipient:
      return "recipient";
    case Category::kSpam:
      return "spam";
    case Category::kVirus:
      return "virus";
    case Category::kPolicy:
      return "policy";
    case Category::kSize:
      return "size";
    case Category::kAuthentication:
      return "authentication";
    case Category::kNetwork:
      return "network";
    case Category::kOther:
      break;
  }
  return "other";
}

std::string status_of(const smtp::RemoteReply& reply) {
  if (!reply.enhanced.empty()) return reply.enhanced;
  return reply.accepts() ? "2.0.0" : reply.is_permanent() ? "5.0.0" : "4.0.0";
}

bool may_mean_host(const smtp::RemoteReply& reply) {
  const std::string subject = status_of(reply).substr(1, 3);
  return subject != ".1." && subject != ".2.";
}

Category category_of(const smtp::RemoteReply& reply, bool from_remote) {
  const std::string status = status_of(reply);
  if (!from_remote) return status.substr(2, 2) == "4." ? Category::kNetwork : Category::kOther;
  const std::string text = to_lower(reply.text);
  for (const Sign& sign : kSigns)
    if (says(text, sign.words)) return sign.category;
  for (const Detail& known : kDetails)
    if (status.substr(2) == known.detail) return known.category;
  return Category::kOther;
}

}  // namespace fwd::delivery

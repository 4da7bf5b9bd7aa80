#ifndef FWD_SERVICE_INBOUND_JUDGEMENT_H
#define FWD_SERVICE_INBOUND_JUDGEMENT_H

// What the checks made of a message: each check's finding, and what follows.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/journal.h"
#include "protocol/smtp/reply.h"

namespace fwd::service {

// What one check found.
struct Finding {
  std::string_view check;  // its name in the list of checks.cc
  std::string result;      // one word: "pass", "fail", "none", "listed", …
  std::string why;         // for people; may be empty
  double points = 0;       // towards junk; below zero speaks for the sender
};

// Who vouches for a message, and what they say of it.
struct Authenticity {
  bool sender_is_proven = false;   // the envelope sender, by SPF or an aligned DMARC
  bool author_is_proven = false;   // the From address, by DMARC or an aligned DKIM signature
  std::string author_domain;       // of From, A-labels; "" when there is not one
  std::string results;             // resinfo of Authentication-Results: what stands behind our name
  std::string arc_chain = "none";  // of the message as it came: "none", "pass", "fail"
  std::string webhook_json;  // an object with dkim, spf, arc, dmarc for webhooks; may be empty
};

// Who is proven to have sent it, and what it was found to hold.
enum class Offence : std::uint8_t { kNone, kSpam, kVirus };
enum class AccusedKind : std::uint8_t { kAddress, kDomain, kHost };
struct Accused {
  struct One {
    std::string value;  // as lists name it
    AccusedKind kind = AccusedKind::kAddress;
  };
  Offence offence = Offence::kNone;
  bool is_counted = false;
  std::string print;  // of an offence: the same however often the message is sent again
  std::vector<One> all;
};

struct Judgement {
  std::vector<Finding> findings;  // in the order of the checks that ran
  double points = 0;
  bool is_junk = false;                // to the Junk folder
  std::optional<smtp::Reply> refusal;  // the first that refused decides
  std::string_view decided_by;         // the check that refused or made it junk
  std::string lines;  // header fields for the message as it is stored, each with CRLF
  Authenticity authenticity;
  Accused accused;
  // Of "mx.dmarc", for the journal; without time, message and people.
  std::optional<model::JournalEntry> dmarc;
};

}  // namespace fwd::service

#endif

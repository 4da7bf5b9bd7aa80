#ifndef FWD_SERVICE_OPERATOR_QUEUE_WORDS_H
#define FWD_SERVICE_OPERATOR_QUEUE_WORDS_H

// Queued messages from and to words on a terminal.

#include <cstdint>
#include <string>

#include "model/queue.h"
#include "service/operator/desk.h"

namespace fwd::service {

// What the options --domain, --sender, --destination, --state, --all and
// --limit leave.  kBadInput: an option's value is wrong; kNotFound: the domain.
Task<Outcome<model::QueueFilter>> read_filter(Desk& desk, const Call& call);

// "2026-01-31T12:00:00Z"; "" for none.
std::string show_moment(std::int64_t ms);
format::Json moment_json(std::int64_t ms);
format::Json number_json(std::uint64_t number);

format::Json outbound_json(const model::Outbound& message);
format::Json stat_json(const model::QueueStat& stat);
// A line for each message, and the fields and recipients of one.
std::string outbound_table(const std::vector<model::Outbound>& messages, std::int64_t now);
std::string outbound_text(const model::Outbound& message, std::int64_t now);
std::string stat_text(const model::QueueStat& stat, std::int64_t now);

}  // namespace fwd::service

#endif

#ifndef FWD_SERVICE_INBOUND_TRACE_H
#define FWD_SERVICE_INBOUND_TRACE_H

// The trace lines a delivered message gets (RFC 5321 §4.4), each with CRLF.

#include <string>
#include <string_view>

#include "core/clock.h"
#include "protocol/smtp/policy.h"

namespace fwd::service {

// "Return-Path: <sender>"
std::string return_path_line(const smtp::Mail& mail);

// "X-Original-To: recipient", as the peer wrote it.
std::string original_to_line(std::string_view recipient);

// "Received: from … by … with … id … for …; date".  `only_recipient` is empty
// when there were several, who must not learn of each other (RFC 5321 §7.2).
std::string received_line(const smtp::Peer& peer, const smtp::Mail& mail,
                          std::string_view only_recipient, WallTime when);

// The protocol's name: RFC 3848 §2, RFC 6531 §4.3.
std::string_view protocol_word(const smtp::Peer& peer, const smtp::Mail& mail);

}  // namespace fwd::service

#endif

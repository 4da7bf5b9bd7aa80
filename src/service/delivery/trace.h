#ifndef FWD_SERVICE_DELIVERY_TRACE_H
#define FWD_SERVICE_DELIVERY_TRACE_H

// What the trace fields of a message say, and writing one with others.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace fwd::delivery {

// How a forward came to this host, by what our port 25 wrote on top of it: below the lines
// of those who led it on here since then.
struct Arrival {
  std::string ip;
  bool over_tls = false;
};
Arrival read_arrival(std::string_view content, std::uint32_t hops);

// `content` without its Return-Path fields (RFC 5321 §4.4), behind `lines`.
std::string assemble(const std::string& lines, std::string_view content);

std::size_t count_received(std::string_view content);

}  // namespace fwd::delivery

#endif

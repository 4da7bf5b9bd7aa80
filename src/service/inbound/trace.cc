// Writes trace lines.
#include "service/inbound/trace.h"

#include <array>
#include <cstdio>

namespace fwd::service {
namespace {

// TCP-info's address-literal (RFC 5321 §4.1.3).
std::string address_literal(const std::string& ip) {
  return (ip.find(':') == std::string::npos ? "[" : "[IPv6:") + ip + "]";
}

}  // namespace

std::string return_path_line(const smtp::Path& sender) {
  return "Return-Path: <" + sender.address() + ">\r\n";
}

std::string original_to_line(std::string_view recipient) {
  return "X-Original-To: " + std::string(recipient) + "\r\n";
}

std::string_view protocol_word(const smtp::Peer& peer, const smtp::Mail& mail) {
  if (mail.smtp_utf8) return peer.tls->active ? "UTF8SMTPS" : "UTF8SMTP";
  if (!peer.extended) return "SMTP";
  return peer.tls->active ? "ESMTPS" : "ESMTP";
}

std::string header_date(WallTime when) {
  using namespace std::chrono;
  static constexpr std::array<const char*, 7> kDays{"Sun", "Mon", "Tue", "Wed",
                                                    "Thu", "Fri", "Sat"};
  static constexpr std::array<const char*, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto day = floor<days>(when);
  const year_month_day date(day);
  const hh_mm_ss time(floor<seconds>(when - day));
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%s, %u %s %04d %02d:%02d:%02d +0000",
                kDays[weekday(day).c_encoding()], static_cast<unsigned>(date.day()),
                kMonths[static_cast<unsigned>(date.month()) - 1], static_cast<int>(date.year()),
                static_cast<int>(time.hours().count()), static_cast<int>(time.minutes().count()),
                static_cast<int>(time.seconds().count()));
  return text.data();
}

// Time-stamp-line = "Received:" FWS Stamp CRLF
// Stamp = From-domain By-domain Opt-info [CFWS] ";" FWS date-time
std::string received_line(const smtp::Peer& peer, const smtp::Mail& mail,
                          std::string_view only_recipient, WallTime when) {
  std::string line = "Received: from " + peer.helo;
  if (!peer.address.ip.empty()) line += " (" + address_literal(peer.address.ip) + ")";
  line += "\r\n\tby " + peer.host + " with ";
  line += protocol_word(peer, mail);
  if (peer.tls->active) line += "\r\n\t(" + peer.tls->version + " " + peer.tls->cipher + ")";
  line += "\r\n\tid " + mail.id;
  if (!only_recipient.empty()) {
    line += "\r\n\tfor <";
    line += only_recipient;
    line += ">";
  }
  return line + ";\r\n\t" + header_date(when) + "\r\n";
}

}  // namespace fwd::service

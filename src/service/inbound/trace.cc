// Writes trace lines.
#include "service/inbound/trace.h"

#include "format/date.h"

namespace fwd::service {
namespace {

// TCP-info's address-literal (RFC 5321 §4.1.3).
std::string address_literal(const std::string& ip) {
  return (ip.find(':') == std::string::npos ? "[" : "[IPv6:") + ip + "]";
}

}  // namespace

std::string return_path_line(const smtp::Mail& mail) {
  return "Return-Path: <" + mail.sender_text() + ">\r\n";
}

std::string original_to_line(std::string_view recipient) {
  return "X-Original-To: " + std::string(recipient) + "\r\n";
}

std::string_view protocol_word(const smtp::Peer& peer, const smtp::Mail& mail) {
  if (mail.smtp_utf8) return peer.tls->active ? "UTF8SMTPS" : "UTF8SMTP";
  if (!peer.extended) return "SMTP";
  return peer.tls->active ? "ESMTPS" : "ESMTP";
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
  return line + ";\r\n\t" + format::write_mail_date(unix_seconds(when)) + "\r\n";
}

}  // namespace fwd::service

// Reads delivery status notifications that come back.
#include "core/text.h"
#include "format/delivery_report.h"
#include "format/header_lines.h"
#include "format/message_ids.h"
#include "format/part_text.h"
#include "format/part_walker.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostStatus = 1024 * 1024;  // octets of the part for programs
constexpr std::size_t kMostRecipients = 1000;
constexpr std::size_t kMostValue = 1000;
constexpr std::size_t kMostHeader = 64 * 1024;

// "rfc822; user@example.com" without its type.
std::string typed_value(std::string_view value) {
  const std::size_t semicolon = value.find(';');
  return std::string(
      trim(semicolon == std::string_view::npos ? value : value.substr(semicolon + 1)));
}

std::string value_of(std::string_view block, std::string_view name) {
  const auto found = find_field(block, name);
  std::string value = found ? unfold(*found) : std::string();
  cut_utf8(value, kMostValue);
  return value;
}

std::optional<ReportAction> action_of(std::string_view word) {
  for (const ReportAction action :
       {ReportAction::kFailed, ReportAction::kDelayed, ReportAction::kDelivered,
        ReportAction::kRelayed, ReportAction::kExpanded})
    if (same_word(word, report_action_name(action))) return action;
  return std::nullopt;
}

// per-recipient-fields; nothing when what must be there is not (RFC 3464 §2.3).
std::optional<ReportedRecipient> read_recipient(std::string_view block) {
  ReportedRecipient recipient;
  recipient.original = value_of(block, "original-recipient");
  recipient.address = typed_value(value_of(block, "final-recipient"));
  const std::string action = value_of(block, "action");
  const auto known = action_of(action.substr(0, action.find_first_of(" \t(")));
  if (!known || (recipient.address.empty() && recipient.original.empty())) return std::nullopt;
  recipient.action = *known;
  const std::string status = value_of(block, "status");
  recipient.status = status.substr(0, status.find_first_of(" \t("));
  recipient.remote_mta = typed_value(value_of(block, "remote-mta"));
  recipient.response = typed_value(value_of(block, "diagnostic-code"));
  recipient.from_remote = true;
  return recipient;
}

// The groups of fields of the part for programs; empty lines stand between them.
void read_status(std::string_view text, ReadReport& into) {
  bool first = true;
  while (!text.empty()) {
    if (text.starts_with("\r\n") || text.starts_with('\n')) {
      text.remove_prefix(text.starts_with('\n') ? 1 : 2);
      continue;
    }
    const std::size_t size = std::max<std::size_t>(header_size(text), 1);
    const std::string_view block = text.substr(0, size);
    text.remove_prefix(size);
    if (first) {
      into.envelope_id = value_of(block, "original-envelope-id");
    } else if (into.recipients.size() < kMostRecipients) {
      if (auto recipient = read_recipient(block)) into.recipients.push_back(std::move(*recipient));
    }
    first = false;
  }
}

bool is_status(const PartNode& node) {
  return node.type == "message/delivery-status" || node.type == "message/global-delivery-status";
}

bool is_report(const PartNode& root) {
  return root.kind == PartKind::kMultipart && root.subtype() == "report" &&
         same_word(root.content_type.parameter("report-type").value_or(""), "delivery-status");
}

// The message that is given back, whole or as its header: Message-ID and header.
void read_returned(std::string_view message, const std::vector<PartNode>& nodes,
                   const PartNode& part, ReadReport& into) {
  if (part.kind == PartKind::kMessage && !part.children.empty()) {
    const PartNode& inner = nodes[part.children[0]];
    into.original_message_id = first_bracketed_id(inner.header.text("message-id"));
    into.original_header =
        message.substr(inner.header_begin, inner.body_begin - inner.header_begin);
  } else if (part.type == "text/rfc822-headers" || part.type == "message/global-headers") {
    into.original_header = read_part_text(message, part, kMostStatus);
    into.original_message_id = first_bracketed_id(value_of(into.original_header, "message-id"));
  }
  if (into.original_header.size() > kMostHeader) into.original_header.clear();
}

}  // namespace

std::optional<ReadReport> parse_delivery_report(std::string_view message) {
  OutlineLimits limits;
  limits.depth = 8;
  limits.parts = 50;
  const std::vector<PartNode> nodes = walk_parts(message, limits);
  if (!is_report(nodes[0])) return std::nullopt;
  ReadReport report;
  bool has_status = false;
  for (const std::size_t child : nodes[0].children) {
    const PartNode& part = nodes[child];
    if (is_status(part) && !has_status) {
      has_status = true;
      read_status(read_part_text(message, part, kMostStatus), report);
    } else if (report.original_message_id.empty()) {
      read_returned(message, nodes, part, report);
    }
  }
  if (!has_status) return std::nullopt;
  return report;
}

}  // namespace fwd::format

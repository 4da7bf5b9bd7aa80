// Shows messages as JSON.
#include "format/message_json.h"

#include <map>
#include <set>
#include <vector>

#include "core/text.h"
#include "format/address_list.h"
#include "format/date.h"
#include "format/encoded_words.h"
#include "format/header_lines.h"
#include "format/json.h"
#include "format/json_text.h"
#include "format/mail_date.h"
#include "format/message_parts_json.h"
#include "format/outline.h"

namespace fwd::format {
namespace {

constexpr std::size_t kMostAddresses = 1000;
constexpr std::size_t kMostReferences = 100;

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

// All values of one name, decoded.
using Values = std::map<std::string, std::vector<std::string>, std::less<>>;

void write_addresses(JsonText& out, std::string_view name, std::string_view value) {
  std::string text, html;
  out.name(name).open('{').name("value").open('[');
  for (const ListedAddress& one : parse_address_list(value, kMostAddresses)) {
    if (one.kind != ListedAddress::Kind::kMailbox) continue;
    const std::string address = one.host.empty() ? one.mailbox : one.mailbox + '@' + one.host;
    const std::string who = one.name ? decode_header_text(*one.name) : std::string();
    out.open('{').name("address").text(address).name("name").text(who).close('}');
    text += text.empty() ? "" : ", ";
    html += html.empty() ? "" : ", ";
    const std::string link = "<a href=\"mailto:" + escaped(address) +
                             "\" class=\"mp_address_email\">" + escaped(address) + "</a>";
    html += "<span class=\"mp_address_group\">";
    if (who.empty()) {
      text += address;
      html += link;
    } else {
      text += '"' + who + "\" <" + address + '>';
      html += "<span class=\"mp_address_name\">" + escaped(who) + "</span> &lt;" + link + "&gt;";
    }
    html += "</span>";
  }
  out.close(']').name("html").text(html).name("text").text(text).close('}');
}

void write_headers(JsonText& out, const HeaderBlock& header, std::string_view block) {
  Values values;
  std::vector<std::string> order;
  for (const HeaderField& field : header.fields()) {
    auto& all = values[field.name];
    if (all.empty()) order.push_back(field.name);
    all.push_back(decode_header_text(field.value));
  }
  out.name("headers").open('{');
  for (const std::string& name : order) {
    const auto& all = values[name];
    out.name(name);
    if (all.size() == 1) {
      out.text(all.front());
      continue;
    }
    out.open('[');
    for (const std::string& one : all) out.text(one);
    out.close(']');
  }
  out.close('}').name("headerLines").open('[');
  HeaderLines lines(block);
  std::size_t left = header.fields().size();
  for (auto line = lines.next(); line && left > 0; line = lines.next()) {
    if (line->name.empty()) continue;
    --left;
    std::string_view raw = line->raw;
    while (raw.ends_with('\n') || raw.ends_with('\r')) raw.remove_suffix(1);
    out.open('{').name("key").text(to_lower(line->name)).name("line").text(raw).close('}');
  }
  out.close(']');
}

void write_references(JsonText& out, const std::string& value) {
  std::vector<std::string_view> ids;
  for (const std::string_view one : split(value, ' '))
    if (!one.empty() && ids.size() < kMostReferences) ids.push_back(one);
  if (ids.empty()) return;
  out.name("references");
  if (ids.size() == 1) {
    out.text(ids.front());
    return;
  }
  out.open('[');
  for (const std::string_view one : ids) out.text(one);
  out.close(']');
}

void write_fields(JsonText& out, const HeaderBlock& header) {
  if (const HeaderField* subject = header.find("subject"))
    out.name("subject").text(decode_header_text(subject->value));
  for (const auto& [field, member] : {std::pair{"from", "from"},
                                      {"to", "to"},
                                      {"cc", "cc"},
                                      {"bcc", "bcc"},
                                      {"reply-to", "replyTo"}})
    if (const HeaderField* one = header.find(field)) write_addresses(out, member, one->value);
  if (const auto date = read_mail_date(header.text("date")))
    out.name("date").text(write_json_date(date->seconds * 1000));
  for (const auto& [field, member] :
       {std::pair{"message-id", "messageId"}, {"in-reply-to", "inReplyTo"}})
    if (header.find(field) != nullptr) out.name(member).text(header.text(field));
  write_references(out, header.text("references"));
}

std::string text_as_html(std::string_view text, std::size_t most) {
  std::string out = "<p>";
  for (const char c : text) {
    if (out.size() >= most) break;
    if (c == '\n')
      out += "<br/>";
    else if (c != '\r')
      out += escaped(std::string_view(&c, 1));
  }
  return out + "</p>";
}

void write_extra(JsonText& out, std::string_view extra) {
  if (extra.empty()) return;
  const auto parsed = parse_json(extra);
  if (!parsed.ok() || parsed.value().object() == nullptr) return;
  const std::set<std::string_view> ours = {"headers", "headerLines", "raw", "attachments"};
  for (const JsonMember& member : *parsed.value().object())
    if (!ours.contains(member.name)) out.name(member.name).plain(write_json(member.value));
}

}  // namespace

std::string message_json(std::string_view message, std::string_view extra,
                         const MessageJsonOptions& options) {
  const std::vector<PartNode> nodes = walk_parts(message, OutlineLimits{});
  const PartNode& root = nodes.front();
  const ShownParts parts = choose_parts(nodes);
  JsonText out;
  std::vector<std::string_view> omitted;
  out.open('{');
  write_headers(out, root.header,
                message.substr(root.header_begin, root.body_begin - root.header_begin));
  write_fields(out, root.header);
  const std::size_t most_text = options.most / 8;
  bool is_cut = false, is_html_cut = false;
  const std::string html = read_html(message, nodes, parts, most_text, is_html_cut);
  const std::string text = read_text(message, nodes, parts, html, most_text, is_cut);
  out.name("text").text(text).name("textAsHtml").text(text_as_html(text, 2 * most_text));
  out.name("html");
  if (html.empty())
    out.plain("false");
  else
    out.text(html);
  if (is_cut) omitted.push_back("text");
  if (is_html_cut) omitted.push_back("html");
  write_extra(out, extra);
  if (options.with_raw) {
    // Line ends are escaped, and octets that are no text take three.
    const std::size_t cost = message.size() + message.size() / 8;
    if (out.size() + cost <= options.most)
      out.name("raw").text(message);
    else
      omitted.push_back("raw");
  }
  bool all = true;
  out.name("attachments").open('[');
  if (options.with_attachments) all = write_attachments(out, message, nodes, parts, options);
  out.close(']');
  if (!all) omitted.push_back("attachments");
  if (!omitted.empty()) {
    out.name("omitted").open('[');
    for (const std::string_view one : omitted) out.text(one);
    out.close(']');
  }
  out.close('}');
  return out.take();
}

}  // namespace fwd::format

// Writes Authentication-Results.
#include "mailauth/results/authentication_results.h"

#include <algorithm>

#include "mailauth/results/field_writer.h"

namespace fwd::mailauth {
namespace {

constexpr std::size_t kMostResults = 100;
constexpr std::size_t kMostProperties = 20;

// ptype "." property
bool is_property(std::string_view name) {
  const std::size_t dot = name.find('.');
  return dot != name.npos && is_keyword(name.substr(0, dot)) && is_keyword(name.substr(dot + 1));
}

bool is_written(const MethodResult& result) {
  return is_keyword(result.method) && is_keyword(result.word);
}

void write(FoldedWords& out, const MethodResult& result) {
  out.glue(";");
  out.new_line();
  out.word(result.method + "=" + result.word);
  out.comment(result.comment);
  if (!result.reason.empty()) out.word("reason=" + written_value(result.reason));
  std::size_t count = 0;
  for (const auto& [name, value] : result.properties)
    if (is_property(name) && ++count <= kMostProperties)
      out.word(name + "=" + written_value(value));
}

std::string write_all(std::string begin, const std::vector<MethodResult>& results) {
  FoldedWords out(std::move(begin));
  std::size_t count = 0;
  for (const MethodResult& result : results)
    if (is_written(result) && ++count <= kMostResults) write(out, result);
  if (count == 0) out.glue("; none");
  return out.text();
}

}  // namespace

std::string authentication_results_line(std::string_view authserv_id,
                                        const std::vector<MethodResult>& results) {
  return write_all("Authentication-Results: " + written_value(authserv_id), results) + "\r\n";
}

std::string resinfo_text(const std::vector<MethodResult>& results) {
  return write_all("", results);
}

const MethodResult* AuthenticationResults::find(std::string_view method) const {
  const auto found = std::find_if(results.begin(), results.end(),
                                  [method](const MethodResult& r) { return r.method == method; });
  return found == results.end() ? nullptr : &*found;
}

}  // namespace fwd::mailauth

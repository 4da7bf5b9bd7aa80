// What COPY and MOVE share.
#include "protocol/imap/copy_arguments.h"

#include "protocol/imap/writer.h"

namespace fwd::imap {

bool parse_copy(Command& command, const SelectedFolder& folder, CopyArguments& out) {
  Parser& in = command.arguments;
  SequenceSet set;
  if (!in.space() || !in.sequence_set(set) || !in.space() || !in.mailbox(out.target) || !in.end())
    return false;
  return folder.resolve(set, command.by_uid, out.uids) || in.fail("There is no such message");
}

std::string copyuid_code(const model::CopyResult& result) {
  if (result.uids.empty()) return {};
  NumberRuns from;
  NumberRuns to;
  for (const auto& [source, target] : result.uids) {
    from.add(source);
    to.add(target);
  }
  return "COPYUID " + std::to_string(result.uid_validity) + ' ' + from.text() + ' ' + to.text();
}

}  // namespace fwd::imap

// Tells addresses that hold a secret, and hides it.
#include "model/question_address.h"

#include "core/text.h"

namespace fwd::model {

bool is_question(std::string_view local) { return starts_with_word(local, kQuestionTag); }

std::string loggable_address(std::string_view address) {
  const std::size_t at = address.rfind('@');
  if (!is_question(address) || at == std::string_view::npos) return std::string(address);
  return std::string(kQuestionTag) + "..." + std::string(address.substr(at));
}

}  // namespace fwd::model

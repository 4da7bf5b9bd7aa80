#ifndef FWD_MODEL_QUESTION_ADDRESS_H
#define FWD_MODEL_QUESTION_ADDRESS_H

// The addresses to which people answer whether mail may be forwarded to them
// (door/recipient_verification.h).  Who knows one may answer, so logs and
// journals do not have them whole.

#include <string>
#include <string_view>

namespace fwd::model {

constexpr std::string_view kQuestionTag = "verify=";

// Whether a local part is meant to be one's.
bool is_question(std::string_view local);
// For logs: "verify=...@fe-bounces.example.test"; other addresses as they are.
std::string loggable_address(std::string_view address);

}  // namespace fwd::model

#endif

// What a keeper answers that keeps no passwords of domains, and has no keys.
#include "model/directory.h"

namespace fwd::model {
namespace {

Failure not_kept() { return {Fault::kCannot, "passwords of domains are not kept here", ""}; }

}  // namespace

Task<Outcome<NewDomainPassword>> Directory::add_domain_password(std::string, std::string,
                                                                std::string) {
  co_return not_kept();
}

Task<Outcome<std::vector<Token>>> Directory::list_domain_passwords(std::string) {
  co_return not_kept();
}

Task<Outcome<void>> Directory::remove_domain_password(std::string, std::string) {
  co_return not_kept();
}

Task<Outcome<std::string>> Directory::seal_txt_value(std::string, std::string) {
  co_return Failure{Fault::kCannot, "nothing is sealed here", ""};
}

}  // namespace fwd::model

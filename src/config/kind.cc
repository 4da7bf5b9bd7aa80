// The rules of kinds in words.
#include "config/kind.h"

namespace fwd::config {

std::string rule_text(const Kind& kind) {
  std::string words(kind.words);
  const auto between = [&words](const char* what) {
    const std::size_t dots = words.find("..");
    return std::string(what) + " from " + words.substr(0, dots) + " to " + words.substr(dots + 2);
  };
  switch (kind.shape) {
    case Shape::kBool:
      return "yes or no";
    case Shape::kInteger:
      return between("a whole number");
    case Shape::kSize:
      return between("a size");
    case Shape::kTime:
      return between("a time");
    case Shape::kText:
      return "text";
    case Shape::kList:
      return "words between spaces";
    case Shape::kPath:
      return "an absolute path";
    case Shape::kChoice:
      for (std::size_t bar = 0; (bar = words.find('|', bar)) != std::string::npos;)
        words.replace(bar, 1, ", ");
      return "one of " + words;
  }
  return {};
}

}  // namespace fwd::config

#ifndef FWD_CORE_WIPE_H
#define FWD_CORE_WIPE_H

// Forgetting what was secret, for those who carry secrets and do not keep them
// (those who keep them use crypto/secret.h).

#include <string>

namespace fwd {

// Overwrites all memory `text` holds, also behind its end, and empties it.
// A short string that was moved from still has its octets: wipe it as well.
void wipe(std::string& text) noexcept;

// Wipes its own string when it dies.
struct Wiped {
  explicit Wiped(std::string the_text) : text(std::move(the_text)) { wipe(the_text); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { wipe(text); }
  std::string text;
};

}  // namespace fwd

#endif

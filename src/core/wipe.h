#ifndef FWD_CORE_WIPE_H
#define FWD_CORE_WIPE_H

// Leaving nothing of a secret behind in strings that had to carry it.  What
// keeps one for longer is crypto/secret.h.

#include <cstddef>
#include <string>
#include <utility>

namespace fwd {

// Overwrites, even where the compiler sees that nobody will look.
void wipe(void* octets, std::size_t size);

// Overwrites what `octets` holds, and what a longer or a moved value left in
// its room, and empties it.
void wipe(std::string& octets);

// As octets.reserve(size); nothing stays where they stood before.
void reserve_wiped(std::string& octets, std::size_t size);

// Overwrites what calls that have returned left on the stack below: copies in
// buffers, and registers that the dynamic linker saved there.
void wipe_stack();

// Wipes somebody's string, and the stack, at the end of the scope.
class WipeAtEnd {
 public:
  explicit WipeAtEnd(std::string& octets) : octets_(octets) {}
  WipeAtEnd(const WipeAtEnd&) = delete;
  WipeAtEnd& operator=(const WipeAtEnd&) = delete;
  ~WipeAtEnd() {
    wipe(octets_);
    wipe_stack();
  }

 private:
  std::string& octets_;
};

// Wipes its own string when it goes.
struct Wiped {
  explicit Wiped(std::string held) : text(std::move(held)) { wipe(held); }
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { wipe(text); }
  std::string text;
};

}  // namespace fwd

#endif

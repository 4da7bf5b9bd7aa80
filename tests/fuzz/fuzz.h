#ifndef FWD_TESTS_FUZZ_FUZZ_H
#define FWD_TESTS_FUZZ_FUZZ_H

// What the drivers share: the engine's entry, and a way to say that the code
// broke a promise.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

// Called by libFuzzer or by replay_main.cc with one input.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace fwd::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

// A broken promise ends the run, as a crash would.
inline void must(bool kept) {
  if (!kept) std::abort();
}

}  // namespace fwd::fuzz

#endif

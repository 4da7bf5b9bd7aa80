#ifndef FWD_CORE_FIRST_OF_H
#define FWD_CORE_FIRST_OF_H

// first_of(a, b, …): runs tasks side by side until one ends, then destroys the
// others (which cancels them) and says which one it was.
//
//   auto line = reader.read_line(kLimit);
//   auto news = mailbox.next_notice();
//   const auto won = co_await first_of(std::move(line), std::move(news));
//   if (won.index() == 0) use(std::get<0>(won)) …
//
// The tasks are started in order; when one ends at once those behind it are
// never started.  A Task<void> yields std::monostate.

#include <coroutine>
#include <cstddef>
#include <optional>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include "core/task.h"

namespace fwd {

template <typename... Ts>
class FirstOf {
 public:
  template <typename T>
  using Held = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  using Result = std::variant<Held<Ts>...>;

  explicit FirstOf(Task<Ts>... tasks) : tasks_(std::move(tasks)...) {}
  FirstOf(const FirstOf&) = delete;
  FirstOf& operator=(const FirstOf&) = delete;

  bool await_ready() const noexcept { return false; }
  // All tasks share one continuation: whichever ends first resumes it, and
  // await_resume destroys the rest before any of them can end as well.
  bool await_suspend(std::coroutine_handle<> awaiter) {
    return !start_all(awaiter, std::index_sequence_for<Ts...>{});
  }
  Result await_resume() {
    std::optional<Result> result;
    take_first(result, std::index_sequence_for<Ts...>{});
    return std::move(*result);
  }

 private:
  template <std::size_t... Is>
  bool start_all(std::coroutine_handle<> awaiter, std::index_sequence<Is...>) {
    return (std::get<Is>(tasks_).start(awaiter) || ...);
  }
  template <std::size_t... Is>
  void take_first(std::optional<Result>& result, std::index_sequence<Is...>) {
    std::size_t winner = sizeof...(Ts);
    ((winner == sizeof...(Ts) && std::get<Is>(tasks_).done() ? void(winner = Is) : void()), ...);
    ((Is != winner ? std::get<Is>(tasks_).reset() : void()), ...);
    ((Is == winner ? take_one<Is>(result) : void()), ...);
  }
  template <std::size_t I>
  void take_one(std::optional<Result>& result) {
    using T = std::tuple_element_t<I, std::tuple<Ts...>>;
    if constexpr (std::is_void_v<T>) {
      std::get<I>(tasks_).take();
      result.emplace(std::in_place_index<I>, std::monostate{});
    } else {
      result.emplace(std::in_place_index<I>, std::get<I>(tasks_).take());
    }
  }

  std::tuple<Task<Ts>...> tasks_;
};

template <typename... Ts>
FirstOf<Ts...> first_of(Task<Ts>... tasks) {
  return FirstOf<Ts...>(std::move(tasks)...);
}

}  // namespace fwd

#endif

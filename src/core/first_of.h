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
    const std::size_t winner = find_winner(std::index_sequence_for<Ts...>{});
    cancel_others(winner, std::index_sequence_for<Ts...>{});
    return take<0>(winner);
  }

 private:
  template <std::size_t... Is>
  bool start_all(std::coroutine_handle<> awaiter, std::index_sequence<Is...>) {
    return (std::get<Is>(tasks_).start(awaiter) || ...);
  }
  // The first that is done, else the last.
  template <std::size_t... Is>
  std::size_t find_winner(std::index_sequence<Is...>) const {
    std::size_t winner = 0;
    static_cast<void>(((std::get<Is>(tasks_).done() || (winner = Is + 1, false)) || ...));
    return winner < sizeof...(Ts) ? winner : sizeof...(Ts) - 1;
  }
  template <std::size_t... Is>
  void cancel_others(std::size_t winner, std::index_sequence<Is...>) {
    ((Is != winner ? std::get<Is>(tasks_).reset() : void()), ...);
  }
  // A Result is made only of what is there, so no compiler sees an empty one.
  template <std::size_t I>
  Result take(std::size_t winner) {
    if constexpr (I + 1 < sizeof...(Ts))
      if (winner != I) return take<I + 1>(winner);
    using T = std::tuple_element_t<I, std::tuple<Ts...>>;
    if constexpr (std::is_void_v<T>) {
      std::get<I>(tasks_).take();
      return Result(std::in_place_index<I>);
    } else {
      return Result(std::in_place_index<I>, std::get<I>(tasks_).take());
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

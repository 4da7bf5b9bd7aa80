#ifndef FWD_CORE_TASK_H
#define FWD_CORE_TASK_H

// Task<T>: work that may wait.  Every function that waits returns one and is
// awaited: `co_await stream.read_some(buffer)`.
//
// * A Task is lazy: nothing runs until it is awaited (or given to a TaskGroup).
// * A Task is owned: destroying it destroys the suspended coroutine and, with
//   it, everything that coroutine was waiting for.  That is how we cancel.  So
//   every awaitable must be safe to destroy while it waits.
// * A Task stays on its thread.  Nothing here is safe across threads.
// * Awaiting a task that finishes at once costs no stack, however often it is
//   done in a loop, with or without optimisation.
//
// House rules (GCC 12 is the floor): no capturing coroutine lambdas; name
// temporaries before `co_await`; a parameter that must outlive the caller's
// full expression is taken by value.
//
// An exception that escapes a Task is a bug; it travels to the awaiter and is
// caught once, where the session began (see TaskGroup).

#include <coroutine>
#include <cstddef>
#include <exception>
#include <optional>
#include <utility>

namespace fwd {

template <typename T = void>
class Task;

namespace detail {

// The part of a promise that does not depend on T: who continues when the
// coroutine ends, and whether it is still inside the awaiter's first resume.
class TaskPromiseBase {
 public:
  struct FinalAwaiter {
    bool await_ready() const noexcept { return false; }
    template <typename Promise>
    std::coroutine_handle<> await_suspend(std::coroutine_handle<Promise> self) const noexcept {
      TaskPromiseBase& p = self.promise();
      if (p.starting_) {
        p.ended_while_starting_ = true;  // the awaiter sees this and goes on by itself
        return std::noop_coroutine();
      }
      return p.continuation_ ? p.continuation_ : std::noop_coroutine();
    }
    void await_resume() const noexcept {}
  };

  std::suspend_always initial_suspend() const noexcept { return {}; }
  FinalAwaiter final_suspend() const noexcept { return {}; }
  void unhandled_exception() noexcept { exception_ = std::current_exception(); }

  std::coroutine_handle<> continuation_;
  std::exception_ptr exception_;
  bool starting_ = false;
  bool ended_while_starting_ = false;
};

template <typename T>
class TaskPromise final : public TaskPromiseBase {
 public:
  Task<T> get_return_object() noexcept;
  template <typename U>
  void return_value(U&& value) {
    value_.emplace(std::forward<U>(value));
  }
  T take() {
    if (exception_) std::rethrow_exception(exception_);
    return std::move(*value_);
  }

 private:
  std::optional<T> value_;
};

template <>
class TaskPromise<void> final : public TaskPromiseBase {
 public:
  Task<void> get_return_object() noexcept;
  void return_void() const noexcept {}
  void take() const {
    if (exception_) std::rethrow_exception(exception_);
  }
};

}  // namespace detail

template <typename T>
class [[nodiscard]] Task {
 public:
  using promise_type = detail::TaskPromise<T>;
  using value_type = T;

  Task() = default;
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    if (this != &other) {
      reset();
      handle_ = std::exchange(other.handle_, nullptr);
    }
    return *this;
  }
  Task(const Task&) = delete;
  Task& operator=(const Task&) = delete;
  ~Task() { reset(); }

  // Destroys the coroutine, and with it all it waits for.
  void reset() noexcept {
    if (handle_) std::exchange(handle_, nullptr).destroy();
  }

  explicit operator bool() const noexcept { return handle_ != nullptr; }
  bool done() const noexcept { return handle_ && handle_.done(); }

  bool await_ready() const noexcept { return handle_.done(); }
  bool await_suspend(std::coroutine_handle<> awaiter) {
    promise_type& p = handle_.promise();
    p.continuation_ = awaiter;
    p.starting_ = true;
    handle_.resume();
    p.starting_ = false;
    return !p.ended_while_starting_;
  }
  T await_resume() { return handle_.promise().take(); }

  // For those who drive a task by hand (TaskGroup, first_of, tests): runs it
  // to its first wait; `continuation` is resumed when it ends later.  Returns
  // true when it ended at once (`continuation` is then not resumed).
  bool start(std::coroutine_handle<> continuation) { return !await_suspend(continuation); }
  T take() { return handle_.promise().take(); }

 private:
  std::coroutine_handle<promise_type> handle_;
};

namespace detail {

template <typename T>
Task<T> TaskPromise<T>::get_return_object() noexcept {
  return Task<T>(std::coroutine_handle<TaskPromise<T>>::from_promise(*this));
}

inline Task<void> TaskPromise<void>::get_return_object() noexcept {
  return Task<void>(std::coroutine_handle<TaskPromise<void>>::from_promise(*this));
}

}  // namespace detail
}  // namespace fwd

#endif

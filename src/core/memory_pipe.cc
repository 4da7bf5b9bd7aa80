// Two streams joined in memory.
#include "core/memory_pipe.h"

#include <algorithm>
#include <string>

#include "core/event.h"

namespace fwd {
namespace {

// One direction.
struct Channel {
  std::string data;
  bool closed = false;
  Event changed;
};

class PipeEnd final : public Stream {
 public:
  PipeEnd(std::shared_ptr<Channel> in, std::shared_ptr<Channel> out, MemoryPipeOptions options)
      : in_(std::move(in)), out_(std::move(out)), options_(std::move(options)) {
    if (!options_.offers_tls) tls_ = options_.tls;
  }
  ~PipeEnd() override { close(); }

  Task<Outcome<std::size_t>> read_some(std::span<char> into) override {
    while (in_->data.empty()) {
      if (in_->closed || closed_) co_return std::size_t{0};
      in_->changed.clear();
      co_await in_->changed.wait();
    }
    const std::size_t n = std::min({into.size(), in_->data.size(), options_.most_per_read});
    std::copy_n(in_->data.begin(), n, into.begin());
    in_->data.erase(0, n);
    in_->changed.set();
    co_return n;
  }

  Task<Outcome<void>> write(std::string_view data) override {
    while (!data.empty()) {
      if (out_->closed) co_return Failure{Fault::kClosed, "", "the pipe is closed"};
      if (out_->data.size() >= options_.capacity) {
        out_->changed.clear();
        co_await out_->changed.wait();
        continue;
      }
      const std::size_t n = std::min(data.size(), options_.capacity - out_->data.size());
      out_->data.append(data.substr(0, n));
      data.remove_prefix(n);
      out_->changed.set();
    }
    co_return Outcome<void>{};
  }

  Task<Outcome<void>> start_tls() override {
    if (!may_start_tls()) co_return Failure{Fault::kCannot, "", "no TLS on this pipe"};
    tls_ = options_.tls;
    tls_.active = true;
    co_return Outcome<void>{};
  }
  bool may_start_tls() const override { return options_.offers_tls && !tls_.active; }
  const TlsState& tls() const override { return tls_; }
  const PeerAddress& peer() const override { return options_.peer; }
  const PeerAddress& local() const override { return options_.local; }

  void close() override {
    if (closed_) return;
    closed_ = true;
    for (Channel* channel : {in_.get(), out_.get()}) {
      channel->closed = true;
      channel->changed.set();
    }
  }

 private:
  std::shared_ptr<Channel> in_, out_;
  MemoryPipeOptions options_;
  TlsState tls_;
  bool closed_ = false;
};

}  // namespace

std::pair<std::unique_ptr<Stream>, std::unique_ptr<Stream>> make_memory_pipe(
    MemoryPipeOptions options) {
  auto up = std::make_shared<Channel>();
  auto down = std::make_shared<Channel>();
  MemoryPipeOptions client;
  client.capacity = options.capacity;
  client.peer = options.local;
  client.local = options.peer;
  auto server_end = std::make_unique<PipeEnd>(up, down, std::move(options));
  auto client_end = std::make_unique<PipeEnd>(down, up, std::move(client));
  return {std::move(server_end), std::move(client_end)};
}

}  // namespace fwd

#ifndef FWD_TESTS_DOOR_SENDING_SCENE_H
#define FWD_TESTS_DOOR_SENDING_SCENE_H

// A door with one domain and one alias that sends.

#include <memory>
#include <string>
#include <utility>

#include "crypto/server_key.h"
#include "door/door.h"
#include "tests/unit/mailbox/scene.h"

namespace fwd::door {

using mailbox::assert_fault;
using mailbox::assert_ok;
using mailbox::get;

class SendingScene : public mailbox::LoopScene {
 public:
  SendingScene() {
    assert_ok(crypto::make_server_key(folder / "server.key"));
    options.folder = folder / "data";
    options.server_key_file = folder / "server.key";
    options.logins.failure_delay = std::chrono::milliseconds(0);
    options.logins.failures_per_address = 5;
    options.queue.disk_reserve = 0;
    options.submission.host = "mx.example.test";
    options.submission.trusted_users = {"monitor"};
    open();
    domain = put_domain("example.test");
    alias = put_alias(domain.id, "hello");
    password = get(run(door->directory().set_alias_password(alias.id, {}))).password;
  }
  ~SendingScene() { door.reset(); }

  void open() {
    door.reset();
    door = get(run(Door::open(loop, workers, options)));
  }
  model::Domain put_domain(const std::string& name) {
    model::Domain made;
    made.name = name;
    made.dkim_modulus_length = 1024;  // quick to make
    return get(run(door->directory().put_domain(std::move(made))));
  }
  model::Alias put_alias(const std::string& domain_id, const std::string& name) {
    model::Alias made;
    made.domain = domain_id;
    made.name = name;
    made.has_imap = true;
    return get(run(door->directory().put_alias(std::move(made))));
  }
  // Changes the stored domain or alias by `how(record)`.
  template <typename How>
  void change_domain(How how) {
    auto record = get(run(door->directory().get_domain(domain.id)));
    how(record);
    get(run(door->directory().put_domain(std::move(record))));
  }
  template <typename How>
  void change_alias(How how) {
    auto record = get(run(door->directory().get_alias(alias.id)));
    how(record);
    get(run(door->directory().put_alias(std::move(record))));
  }
  // Makes a user who owns the alias.
  std::string put_owner(const std::string& group) {
    model::User user;
    user.email = "owner@example.org";
    user.group = group;
    const std::string id = get(run(door->directory().put_user(std::move(user)))).id;
    change_alias([&](model::Alias& one) { one.user = id; });
    return id;
  }

  using Session = std::shared_ptr<model::SenderSession>;
  Outcome<Session> try_login(const std::string& address, const std::string& secret) {
    return run(door->submission().log_in_to_send({"smtp", "192.0.2.1", "S"}, address, secret));
  }
  Session log_in() { return get(try_login("hello@example.test", password)); }

  // A message of its own each time.
  model::NewOutbound message(const std::string& from = "hello@example.test",
                             const std::string& to = "friend@example.org") {
    model::NewOutbound out;
    out.id = "id" + std::to_string(++count_);
    out.message_id = "<" + out.id + "@example.test>";
    out.envelope_from = out.header_from = from;
    out.recipients.push_back({to, 0, ""});
    out.content = "From: " + from + "\r\n\r\nHello\r\n";
    return out;
  }
  Outcome<model::Submitted> submit(const Session& session, model::NewOutbound out) {
    return run(session->submit(std::move(out)));
  }
  std::vector<model::Claim> claim() {
    model::ClaimQuestion question;
    question.worker = "w";
    question.lease = std::chrono::minutes(1);
    return get(run(door->queue().claim(question)));
  }

  DoorOptions options;
  std::unique_ptr<Door> door;
  model::Domain domain;
  model::Alias alias;
  std::string password;

 private:
  int count_ = 0;
};

}  // namespace fwd::door

#endif

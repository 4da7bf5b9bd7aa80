#ifndef FWD_SERVICE_INBOUND_VACATION_H
#define FWD_SERVICE_INBOUND_VACATION_H

// Answers for people who are away (RFC 3834), behind the sender's back: the
// message is in its mailbox by then, and nothing here can delay or fail it.
//
//   accepted ──> rules ──> away still? ──> first within the period? ──> caps ──> sent
//
// Who is answered is marked before the answer is sent, so that nobody gets two;
// while the marks cannot be kept nobody is answered.

#include <string>
#include <string_view>

#include "core/task_group.h"
#include "service/inbound/context.h"
#include "service/inbound/recorder.h"
#include "service/inbound/storing.h"

namespace fwd::service {

class Vacations {
 public:
  // Keeps references.
  Vacations(const InboundContext& context, Recorder& recorder);

  // For a message that was accepted: answers for each of its goals whose owner
  // is away.  Returns at once and keeps nothing of `message`.
  void consider(const Judged& message);

  // Returns once every answer was sent or given up (shutting down).
  Task<void> wait_sent() { return answering_.wait_empty(); }

 private:
  // A message that may be answered, and for whom.
  struct Question {
    smtp::Peer peer;  // its session and address
    smtp::Mail mail;
    VacationGoal goal;
    std::string author;
    std::string subject;     // UTF-8
    std::string message_id;  // in its angle brackets; may be empty
    std::string references;  // the field's value for the answer; may be empty
    bool is_written_to = false;
  };
  static Task<void> answer(Vacations& vacations, Question question);
  Task<Outcome<std::string>> try_to_answer(const Question& question);
  Task<Outcome<std::string>> send(const Question& question, model::Vacation vacation);
  // "" or the cap that is reached.
  Task<Outcome<std::string>> find_reached_cap(const Question& question);
  // What speaks against an answer before anybody is asked; "" for nothing.
  std::string_view why_not(const Judged& message, std::string_view header,
                           std::string_view author) const;
  void skip(const smtp::Peer& peer, const smtp::Mail& mail, const VacationGoal& goal,
            std::string reason);

  const InboundContext& context_;
  Recorder& recorder_;
  TaskGroup answering_;
};

}  // namespace fwd::service

#endif

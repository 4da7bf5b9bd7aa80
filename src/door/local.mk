noinst_LIBRARIES += src/door/libdoor.a
src_door_libdoor_a_SOURCES = \
  src/door/delivery_keeper.cc src/door/delivery_keeper.h \
  src/door/door.cc src/door/door.h \
  src/door/directory_keeper.cc src/door/directory_keeper.h \
  src/door/domain_passwords.cc \
  src/door/forwarding_keeper.cc src/door/forwarding_keeper.h \
  src/door/gates.cc src/door/gates.h \
  src/door/guesses.cc src/door/guesses.h \
  src/door/intentions.cc src/door/intentions.h \
  src/door/incoming_codec.cc src/door/incoming_codec.h \
  src/door/login_keeper.cc src/door/login_keeper.h \
  src/door/mailbox_facts.cc \
  src/door/login_proof.cc src/door/login_proof.h \
  src/door/open_mailboxes.cc src/door/open_mailboxes.h \
  src/door/orphans.cc \
  src/door/passwords.cc \
  src/door/queue_keeper.cc src/door/queue_keeper.h \
  src/door/queue_watch.cc src/door/queue_watch.h \
  src/door/recipient_verification.cc src/door/recipient_verification.h \
  src/door/return_paths.cc src/door/return_paths.h \
  src/door/run_to_end.h \
  src/door/sender_list_keeper.cc src/door/sender_list_keeper.h \
  src/door/signing_keys.cc src/door/signing_keys.h \
  src/door/stores.h \
  src/door/submission.cc \
  src/door/submission_keeper.cc src/door/submission_keeper.h \
  src/door/submission_rules.cc src/door/submission_rules.h \
  src/door/txt_values.cc src/door/txt_values.h \
  src/door/webhook_keys.cc src/door/webhook_keys.h
EXTRA_DIST += src/door/README
DOOR_LIBS = src/door/libdoor.a $(MAILBOX_LIBS) $(SPOOL_LIBS) $(QUEUE_LIBS) $(DIRECTORY_LIBS) $(STATE_LIBS) \
  $(JOURNAL_LIBS)

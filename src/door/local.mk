noinst_LIBRARIES += src/door/libdoor.a
src_door_libdoor_a_SOURCES = \
  src/door/delivery_keeper.cc src/door/delivery_keeper.h \
  src/door/door.cc src/door/door.h \
  src/door/directory_keeper.cc src/door/directory_keeper.h \
  src/door/gates.cc src/door/gates.h \
  src/door/guesses.cc src/door/guesses.h \
  src/door/intentions.cc src/door/intentions.h \
  src/door/incoming_codec.cc src/door/incoming_codec.h \
  src/door/login_keeper.cc src/door/login_keeper.h \
  src/door/mailbox_facts.cc \
  src/door/open_mailboxes.cc src/door/open_mailboxes.h \
  src/door/orphans.cc \
  src/door/passwords.cc \
  src/door/run_to_end.h \
  src/door/stores.h
EXTRA_DIST += src/door/README
DOOR_LIBS = src/door/libdoor.a $(MAILBOX_LIBS) $(SPOOL_LIBS) $(DIRECTORY_LIBS) $(STATE_LIBS) \
  $(JOURNAL_LIBS)

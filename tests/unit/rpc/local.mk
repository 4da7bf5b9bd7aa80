FEED_DOOR = tests/support/feed_door.cc tests/support/feed_door.h \
  tests/support/memory_journal.cc tests/support/memory_journal.h \
  tests/support/memory_state.cc tests/support/memory_state.h $(MEMORY_MAILBOX)
check_PROGRAMS += tests/unit/rpc/check_rpc
tests_unit_rpc_check_rpc_SOURCES = $(UNIT_MAIN) $(FEED_DOOR) \
  tests/support/memory_sender_lists.cc tests/support/memory_sender_lists.h \
  tests/unit/rpc/authority_test.cc \
  tests/unit/rpc/calls_test.cc \
  tests/unit/rpc/door_pair.h \
  tests/unit/rpc/door_test.cc \
  tests/unit/rpc/forwarding_test.cc \
  tests/unit/rpc/frame_test.cc \
  tests/support/memory_forwarding.cc tests/support/memory_forwarding.h \
  tests/unit/rpc/hostile_test.cc \
  tests/unit/rpc/loss_test.cc \
  tests/unit/rpc/raw_caller.h \
  tests/unit/rpc/sender_lists_test.cc \
  tests/unit/rpc/sending_test.cc \
  tests/unit/rpc/sessions_test.cc \
  tests/unit/rpc/small_sending.cc tests/unit/rpc/small_sending.h \
  tests/unit/rpc/small_stores.cc tests/unit/rpc/small_stores.h
tests_unit_rpc_check_rpc_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_rpc_check_rpc_LDADD = $(RPC_LIBS) $(CPPUNIT_LIBS)

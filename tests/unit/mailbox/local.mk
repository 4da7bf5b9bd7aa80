check_PROGRAMS += tests/unit/mailbox/check_mailbox
tests_unit_mailbox_check_mailbox_SOURCES = $(UNIT_MAIN) \
  tests/unit/mailbox/crash_test.cc \
  tests/unit/mailbox/delivery_test.cc \
  tests/unit/mailbox/folders_test.cc \
  tests/unit/mailbox/messages_test.cc \
  tests/unit/mailbox/scene.h \
  tests/unit/mailbox/spool_test.cc \
  tests/unit/mailbox/store_test.cc
tests_unit_mailbox_check_mailbox_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_mailbox_check_mailbox_LDADD = src/storage/mailbox/libmailbox.a \
  src/storage/spool/libspool.a $(SQLCIPHER_ROOM_LIBS) $(MODEL_LIBS) $(NET_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/sendmail/check_sendmail
tests_unit_sendmail_check_sendmail_SOURCES = $(UNIT_MAIN) $(SENDMAIL_PARTS) \
  tests/unit/sendmail/arguments_test.cc \
  tests/support/fake_remote.cc tests/support/fake_remote.h \
  tests/unit/sendmail/dialogue_test.cc \
  tests/unit/sendmail/message_test.cc \
  tests/unit/sendmail/recipients_test.cc \
  tests/unit/sendmail/reply_watch_test.cc
tests_unit_sendmail_check_sendmail_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_sendmail_check_sendmail_LDADD = $(SMTP_LIBS) $(NET_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/smtp/check_smtp
tests_unit_smtp_check_smtp_SOURCES = $(UNIT_MAIN) $(SMTP_RIG) \
  tests/support/fake_remote.cc tests/support/fake_remote.h \
  tests/unit/smtp/client_test.cc \
  tests/unit/smtp/content_test.cc \
  tests/unit/smtp/reply_test.cc \
  tests/unit/smtp/session_test.cc
tests_unit_smtp_check_smtp_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_smtp_check_smtp_LDADD = $(INBOUND_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/submission/check_submission
tests_unit_submission_check_submission_SOURCES = $(UNIT_MAIN) $(SMTP_RIG) $(SUBMISSION_DESK) \
  tests/unit/submission/header_test.cc \
  tests/unit/submission/submission_test.cc \
  tests/unit/submission/user_name_test.cc
tests_unit_submission_check_submission_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_submission_check_submission_LDADD = src/service/submission/libsubmission.a \
  $(INBOUND_LIBS) $(CPPUNIT_LIBS)

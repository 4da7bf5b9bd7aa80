check_PROGRAMS += tests/unit/service/check_inbound
tests_unit_service_check_inbound_SOURCES = $(UNIT_MAIN) $(SMTP_RIG) \
  tests/unit/service/inbound_test.cc
tests_unit_service_check_inbound_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_service_check_inbound_LDADD = $(INBOUND_LIBS) $(CPPUNIT_LIBS)

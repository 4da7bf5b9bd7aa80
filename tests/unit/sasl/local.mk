check_PROGRAMS += tests/unit/sasl/check_sasl
tests_unit_sasl_check_sasl_SOURCES = $(UNIT_MAIN) tests/unit/sasl/exchange_test.cc
tests_unit_sasl_check_sasl_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_sasl_check_sasl_LDADD = $(SASL_LIBS) $(CPPUNIT_LIBS)

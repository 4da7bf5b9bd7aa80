check_PROGRAMS += tests/unit/scan/check_scan
tests_unit_scan_check_scan_SOURCES = $(UNIT_MAIN) \
  tests/unit/net/net_test.cc tests/unit/net/net_test.h \
  tests/unit/scan/answers_test.cc \
  tests/unit/scan/clamd_dialogue_test.cc \
  tests/unit/scan/scanners_test.cc \
  tests/unit/scan/scripted_server.cc tests/unit/scan/scripted_server.h
tests_unit_scan_check_scan_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS) \
  $(LIBEVENT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_scan_check_scan_LDADD = $(SCAN_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/format/check_format
tests_unit_format_check_format_SOURCES = $(UNIT_MAIN) \
  tests/unit/format/address_test.cc \
  tests/unit/format/alias_pattern_test.cc \
  tests/unit/format/date_test.cc \
  tests/unit/format/delivery_report_test.cc \
  tests/unit/format/envelope_test.cc \
  tests/unit/format/forward_record_test.cc \
  tests/unit/format/header_lines_test.cc \
  tests/unit/format/ip_network_test.cc \
  tests/unit/format/message_json_test.cc \
  tests/unit/format/odd_messages.cc tests/unit/format/odd_messages.h \
  tests/unit/format/one_mailbox_test.cc \
  tests/unit/format/outline_test.cc \
  tests/unit/format/packing_test.cc \
  tests/unit/format/text_test.cc
tests_unit_format_check_format_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS) -I$(top_srcdir)/tests/unit/format
tests_unit_format_check_format_LDADD = $(FORMAT_LIBS) $(CPPUNIT_LIBS)

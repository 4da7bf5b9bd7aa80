check_PROGRAMS += tests/unit/imap/check_imap
tests_unit_imap_check_imap_SOURCES = $(UNIT_MAIN) \
  tests/unit/imap/command_reader_test.cc \
  tests/unit/imap/fetch_test.cc \
  tests/unit/imap/mailbox_name_test.cc \
  tests/unit/imap/parser_test.cc \
  tests/unit/imap/search_program_test.cc \
  tests/unit/imap/selected_folder_test.cc \
  tests/unit/imap/session_test.cc \
  $(MEMORY_MAILBOX) tests/support/imap_rig.cc tests/support/imap_rig.h
tests_unit_imap_check_imap_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS) -I$(top_srcdir)/tests
tests_unit_imap_check_imap_LDADD = $(IMAP_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/directory/check_directory
tests_unit_directory_check_directory_SOURCES = $(UNIT_MAIN) \
  tests/unit/directory/destination_suite.h \
  tests/unit/directory/directory_suite.h \
  tests/unit/directory/directory_test.cc \
  tests/unit/directory/embedded_directory.h \
  tests/unit/directory/journal_suite.h \
  tests/unit/directory/journal_test.cc \
  tests/unit/directory/listed_test.cc \
  tests/unit/directory/recipient_test.cc \
  tests/unit/directory/recipient_suite.h \
  tests/unit/directory/rig.h \
  tests/unit/directory/state_suite.h \
  tests/unit/directory/state_test.cc
tests_unit_directory_check_directory_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_directory_check_directory_LDADD = src/storage/directory/libdirectory.a \
  src/storage/state/libstate.a src/storage/journal/libjournal.a $(SQLCIPHER_ROOM_LIBS) \
  $(NET_LIBS) $(MODEL_LIBS) $(CPPUNIT_LIBS)

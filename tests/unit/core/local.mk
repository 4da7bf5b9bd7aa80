check_PROGRAMS += tests/unit/core/check_core
tests_unit_core_check_core_SOURCES = $(UNIT_MAIN) \
  tests/unit/core/task_test.cc \
  tests/unit/core/line_reader_test.cc \
  tests/unit/core/text_test.cc \
  tests/unit/core/wipe_test.cc
tests_unit_core_check_core_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_core_check_core_LDADD = $(CORE_LIBS) $(CPPUNIT_LIBS)

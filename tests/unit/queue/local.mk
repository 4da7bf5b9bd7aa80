check_PROGRAMS += tests/unit/queue/check_queue
tests_unit_queue_check_queue_SOURCES = $(UNIT_MAIN) \
  tests/unit/queue/actions_test.cc \
  tests/unit/queue/claims_test.cc \
  tests/unit/queue/crash_test.cc \
  tests/unit/queue/forwards_test.cc \
  tests/unit/queue/queue_scene.h \
  tests/unit/queue/reports_test.cc \
  tests/unit/queue/store_test.cc
tests_unit_queue_check_queue_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_queue_check_queue_LDADD = $(QUEUE_LIBS) $(CPPUNIT_LIBS)

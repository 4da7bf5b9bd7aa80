check_PROGRAMS += tests/unit/door/check_door
tests_unit_door_check_door_SOURCES = $(UNIT_MAIN) \
  tests/unit/door/door_test.cc \
  tests/unit/door/forwarding_test.cc \
  tests/unit/door/queue_test.cc \
  tests/unit/door/queue_watch_test.cc \
  tests/unit/door/recipient_verification_test.cc \
  tests/unit/door/return_paths_test.cc \
  tests/unit/door/sender_list_test.cc \
  tests/unit/door/sending_scene.h \
  tests/unit/door/submission_test.cc tests/unit/door/txt_values_test.cc
tests_unit_door_check_door_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_door_check_door_LDADD = $(DOOR_LIBS) $(CPPUNIT_LIBS)

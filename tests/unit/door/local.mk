check_PROGRAMS += tests/unit/door/check_door
tests_unit_door_check_door_SOURCES = $(UNIT_MAIN) tests/unit/door/door_test.cc
tests_unit_door_check_door_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_door_check_door_LDADD = $(DOOR_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/sqlcipher/check_sqlcipher
tests_unit_sqlcipher_check_sqlcipher_SOURCES = $(UNIT_MAIN) \
  tests/unit/sqlcipher/database_test.cc \
  tests/unit/sqlcipher/rest_test.cc \
  tests/unit/sqlcipher/bad_day_test.cc \
  tests/unit/sqlcipher/scratch.h
tests_unit_sqlcipher_check_sqlcipher_CPPFLAGS = -I$(top_srcdir) $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_sqlcipher_check_sqlcipher_LDADD = $(SQLCIPHER_ROOM_LIBS) $(CPPUNIT_LIBS)

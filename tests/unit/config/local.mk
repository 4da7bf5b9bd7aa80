check_PROGRAMS += tests/unit/config/check_config
tests_unit_config_check_config_SOURCES = $(UNIT_MAIN) \
  tests/unit/config/options_test.cc
tests_unit_config_check_config_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_config_check_config_LDADD = $(CONFIG_LIBS) $(CPPUNIT_LIBS)

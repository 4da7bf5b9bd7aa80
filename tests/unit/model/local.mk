check_PROGRAMS += tests/unit/model/check_model
tests_unit_model_check_model_SOURCES = $(UNIT_MAIN) \
  tests/unit/model/forward_share_test.cc \
  tests/unit/model/postmaster_test.cc \
  tests/unit/model/published_records_test.cc \
  tests/unit/model/records_test.cc \
  tests/unit/model/search_match_test.cc \
  tests/unit/model/sender_lists_test.cc \
  tests/unit/model/sender_rules_test.cc \
  tests/unit/model/uid_set_test.cc
tests_unit_model_check_model_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_model_check_model_LDADD = $(MODEL_LIBS) $(CPPUNIT_LIBS)

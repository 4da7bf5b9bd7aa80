check_PROGRAMS += tests/unit/crypto/check_crypto
tests_unit_crypto_check_crypto_SOURCES = $(UNIT_MAIN) \
  tests/unit/crypto/secret_test.cc
tests_unit_crypto_check_crypto_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS) $(SODIUM_CFLAGS)
tests_unit_crypto_check_crypto_LDADD = $(CRYPTO_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/crypto/check_crypto
tests_unit_crypto_check_crypto_SOURCES = $(UNIT_MAIN) \
  tests/unit/crypto/secret_test.cc \
  tests/unit/crypto/digest_test.cc \
  tests/unit/crypto/seal_test.cc \
  tests/unit/crypto/scram_test.cc \
  tests/unit/crypto/credentials_test.cc \
  tests/unit/crypto/server_key_test.cc \
  tests/unit/crypto/rsa_test.cc \
  tests/unit/crypto/signing_pair_test.cc
tests_unit_crypto_check_crypto_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS)
tests_unit_crypto_check_crypto_LDADD = $(CRYPTO_LIBS) $(CPPUNIT_LIBS)

noinst_LIBRARIES += src/crypto/libcrypto.a
src_crypto_libcrypto_a_SOURCES = \
  src/crypto/page.cc src/crypto/page.h \
  src/crypto/random.cc src/crypto/random.h \
  src/crypto/secret.cc src/crypto/secret.h
src_crypto_libcrypto_a_CPPFLAGS = $(AM_CPPFLAGS) $(SODIUM_CFLAGS) $(GNUTLS_CFLAGS)
EXTRA_DIST += src/crypto/README
CRYPTO_LIBS = src/crypto/libcrypto.a $(CORE_LIBS) $(SODIUM_LIBS) $(GNUTLS_LIBS) $(ZXCVBN_LIBS)

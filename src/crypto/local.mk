noinst_LIBRARIES += src/crypto/libcrypto.a
src_crypto_libcrypto_a_SOURCES = \
  src/crypto/credentials.cc src/crypto/credentials.h \
  src/crypto/digest.cc src/crypto/digest.h \
  src/crypto/ed25519.cc src/crypto/ed25519.h \
  src/crypto/page.cc src/crypto/page.h \
  src/crypto/password.cc src/crypto/password.h \
  src/crypto/random.cc src/crypto/random.h \
  src/crypto/rsa.cc src/crypto/rsa.h \
  src/crypto/scram.cc src/crypto/scram.h \
  src/crypto/scram_message.cc src/crypto/scram_message.h \
  src/crypto/seal.cc src/crypto/seal.h \
  src/crypto/secret.cc src/crypto/secret.h \
  src/crypto/server_key.cc src/crypto/server_key.h \
  src/crypto/signing_pair.cc src/crypto/signing_pair.h
src_crypto_libcrypto_a_CPPFLAGS = $(AM_CPPFLAGS) $(SODIUM_CFLAGS) $(GNUTLS_CFLAGS)
EXTRA_DIST += src/crypto/README
CRYPTO_LIBS = src/crypto/libcrypto.a $(CORE_LIBS) $(SODIUM_LIBS) $(GNUTLS_LIBS) $(ZXCVBN_LIBS)

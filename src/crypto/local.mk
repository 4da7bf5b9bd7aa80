# Filled when the floor is built.
CRYPTO_LIBS = $(CORE_LIBS)

noinst_LIBRARIES += src/storage/sqlcipher/libsqlcipher.a
src_storage_sqlcipher_libsqlcipher_a_SOURCES = \
  src/storage/sqlcipher/connection.cc src/storage/sqlcipher/connection.h \
  src/storage/sqlcipher/copy.cc \
  src/storage/sqlcipher/database.cc src/storage/sqlcipher/database.h \
  src/storage/sqlcipher/failure.cc \
  src/storage/sqlcipher/inside.cc src/storage/sqlcipher/inside.h \
  src/storage/sqlcipher/page_cipher.cc src/storage/sqlcipher/page_cipher.h \
  src/storage/sqlcipher/provider.cc src/storage/sqlcipher/provider.h \
  src/storage/sqlcipher/schema.cc \
  src/storage/sqlcipher/start.cc \
  src/storage/sqlcipher/statement.cc \
  src/storage/sqlcipher/write_queue.cc src/storage/sqlcipher/write_queue.h
src_storage_sqlcipher_libsqlcipher_a_CPPFLAGS = $(AM_CPPFLAGS) $(SQLCIPHER_CFLAGS)
EXTRA_DIST += src/storage/sqlcipher/README
SQLCIPHER_ROOM_LIBS = src/storage/sqlcipher/libsqlcipher.a $(CRYPTO_LIBS) $(SQLCIPHER_LIBS)

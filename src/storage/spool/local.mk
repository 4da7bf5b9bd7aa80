noinst_LIBRARIES += src/storage/spool/libspool.a
src_storage_spool_libspool_a_SOURCES = \
  src/storage/spool/shard_aside.cc \
  src/storage/spool/shard_file.cc src/storage/spool/shard_file.h \
  src/storage/spool/spool.cc src/storage/spool/spool.h
EXTRA_DIST += src/storage/spool/README
SPOOL_LIBS = src/storage/spool/libspool.a $(SQLCIPHER_ROOM_LIBS) $(NET_LIBS)

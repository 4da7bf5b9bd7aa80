noinst_LIBRARIES += src/storage/journal/libjournal.a
src_storage_journal_libjournal_a_SOURCES = \
  src/storage/journal/journal_file.cc src/storage/journal/journal_file.h \
  src/storage/journal/journal_store.cc src/storage/journal/journal_store.h
EXTRA_DIST += src/storage/journal/README
JOURNAL_LIBS = src/storage/journal/libjournal.a $(SQLCIPHER_ROOM_LIBS) $(NET_LIBS) $(MODEL_LIBS)

noinst_LIBRARIES += src/storage/state/libstate.a
src_storage_state_libstate_a_SOURCES = \
  src/storage/state/state_file.cc src/storage/state/state_file.h \
  src/storage/state/state_memory.cc src/storage/state/state_memory.h \
  src/storage/state/state_store.cc src/storage/state/state_store.h
EXTRA_DIST += src/storage/state/README
STATE_LIBS = src/storage/state/libstate.a $(SQLCIPHER_ROOM_LIBS) $(NET_LIBS) $(MODEL_LIBS)

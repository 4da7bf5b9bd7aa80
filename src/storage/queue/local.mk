noinst_LIBRARIES += src/storage/queue/libqueue.a
src_storage_queue_libqueue_a_SOURCES = \
  src/storage/queue/actions.cc \
  src/storage/queue/add_message.cc \
  src/storage/queue/claims.cc \
  src/storage/queue/credits.cc \
  src/storage/queue/forwards.cc \
  src/storage/queue/message_rows.cc src/storage/queue/message_rows.h \
  src/storage/queue/people.cc \
  src/storage/queue/queue_file.h \
  src/storage/queue/queue_store.cc src/storage/queue/queue_store.h \
  src/storage/queue/reports.cc \
  src/storage/queue/returned.cc \
  src/storage/queue/rows.cc src/storage/queue/rows.h \
  src/storage/queue/schema.cc src/storage/queue/schema.h \
  src/storage/queue/upkeep.cc
EXTRA_DIST += src/storage/queue/README
QUEUE_LIBS = src/storage/queue/libqueue.a $(SQLCIPHER_ROOM_LIBS) $(NET_LIBS) $(MODEL_LIBS)

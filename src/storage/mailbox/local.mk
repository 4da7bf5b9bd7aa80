noinst_LIBRARIES += src/storage/mailbox/libmailbox.a
src_storage_mailbox_libmailbox_a_SOURCES = \
  src/storage/mailbox/box.cc src/storage/mailbox/box.h \
  src/storage/mailbox/change.cc src/storage/mailbox/change.h \
  src/storage/mailbox/contents.cc src/storage/mailbox/contents.h \
  src/storage/mailbox/expunged.cc src/storage/mailbox/expunged.h \
  src/storage/mailbox/file_append.cc \
  src/storage/mailbox/file_check.cc \
  src/storage/mailbox/file_copy.cc \
  src/storage/mailbox/file_fetch.cc \
  src/storage/mailbox/file_folders.cc \
  src/storage/mailbox/file_open.cc \
  src/storage/mailbox/file_rename.cc \
  src/storage/mailbox/file_store.cc \
  src/storage/mailbox/files.cc src/storage/mailbox/files.h \
  src/storage/mailbox/folder_name.cc src/storage/mailbox/folder_name.h \
  src/storage/mailbox/folder_tree.cc src/storage/mailbox/folder_tree.h \
  src/storage/mailbox/handle.cc \
  src/storage/mailbox/identity.cc src/storage/mailbox/identity.h \
  src/storage/mailbox/incoming.h \
  src/storage/mailbox/keywords.cc src/storage/mailbox/keywords.h \
  src/storage/mailbox/limits.h \
  src/storage/mailbox/mailbox_file.cc src/storage/mailbox/mailbox_file.h \
  src/storage/mailbox/mailbox_store.cc src/storage/mailbox/mailbox_store.h \
  src/storage/mailbox/rows.cc src/storage/mailbox/rows.h \
  src/storage/mailbox/schema.cc src/storage/mailbox/schema.h \
  src/storage/mailbox/session.cc src/storage/mailbox/session.h \
  src/storage/mailbox/subscriptions.cc src/storage/mailbox/subscriptions.h \
  src/storage/mailbox/threads.cc src/storage/mailbox/threads.h \
  src/storage/mailbox/transfer.h
EXTRA_DIST += src/storage/mailbox/README
MAILBOX_LIBS = src/storage/mailbox/libmailbox.a $(SQLCIPHER_ROOM_LIBS) $(MODEL_LIBS) $(NET_LIBS)

noinst_LIBRARIES += src/storage/directory/libdirectory.a
src_storage_directory_libdirectory_a_SOURCES = \
  src/storage/directory/alias_leads.cc \
  src/storage/directory/alias_rows.cc \
  src/storage/directory/credential_row.cc src/storage/directory/credential_row.h \
  src/storage/directory/credential_rows.cc \
  src/storage/directory/directory_file.cc src/storage/directory/directory_file.h \
  src/storage/directory/directory_store.cc src/storage/directory/directory_store.h \
  src/storage/directory/dns_aliases.cc src/storage/directory/dns_aliases.h \
  src/storage/directory/domain_rows.cc \
  src/storage/directory/expansion.cc src/storage/directory/expansion.h \
  src/storage/directory/file_routes.cc src/storage/directory/file_routes.h \
  src/storage/directory/intention.h src/storage/directory/intention_rows.cc \
  src/storage/directory/listed_rows.cc src/storage/directory/listed_rows.h \
  src/storage/directory/recipient_index.cc src/storage/directory/recipient_index.h \
  src/storage/directory/record_rows.cc src/storage/directory/record_rows.h \
  src/storage/directory/resolution.cc src/storage/directory/resolution.h \
  src/storage/directory/route_names.cc \
  src/storage/directory/routes.cc src/storage/directory/routes.h \
  src/storage/directory/schema.cc src/storage/directory/schema.h \
  src/storage/directory/sender_record.cc \
  src/storage/directory/user_rows.cc \
  src/storage/directory/walk.cc src/storage/directory/walk.h
EXTRA_DIST += src/storage/directory/README
DIRECTORY_LIBS = src/storage/directory/libdirectory.a $(SQLCIPHER_ROOM_LIBS) $(NET_LIBS) \
  $(MODEL_LIBS)

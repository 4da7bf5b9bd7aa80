noinst_LIBRARIES += src/model/libmodel.a
src_model_libmodel_a_SOURCES = \
  src/model/deliveries.h \
  src/model/flags.cc src/model/flags.h \
  src/model/folder.h \
  src/model/journal.h \
  src/model/logins.h \
  src/model/mailbox.h \
  src/model/message.h \
  src/model/search_match.cc src/model/search_program.h \
  src/model/state.h \
  src/model/uid_set.cc src/model/uid_set.h
EXTRA_DIST += src/model/README
MODEL_LIBS = src/model/libmodel.a $(FORMAT_LIBS)

noinst_LIBRARIES += src/model/libmodel.a
src_model_libmodel_a_SOURCES = \
  src/model/alias_fields.cc \
  src/model/date.cc src/model/date.h \
  src/model/deliveries.h \
  src/model/directory.cc src/model/directory.h \
  src/model/domain_fields.cc \
  src/model/flags.cc src/model/flags.h \
  src/model/folder.h \
  src/model/forward_share.cc src/model/forward_share.h \
  src/model/forwarding.h \
  src/model/journal.h \
  src/model/logins.h \
  src/model/mailbox.h \
  src/model/message.h \
  src/model/masked_words.cc src/model/masked_words.h \
  src/model/notice.cc src/model/notice.h \
  src/model/outbound.cc src/model/outbound.h \
  src/model/postmaster.cc src/model/postmaster.h \
  src/model/published_records.cc src/model/published_records.h \
  src/model/question_address.cc src/model/question_address.h \
  src/model/queue.h \
  src/model/record_field.cc src/model/record_field.h \
  src/model/record_rules.cc src/model/record_rules.h \
  src/model/records.cc src/model/records.h \
  src/model/search_match.cc src/model/search_program.h \
  src/model/sender_lists.cc src/model/sender_lists.h \
  src/model/sender_rules.cc src/model/sender_rules.h \
  src/model/state.h \
  src/model/submission.h \
  src/model/uid_set.cc src/model/uid_set.h \
  src/model/user_fields.cc
EXTRA_DIST += src/model/README
MODEL_LIBS = src/model/libmodel.a $(FORMAT_LIBS)

noinst_LIBRARIES += src/service/operator/liboperator.a
src_service_operator_liboperator_a_SOURCES = \
  src/service/operator/alias_commands.cc \
  src/service/operator/commands.cc src/service/operator/commands.h \
  src/service/operator/desk.cc src/service/operator/desk.h \
  src/service/operator/domain_commands.cc \
  src/service/operator/log_command.cc \
  src/service/operator/mailbox_commands.cc \
  src/service/operator/record_words.cc src/service/operator/record_words.h
EXTRA_DIST += src/service/operator/README
OPERATOR_LIBS = src/service/operator/liboperator.a $(MODEL_LIBS)

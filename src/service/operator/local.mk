noinst_LIBRARIES += src/service/operator/liboperator.a
src_service_operator_liboperator_a_SOURCES = \
  src/service/operator/alias_commands.cc \
  src/service/operator/alias_test.cc \
  src/service/operator/alias_vacation.cc \
  src/service/operator/alias_verify.cc \
  src/service/operator/command_pages.cc src/service/operator/command_pages.h \
  src/service/operator/commands.cc src/service/operator/commands.h \
  src/service/operator/desk.cc src/service/operator/desk.h \
  src/service/operator/domain_commands.cc \
  src/service/operator/domain_dns.cc \
  src/service/operator/domain_encrypt.cc \
  src/service/operator/domain_passwords.cc \
  src/service/operator/domain_webhook.cc \
  src/service/operator/log_command.cc \
  src/service/operator/mailbox_commands.cc \
  src/service/operator/orphan_commands.cc \
  src/service/operator/queue_commands.cc \
  src/service/operator/queue_filter.cc \
  src/service/operator/queue_words.cc src/service/operator/queue_words.h \
  src/service/operator/record_words.cc src/service/operator/record_words.h \
  src/service/operator/sender_list_commands.cc
EXTRA_DIST += src/service/operator/README
OPERATOR_LIBS = src/service/operator/liboperator.a $(MODEL_LIBS)

# src/service/operator/print-pages manual|completion: forwardemail(8), and its completion in bash.
noinst_PROGRAMS += src/service/operator/print-pages
src_service_operator_print_pages_SOURCES = src/service/operator/print_pages.cc
src_service_operator_print_pages_LDADD = $(OPERATOR_LIBS) $(CONFIG_LIBS)

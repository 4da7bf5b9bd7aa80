noinst_LIBRARIES += src/protocol/smtp/libsmtp.a
src_protocol_smtp_libsmtp_a_SOURCES = \
  src/protocol/smtp/budget.h \
  src/protocol/smtp/client.cc src/protocol/smtp/client.h \
  src/protocol/smtp/client_auth.cc \
  src/protocol/smtp/client_content.cc src/protocol/smtp/client_content.h \
  src/protocol/smtp/client_extensions.cc src/protocol/smtp/client_extensions.h \
  src/protocol/smtp/client_message.cc src/protocol/smtp/client_message.h \
  src/protocol/smtp/client_reply.cc src/protocol/smtp/client_reply.h \
  src/protocol/smtp/client_send.cc \
  src/protocol/smtp/content.cc src/protocol/smtp/content.h \
  src/protocol/smtp/conversation.cc src/protocol/smtp/conversation.h \
  src/protocol/smtp/failure_reply.cc src/protocol/smtp/failure_reply.h \
  src/protocol/smtp/limits.h \
  src/protocol/smtp/parameters.cc src/protocol/smtp/parameters.h \
  src/protocol/smtp/host_name.cc src/protocol/smtp/host_name.h \
  src/protocol/smtp/policy.h \
  src/protocol/smtp/reply.cc src/protocol/smtp/reply.h \
  src/protocol/smtp/session.cc src/protocol/smtp/session.h \
  src/protocol/smtp/verb_auth.cc \
  src/protocol/smtp/verb_bdat.cc \
  src/protocol/smtp/verb_data.cc \
  src/protocol/smtp/verb_helo.cc \
  src/protocol/smtp/verb_help.cc \
  src/protocol/smtp/verb_mail.cc \
  src/protocol/smtp/verb_noop.cc \
  src/protocol/smtp/verb_quit.cc \
  src/protocol/smtp/verb_rcpt.cc \
  src/protocol/smtp/verb_rset.cc \
  src/protocol/smtp/verb_starttls.cc \
  src/protocol/smtp/verb_vrfy.cc \
  src/protocol/smtp/verbs.cc src/protocol/smtp/verbs.h
EXTRA_DIST += src/protocol/smtp/README
SMTP_LIBS = src/protocol/smtp/libsmtp.a $(SASL_LIBS)

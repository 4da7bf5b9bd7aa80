noinst_LIBRARIES += src/mailauth/libmailauth.a
src_mailauth_libmailauth_a_SOURCES = \
  src/mailauth/arc_result.h \
  src/mailauth/arc_seal.cc src/mailauth/arc_seal.h \
  src/mailauth/arc_set.cc src/mailauth/arc_set.h \
  src/mailauth/arc_verify.cc src/mailauth/arc_verify.h \
  src/mailauth/authentication_results.cc src/mailauth/authentication_results.h \
  src/mailauth/authentication_results_parser.cc \
  src/mailauth/dane.cc src/mailauth/dane.h \
  src/mailauth/dkim_canon.cc src/mailauth/dkim_canon.h \
  src/mailauth/dkim_key.cc src/mailauth/dkim_key.h \
  src/mailauth/dkim_library.cc src/mailauth/dkim_library.h \
  src/mailauth/dkim_result.h \
  src/mailauth/dkim_sign.cc src/mailauth/dkim_sign.h \
  src/mailauth/dkim_signature.cc src/mailauth/dkim_signature.h \
  src/mailauth/dkim_verify.cc src/mailauth/dkim_verify.h \
  src/mailauth/dmarc.cc src/mailauth/dmarc.h \
  src/mailauth/dmarc_discovery.cc src/mailauth/dmarc_discovery.h \
  src/mailauth/dmarc_record.cc src/mailauth/dmarc_record.h \
  src/mailauth/dmarc_report.cc src/mailauth/dmarc_report.h \
  src/mailauth/field_writer.cc src/mailauth/field_writer.h \
  src/mailauth/forged_results.cc src/mailauth/forged_results.h \
  src/mailauth/from_domain.cc src/mailauth/from_domain.h \
  src/mailauth/ip_octets.cc src/mailauth/ip_octets.h \
  src/mailauth/iprev.cc src/mailauth/iprev.h \
  src/mailauth/message_verifier.cc src/mailauth/message_verifier.h \
  src/mailauth/message_view.cc src/mailauth/message_view.h \
  src/mailauth/method_results.cc src/mailauth/method_results.h \
  src/mailauth/mta_sts.cc src/mailauth/mta_sts.h \
  src/mailauth/mx_route.cc src/mailauth/mx_route.h \
  src/mailauth/organisational_domain.cc src/mailauth/organisational_domain.h \
  src/mailauth/received_spf.cc src/mailauth/received_spf.h \
  src/mailauth/recipient_records.cc src/mailauth/recipient_records.h \
  src/mailauth/spf.cc src/mailauth/spf.h \
  src/mailauth/spf_evaluator.cc src/mailauth/spf_evaluator.h \
  src/mailauth/spf_macro.cc src/mailauth/spf_macro.h \
  src/mailauth/spf_record.cc src/mailauth/spf_record.h \
  src/mailauth/sts_fetch.cc src/mailauth/sts_fetch.h \
  src/mailauth/sts_text.cc \
  src/mailauth/tag_list.cc src/mailauth/tag_list.h \
  src/mailauth/tls_policy.cc src/mailauth/tls_policy.h \
  src/mailauth/tls_report.cc src/mailauth/tls_report.h
src_mailauth_libmailauth_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENDKIM_CFLAGS) $(PSL_CFLAGS)
EXTRA_DIST += src/mailauth/README
MAILAUTH_LIBS = src/mailauth/libmailauth.a $(MODEL_LIBS) $(NET_LIBS) $(CRYPTO_LIBS) $(OPENDKIM_LIBS) $(PSL_LIBS)

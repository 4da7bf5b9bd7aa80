noinst_LIBRARIES += src/mailauth/libmailauth.a
src_mailauth_libmailauth_a_SOURCES = \
  src/mailauth/dmarc/dmarc.cc src/mailauth/dmarc/dmarc.h \
  src/mailauth/dmarc/dmarc_discovery.cc src/mailauth/dmarc/dmarc_discovery.h \
  src/mailauth/dmarc/dmarc_record.cc src/mailauth/dmarc/dmarc_record.h \
  src/mailauth/dmarc/dmarc_report.cc src/mailauth/dmarc/dmarc_report.h \
  src/mailauth/dmarc/from_domain.cc src/mailauth/dmarc/from_domain.h \
  src/mailauth/dmarc/organisational_domain.cc src/mailauth/dmarc/organisational_domain.h \
  src/mailauth/results/authentication_results.cc src/mailauth/results/authentication_results.h \
  src/mailauth/results/authentication_results_parser.cc \
  src/mailauth/results/field_writer.cc src/mailauth/results/field_writer.h \
  src/mailauth/results/forged_results.cc src/mailauth/results/forged_results.h \
  src/mailauth/results/method_results.cc src/mailauth/results/method_results.h \
  src/mailauth/results/received_spf.cc src/mailauth/results/received_spf.h \
  src/mailauth/route/dane.cc src/mailauth/route/dane.h \
  src/mailauth/route/mta_sts.cc src/mailauth/route/mta_sts.h \
  src/mailauth/route/mx_route.cc src/mailauth/route/mx_route.h \
  src/mailauth/route/recipient_records.cc src/mailauth/route/recipient_records.h \
  src/mailauth/route/sts_fetch.cc src/mailauth/route/sts_fetch.h \
  src/mailauth/route/sts_text.cc \
  src/mailauth/route/tls_policy.cc src/mailauth/route/tls_policy.h \
  src/mailauth/route/tls_report.cc src/mailauth/route/tls_report.h \
  src/mailauth/signatures/arc_result.h \
  src/mailauth/signatures/arc_seal.cc src/mailauth/signatures/arc_seal.h \
  src/mailauth/signatures/arc_set.cc src/mailauth/signatures/arc_set.h \
  src/mailauth/signatures/arc_verify.cc src/mailauth/signatures/arc_verify.h \
  src/mailauth/signatures/dkim_canon.cc src/mailauth/signatures/dkim_canon.h \
  src/mailauth/signatures/dkim_key.cc src/mailauth/signatures/dkim_key.h \
  src/mailauth/signatures/dkim_library.cc src/mailauth/signatures/dkim_library.h \
  src/mailauth/signatures/dkim_result.h \
  src/mailauth/signatures/dkim_sign.cc src/mailauth/signatures/dkim_sign.h \
  src/mailauth/signatures/dkim_signature.cc src/mailauth/signatures/dkim_signature.h \
  src/mailauth/signatures/dkim_verify.cc src/mailauth/signatures/dkim_verify.h \
  src/mailauth/signatures/key_ring.cc src/mailauth/signatures/key_ring.h \
  src/mailauth/signatures/message_verifier.cc src/mailauth/signatures/message_verifier.h \
  src/mailauth/signatures/message_view.cc src/mailauth/signatures/message_view.h \
  src/mailauth/signatures/tag_list.cc src/mailauth/signatures/tag_list.h \
  src/mailauth/spf/ip_octets.cc src/mailauth/spf/ip_octets.h \
  src/mailauth/spf/iprev.cc src/mailauth/spf/iprev.h \
  src/mailauth/spf/spf.cc src/mailauth/spf/spf.h \
  src/mailauth/spf/spf_evaluator.cc src/mailauth/spf/spf_evaluator.h \
  src/mailauth/spf/spf_macro.cc src/mailauth/spf/spf_macro.h \
  src/mailauth/spf/spf_record.cc src/mailauth/spf/spf_record.h
src_mailauth_libmailauth_a_CPPFLAGS = $(AM_CPPFLAGS) $(OPENDKIM_CFLAGS) $(PSL_CFLAGS)
EXTRA_DIST += src/mailauth/README \
  src/mailauth/dmarc/README \
  src/mailauth/results/README \
  src/mailauth/route/README \
  src/mailauth/signatures/README \
  src/mailauth/spf/README
MAILAUTH_LIBS = src/mailauth/libmailauth.a $(MODEL_LIBS) $(NET_LIBS) $(CRYPTO_LIBS) $(OPENDKIM_LIBS) $(PSL_LIBS)

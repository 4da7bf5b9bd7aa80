check_PROGRAMS += tests/unit/mailauth/check_mailauth
tests_unit_mailauth_check_mailauth_SOURCES = $(UNIT_MAIN) \
  tests/support/memory_state.cc tests/support/memory_state.h \
  tests/unit/mailauth/arc_test.cc \
  tests/unit/mailauth/authentication_results_test.cc \
  tests/unit/mailauth/certificates.h \
  tests/unit/mailauth/dkim_sign_test.cc \
  tests/unit/mailauth/dkim_verify_test.cc \
  tests/unit/mailauth/dmarc_record_test.cc \
  tests/unit/mailauth/dmarc_test.cc \
  tests/unit/mailauth/dmarc_tree_walk_test.cc \
  tests/unit/mailauth/finish.h \
  tests/unit/mailauth/from_domain_test.cc \
  tests/unit/mailauth/iprev_test.cc \
  tests/unit/mailauth/key_ring_test.cc \
  tests/unit/mailauth/method_results_test.cc \
  tests/unit/mailauth/mta_sts_test.cc \
  tests/unit/mailauth/mx_route_test.cc \
  tests/unit/mailauth/published_mail.h \
  tests/unit/mailauth/sealed_mail.h \
  tests/unit/mailauth/signed_mail.h \
  tests/unit/mailauth/spf_example_test.cc \
  tests/unit/mailauth/spf_limits_test.cc \
  tests/unit/mailauth/spf_macro_test.cc \
  tests/unit/mailauth/spf_modifier_test.cc \
  tests/unit/mailauth/spf_record_test.cc \
  tests/unit/mailauth/spf_rig.h \
  tests/unit/mailauth/spf_test.cc \
  tests/unit/mailauth/tls_policy_test.cc \
  tests/unit/net/net_test.cc tests/unit/net/net_test.h \
  tests/unit/net/scripted_resolver.h
tests_unit_mailauth_check_mailauth_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS) \
  $(LIBEVENT_CFLAGS) $(GNUTLS_CFLAGS)
tests_unit_mailauth_check_mailauth_LDADD = $(MAILAUTH_LIBS) $(CPPUNIT_LIBS)

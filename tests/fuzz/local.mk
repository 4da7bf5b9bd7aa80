# One driver an entry from outside; see README.  Linked with a main of our own
# they replay their corpus in `make check`, with libFuzzer they search.
FUZZ_ENGINE = tests/fuzz/libreplay.a
FUZZ_DRIVERS = \
  tests/fuzz/fuzz_address \
  tests/fuzz/fuzz_alias_pattern \
  tests/fuzz/fuzz_authentication_results \
  tests/fuzz/fuzz_alias_rules \
  tests/fuzz/fuzz_config \
  tests/fuzz/fuzz_dmarc \
  tests/fuzz/fuzz_arc \
  tests/fuzz/fuzz_dkim \
  tests/fuzz/fuzz_dns \
  tests/fuzz/fuzz_door \
  tests/fuzz/fuzz_imap_parser \
  tests/fuzz/fuzz_imap_session \
  tests/fuzz/fuzz_message \
  tests/fuzz/fuzz_mutf7 \
  tests/fuzz/fuzz_packed \
  tests/fuzz/fuzz_records \
  tests/fuzz/fuzz_scan \
  tests/fuzz/fuzz_scram \
  tests/fuzz/fuzz_smtp_client \
  tests/fuzz/fuzz_smtp_content \
  tests/fuzz/fuzz_smtp_session \
  tests/fuzz/fuzz_spf \
  tests/fuzz/fuzz_sts \
  tests/fuzz/fuzz_submission_session \
  tests/fuzz/fuzz_text
check_PROGRAMS += $(FUZZ_DRIVERS)
check_LIBRARIES += tests/fuzz/libreplay.a
tests_fuzz_libreplay_a_SOURCES = tests/fuzz/replay_main.cc
tests_fuzz_libreplay_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
DOOR_RIG = tests/support/memory_forwarding.cc tests/support/memory_forwarding.h \
  tests/support/memory_sender_lists.cc tests/support/memory_sender_lists.h \
  tests/unit/rpc/door_pair.h \
  tests/unit/rpc/small_sending.cc tests/unit/rpc/small_sending.h \
  tests/unit/rpc/small_stores.cc tests/unit/rpc/small_stores.h \
  tests/support/memory_journal.cc tests/support/memory_journal.h \
  tests/support/memory_state.cc tests/support/memory_state.h

tests_fuzz_fuzz_address_SOURCES = tests/fuzz/fuzz_address.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_address_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_address_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)
tests_fuzz_fuzz_alias_pattern_SOURCES = tests/fuzz/fuzz_alias_pattern.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_alias_pattern_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_alias_pattern_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)
tests_fuzz_fuzz_authentication_results_SOURCES = tests/fuzz/fuzz_authentication_results.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_authentication_results_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_authentication_results_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_alias_rules_SOURCES = tests/fuzz/fuzz_alias_rules.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_alias_rules_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_alias_rules_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)
tests_fuzz_fuzz_config_SOURCES = tests/fuzz/fuzz_config.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_config_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_config_LDADD = $(FUZZ_ENGINE) $(CONFIG_LIBS)
tests_fuzz_fuzz_dmarc_SOURCES = tests/fuzz/fuzz_dmarc.cc tests/fuzz/fuzz.h tests/unit/net/scripted_resolver.h
tests_fuzz_fuzz_dmarc_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_dmarc_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_arc_SOURCES = tests/fuzz/fuzz_arc.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_arc_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_arc_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_dkim_SOURCES = tests/fuzz/fuzz_dkim.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_dkim_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_dkim_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_dns_SOURCES = tests/fuzz/fuzz_dns.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_dns_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_dns_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_door_SOURCES = tests/fuzz/fuzz_door.cc tests/fuzz/fuzz.h $(DOOR_RIG)
tests_fuzz_fuzz_door_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_door_LDADD = $(FUZZ_ENGINE) $(RPC_LIBS) $(CRYPTO_LIBS)
tests_fuzz_fuzz_imap_parser_SOURCES = tests/fuzz/fuzz_imap_parser.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_imap_parser_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_imap_parser_LDADD = $(FUZZ_ENGINE) $(IMAP_LIBS)
tests_fuzz_fuzz_imap_session_SOURCES = tests/fuzz/fuzz_imap_session.cc tests/fuzz/fuzz.h $(IMAP_RIG)
tests_fuzz_fuzz_imap_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_imap_session_LDADD = $(FUZZ_ENGINE) $(IMAP_LIBS)
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_message_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_message_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)
tests_fuzz_fuzz_mutf7_SOURCES = tests/fuzz/fuzz_mutf7.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_mutf7_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_mutf7_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)
tests_fuzz_fuzz_packed_SOURCES = tests/fuzz/fuzz_packed.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_packed_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_packed_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)
tests_fuzz_fuzz_records_SOURCES = tests/fuzz/fuzz_records.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_records_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_records_LDADD = $(FUZZ_ENGINE) $(MODEL_LIBS)
tests_fuzz_fuzz_scan_SOURCES = tests/fuzz/fuzz_scan.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_scan_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_scan_LDADD = $(FUZZ_ENGINE) $(SCAN_LIBS)
tests_fuzz_fuzz_scram_SOURCES = tests/fuzz/fuzz_scram.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_scram_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_scram_LDADD = $(FUZZ_ENGINE) $(CRYPTO_LIBS)
tests_fuzz_fuzz_smtp_client_SOURCES = tests/fuzz/fuzz_smtp_client.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_smtp_client_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_smtp_client_LDADD = $(FUZZ_ENGINE) $(SMTP_LIBS)
tests_fuzz_fuzz_smtp_content_SOURCES = tests/fuzz/fuzz_smtp_content.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_smtp_content_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_smtp_content_LDADD = $(FUZZ_ENGINE) $(SMTP_LIBS)
tests_fuzz_fuzz_smtp_session_SOURCES = tests/fuzz/fuzz_smtp_session.cc tests/fuzz/fuzz.h $(SMTP_RIG)
tests_fuzz_fuzz_smtp_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_smtp_session_LDADD = $(FUZZ_ENGINE) $(INBOUND_LIBS)
tests_fuzz_fuzz_spf_SOURCES = tests/fuzz/fuzz_spf.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_spf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_spf_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_sts_SOURCES = tests/fuzz/fuzz_sts.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_sts_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_sts_LDADD = $(FUZZ_ENGINE) $(MAILAUTH_LIBS)
tests_fuzz_fuzz_submission_session_SOURCES = tests/fuzz/fuzz_submission_session.cc \
  tests/fuzz/fuzz.h $(SMTP_RIG) $(SUBMISSION_DESK)
tests_fuzz_fuzz_submission_session_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_submission_session_LDADD = $(FUZZ_ENGINE) src/service/submission/libsubmission.a \
  $(INBOUND_LIBS)
tests_fuzz_fuzz_text_SOURCES = tests/fuzz/fuzz_text.cc tests/fuzz/fuzz.h
tests_fuzz_fuzz_text_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_fuzz_fuzz_text_LDADD = $(FUZZ_ENGINE) $(FORMAT_LIBS)

# Searches each driver's room for FUZZ_SECONDS (60): see tests/fuzz/README.
fuzz:
	$(SHELL) $(top_srcdir)/tests/fuzz/run_fuzz $(abs_builddir)/fuzz $(FUZZ)
.PHONY: fuzz
EXTRA_DIST += tests/fuzz/README tests/fuzz/corpus tests/fuzz/run_fuzz tests/fuzz/make_seeds.py

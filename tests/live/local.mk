# Built with everything else, because the live suite is run by scripts/test and not by make.
noinst_PROGRAMS += tests/live/open-sealed
tests_live_open_sealed_SOURCES = tests/live/open_sealed.cc
tests_live_open_sealed_LDADD = $(SPOOL_LIBS)
EXTRA_DIST += tests/live/bad_days.py tests/live/corpus.py tests/live/crash_test.py \
  tests/live/delivery_test.py tests/live/door_attacker.py tests/live/door_client.py \
  tests/live/door_test.py tests/live/faults_test.py \
  tests/live/first_mail_test.py tests/live/flaky_network_test.py tests/live/forwarding_faults_test.py \
  tests/live/imap_test.py tests/live/operator_test.py \
  tests/live/first_mail_test.py tests/live/imap_test.py tests/live/notices_test.py tests/live/operator_test.py \
  tests/live/queue_test.py tests/live/receiving_test.py tests/live/rest_test.py tests/live/sending_faults_test.py tests/live/send_client.py \
  tests/live/scram_client.py tests/live/smtp_test.py tests/live/stack.py \
  tests/live/submission_test.py tests/live/verification_test.py tests/live/sync_test.py \
  tests/live/views_test.py
noinst_PROGRAMS += tests/live/mailauth-probe
tests_live_mailauth_probe_SOURCES = tests/live/mailauth_probe.cc tests/live/probe_main.h \
  tests/support/memory_state.cc tests/support/memory_state.h \
  tests/unit/net/scripted_resolver.h
tests_live_mailauth_probe_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_live_mailauth_probe_LDADD = $(MAILAUTH_LIBS)
EXTRA_DIST += tests/live/mailauth_test.py tests/live/world.py tests/live/world_test.py
noinst_PROGRAMS += tests/live/scan-probe
tests_live_scan_probe_SOURCES = tests/live/scan_probe.cc tests/live/probe_main.h
tests_live_scan_probe_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_live_scan_probe_LDADD = $(SCAN_LIBS)
EXTRA_DIST += tests/live/scan_test.py tests/live/scanners.py tests/live/webhook_test.py

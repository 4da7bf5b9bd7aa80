# Plays tests/talks/smtp/*.talk; see smtp_player.cc for the language.
SMTP_RIG = tests/support/memory_deliveries.cc tests/support/memory_deliveries.h \
  tests/support/memory_state.cc tests/support/memory_state.h \
  tests/support/memory_forwarding.cc tests/support/memory_forwarding.h \
  tests/support/smtp_rig.cc tests/support/smtp_rig.h
SUBMISSION_DESK = tests/support/memory_submission.cc tests/support/memory_submission.h
check_PROGRAMS += tests/talks/smtp_player
tests_talks_smtp_player_SOURCES = tests/talks/smtp_player.cc $(SMTP_RIG) $(SUBMISSION_DESK)
tests_talks_smtp_player_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_talks_smtp_player_LDADD = src/service/submission/libsubmission.a $(INBOUND_LIBS)
EXTRA_DIST += tests/talks/smtp

# Plays tests/talks/smtp/*.talk; see smtp_player.cc for the language.
SMTP_RIG = tests/support/memory_deliveries.cc tests/support/memory_deliveries.h \
  tests/support/memory_state.cc tests/support/memory_state.h \
  tests/support/smtp_rig.cc tests/support/smtp_rig.h
check_PROGRAMS += tests/talks/smtp_player
tests_talks_smtp_player_SOURCES = tests/talks/smtp_player.cc $(SMTP_RIG)
tests_talks_smtp_player_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_talks_smtp_player_LDADD = $(INBOUND_LIBS)
EXTRA_DIST += tests/talks/smtp

# Plays tests/talks/imap/*.talk; see imap_player.cc for the language.
MEMORY_MAILBOX = tests/support/memory_account.cc tests/support/memory_account.h \
  tests/support/memory_handle.cc tests/support/memory_handle.h \
  tests/support/memory_mailbox.cc tests/support/memory_mailbox.h
IMAP_RIG = $(MEMORY_MAILBOX) tests/support/imap_rig.cc tests/support/imap_rig.h
check_PROGRAMS += tests/talks/imap_player
tests_talks_imap_player_SOURCES = tests/talks/imap_player.cc $(IMAP_RIG)
tests_talks_imap_player_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests
tests_talks_imap_player_LDADD = $(IMAP_LIBS)
EXTRA_DIST += tests/talks/imap

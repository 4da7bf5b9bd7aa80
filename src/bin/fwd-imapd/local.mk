sbin_PROGRAMS += src/bin/fwd-imapd/fwd-imapd
src_bin_fwd_imapd_fwd_imapd_SOURCES = \
  src/bin/fwd-imapd/imap_service.cc src/bin/fwd-imapd/imap_service.h \
  src/bin/fwd-imapd/main.cc
src_bin_fwd_imapd_fwd_imapd_CPPFLAGS = $(AM_CPPFLAGS) -DFWD_VERSION='"$(PACKAGE_VERSION)"'
src_bin_fwd_imapd_fwd_imapd_LDADD = $(LEARNING_LIBS) $(IMAP_LIBS) $(DAEMON_LIBS) $(CRYPTO_LIBS) $(CONFIG_LIBS)

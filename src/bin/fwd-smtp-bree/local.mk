sbin_PROGRAMS += src/bin/fwd-smtp-bree/fwd-smtp-bree
src_bin_fwd_smtp_bree_fwd_smtp_bree_SOURCES = \
  src/bin/fwd-smtp-bree/bree_service.cc src/bin/fwd-smtp-bree/bree_service.h \
  src/bin/fwd-smtp-bree/delivery_options.cc src/bin/fwd-smtp-bree/delivery_options.h \
  src/bin/fwd-smtp-bree/main.cc
src_bin_fwd_smtp_bree_fwd_smtp_bree_CPPFLAGS = $(AM_CPPFLAGS) -DFWD_VERSION='"$(PACKAGE_VERSION)"'
src_bin_fwd_smtp_bree_fwd_smtp_bree_LDADD = $(DELIVERY_LIBS) $(DAEMON_LIBS) $(CRYPTO_LIBS) \
  $(CONFIG_LIBS)

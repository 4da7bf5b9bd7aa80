sbin_PROGRAMS += src/bin/fwd-mxd/fwd-mxd
src_bin_fwd_mxd_fwd_mxd_SOURCES = \
  src/bin/fwd-mxd/main.cc \
  src/bin/fwd-mxd/mx_options.cc src/bin/fwd-mxd/mx_options.h \
  src/bin/fwd-mxd/mx_service.cc src/bin/fwd-mxd/mx_service.h
src_bin_fwd_mxd_fwd_mxd_LDADD = $(INBOUND_LIBS) $(DAEMON_LIBS) $(CRYPTO_LIBS) $(CONFIG_LIBS)

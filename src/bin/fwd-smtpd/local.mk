sbin_PROGRAMS += src/bin/fwd-smtpd/fwd-smtpd
src_bin_fwd_smtpd_fwd_smtpd_SOURCES = \
  src/bin/fwd-smtpd/main.cc \
  src/bin/fwd-smtpd/smtpd_service.cc src/bin/fwd-smtpd/smtpd_service.h
src_bin_fwd_smtpd_fwd_smtpd_CPPFLAGS = $(AM_CPPFLAGS) -DFWD_VERSION='"$(PACKAGE_VERSION)"'
src_bin_fwd_smtpd_fwd_smtpd_LDADD = $(SUBMISSION_LIBS) $(DAEMON_LIBS) $(CRYPTO_LIBS) $(CONFIG_LIBS)

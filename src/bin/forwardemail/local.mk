sbin_PROGRAMS += src/bin/forwardemail/forwardemail
src_bin_forwardemail_forwardemail_SOURCES = \
  src/bin/forwardemail/check.cc src/bin/forwardemail/check.h \
  src/bin/forwardemail/command_line.cc src/bin/forwardemail/command_line.h \
  src/bin/forwardemail/main.cc \
  src/bin/forwardemail/terminal.cc src/bin/forwardemail/terminal.h
src_bin_forwardemail_forwardemail_CPPFLAGS = $(AM_CPPFLAGS) -DFWD_VERSION='"$(PACKAGE_VERSION)"'
src_bin_forwardemail_forwardemail_LDADD = $(OPERATOR_LIBS) $(DAEMON_LIBS) $(CRYPTO_LIBS) $(CONFIG_LIBS)

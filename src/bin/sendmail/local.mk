sbin_PROGRAMS += src/bin/sendmail/sendmail
SENDMAIL_PARTS = \
  src/bin/sendmail/arguments.cc src/bin/sendmail/arguments.h \
  src/bin/sendmail/dialogue.cc src/bin/sendmail/dialogue.h \
  src/bin/sendmail/message.cc src/bin/sendmail/message.h \
  src/bin/sendmail/recipients.cc src/bin/sendmail/recipients.h \
  src/bin/sendmail/reply_watch.cc src/bin/sendmail/reply_watch.h
src_bin_sendmail_sendmail_SOURCES = $(SENDMAIL_PARTS) \
  src/bin/sendmail/main.cc \
  src/bin/sendmail/pass_through.cc src/bin/sendmail/pass_through.h
src_bin_sendmail_sendmail_CPPFLAGS = $(AM_CPPFLAGS) -DFWD_SBINDIR='"$(sbindir)"'
src_bin_sendmail_sendmail_LDADD = $(SMTP_LIBS) $(NET_LIBS)

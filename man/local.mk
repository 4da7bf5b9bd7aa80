# Pages by hand, and pages made from the tables they are about.
dist_man_MANS += man/fwd-imapd.8 man/fwd-mxd.8 man/fwd-smtp-bree.8 man/fwd-smtpd.8 \
  man/fwd-sqlited.8 man/sendmail.8
man_MANS += man/forwardemail.8 man/forwardemail.conf.5 man/fwd-events.7
man/forwardemail.8: src/service/operator/print-pages$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man && src/service/operator/print-pages$(EXEEXT) manual > $@.new && mv $@.new $@
man/forwardemail.conf.5: src/config/print-pages$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man && src/config/print-pages$(EXEEXT) manual > $@.new && mv $@.new $@
man/fwd-events.7: man/make-events doc/events.tsv
	$(AM_V_GEN)$(MKDIR_P) man && sh $(top_srcdir)/man/make-events $(top_srcdir)/doc/events.tsv > $@.new && mv $@.new $@
dist_noinst_SCRIPTS += man/check-pages
check_SCRIPTS += man/check-pages
EXTRA_DIST += man/make-events
CLEANFILES += man/forwardemail.8 man/forwardemail.conf.5 man/fwd-events.7

# Configuration to begin with (an existing one is never overwritten), and completion.
fwdconfddir = $(fwdconfdir)/conf.d
dist_fwdconfd_DATA = etc/conf.d/README
bashcompletiondir = $(datadir)/bash-completion/completions
bashcompletion_DATA = etc/completion/forwardemail
noinst_DATA = etc/forwardemail.conf
etc/forwardemail.conf: src/config/print-pages$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) etc && src/config/print-pages$(EXEEXT) example > $@.new && mv $@.new $@
etc/completion/forwardemail: src/service/operator/print-pages$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) etc/completion && \
	src/service/operator/print-pages$(EXEEXT) completion > $@.new && mv $@.new $@
CLEANFILES += etc/forwardemail.conf etc/completion/forwardemail

install-data-local: etc/forwardemail.conf
	$(MKDIR_P) "$(DESTDIR)$(fwdconfdir)"
	test -e "$(DESTDIR)$(fwdconfdir)/forwardemail.conf" || \
	  $(INSTALL_DATA) etc/forwardemail.conf "$(DESTDIR)$(fwdconfdir)/forwardemail.conf"
uninstall-local:
	! cmp -s etc/forwardemail.conf "$(DESTDIR)$(fwdconfdir)/forwardemail.conf" || \
	  rm -f "$(DESTDIR)$(fwdconfdir)/forwardemail.conf"

systemd_units = \
  systemd/fwd-imapd.service systemd/fwd-imapd.socket \
  systemd/fwd-mxd.service systemd/fwd-mxd.socket \
  systemd/fwd-smtpd.service systemd/fwd-smtpd.socket systemd/fwd-smtpd-starttls.socket \
  systemd/fwd-smtpd-local.socket \
  systemd/fwd-smtp-bree.service \
  systemd/fwd-sqlited.service systemd/fwd-sqlited.socket
dist_systemdsystemunit_DATA = $(systemd_units)

# Units name programs and folders as Debian has them; another prefix is put in here.
install-data-hook:
	for unit in $(systemd_units:systemd/%=%); do \
	  $(SED) -i -e 's|/usr/sbin/|$(sbindir)/|' -e 's|/etc/forwardemail/|$(fwdconfdir)/|' \
	    "$(DESTDIR)$(systemdsystemunitdir)/$$unit" || exit 1; \
	done

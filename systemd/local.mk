dist_systemdsystemunit_DATA = \
  systemd/fwd-imapd.service systemd/fwd-imapd.socket \
  systemd/fwd-mxd.service systemd/fwd-mxd.socket \
  systemd/fwd-sqlited.service systemd/fwd-sqlited.socket

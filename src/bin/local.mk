include src/bin/fwd-sqlited/local.mk
include src/bin/fwd-mxd/local.mk
include src/bin/fwd-smtpd/local.mk
include src/bin/fwd-smtp-bree/local.mk
include src/bin/fwd-imapd/local.mk
include src/bin/sendmail/local.mk
include src/bin/forwardemail/local.mk

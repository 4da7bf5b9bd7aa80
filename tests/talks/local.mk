include tests/talks/imap/local.mk
include tests/talks/smtp/local.mk

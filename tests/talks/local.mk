include tests/talks/imap/local.mk

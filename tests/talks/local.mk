include tests/talks/smtp/local.mk

include src/protocol/sasl/local.mk
include src/protocol/imap/local.mk
include src/protocol/smtp/local.mk

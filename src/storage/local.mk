include src/storage/sqlcipher/local.mk
include src/storage/mailbox/local.mk
include src/storage/spool/local.mk
include src/storage/queue/local.mk
include src/storage/directory/local.mk
include src/storage/state/local.mk
include src/storage/journal/local.mk

# One check program a floor (or room): tests/unit/<floor>/*_test.cc, run by unit_main.cc.
UNIT_MAIN = tests/unit/unit_main.cc
include tests/unit/core/local.mk
include tests/unit/config/local.mk
include tests/unit/crypto/local.mk
include tests/unit/format/local.mk
include tests/unit/model/local.mk
include tests/unit/net/local.mk
include tests/unit/mailauth/local.mk
include tests/unit/scan/local.mk
include tests/unit/imap/local.mk
include tests/unit/sasl/local.mk
include tests/unit/smtp/local.mk
include tests/unit/sqlcipher/local.mk
include tests/unit/mailbox/local.mk
include tests/unit/queue/local.mk
include tests/unit/directory/local.mk
include tests/unit/door/local.mk
include tests/unit/rpc/local.mk
include tests/unit/service/local.mk
include tests/unit/sendmail/local.mk
include tests/unit/submission/local.mk

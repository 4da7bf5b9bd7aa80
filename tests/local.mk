include tests/unit/local.mk
include tests/talks/local.mk
include tests/fuzz/local.mk
include tests/live/local.mk
include tests/boot/local.mk

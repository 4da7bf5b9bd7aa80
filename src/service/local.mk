include src/service/daemon/local.mk
include src/service/delivery/local.mk
include src/service/inbound/local.mk
include src/service/learning/local.mk
include src/service/operator/local.mk
include src/service/submission/local.mk

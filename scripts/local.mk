dist_noinst_SCRIPTS = scripts/check-layers scripts/check-shape scripts/check-rfc \
  scripts/check-format scripts/check-events scripts/check-options scripts/check-units scripts/check-waits \
  scripts/check-house
check_SCRIPTS += scripts/check-house
pkgdatasharedir = $(datadir)/forwardemail
dist_pkgdatashare_SCRIPTS = scripts/share/make-server-key scripts/share/make-self-signed
EXTRA_DIST += scripts/build scripts/install-deps scripts/quickstart scripts/test scripts/test-package

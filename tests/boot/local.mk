# Run by scripts/test-package on packages it built, not by make.
EXTRA_DIST += tests/boot/first_mail.sh tests/boot/machine.sh tests/boot/mail.sh

EXTRA_DIST += bench/README.md bench/first_mail.py bench/measure.py bench/peers.py

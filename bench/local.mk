EXTRA_DIST += bench/README.md bench/claim_client.py bench/first_mail.py bench/forwarding_peer.py bench/mailbox_peer.py \
  bench/measure.py bench/private_postfix.py bench/receiving.py bench/sending.py bench/sending_peer.py bench/sink.py \
  bench/submitters.py

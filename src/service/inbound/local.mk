noinst_LIBRARIES += src/service/inbound/libinbound.a
src_service_inbound_libinbound_a_SOURCES = \
  src/service/inbound/authentication_rules.cc \
  src/service/inbound/authenticity.cc src/service/inbound/authenticity.h \
  src/service/inbound/backscatter.cc src/service/inbound/backscatter.h \
  src/service/inbound/came_back.cc src/service/inbound/came_back.h \
  src/service/inbound/checks.cc src/service/inbound/checks.h \
  src/service/inbound/context.h \
  src/service/inbound/denials.cc src/service/inbound/denials.h \
  src/service/inbound/dns_lists.cc src/service/inbound/dns_lists.h \
  src/service/inbound/fingerprint.cc src/service/inbound/fingerprint.h \
  src/service/inbound/forward_outcome.cc src/service/inbound/forward_outcome.h \
  src/service/inbound/dmarc_story.cc src/service/inbound/dmarc_story.h \
  src/service/inbound/evidence.cc src/service/inbound/evidence.h \
  src/service/inbound/gate.cc src/service/inbound/gate.h \
  src/service/inbound/forwarding.cc src/service/inbound/forwarding.h \
  src/service/inbound/goals.h \
  src/service/inbound/greylist.cc src/service/inbound/greylist.h \
  src/service/inbound/header_scan.cc src/service/inbound/header_scan.h \
  src/service/inbound/judgement.h \
  src/service/inbound/list_rules.cc \
  src/service/inbound/list_keys.cc src/service/inbound/list_keys.h \
  src/service/inbound/options.h \
  src/service/inbound/policy.cc src/service/inbound/policy.h \
  src/service/inbound/protection.cc src/service/inbound/protection.h \
  src/service/inbound/rates.cc src/service/inbound/rates.h \
  src/service/inbound/recipients.cc src/service/inbound/recipients.h \
  src/service/inbound/recorder.cc src/service/inbound/recorder.h \
  src/service/inbound/rules.h \
  src/service/inbound/scan_rules.cc \
  src/service/inbound/sender_rules.cc \
  src/service/inbound/sender_check.cc src/service/inbound/sender_check.h \
  src/service/inbound/storing.cc src/service/inbound/storing.h \
  src/service/inbound/story.cc src/service/inbound/story.h \
  src/service/inbound/trace.cc src/service/inbound/trace.h \
  src/service/inbound/transaction.cc src/service/inbound/transaction.h \
  src/service/inbound/unsettled.cc src/service/inbound/unsettled.h \
  src/service/inbound/vacation.cc src/service/inbound/vacation.h \
  src/service/inbound/vacation_message.cc src/service/inbound/vacation_message.h \
  src/service/inbound/verdict_lines.cc src/service/inbound/verdict_lines.h \
  src/service/inbound/webhook_results.cc
EXTRA_DIST += src/service/inbound/README
INBOUND_LIBS = src/service/inbound/libinbound.a $(SMTP_LIBS) $(MAILAUTH_LIBS) $(SCAN_LIBS) \
  src/config/libconfig.a $(CRYPTO_LIBS) $(MODEL_LIBS) $(NET_LIBS) $(BOOST_PROGRAM_OPTIONS_LIBS)

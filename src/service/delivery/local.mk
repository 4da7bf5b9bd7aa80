noinst_LIBRARIES += src/service/delivery/libdelivery.a
src_service_delivery_libdelivery_a_SOURCES = \
  src/service/delivery/bounce_hook.cc src/service/delivery/bounce_hook.h \
  src/service/delivery/context.h \
  src/service/delivery/dialer.cc src/service/delivery/dialer.h \
  src/service/delivery/gate.h \
  src/service/delivery/issue_mail.cc src/service/delivery/issue_mail.h \
  src/service/delivery/issues.cc src/service/delivery/issues.h \
  src/service/delivery/local_delivery.cc src/service/delivery/local_delivery.h \
  src/service/delivery/notices.cc \
  src/service/delivery/options.h \
  src/service/delivery/prepared.cc src/service/delivery/prepared.h \
  src/service/delivery/recorder.cc src/service/delivery/recorder.h \
  src/service/delivery/remote_attempt.cc src/service/delivery/remote_attempt.h \
  src/service/delivery/remote_words.cc src/service/delivery/remote_words.h \
  src/service/delivery/report.cc src/service/delivery/report.h \
  src/service/delivery/retry.cc src/service/delivery/retry.h \
  src/service/delivery/session.cc src/service/delivery/session.h \
  src/service/delivery/session_pool.cc src/service/delivery/session_pool.h \
  src/service/delivery/trace.cc src/service/delivery/trace.h \
  src/service/delivery/way.cc src/service/delivery/way.h \
  src/service/delivery/webhook_attempt.cc src/service/delivery/webhook_attempt.h \
  src/service/delivery/worker.cc src/service/delivery/worker.h
EXTRA_DIST += src/service/delivery/README
DELIVERY_LIBS = src/service/delivery/libdelivery.a $(MAILAUTH_LIBS) $(SMTP_LIBS) $(CRYPTO_LIBS)

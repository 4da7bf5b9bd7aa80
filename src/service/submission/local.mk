noinst_LIBRARIES += src/service/submission/libsubmission.a
src_service_submission_libsubmission_a_SOURCES = \
  src/service/submission/failure_reply.cc src/service/submission/failure_reply.h \
  src/service/submission/options.h \
  src/service/submission/policy.cc src/service/submission/policy.h \
  src/service/submission/recorder.cc src/service/submission/recorder.h \
  src/service/submission/sender_keeper.cc src/service/submission/sender_keeper.h \
  src/service/submission/submitted_header.cc src/service/submission/submitted_header.h \
  src/service/submission/transaction.cc src/service/submission/transaction.h \
  src/service/submission/user_name.cc src/service/submission/user_name.h
EXTRA_DIST += src/service/submission/README
SUBMISSION_LIBS = src/service/submission/libsubmission.a $(SMTP_LIBS)

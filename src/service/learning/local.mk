noinst_LIBRARIES += src/service/learning/liblearning.a
src_service_learning_liblearning_a_SOURCES = \
  src/service/learning/junk_learner.cc src/service/learning/junk_learner.h \
  src/service/learning/rspamd_learner.cc src/service/learning/rspamd_learner.h
EXTRA_DIST += src/service/learning/README
LEARNING_LIBS = src/service/learning/liblearning.a $(IMAP_LIBS) src/service/daemon/libdaemon.a \
  $(SCAN_LIBS)

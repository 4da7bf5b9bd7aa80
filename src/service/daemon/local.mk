noinst_LIBRARIES += src/service/daemon/libdaemon.a
src_service_daemon_libdaemon_a_SOURCES = \
  src/service/daemon/daemon.cc src/service/daemon/daemon.h \
  src/service/daemon/door_connector.cc src/service/daemon/door_connector.h \
  src/service/daemon/log_sink.cc src/service/daemon/log_sink.h \
  src/service/daemon/program.h \
  src/service/daemon/resolver_options.cc src/service/daemon/resolver_options.h \
  src/service/daemon/run.cc \
  src/service/daemon/scan_options.cc src/service/daemon/scan_options.h \
  src/service/daemon/smtp_limits.cc src/service/daemon/smtp_limits.h \
  src/service/daemon/worker_packer.cc src/service/daemon/worker_packer.h \
  src/service/daemon/self_check.cc src/service/daemon/self_check.h
src_service_daemon_libdaemon_a_CPPFLAGS = $(AM_CPPFLAGS) -DFWD_VERSION='"$(PACKAGE_VERSION)"'
EXTRA_DIST += src/service/daemon/README
DAEMON_LIBS = src/service/daemon/libdaemon.a $(SCAN_LIBS) $(RPC_LIBS) src/config/libconfig.a \
  $(CORE_LIBS) $(BOOST_PROGRAM_OPTIONS_LIBS)

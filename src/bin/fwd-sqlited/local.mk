sbin_PROGRAMS += src/bin/fwd-sqlited/fwd-sqlited
src_bin_fwd_sqlited_fwd_sqlited_SOURCES = \
  src/bin/fwd-sqlited/door_service.cc src/bin/fwd-sqlited/door_service.h \
  src/bin/fwd-sqlited/main.cc
src_bin_fwd_sqlited_fwd_sqlited_LDADD = $(DAEMON_LIBS) $(DOOR_LIBS) $(RPC_LIBS) $(CONFIG_LIBS)

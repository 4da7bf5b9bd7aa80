check_PROGRAMS += tests/unit/net/check_net
tests_unit_net_check_net_SOURCES = $(UNIT_MAIN) \
  tests/unit/net/dns_test.cc tests/unit/net/scripted_resolver.h \
  tests/unit/net/listener_test.cc \
  tests/unit/net/loop_test.cc \
  tests/unit/net/net_test.cc tests/unit/net/net_test.h \
  tests/unit/net/socket_stream_test.cc \
  tests/unit/net/tls_test.cc \
  tests/unit/net/web_post_test.cc
tests_unit_net_check_net_CPPFLAGS = $(AM_CPPFLAGS) $(CPPUNIT_CFLAGS) $(LIBEVENT_CFLAGS) $(GNUTLS_CFLAGS) \
  $(UNBOUND_CFLAGS)
tests_unit_net_check_net_LDADD = $(NET_LIBS) $(CPPUNIT_LIBS)

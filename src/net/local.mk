noinst_LIBRARIES += src/net/libnet.a
src_net_libnet_a_SOURCES = \
  src/net/certificate_chain.cc src/net/certificate_chain.h \
  src/net/connect.cc src/net/connect.h \
  src/net/dns_records.cc \
  src/net/fd.h \
  src/net/http_client.cc src/net/http_client.h \
  src/net/http_transfer.cc src/net/http_transfer.h \
  src/net/lingering_sockets.cc src/net/lingering_sockets.h \
  src/net/listen_socket.cc src/net/listen_socket.h \
  src/net/listener.cc src/net/listener.h \
  src/net/loop.cc src/net/loop.h src/net/loop_wait.h \
  src/net/machine_id.cc src/net/machine_id.h \
  src/net/own_address.cc src/net/own_address.h \
  src/net/private_address.cc src/net/private_address.h \
  src/net/resolver.h \
  src/net/server_check.cc src/net/server_check.h \
  src/net/service_manager.cc src/net/service_manager.h \
  src/net/socket_address.cc src/net/socket_address.h \
  src/net/socket_stream.cc src/net/socket_stream.h \
  src/net/tls_credentials.cc src/net/tls_credentials.h \
  src/net/tls_session.cc src/net/tls_session.h \
  src/net/unbound_resolver.cc src/net/unbound_resolver.h \
  src/net/workers.cc src/net/workers.h
src_net_libnet_a_CPPFLAGS = $(AM_CPPFLAGS) $(LIBEVENT_CFLAGS) $(GNUTLS_CFLAGS) $(SYSTEMD_CFLAGS) \
  $(UNBOUND_CFLAGS) $(CURL_CFLAGS)
EXTRA_DIST += src/net/README
NET_LIBS = src/net/libnet.a $(CORE_LIBS) $(LIBEVENT_LIBS) $(GNUTLS_LIBS) $(SYSTEMD_LIBS) \
  $(UNBOUND_LIBS) $(CURL_LIBS) -lpthread

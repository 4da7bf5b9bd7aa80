check_PROGRAMS += tests/unit/service/check_inbound
tests_unit_service_check_inbound_SOURCES = $(UNIT_MAIN) $(SMTP_RIG) \
  tests/support/memory_sender_lists.cc tests/support/memory_sender_lists.h \
  tests/unit/mailauth/finish.h tests/unit/net/scripted_resolver.h \
  tests/unit/service/came_back_test.cc tests/unit/service/dns_lists_test.cc \
  tests/unit/service/denials_test.cc tests/unit/service/dns_lists_test.cc \
  tests/unit/service/forwarding_test.cc \
  tests/unit/service/greylist_test.cc tests/unit/service/greylist_flood_test.cc \
  tests/unit/service/inbound_test.cc \
  tests/unit/mailauth/signed_mail.h tests/unit/service/judging_test.cc \
  tests/unit/service/judging_rig.h tests/unit/service/judging_doubt_test.cc \
  tests/unit/service/rates_test.cc \
  tests/unit/service/recipients_test.cc \
  tests/unit/service/sender_check_test.cc \
  tests/unit/service/unsettled_test.cc \
  tests/unit/service/vacation_test.cc
tests_unit_service_check_inbound_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_service_check_inbound_LDADD = src/storage/state/libstate.a $(INBOUND_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/service/check_daemon
tests_unit_service_check_daemon_SOURCES = $(UNIT_MAIN) \
  tests/unit/net/net_test.cc tests/unit/net/net_test.h \
  tests/unit/service/daemon_test.cc
tests_unit_service_check_daemon_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS) \
  $(GNUTLS_CFLAGS)
tests_unit_service_check_daemon_LDADD = $(DAEMON_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/service/check_delivery
tests_unit_service_check_delivery_SOURCES = $(UNIT_MAIN) \
  tests/support/delivery_rig.cc tests/support/delivery_rig.h \
  tests/support/fake_remote.cc tests/support/fake_remote.h \
  tests/support/memory_deliveries.cc tests/support/memory_deliveries.h \
  tests/support/memory_forwarding.cc tests/support/memory_forwarding.h \
  tests/support/memory_queue.cc tests/support/memory_queue.h \
  tests/support/memory_state.cc tests/support/memory_state.h \
  tests/unit/net/scripted_resolver.h \
  tests/unit/service/delivery_test.cc tests/unit/service/forward_delivery_test.cc \
  tests/unit/service/issues_test.cc \
  tests/unit/service/masked_words_test.cc tests/unit/service/webhook_test.cc
tests_unit_service_check_delivery_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_service_check_delivery_LDADD = $(DELIVERY_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/service/check_learning
tests_unit_service_check_learning_SOURCES = $(UNIT_MAIN) $(MEMORY_MAILBOX) \
  tests/support/imap_rig.cc tests/support/imap_rig.h \
  tests/unit/service/learning_test.cc
tests_unit_service_check_learning_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_service_check_learning_LDADD = $(LEARNING_LIBS) $(CPPUNIT_LIBS)

check_PROGRAMS += tests/unit/service/check_operator
tests_unit_service_check_operator_SOURCES = $(UNIT_MAIN) \
  tests/support/memory_journal.cc tests/support/memory_journal.h \
  tests/support/memory_sender_lists.cc tests/support/memory_sender_lists.h \
  tests/unit/rpc/small_sending.cc tests/unit/rpc/small_sending.h \
  tests/unit/rpc/small_stores.cc tests/unit/rpc/small_stores.h \
  tests/unit/service/operator_office.h \
  tests/unit/service/operator_test.cc tests/unit/service/sending_commands_test.cc \
  tests/unit/service/sender_list_commands_test.cc
tests_unit_service_check_operator_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests $(CPPUNIT_CFLAGS)
tests_unit_service_check_operator_LDADD = $(OPERATOR_LIBS) $(CONFIG_LIBS) $(CPPUNIT_LIBS)

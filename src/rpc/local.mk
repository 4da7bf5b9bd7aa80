# The language of the door.  protoc's code is compiled by itself, without our
# warnings, and its headers are found as system headers: they are not ours.
WIRE_PROTOS = \
  src/rpc/wire/common.proto \
  src/rpc/wire/deliveries.proto \
  src/rpc/wire/directory.proto \
  src/rpc/wire/forwarding.proto \
  src/rpc/wire/journal.proto \
  src/rpc/wire/logins.proto \
  src/rpc/wire/mailbox.proto \
  src/rpc/wire/message.proto \
  src/rpc/wire/queue.proto \
  src/rpc/wire/sender_lists.proto \
  src/rpc/wire/state.proto \
  src/rpc/wire/submission.proto
WIRE_GENERATED = \
  generated/wire/common.pb.cc generated/wire/common.pb.h \
  generated/wire/deliveries.pb.cc generated/wire/deliveries.pb.h \
  generated/wire/directory.pb.cc generated/wire/directory.pb.h \
  generated/wire/forwarding.pb.cc generated/wire/forwarding.pb.h \
  generated/wire/journal.pb.cc generated/wire/journal.pb.h \
  generated/wire/logins.pb.cc generated/wire/logins.pb.h \
  generated/wire/mailbox.pb.cc generated/wire/mailbox.pb.h \
  generated/wire/message.pb.cc generated/wire/message.pb.h \
  generated/wire/queue.pb.cc generated/wire/queue.pb.h \
  generated/wire/sender_lists.pb.cc generated/wire/sender_lists.pb.h \
  generated/wire/state.pb.cc generated/wire/state.pb.h \
  generated/wire/submission.pb.cc generated/wire/submission.pb.h
generated/wire.stamp: $(WIRE_PROTOS)
	$(AM_V_GEN)$(MKDIR_P) generated/wire && \
	$(PROTOC) -I$(top_srcdir)/src/rpc --cpp_out=generated \
	  $(WIRE_PROTOS:src/rpc/%=$(top_srcdir)/src/rpc/%) && touch $@
$(WIRE_GENERATED): generated/wire.stamp

noinst_LIBRARIES += src/rpc/libwire.a src/rpc/librpc.a
nodist_src_rpc_libwire_a_SOURCES = $(WIRE_GENERATED)
src_rpc_libwire_a_SOURCES =
src_rpc_libwire_a_CPPFLAGS = $(FWD_CPPFLAGS) -isystem generated $(PROTOBUF_CFLAGS)
src_rpc_libwire_a_CXXFLAGS = $(FWD_CXXFLAGS) -w
$(src_rpc_libwire_a_OBJECTS): generated/wire.stamp

src_rpc_librpc_a_SOURCES = \
  src/rpc/authority.cc src/rpc/authority.h \
  src/rpc/budget.cc src/rpc/budget.h \
  src/rpc/client.cc src/rpc/client.h \
  src/rpc/door.h \
  src/rpc/frame.cc src/rpc/frame.h \
  src/rpc/frame_reader.cc src/rpc/frame_reader.h \
  src/rpc/frame_writer.cc src/rpc/frame_writer.h \
  src/rpc/limits.h \
  src/rpc/load.h \
  src/rpc/link.cc src/rpc/link.h \
  src/rpc/notice_queue.cc src/rpc/notice_queue.h \
  src/rpc/parcel.cc src/rpc/parcel.h \
  src/rpc/remote_deliveries.cc src/rpc/remote_deliveries.h \
  src/rpc/remote_directory.cc src/rpc/remote_directory.h \
  src/rpc/remote_forwarding.cc src/rpc/remote_forwarding.h \
  src/rpc/remote_journal.cc src/rpc/remote_journal.h \
  src/rpc/remote_logins.cc src/rpc/remote_logins.h \
  src/rpc/remote_mailbox.cc src/rpc/remote_mailbox.h \
  src/rpc/remote_queue.cc src/rpc/remote_queue.h \
  src/rpc/remote_sender_lists.cc src/rpc/remote_sender_lists.h \
  src/rpc/remote_state.cc src/rpc/remote_state.h \
  src/rpc/remote_submission.cc src/rpc/remote_submission.h \
  src/rpc/role.cc src/rpc/role.h \
  src/rpc/serve_deliveries.cc \
  src/rpc/serve_directory.cc \
  src/rpc/serve_folders.cc \
  src/rpc/serve_forwarding.cc \
  src/rpc/serve_journal.cc \
  src/rpc/serve_logins.cc \
  src/rpc/serve_messages.cc \
  src/rpc/serve_queue.cc \
  src/rpc/serve_sender_lists.cc \
  src/rpc/serve_state.cc \
  src/rpc/serve_submission.cc \
  src/rpc/server.cc src/rpc/server.h \
  src/rpc/server_connection.cc src/rpc/server_connection.h \
  src/rpc/serving.h \
  src/rpc/verbs.cc src/rpc/verbs.h \
  src/rpc/wire.cc src/rpc/wire.h \
  src/rpc/wire_deliveries.cc src/rpc/wire_deliveries.h \
  src/rpc/wire_forwarding.cc src/rpc/wire_forwarding.h \
  src/rpc/wire_journal.cc src/rpc/wire_journal.h \
  src/rpc/wire_logins.cc src/rpc/wire_logins.h \
  src/rpc/wire_mailbox.cc \
  src/rpc/wire_message.cc \
  src/rpc/wire_outbound.cc src/rpc/wire_outbound.h \
  src/rpc/wire_queue.cc src/rpc/wire_queue.h \
  src/rpc/wire_sender_lists.cc src/rpc/wire_sender_lists.h
src_rpc_librpc_a_CPPFLAGS = $(AM_CPPFLAGS) -isystem generated $(PROTOBUF_CFLAGS)
$(src_rpc_librpc_a_OBJECTS): generated/wire.stamp

EXTRA_DIST += src/rpc/README $(WIRE_PROTOS)
CLEANFILES += $(WIRE_GENERATED) generated/wire.stamp
RPC_LIBS = src/rpc/librpc.a src/rpc/libwire.a $(MODEL_LIBS) $(NET_LIBS) $(PROTOBUF_LIBS)

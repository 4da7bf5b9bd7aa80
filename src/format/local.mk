noinst_LIBRARIES += src/format/libformat.a
src_format_libformat_a_SOURCES = \
  src/format/address.cc src/format/address.h \
  src/format/address_list.cc src/format/address_list.h \
  src/format/alias_pattern.cc src/format/alias_pattern.h \
  src/format/automatic_mail.cc src/format/automatic_mail.h \
  src/format/base_subject.cc src/format/base_subject.h \
  src/format/body_structure.cc src/format/body_structure.h \
  src/format/charset.cc \
  src/format/date.cc src/format/date.h \
  src/format/delivery_report.cc src/format/delivery_report.h \
  src/format/domain_name.cc src/format/domain_name.h \
  src/format/encoded_words.cc src/format/encoded_words.h \
  src/format/envelope.cc src/format/envelope.h \
  src/format/forward_record.cc src/format/forward_record.h \
  src/format/gmime_once.cc src/format/gmime_once.h \
  src/format/header_block.cc src/format/header_block.h \
  src/format/header_lines.cc src/format/header_lines.h \
  src/format/html_text.cc src/format/html_text.h \
  src/format/ip_network.cc src/format/ip_network.h \
  src/format/json.cc src/format/json.h \
  src/format/json_text.cc src/format/json_text.h \
  src/format/mail_date.cc src/format/mail_date.h \
  src/format/message_ids.cc src/format/message_ids.h \
  src/format/message_json.cc src/format/message_json.h \
  src/format/message_packer.cc src/format/message_packer.h \
  src/format/message_parts_json.cc src/format/message_parts_json.h \
  src/format/mutf7.cc src/format/mutf7.h \
  src/format/one_mailbox.cc src/format/one_mailbox.h \
  src/format/outline.cc src/format/outline.h \
  src/format/packed_message.cc src/format/packed_message.h \
  src/format/part_table.cc src/format/part_table.h \
  src/format/part_text.cc src/format/part_text.h \
  src/format/part_walker.cc src/format/part_walker.h \
  src/format/plain_message.cc src/format/plain_message.h \
  src/format/preview.cc src/format/preview.h \
  src/format/quoted_string.cc src/format/quoted_string.h \
  src/format/record_codec.cc src/format/record_codec.h \
  src/format/report_reader.cc \
  src/format/report_words.cc src/format/report_words.h \
  src/format/search_text.cc src/format/search_text.h \
  src/format/structured_field.cc src/format/structured_field.h \
  src/format/text_folding.cc src/format/text_folding.h \
  src/format/transfer_encoding.cc \
  src/format/web_address.cc src/format/web_address.h \
  src/format/wire_string.cc src/format/wire_string.h
src_format_libformat_a_CPPFLAGS = $(AM_CPPFLAGS) $(GMIME_CFLAGS) $(ZSTD_CFLAGS) \
  $(RE2_CFLAGS) $(IDN2_CFLAGS)
EXTRA_DIST += src/format/README
FORMAT_LIBS = src/format/libformat.a $(CORE_LIBS) \
  $(GMIME_LIBS) $(ZSTD_LIBS) $(RE2_LIBS) $(IDN2_LIBS)

// Recipients, trace lines, sharing and the journal of mail that comes in.
#include <cppunit/extensions/HelperMacros.h>

#include <algorithm>

#include "core/ready.h"
#include "service/inbound/header_scan.h"
#include "service/inbound/trace.h"
#include "support/smtp_rig.h"

namespace fwd::test {
namespace {

class InboundTest : public CppUnit::TestFixture {
  CPPUNIT_TEST_SUITE(InboundTest);
  CPPUNIT_TEST(trace_lines_are_exact);
  CPPUNIT_TEST(received_names_the_protocol_spoken);
  CPPUNIT_TEST(received_names_an_ipv6_peer);
  CPPUNIT_TEST(a_header_is_scanned_to_its_end_and_no_further);
  CPPUNIT_TEST(old_return_paths_go_and_an_original_to_stays);
  CPPUNIT_TEST(several_recipients_do_not_learn_of_each_other);
  CPPUNIT_TEST(mailboxes_of_one_recipient_share_what_was_packed);
  CPPUNIT_TEST(one_mailbox_named_twice_gets_one_copy);
  CPPUNIT_TEST(a_large_message_is_not_held_packed_for_all_at_once);
  CPPUNIT_TEST(the_journal_tells_each_fate);
  CPPUNIT_TEST(a_dead_journal_does_not_stop_mail);
  CPPUNIT_TEST(a_failed_store_delivers_to_nobody);
  CPPUNIT_TEST(only_what_has_no_sender_comes_to_a_return_path);
  CPPUNIT_TEST(packing_here_and_now_gives_the_octets_back);
  CPPUNIT_TEST_SUITE_END();

  SmtpRig rig_;

  // Sends one message; gives the last reply.
  std::string send(const std::vector<std::string>& recipients, const std::string& content) {
    rig_.connect();
    rig_.reply();
    rig_.ask("EHLO peer.example");
    rig_.ask("MAIL FROM:<a@peer.example>");
    for (const auto& recipient : recipients) rig_.ask("RCPT TO:<" + recipient + ">");
    rig_.ask("DATA");
    rig_.send(content);
    return rig_.ask(".");
  }
  std::vector<std::string> events() const {
    std::vector<std::string> out;
    for (const auto& entry : rig_.journal.entries) out.push_back(entry.event);
    return out;
  }

 public:
  void trace_lines_are_exact() {  // RFC 5321 §4.4
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 Accepted as ID2"),
                         send({"Hello+tag@example.test"}, "Subject: x\r\n\r\nbody\r\n"));
    CPPUNIT_ASSERT_EQUAL(std::string("Return-Path: <a@peer.example>\r\n"
                                     "X-Original-To: Hello+tag@example.test\r\n"
                                     "Received: from peer.example ([192.0.2.1])\r\n"
                                     "\tby mx.example.test with ESMTP\r\n"
                                     "\tid ID2\r\n"
                                     "\tfor <Hello+tag@example.test>;\r\n"
                                     "\tThu, 1 Jan 2026 00:00:00 +0000\r\n"
                                     "Subject: x\r\n\r\nbody\r\n"),
                         rig_.deliveries.messages("hello@example.test").at(0));
    const auto& delivery = rig_.deliveries.deliveries().at(0);
    CPPUNIT_ASSERT_EQUAL(std::string("ID2"), delivery.message_id);
    CPPUNIT_ASSERT_EQUAL(std::string("192.0.2.1"), delivery.peer_ip);
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), delivery.envelope_from);
  }

  void received_names_the_protocol_spoken() {  // RFC 3848 §2, RFC 6531 §4.3
    TlsState tls;
    smtp::Peer peer;
    peer.tls = &tls;
    smtp::Mail mail;
    CPPUNIT_ASSERT(service::protocol_word(peer, mail) == "SMTP");
    peer.extended = true;
    CPPUNIT_ASSERT(service::protocol_word(peer, mail) == "ESMTP");
    mail.smtp_utf8 = true;
    CPPUNIT_ASSERT(service::protocol_word(peer, mail) == "UTF8SMTP");
    tls.active = true;
    CPPUNIT_ASSERT(service::protocol_word(peer, mail) == "UTF8SMTPS");
    mail.smtp_utf8 = false;
    CPPUNIT_ASSERT(service::protocol_word(peer, mail) == "ESMTPS");
  }

  void received_names_an_ipv6_peer() {  // RFC 5321 §4.1.3
    const TlsState tls;
    smtp::Peer peer;
    peer.tls = &tls;
    peer.helo = "h";
    peer.address.ip = "2001:db8::1";
    const auto line = service::received_line(peer, {}, "", rig_.clock.wall());
    CPPUNIT_ASSERT(line.find("from h ([IPv6:2001:db8::1])\r\n") != std::string::npos);
    CPPUNIT_ASSERT(line.find("\tfor ") == std::string::npos);
  }

  void a_header_is_scanned_to_its_end_and_no_further() {  // RFC 5322 §2.2
    auto found = service::scan_header(
        "Received: a\r\n\tReceived: folded\r\nRECEIVED : b\r\nx-original-to: c\r\n\r\nReceived: "
        "d\r\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.received);
    CPPUNIT_ASSERT(found.has_original_to);
    found = service::scan_header("Received: a\r\nnot a field\r\n of two lines\r\nReceived: b");
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, found.received);
    found = service::scan_header(" Received: a\r\nReceived: b\r\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.received);
    CPPUNIT_ASSERT(!found.is_too_large);
    std::string endless = "Received: a\r\n";
    while (endless.size() < 2 << 20) endless += "a: b\r\n";
    found = service::scan_header(endless + "Received: c\r\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, found.received);
    CPPUNIT_ASSERT(found.is_too_large);
    CPPUNIT_ASSERT(!service::scan_header("\r\n" + endless).is_too_large);
    CPPUNIT_ASSERT(!service::scan_header("A: b\r\n\r\nbare\n\r\n\r\n").is_torn);
    CPPUNIT_ASSERT(!service::scan_header("\r\nbare\n").is_torn);
    CPPUNIT_ASSERT(service::scan_header("A: b\nFrom: c\n\nbody\r\n\r\n").is_torn);
    CPPUNIT_ASSERT(service::scan_header("A: b\rC: d\r\n").is_torn);
    CPPUNIT_ASSERT(service::scan_header(std::string("A: \0\r\n", 6)).is_torn);
    found = service::scan_header("");
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, found.received);
    found = service::scan_header("Return-Path: <x>");
    CPPUNIT_ASSERT_EQUAL(std::size_t{16}, found.not_stored.at(0).second);
  }

  void old_return_paths_go_and_an_original_to_stays() {  // RFC 5321 §4.4
    send({"hello@example.test"},
         "Return-Path: <liar@x>\r\nA: 1\r\nreturn-path:\r\n <liar@y>\r\nX-Original-To: z\r\n\r\n"
         "Return-Path: text\r\n");
    const auto& got = rig_.deliveries.messages("hello@example.test").at(0);
    CPPUNIT_ASSERT(got.starts_with("Return-Path: <a@peer.example>\r\nReceived:"));
    CPPUNIT_ASSERT(got.ends_with("+0000\r\nA: 1\r\nX-Original-To: z\r\n\r\nReturn-Path: text\r\n"));
  }

  void several_recipients_do_not_learn_of_each_other() {  // RFC 5321 §7.2
    send({"hello@example.test", "other@example.test"}, "A: 1\r\n");
    const auto& one = rig_.deliveries.messages("hello@example.test").at(0);
    const auto& two = rig_.deliveries.messages("other@example.test").at(0);
    CPPUNIT_ASSERT(one.find("other@") == std::string::npos);
    CPPUNIT_ASSERT(two.find("hello@") == std::string::npos);
    CPPUNIT_ASSERT(two.find("X-Original-To: other@example.test\r\n") != std::string::npos);
    CPPUNIT_ASSERT(one.find("\tfor ") == std::string::npos);
    CPPUNIT_ASSERT_EQUAL(2, rig_.packer.packed);
  }

  void mailboxes_of_one_recipient_share_what_was_packed() {
    MemoryDeliveries::Alias team;
    team.mailboxes = {"hello@example.test", "other@example.test"};
    rig_.deliveries.add("team@example.test", team);
    send({"team@example.test"}, "A: 1\r\n");
    CPPUNIT_ASSERT_EQUAL(1, rig_.packer.packed);
    CPPUNIT_ASSERT(rig_.deliveries.messages("hello@example.test") ==
                   rig_.deliveries.messages("other@example.test"));
  }

  void one_mailbox_named_twice_gets_one_copy() {
    send({"hello@example.test", "HELLO+x@example.test"}, "A: 1\r\n");
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, rig_.deliveries.messages("hello@example.test").size());
  }

  void a_large_message_is_not_held_packed_for_all_at_once() {
    MemoryDeliveries::Alias team;
    team.mailboxes = {"other@example.test", "postmaster@example.test"};
    rig_.deliveries.add("team@example.test", team);
    rig_.pipe.capacity = 32 << 20;
    std::string content = "Subject: x\r\n\r\n";
    while (content.size() < 9 << 20) content += std::string(76, 'x') + "\r\n";
    CPPUNIT_ASSERT_EQUAL(std::string("250 2.0.0 Accepted as ID2"),
                         send({"hello@example.test", "team@example.test"}, content));
    CPPUNIT_ASSERT_EQUAL(std::size_t{2}, rig_.deliveries.deliveries().size());
    CPPUNIT_ASSERT_EQUAL(2, rig_.packer.packed);
    for (const char* name : {"hello", "other", "postmaster"}) {
      const auto& got = rig_.deliveries.messages(name + std::string("@example.test"));
      CPPUNIT_ASSERT_EQUAL(std::size_t{1}, got.size());
      CPPUNIT_ASSERT(got[0].ends_with("\r\n" + content));
    }
  }

  void the_journal_tells_each_fate() {
    MemoryDeliveries::Alias ignored;
    ignored.kind = model::RecipientKind::kIgnored;
    rig_.deliveries.add("ignored@example.test", ignored);
    MemoryDeliveries::Alias full;
    full.kind = model::RecipientKind::kFull;
    rig_.deliveries.add("full@example.test", full);
    send({"nobody@example.test", "x@foreign.example", "full@example.test", "hello@example.test",
          "ignored@example.test"},
         "Subject: secret\r\n\r\nsecret\r\n");
    // Attempts on foreign domains belong to nobody's journal.
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.refused", "mx.deferred",
                                                         "mx.delivered", "mx.ignored"}));
    const auto& refused = rig_.journal.entries[0];
    CPPUNIT_ASSERT_EQUAL(std::string("id-example.test"), refused.domain_id);
    CPPUNIT_ASSERT_EQUAL(std::string("550"), refused.fields.at("code"));
    CPPUNIT_ASSERT_EQUAL(std::string("nobody@example.test"), refused.fields.at("to"));
    const auto& delivered = rig_.journal.entries[2];
    CPPUNIT_ASSERT_EQUAL(std::string("hello@example.test"), delivered.alias_id);
    CPPUNIT_ASSERT_EQUAL(std::string("a@peer.example"), delivered.fields.at("from"));
    for (const auto& line : rig_.log.lines())
      CPPUNIT_ASSERT(line.find("secret") == std::string::npos);
  }

  void only_what_has_no_sender_comes_to_a_return_path() {  // RFC 5321 §4.5.5
    MemoryDeliveries::Alias path;
    path.mailboxes = {"hello@example.test"};
    path.is_return_path = true;
    rig_.deliveries.add("srs0=good@fe-bounces.example.test", path);
    MemoryDeliveries::Alias forged;
    forged.kind = model::RecipientKind::kBadReturnPath;
    rig_.deliveries.add("srs0=bad@fe-bounces.example.test", forged);
    rig_.connect();
    rig_.reply();
    rig_.ask("EHLO peer.example");
    rig_.ask("MAIL FROM:<a@peer.example>");
    CPPUNIT_ASSERT(
        rig_.ask("RCPT TO:<SRS0=good@fe-bounces.example.test>").starts_with("550 5.7.1 "));
    rig_.ask("RSET");
    rig_.ask("MAIL FROM:<>");
    CPPUNIT_ASSERT(
        rig_.ask("RCPT TO:<SRS0=bad@fe-bounces.example.test>").starts_with("550 5.7.1 "));
    CPPUNIT_ASSERT(rig_.ask("RCPT TO:<SRS0=good@fe-bounces.example.test>").starts_with("250 "));
    CPPUNIT_ASSERT(rig_.ask("DATA").starts_with("354 "));
    rig_.send(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\n\r\nwords\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\n"
        "Reporting-MTA: dns; far.test\r\n\r\n"
        "Final-Recipient: rfc822; ok@far.test\r\nAction: delivered\r\nStatus: 2.0.0\r\n\r\n"
        "Final-Recipient: rfc822; x@far.test\r\nAction: failed\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 gone\r\n\r\n"
        "--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <m@example.test>\r\n\r\n"
        "--b--\r\n.\r\n");
    CPPUNIT_ASSERT(rig_.reply().value_or("").starts_with("250 "));
    const auto& returned = rig_.deliveries.deliveries().at(0).returned;
    CPPUNIT_ASSERT(returned && returned->message_id == "<m@example.test>");
    CPPUNIT_ASSERT_EQUAL(std::string("SRS0=good@fe-bounces.example.test"), returned->return_path);
    CPPUNIT_ASSERT_EQUAL(std::size_t{1}, returned->failed.size());
    CPPUNIT_ASSERT(returned->failed[0].address == "x@far.test");
    CPPUNIT_ASSERT(returned->failed[0].response == "550 5.1.1 gone");
  }

  void packing_here_and_now_gives_the_octets_back() {
    format::InlinePacker packer;
    const std::string message = "Subject: x\r\n\r\nbody\r\n";
    auto packing = packer.pack(message);
    CPPUNIT_ASSERT(packing.start(std::noop_coroutine()));
    const auto packed = packing.take();
    CPPUNIT_ASSERT(packed.ok());
    CPPUNIT_ASSERT_EQUAL(std::uint64_t{message.size()}, packed.value().size);
    const auto octets = format::unpack_chunk(packed.value().chunks.at(0));
    CPPUNIT_ASSERT(octets.ok());
    CPPUNIT_ASSERT_EQUAL(message, octets.value());
  }

  void a_dead_journal_does_not_stop_mail() {
    rig_.journal.down = true;
    const auto reply = send({"hello@example.test"}, "A: 1\r\n");
    CPPUNIT_ASSERT_EQUAL(std::string("250"), reply.substr(0, 3));
    const auto& lines = rig_.log.lines();
    CPPUNIT_ASSERT(std::any_of(lines.begin(), lines.end(), [](const auto& line) {
      return line.find("mx.journal.failed") == 0;
    }));
  }

  void a_failed_store_delivers_to_nobody() {
    MemoryDeliveries::Alias small;
    small.room = 200;
    rig_.deliveries.add("small@example.test", small);
    const auto reply =
        send({"hello@example.test", "small@example.test"}, std::string(150, 'x') + "\r\n");
    CPPUNIT_ASSERT_EQUAL(std::string("452 4.2.2"), reply.substr(0, 9));
    CPPUNIT_ASSERT_EQUAL(std::size_t{0}, rig_.deliveries.messages("hello@example.test").size());
    CPPUNIT_ASSERT((events() == std::vector<std::string>{"mx.deferred", "mx.deferred"}));
  }
};

CPPUNIT_TEST_SUITE_REGISTRATION(InboundTest);

}  // namespace
}  // namespace fwd::test

// Builds the odd messages.
#include "odd_messages.h"

namespace fwd::format {
namespace {

const std::string kHead = "From: a@b.example\r\nSubject: odd\r\n";

std::string mixed(const std::string& boundary, const std::string& body) {
  return kHead + "Content-Type: multipart/mixed; boundary=\"" + boundary + "\"\r\n\r\n" + body;
}

std::string to_bare_lf(std::string text) {
  std::erase(text, '\r');
  return text;
}

}  // namespace

std::string nested_multiparts(std::size_t depth, bool same_prefix) {
  std::string out = kHead;
  for (std::size_t i = 0; i < depth; ++i) {
    const std::string b = same_prefix ? std::string(i + 1, 'x') : "b" + std::to_string(i);
    out += "Content-Type: multipart/mixed; boundary=" + b + "\r\n\r\n--" + b + "\r\n";
  }
  return out + "\r\nbottom\r\n";
}

std::string nested_messages(std::size_t depth) {
  std::string out;
  for (std::size_t i = 0; i < depth; ++i)
    out += "Subject: " + std::to_string(i) + "\r\nContent-Type: message/rfc822\r\n\r\n";
  return out + "Subject: last\r\n\r\nbottom\r\n";
}

std::string many_parts(std::size_t count) {
  std::string body;
  for (std::size_t i = 0; i < count; ++i) body += "--b\r\n\r\npart " + std::to_string(i) + "\r\n";
  return mixed("b", body + "--b--\r\n");
}

std::string with_attachment(std::size_t octets) {
  std::string body =
      "--b1\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nSee the attachment.\r\n"
      "--b1\r\nContent-Type: application/pdf; name=\"a.pdf\"\r\n"
      "Content-Disposition: attachment; filename=\"a.pdf\"\r\n"
      "Content-Transfer-Encoding: base64\r\n\r\n";
  std::uint32_t state = 1;
  while (body.size() < octets) {
    for (int i = 0; i < 76; ++i) {
      state = state * 1664525 + 1013904223;
      body += "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"[state >> 26];
    }
    body += "\r\n";
  }
  return mixed("b1", body + "--b1--\r\n");
}

std::string plain_message(std::size_t octets) {
  std::string out =
      "Return-Path: <alice@sender.example>\r\n"
      "Received: from mail.sender.example (mail.sender.example [192.0.2.7])\r\n"
      "\tby mx.example.test with ESMTPS id 7Q4M; Sat, 21 Nov 2026 03:12:05 +0000\r\n"
      "DKIM-Signature: v=1; a=rsa-sha256; d=sender.example; s=s1; c=relaxed/relaxed;\r\n"
      " bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; h=from:to:subject:date;\r\n"
      " b=dzdVyOfAKCdLXdJOc9G2q8LoXSlEniSbav+yuU4zGeeruD00lszZVoG4ZHRNiYzR\r\n"
      "From: =?utf-8?Q?Alice_M=C3=BCller?= <alice@sender.example>\r\n"
      "To: Bob <hello@example.test>\r\n"
      "Subject: Re: [list] The minutes of our meeting\r\n"
      "Date: Sat, 21 Nov 2026 04:12:00 +0100\r\n"
      "Message-ID: <20261121041200.7@sender.example>\r\n"
      "In-Reply-To: <20261120.1@example.test>\r\n"
      "References: <20261119.9@example.test> <20261120.1@example.test>\r\n"
      "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n";
  for (int i = 0; out.size() < octets; ++i)
    out += "Item " + std::to_string(i) + ": we have talked about the budget and the garden.\r\n";
  return out;
}

std::vector<std::string> odd_messages() {
  const std::string part = "--b\r\nContent-Type: text/html\r\n\r\n<p>hi</p>\r\n";
  const std::string good =
      mixed("b", "preamble\r\n" + part + "--b\r\n\r\nsecond\r\n--b--\r\nepi\r\n");
  std::vector<std::string> all = {
      "",
      "\r\n",
      "\n",
      "x",
      "no header at all\r\nreally\r\n",
      "\r\nonly a body\r\n",
      "\r\n\r",
      kHead,
      kHead + "\r\n",
      good,
      to_bare_lf(good),
      mixed("b", ""),
      mixed("b", "no delimiter at all\r\n"),
      mixed("b", "--b--\r\n"),
      mixed("b", "--b"),
      mixed("b", "--b\r\n"),
      mixed("b", "--b\r\n--b\r\n--b--"),
      mixed("b", part),
      mixed("b", part + "--b\r\nSubject: header only\r\n--b--\r\n"),
      mixed("", part),
      mixed("a",
            "--a\r\nContent-Type: multipart/mixed; boundary=ab\r\n\r\n--ab\r\n\r\n1\r\n--a\r\n\r\n2"
            "\r\n--ab--\r\n--a--\r\n"),
      mixed("a", "--a\r\nContent-Type: multipart/mixed; boundary=i\r\n\r\n--i\r\n--a--\r\n"),
      mixed("a", "--a\r\nContent-Type: message/rfc822\r\n\r\n--a--\r\n"),
      mixed("a", "--a\r\nContent-Type: message/rfc822\r\n--a--\r\n"),
      mixed("a", "--a\r\nContent-Type: multipart/mixed; boundary=q\r\n--a--\r\n"),
      mixed("a",
            "--a\r\nContent-Type: message/rfc822\r\nContent-Transfer-Encoding: base64\r\n\r\n"
            "U3ViamVjdDogeAoK\r\n--a--\r\n"),
      kHead +
          "Content-Type: multipart/digest; boundary=d\r\n\r\n--d\r\n\r\nSubject: "
          "in\r\n\r\nx\r\n--d--",
      kHead + "Content-Type: message/rfc822\r\n\r\nSubject: enclosed\r\n\r\ntext\r\n",
      kHead + "Content-Type: text/plain\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" +
          part,
      kHead + "Content-Type: ;;;\r\n\r\nx",
      kHead + "Content-Type: text\r\n\r\nx",
      kHead + "Content-Type: text/plain; charset=\"\r\n\r\nx",
      kHead + "Content-Type: text/plain; charset=klingon\r\n\r\n\xff\xfe",
      kHead + "Content-Type: text/plain; charset=utf-16\r\n\r\na\0b",
      "Subject: \xe4\xf6\xfc 8-bit\r\nFrom: J\xc3\xbcrgen <j@x>\r\n\r\n\xe4",
      "Subject: =?utf-8?B?unterminated\r\n =?utf-8?Q?=C3=BC?= =?x?y?z?=\r\n\r\n",
      "To: a,b,,@,<,>,\"\r\nCc: :;:;\r\nFrom: (((\r\nSender: <@@@>\r\n\r\n",
      std::string("Subject: a\0b\r\nX: \0\r\n\r\nbody\0\r\n", 29),
      "Subject: folded\r\n\tonce\r\n  twice\r\n \r\n\r\nx",
      " begins folded\r\nSubject: x\r\n\r\n",
      "Subject : space before colon\r\n:\r\n: x\r\nno colon\r\n\r\n",
      "Subject: " + std::string(1024 * 1024, 'x') + "\r\nFrom: a@b\r\n\r\nbody",
      "Subject:" + std::string(300 * 1024, '\t') + "\r\n\r\nbody",
      nested_multiparts(1000, false),
      nested_multiparts(1000, true),
      nested_messages(1000),
      many_parts(10000),
      with_attachment(300 * 1024),
      plain_message(4096),
  };
  return all;
}

}  // namespace fwd::format

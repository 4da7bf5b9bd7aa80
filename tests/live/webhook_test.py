"""Mail forwarded to a webhook, over a whole private stack and a real receiver
that checks the signature as its author would."""

import hashlib
import hmac
import http.server
import json
import smtplib
import threading
import time

from delivery_test import bree_conf, inbox, wait_log
from stack import Stack, main



class Receiver(http.server.ThreadingHTTPServer):
    """Answers with the codes it is given, 200 when none is left; keeps what came."""

    def __init__(self, codes=()):
        self.codes = list(codes)
        self.posts = []
        super().__init__(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, rest="/hook"):
        return f"http://127.0.0.1:{self.server_port}{rest}"

    def wait(self, count, seconds=30):
        deadline = time.monotonic() + seconds
        while len(self.posts) < count:
            assert time.monotonic() < deadline, f"{len(self.posts)} of {count} posts"
            time.sleep(0.05)
        return self.posts[count - 1]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, dict(self.headers.items()), body))
        code = self.server.codes.pop(0) if self.server.codes else 200
        self.send_response(code)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def make_hook(stack, address, *urls):
    domain = address.split("@")[1]
    if stack.run_command("domain", "show", domain, check=False).returncode != 0:
        stack.run_command("domain", "add", domain)
    stack.run_command("alias", "add", address, "recipients=" + ",".join(urls))


def send(stack, to, number=1):
    picture = "AAECAw=="
    text = (f"From: A <a@peer.test>\r\nTo: {to}\r\nSubject: number {number}\r\nMessage-ID: <{number}@peer.test>\r\n"
            "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nHello\r\n--b\r\nContent-Type: image/png; name=p.png\r\n"
            f"Content-Transfer-Encoding: base64\r\n\r\n{picture}\r\n--b--\r\n")
    with smtplib.SMTP("127.0.0.1", stack.smtp_port, "peer.test", timeout=60) as client:
        return client.sendmail("a@peer.test", [to], text)


def refusal(stack, to, number=1):
    """How the content is answered, which must not be taken."""
    try:
        send(stack, to, number)
    except smtplib.SMTPDataError as refused:
        return refused
    raise AssertionError("it was taken")


def test_a_message_is_posted_and_its_signature_is_the_domains(build):
    receiver = Receiver()
    with Stack(build, bree_conf()) as stack:
        make_hook(stack, "hook@example.test", receiver.url("/secret?attachments=true"))
        stack.start_daemon("smtp-bree")
        send(stack, "hook@example.test")
        path, headers, body = receiver.wait(1)
        key = stack.command_json("domain", "webhook", "example.test")["key"]
        assert headers["X-Webhook-Signature"] == hmac.new(key.encode(), body, hashlib.sha256).hexdigest(), headers
        assert headers["Content-Type"] == "application/json" and headers["User-Agent"].startswith("forwardemail"), headers
        assert path == "/secret?attachments=true", path
        payload = json.loads(body)
        assert payload["subject"] == "number 1" and payload["from"]["value"][0]["address"] == "a@peer.test", payload
        assert payload["recipients"] == ["hook@example.test"], payload["recipients"]
        assert payload["session"]["sender"] == "a@peer.test" and payload["session"]["remoteAddress"] == "127.0.0.1"
        attached = payload["attachments"][0]
        assert bytes(attached["content"]["data"]) == b"\0\1\2\3" and attached["filename"] == "p.png", attached
        assert attached["checksum"] == hashlib.sha256(b"\0\1\2\3").hexdigest()
        assert "X-Original-To: hook@example.test\r\n" in payload["raw"] and "Return-Path" not in payload["raw"], payload["raw"]
        # The same message again is no other one.
        send(stack, "hook@example.test")
        send(stack, "hook@example.test", 2)
        assert json.loads(receiver.wait(2)[2])["subject"] == "number 2"
        assert len(receiver.posts) == 2
        for daemon in ("mxd", "smtp-bree"):
            assert "secret" not in stack.log_text(daemon), stack.log_tail(daemon)


def test_a_refusal_is_told_while_the_sender_waits_and_trouble_is_tried_again(build):
    receiver = Receiver([404, 503])
    with Stack(build, bree_conf()) as stack:
        make_hook(stack, "hook@example.test", receiver.url())
        stack.start_daemon("smtp-bree")
        refused = refusal(stack, "hook@example.test")
        assert refused.smtp_code == 550 and b"hook@example.test" in refused.smtp_error, refused
        assert b"127.0.0.1" not in refused.smtp_error, refused
        # 503, and nobody vouches for the sender, who could be told of nothing later: he comes again.
        later = refusal(stack, "hook@example.test", 2)
        assert later.smtp_code == 451, later
        send(stack, "hook@example.test", 2)
        assert json.loads(receiver.wait(3, 60)[2])["subject"] == "number 2"
        wait_log(stack, "smtp.delivery.sent")


def test_a_webhook_inside_is_not_asked(build):
    receiver = Receiver()
    conf = bree_conf({"delivery.allow-private": "no"})
    with Stack(build, conf) as stack:
        make_hook(stack, "hook@example.test", receiver.url())
        stack.start_daemon("smtp-bree")
        refused = refusal(stack, "hook@example.test")
        assert refused.smtp_code == 550 and b"5.7.1" in refused.smtp_error, refused
        assert not receiver.posts


def test_a_mailbox_beside_a_webhook_gets_it_once(build):
    receiver = Receiver([410])
    with Stack(build, bree_conf()) as stack:
        password = stack.make_alias("hello@example.test")
        stack.run_command("alias", "set", "hello@example.test", "recipients=" + receiver.url())
        stack.start_daemon("smtp-bree")
        for _ in range(3):
            send(stack, "hello@example.test")
        # The message once, and once the word of what the webhook would not take.
        got = inbox(stack, "hello@example.test", password, 2)
        assert sum("Subject: number 1" in one for one in got) == 1, got
        told = [one for one in got if "Auto-Submitted: auto-generated" in one]
        assert len(told) == 1 and "410" in told[0] and receiver.url() not in told[0], told


if __name__ == "__main__":
    main(globals())

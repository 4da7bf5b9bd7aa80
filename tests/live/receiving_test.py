"""What port 25 makes of mail from others: who may send, where it goes, what it is
worth.  One host of ours, senders with names and keys of their own, a real DNS
server, and a Postfix that believes nobody whom OpenDKIM and OpenDMARC do not."""

import base64
import contextlib
import hashlib
import hmac
import http.server
import json
import os
import re
import signal
import smtplib
import subprocess
import threading
import time

from stack import main
from world import Authority, Host, Names, Peer, Postfix, Wire, four, made_once, parse, temporary_home, wait_for

ALPHA, NAMES, POSTFIX, HOOK = 1, 53, 3, 4
NEWS, STRANGER, SLOW, ORIGIN, GREY, REFUSING, LIST = 20, 21, 22, 23, 24, 25, 26

# Domains of senders: their SPF, their DMARC; each has NEWS for its host.
SENDERS = {
    "news.plain.test": (f"v=spf1 ip4:{four(NEWS)} -all", "v=DMARC1; p=reject; rua=mailto:reports@news.plain.test"),
    "soft.plain.test": (f"v=spf1 ip4:{four(NEWS)} -all", "v=DMARC1; p=quarantine"),
    "lax.plain.test": (f"v=spf1 ip4:{four(NEWS)} ~all", "v=DMARC1; p=none"),
    "spf.plain.test": (f"v=spf1 ip4:{four(NEWS)} -all", None),
    "origin.plain.test": (f"v=spf1 ip4:{four(ORIGIN)} -all", None),
    "list.safe.test": (f"v=spf1 ip4:{four(LIST)} -all", None),
}
SELECTOR = "key1"

# dkimpy, of Debian's Python, as an independent signer.
SIGNER = """
import sys, dkim
with open(sys.argv[3], "rb") as key:
    sys.stdout.buffer.write(dkim.sign(sys.stdin.buffer.read(), sys.argv[1].encode(), sys.argv[2].encode(), key.read(),
                                      include_headers=[b"from", b"to", b"subject", b"message-id", b"date"]))
"""

# The same as an intermediary that checks, changes the subject, and seals.
SEALER = """
import sys, dkim
with open(sys.argv[3], "rb") as key:
    octets = key.read()
text = sys.stdin.buffer.read()
sealed = dkim.arc_sign(text, sys.argv[1].encode(), sys.argv[2].encode(), octets, b"mx." + sys.argv[2].encode(),
                       include_headers=[b"from", b"to", b"subject", b"message-id", b"date"])
sys.stdout.buffer.write(b"".join(sealed) + text)
"""


class Hook(http.server.ThreadingHTTPServer):
    """A webhook's receiver; `taken` holds (path, headers, body)."""

    daemon_threads = True

    def __init__(self, namespace):
        self.taken = []
        self.statuses = []  # for the next posts; then 200
        with namespace:
            super().__init__((four(HOOK), 80), HookPage)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def note(self, body):
        """For those who count."""

    def stop(self):
        self.shutdown()
        self.server_close()


class HookPage(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.note(body)
        self.server.taken.append((self.path, self.headers, body))
        self.send_response(self.server.statuses.pop(0) if self.server.statuses else 200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


class World:
    def __init__(self, build, ends, more=None):
        self.home = ends.enter_context(temporary_home())
        wire = Wire()
        self.authority = Authority(self.home)
        spaces = {number: wire.plug(number) for number in (ALPHA, NAMES, POSTFIX, HOOK)}
        self.outside = wire.plug(NEWS, STRANGER, SLOW, ORIGIN, GREY, REFUSING, LIST)
        self.names = Names(self.home, spaces[NAMES], NAMES)
        ends.callback(self.names.stop)
        self.make_keys()
        conf = {"dns.forwarders": four(NAMES), "dns.anchor-file": self.names.anchor, "dns.limit": "3s",
                "delivery.trust": self.authority.file, "delivery.first-retry": "10s", "delivery.connect-limit": "5s",
                "smtp.forward-wait": "10s", "smtp.greylist-passes": 0} | (more or {})
        self.alpha = Host(build, spaces[ALPHA], "alpha.safe.test", conf)
        ends.callback(self.alpha.remove)
        self.alpha.use_clock_file()
        self.alpha.start()
        self.alpha.make_alias("hello@alpha.safe.test")
        self.fill_names()
        cert, key = self.authority.sign("post", "mx.post.safe.test")
        self.postfix = Postfix(self.home, spaces[POSTFIX], self.names, ["post.safe.test"], cert, key, checks=True)
        ends.callback(self.postfix.stop)
        self.names.start()
        self.postfix.start()
        self.alpha.start_mail()
        self.hook = Hook(spaces[HOOK])
        ends.callback(self.hook.stop)
        self.origin = Peer(self.outside, ORIGIN, lambda _: None)
        ends.callback(self.origin.stop)
        self.refusing = Peer(self.outside, REFUSING, lambda to: f"550 5.2.1 <{to}> is closed, says mx.refusing.plain.test")
        ends.callback(self.refusing.stop)
        self.pass_greylist()

    def make_keys(self):
        self.authority.openssl("genrsa", "-out", "dkim.key", "2048")
        self.key_file = os.path.join(self.authority.home, "dkim.key")
        der = self.authority.openssl("rsa", "-in", "dkim.key", "-pubout", "-outform", "DER")
        self.dkim_record = "v=DKIM1; k=rsa; p=" + base64.b64encode(der).decode()

    def fill_names(self):
        names = self.names
        names.host(self.alpha.mx, ALPHA)
        names.include(self.alpha.run_command("domain", "dns", self.alpha.domain).stdout)
        names.add("post.safe.test", "MX", "10 mx.post.safe.test.")
        names.host("mx.post.safe.test", POSTFIX)
        for domain, (spf, dmarc) in SENDERS.items():
            names.add(domain, "TXT", f'"{spf}"')
            names.add(domain, "MX", f"10 mx.{domain}.")
            names.add("mx." + domain, "A", four(ORIGIN if domain.startswith("origin") else NEWS))
            half = len(self.dkim_record) // 2
            names.add(f"{SELECTOR}._domainkey.{domain}", "TXT",
                      f'"{self.dkim_record[:half]}" "{self.dkim_record[half:]}"')
            if dmarc:
                names.add("_dmarc." + domain, "TXT", f'"{dmarc}"')
        names.add("refusing.plain.test", "MX", "10 mx.refusing.plain.test.")
        names.add("mx.refusing.plain.test", "A", four(REFUSING))
        names.add("hook.plain.test", "A", four(HOOK))
        names.add("inside.plain.test", "A", "127.0.0.1")

    def pass_greylist(self):
        """Lets every sender of the tests but the one of the greylist's have been here before."""
        for number in (NEWS, ORIGIN):
            for domain in SENDERS:
                self.try_recipient(number, "one@" + domain, "hello@alpha.safe.test")
        self.try_recipient(STRANGER, "one@news.plain.test", "hello@alpha.safe.test")
        self.try_recipient(LIST, "one@list.safe.test", "hello@alpha.safe.test")
        for number in (NEWS, ORIGIN, STRANGER, POSTFIX):
            self.try_recipient(number, "", "hello@alpha.safe.test")
        self.alpha.turn_clock("+6m")

    def talk(self, number):
        with (self.outside if number != POSTFIX else self.postfix.namespace):
            return smtplib.SMTP(four(ALPHA), 25, local_hostname="mx.news.plain.test", timeout=60,
                                source_address=(four(number), 0))

    def try_recipient(self, number, sender, to):
        with self.talk(number) as client:
            client.ehlo()
            assert client.mail(sender)[0] == 250
            return client.rcpt(to)

    def send(self, number, sender, to, subject, author=None, sign=None, header="", body="body\r\n", size=0):
        """Gives the last answer and the Message-ID."""
        author = author or sender
        message_id = f"<{time.monotonic_ns()}@{author.split('@')[1]}>"
        text = (f"From: {author}\r\nTo: {', '.join(to)}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
                f"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n{header}\r\n{body}").encode()
        if sign:
            text = subprocess.run(["/usr/bin/python3", "-c", SIGNER, SELECTOR, sign, self.key_file], input=text,
                                  capture_output=True, check=True).stdout + text
        with self.talk(number) as client:
            client.ehlo()
            assert client.mail(sender)[0] == 250
            for one in to:
                answer = client.rcpt(one)
                if answer[0] != 250:
                    return answer, message_id
            return client.data(text), message_id

    def forward(self, change=None, saw="dmarc=pass header.from=news.plain.test", by="list.safe.test"):
        """Mail of NEWS by way of a list, which breaks what it was proven by, says what it saw, and seals it."""
        message_id = f"<{time.monotonic_ns()}@news.plain.test>"
        text = (f"Authentication-Results: mx.{by}; {saw}\r\n"
                "From: one@news.plain.test\r\nTo: list@list.safe.test\r\nSubject: [list] hello\r\n"
                f"Message-ID: {message_id}\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n\r\nbody\r\n").encode()
        sealed = subprocess.run(["/usr/bin/python3", "-c", SEALER, SELECTOR, by, self.key_file], input=text,
                                capture_output=True, check=True).stdout
        sent = change(sealed) if change else sealed
        assert not change or sent != sealed
        with self.talk(LIST) as client:
            client.ehlo()
            assert client.mail("one@list.safe.test")[0] == 250
            answer = client.rcpt("hello@alpha.safe.test")
            return (client.data(sent) if answer[0] == 250 else answer), message_id

    def set_options(self, **options):
        self.alpha.conf |= {name.replace("__", ".").replace("_", "-"): value for name, value in options.items()}
        self.alpha.write_conf()
        before = self.alpha.log_text("mxd").count("daemon.reload")
        os.kill(self.alpha.pids["mxd"], signal.SIGHUP)
        wait_for(lambda: self.alpha.log_text("mxd").count("daemon.reload") > before)

    def story(self, answer):
        """What `forwardemail log` tells of the message an answer names, or of the last one."""
        found = re.search(rb"[0-9A-Za-z]{10,}$", answer[1].split(b"\n")[-1])
        return self.alpha.run_command("log", found[0].decode() if found else "").stdout


ENDS = contextlib.ExitStack()
world = made_once(World, ENDS)


def results_of(message):
    """Our own Authentication-Results."""
    found = [one for one in message.get_all("Authentication-Results", []) if one.startswith("mx.alpha.safe.test")]
    assert len(found) == 1, message.as_string()
    return " ".join(found[0].split())


# --- who may send --------------------------------------------------------------------

def test_what_is_proven_is_said_in_the_header(build):
    made = world(build)
    answer, message_id = made.send(NEWS, "one@news.plain.test", ["hello@alpha.safe.test"], "proven",
                                   sign="news.plain.test",
                                   header="Authentication-Results: mx.alpha.safe.test; dmarc=pass header.from=bank.test\r\n"
                                          "Authentication-Results: elsewhere.test; spf=pass\r\n")
    assert answer[0] == 250, answer
    got = made.alpha.get_mail("hello@alpha.safe.test", message_id)
    said = results_of(got)
    for part in ("spf=pass", "dkim=pass", "dmarc=pass", "header.d=news.plain.test", "header.from=news.plain.test"):
        assert part in said, said
    assert "bank.test" not in said, said
    assert "elsewhere.test; spf=pass" in got.get_all("Authentication-Results"), got.as_string()
    assert got["Received-SPF"].startswith("pass"), got["Received-SPF"]


def test_dmarc_reject_is_refused_and_the_log_tells_why(build):
    made = world(build)
    answer, message_id = made.send(STRANGER, "one@news.plain.test", ["hello@alpha.safe.test"], "forged")
    assert answer[0] == 550 and answer[1].startswith(b"5.7."), answer
    line = made.alpha.wait_log("mx.refused", "from=one@news.plain.test", daemon="mxd")
    message = re.search(r"message=(\S+)", line)[1]
    story = wait_for(lambda: made.alpha.run_command("log", message).stdout)
    for part in ("spf", "fail", "dmarc", "reject"):
        assert part in story, story
    entries = made.alpha.command_json("log", message)
    results = [one for one in entries if one["event"] == "mx.dmarc"]
    assert results, entries


def test_quarantine_goes_to_junk(build):
    made = world(build)
    answer, message_id = made.send(STRANGER, "one@news.plain.test", ["hello@alpha.safe.test"], "doubtful",
                                   author="one@soft.plain.test")
    assert answer[0] in (250, 550), answer
    if answer[0] == 550:  # the envelope's own SPF fails hard, too
        answer, message_id = made.send(NEWS, "one@lax.plain.test", ["hello@alpha.safe.test"], "doubtful",
                                       author="one@soft.plain.test")
    assert answer[0] == 250, answer
    with made.alpha.namespace:
        box = made.alpha.imap("hello@alpha.safe.test", made.alpha.passwords["hello@alpha.safe.test"])
    try:
        assert box.select("Spam")[0] == "OK"
        found = box.search(None, "HEADER", "Message-ID", f'"{message_id}"')[1][0].split()
        assert len(found) == 1, made.alpha.log_tail("mxd")
    finally:
        box.shutdown()


def test_a_hard_spf_failure_counts_where_no_dmarc_says_more(build):
    made = world(build)
    answer, _ = made.send(STRANGER, "one@spf.plain.test", ["hello@alpha.safe.test"], "not from there")
    # The stranger has not been here as this sender: that is said first.
    if answer[0] == 450:
        made.alpha.turn_clock("+13m")
        answer, _ = made.send(STRANGER, "one@spf.plain.test", ["hello@alpha.safe.test"], "not from there")
    assert answer[0] == 550 and b"SPF" in answer[1], answer
    answer, message_id = made.send(NEWS, "one@spf.plain.test", ["hello@alpha.safe.test"], "from there")
    assert answer[0] == 250, answer


def test_a_trusted_sealer_vouches_for_what_it_saw_and_for_no_more(build):
    made = world(build)
    answer, _ = made.forward()
    assert answer[0] == 550 and b"DMARC" in answer[1], answer
    made.set_options(smtp__trusted_arc_sealers="other.test list.safe.test")
    try:
        answer, message_id = made.forward()
        assert answer[0] == 250, (answer, made.alpha.log_tail("mxd"))
        said = results_of(made.alpha.get_mail("hello@alpha.safe.test", message_id))
        for part in ("arc=pass", "dmarc=fail"):
            assert part in said, said
        assert "list.safe.test vouches for it by ARC" in made.story(answer), made.story(answer)
        for what, change in {
                "a body that grew": lambda sealed: sealed + b"more\r\n",
                "another author": lambda sealed: sealed.replace(b"From: one@", b"From: two@"),
                "a second From": lambda sealed: b"From: chief@news.plain.test\r\n" + sealed,
                "another subject": lambda sealed: sealed.replace(b"[list] hello", b"[list] pay"),
                "another verdict": lambda sealed: sealed.replace(b"i=1; mx.list", b"i=1; mx.lost"),
                "a second set": lambda sealed: sealed[:sealed.index(b"Authentication-Results: mx")] + sealed,
        }.items():
            answer, _ = made.forward(change)
            assert answer[0] == 550 and answer[1].startswith(b"5.7.1"), (what, answer)
        # It saw something else, or another one saw it.
        assert made.forward(saw="dmarc=fail header.from=news.plain.test")[0][0] == 550
        assert made.forward(saw="dmarc=pass header.from=lax.plain.test")[0][0] == 550
        assert made.forward(by="lax.plain.test")[0][0] == 550
    finally:
        made.set_options(smtp__trusted_arc_sealers="")
    assert made.forward()[0][0] == 550


def test_who_is_new_comes_again(build):
    made = world(build)
    first = made.try_recipient(GREY, "new@lax.plain.test", "hello@alpha.safe.test")
    assert first[0] == 450 and first[1].startswith(b"4.7.1"), first
    assert made.try_recipient(GREY, "new@lax.plain.test", "hello@alpha.safe.test")[0] == 450
    made.alpha.turn_clock("+20m")
    assert made.try_recipient(GREY, "new@lax.plain.test", "hello@alpha.safe.test")[0] == 250
    assert made.try_recipient(GREY, "new@lax.plain.test", "hello@alpha.safe.test")[0] == 250


def test_a_domains_allowlist_believes_only_what_is_proven(build):
    made = world(build)
    to = ["hello@picky.safe.test"]
    made.alpha.make_alias(to[0])
    made.alpha.run_command("domain", "set", "picky.safe.test",
                           "allowlist=one@soft.plain.test,one@friend.safe.test")
    # As written by somebody else, to which RCPT says nothing: in From, and in MAIL FROM.
    for number, sender, author in ((NEWS, "one@lax.plain.test", "one@friend.safe.test"),
                                   (STRANGER, "one@soft.plain.test", "one@soft.plain.test")):
        made.try_recipient(number, sender, to[0])
        made.alpha.turn_clock("+40m" if number == NEWS else "+50m")
        assert made.try_recipient(number, sender, to[0])[0] == 250
        answer, _ = made.send(number, sender, to, "as written", author=author)
        assert answer[0] == 550 and b"does not take mail" in answer[1], answer
    # By SPF, and by a signature through somebody else.
    for number, sign in ((NEWS, None), (STRANGER, "soft.plain.test")):
        sender = "one@soft.plain.test" if number == NEWS else "one@news.plain.test"
        answer, message_id = made.send(number, sender, to, "proven", author="one@soft.plain.test", sign=sign)
        assert answer[0] == 250, answer
        made.alpha.get_mail(to[0], message_id)


# --- where it goes -------------------------------------------------------------------

def forwarding(made, name, *recipients, more=()):
    made.alpha.run_command("alias", "add", f"{name}@alpha.safe.test", "recipients=" + ",".join(recipients), *more)
    return f"{name}@alpha.safe.test"


def test_a_forwarded_message_passes_dmarc_where_it_arrives(build):
    made = world(build)
    friends = forwarding(made, "friends", "bob@post.safe.test")
    answer, message_id = made.send(NEWS, "one@news.plain.test", [friends], "onward", sign="news.plain.test")
    assert answer[0] == 250, (answer, made.postfix.log_tail())
    got = made.postfix.find_mail("bob@post.safe.test", message_id)
    assert got["Return-Path"].startswith("<SRS0=") and got["Return-Path"].endswith("@fe-bounces.alpha.safe.test>"), \
        got["Return-Path"]
    theirs = " ".join(" ".join(one.split()) for one in got.get_all("Authentication-Results"))
    assert "mx.post.safe.test; dmarc=pass" in theirs, theirs
    assert got["ARC-Seal"] and "cv=none" in got["ARC-Seal"], got.as_string()
    assert "dmarc=pass" in got["ARC-Authentication-Results"], got["ARC-Authentication-Results"]
    with made.outside:
        done = subprocess.run(["/usr/bin/python3", "-c", ARC_VERIFIER, four(NAMES)], input=got.octets,
                              capture_output=True, timeout=60)
    assert done.stdout.strip() == b"pass", (done.stdout, done.stderr)


ARC_VERIFIER = """
import sys, dkim, dns.resolver
asking = dns.resolver.Resolver(configure=False)
asking.nameservers = [sys.argv[1]]
def found(name, timeout=5):
    for record in asking.resolve(name.decode().rstrip("."), "TXT"):
        return b"".join(record.strings)
print(dkim.arc_verify(sys.stdin.buffer.read(), dnsfunc=found)[0].decode())
"""


def test_a_refusal_elsewhere_comes_back_in_the_session_and_names_nobody(build):
    made = world(build)
    closed = forwarding(made, "closed", "you@refusing.plain.test")
    answer, _ = made.send(NEWS, "one@news.plain.test", [closed], "in vain", sign="news.plain.test")
    assert answer[0] == 550 and b"refusing" not in answer[1], answer
    assert made.alpha.command_json("queue", "list") == [] or \
        all(one["state"] != "queued" for one in made.alpha.command_json("queue", "list"))


def test_a_bounce_goes_back_to_its_origin_and_only_so_often(build):
    made = world(build)
    back = forwarding(made, "back", "bob@post.safe.test")
    answer, message_id = made.send(ORIGIN, "one@origin.plain.test", [back], "to bounce", sign="origin.plain.test")
    assert answer[0] == 250, answer
    sent = made.postfix.find_mail("bob@post.safe.test", message_id)
    path = sent["Return-Path"].strip("<>")
    reports = lambda: [content for _, content in made.origin.taken if message_id.encode() in content]
    # An answer is no report: refused, and it costs nothing.
    answer = made.send_bounce(path, ("From: bob@post.safe.test\r\nSubject: Away\r\nAuto-Submitted: auto-replied\r\n"
                                     f"In-Reply-To: {message_id}\r\n\r\nI am away, says bob@post.safe.test.\r\n"))
    assert answer[0] == 550 and b"reports" in answer[1], answer
    assert not reports()
    codes = []
    for number in range(5):
        # As in RFC 3464, with the destination in each part of it; one that only people can read is the second.
        answer = made.send_bounce(path, old_bounce(message_id) if number == 1 else bounce_of(sent, number))
        codes.append(answer[0])
        if answer[0] == 250:
            wait_for(lambda: len(reports()) == number + 1)
    assert codes == [250, 250, 250, 550, 550], codes
    assert {to for recipients, _ in made.origin.taken for to in recipients} == {"one@origin.plain.test"}
    for number, report in enumerate(reports()):
        assert_tells_nothing(report)
        parts = {part.get_content_type(): part.as_string() for part in parse(report).walk()}
        status = parts["message/delivery-status"]
        assert "Final-Recipient: rfc822; back@alpha.safe.test" in status and "Action: failed" in status, status
        assert f"Status: 5.{'0.0' if number == 1 else '1.1'}" in status, status
        assert message_id in parts["text/rfc822-headers"], parts
    # One without a credit does not take the others down.
    with made.talk(POSTFIX) as client:
        client.ehlo()
        assert client.mail("")[0] == 250
        assert client.rcpt(path)[0] == 550 and client.rcpt("hello@alpha.safe.test")[0] == 250
        assert client.data(bounce_of(sent, 9))[0] == 250
    assert made.try_recipient(POSTFIX, "", path.replace(path[5:8], "ZZZ"))[0] == 550
    assert made.try_recipient(POSTFIX, "one@post.safe.test", path)[0] in (450, 550)


def assert_tells_nothing(report):
    """Neither destination nor its host stand anywhere in it, in whatever encoding."""
    texts = [report] + [part.get_payload(decode=True) or b"" for part in parse(report).walk()]
    for text in texts:
        for secret in (b"post.safe", b"bob@", four(POSTFIX).encode()):
            assert secret not in text.lower(), report.decode()


def bounce_of(sent, number):
    """A report of what Postfix has, with all of its header."""
    header = sent.octets[:sent.octets.index(b"\n\n") if b"\r\n\r\n" not in sent.octets else
                         sent.octets.index(b"\r\n\r\n")].decode().replace("\r\n", "\n").replace("\n", "\r\n")
    return ("From: MAILER-DAEMON@post.safe.test (Mail Delivery System)\r\nSubject: Undelivered Mail for bob@post.safe.test\r\n"
            "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
            f"Message-ID: <bounce{number}.{time.monotonic_ns()}@post.safe.test>\r\n"
            "Content-Type: multipart/report; report-type=delivery-status; boundary=cut\r\n\r\n"
            "--cut\r\nContent-Type: text/plain\r\n\r\nThis is mx.post.safe.test: no bob@post.safe.test here\r\n"
            "--cut\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.post.safe.test\r\n\r\n"
            "Final-Recipient: rfc822; bob@post.safe.test\r\nOriginal-Recipient: rfc822;bob@post.safe.test\r\n"
            "Action: failed\r\nStatus: 5.1.1\r\nRemote-MTA: dns; inner.post.safe.test\r\n"
            "Diagnostic-Code: smtp; 550 5.1.1 <bob@post.safe.test> is unknown\r\n\r\n"
            f"--cut\r\nContent-Type: text/rfc822-headers\r\n\r\n{header}\r\n\r\n--cut--\r\n")


def old_bounce(message_id):
    return ("From: MAILER-DAEMON@post.safe.test\r\nSubject: failure notice\r\n"
            f"Message-ID: <old.{time.monotonic_ns()}@post.safe.test>\r\n\r\n"
            f"Hi. <bob@post.safe.test>: no such user.\r\n\r\nMessage-ID: {message_id}\r\n")


def send_bounce(self, path, text):
    with self.talk(POSTFIX) as client:
        client.ehlo()
        assert client.mail("")[0] == 250
        answer = client.rcpt(path)
        return client.data(text) if answer[0] == 250 else answer


World.send_bounce = send_bounce


def test_a_webhook_is_told_and_can_know_that_it_was_us(build):
    made = world(build)
    hooked = forwarding(made, "hooked", "http://hook.plain.test/in?raw=false")
    answer, message_id = made.send(NEWS, "one@news.plain.test", [hooked], "to the hook", sign="news.plain.test")
    assert answer[0] == 250, answer
    path, headers, body = wait_for(lambda: made.hook.taken)[0]
    assert path == "/in?raw=false", path
    told = json.loads(body)
    assert told["subject"] == "to the hook" and told["messageId"] == message_id, told
    assert told["session"]["sender"] and "raw" not in told, sorted(told)
    key = made.alpha.command_json("domain", "webhook", "alpha.safe.test")["key"]
    want = hmac.new(key.encode(), body, hashlib.sha256).hexdigest()
    assert headers["X-Webhook-Signature"] == want
    # One that is busy is tried again; the sender has heard yes.
    made.hook.statuses = [429]
    answer, _ = made.send(NEWS, "one@news.plain.test", [hooked], "busy", sign="news.plain.test")
    assert answer[0] == 250, answer
    made.alpha.wait_log("smtp.delivery.deferred", "429")
    # An address of ours is nobody's webhook, whatever its name says.
    inside = forwarding(made, "inside", "http://inside.plain.test/in")
    answer, _ = made.send(NEWS, "one@news.plain.test", [inside], "inside", sign="news.plain.test")
    assert answer[0] == 550, answer


# --- what is answered ------------------------------------------------------------------

def test_who_is_away_says_so_once(build):
    made = world(build)
    made.alpha.make_alias("away@alpha.safe.test")
    made.alpha.run_command("alias", "vacation", "away@alpha.safe.test", "--on", "--subject", "Away",
                           "--message-file", "-", text_input="Back on Monday.\n")
    count = lambda: sum(b"Back on Monday." in content for _, content in made.origin.taken)
    for subject in ("first", "second"):
        answer, message_id = made.send(ORIGIN, "one@origin.plain.test", ["away@alpha.safe.test"], subject,
                                       sign="origin.plain.test")
        assert answer[0] == 250, answer
        made.alpha.get_mail("away@alpha.safe.test", message_id)
        wait_for(lambda: count() == 1, told=lambda: made.alpha.log_tail("mxd"))
    reply = parse([content for _, content in made.origin.taken if b"Back on Monday." in content][0])
    assert reply["Auto-Submitted"] == "auto-replied" and reply["Subject"].startswith("Away"), reply.as_string()


def test_who_is_away_says_so_again_after_four_days(build):
    made = world(build)
    made.alpha.make_alias("gone@alpha.safe.test")
    made.alpha.run_command("alias", "vacation", "gone@alpha.safe.test", "--on", "--message-file", "-",
                           text_input="Gone for a month.\n")
    count = lambda: sum(b"Gone for a month." in content for _, content in made.origin.taken)

    def send(subject, answers):
        answer, message_id = made.send(ORIGIN, "one@origin.plain.test", ["gone@alpha.safe.test"], subject,
                                       sign="origin.plain.test")
        assert answer[0] == 250, answer
        made.alpha.get_mail("gone@alpha.safe.test", message_id)
        wait_for(lambda: count() == answers, told=lambda: made.alpha.log_tail("mxd"))

    try:
        send("at once", 1)
        # The calendar goes on while the daemons do not.
        made.alpha.turn_clock("+95h")
        made.alpha.kill("sqlited", signal.SIGTERM)
        made.alpha.start_daemon("sqlited")
        made.alpha.wait_up()
        made.alpha.boxes.pop("gone@alpha.safe.test").shutdown()
        send("too early", 1)
        wait_for(lambda: any(one.get("why") == "answered already" for one in
                             made.alpha.command_json("log", "--event", "mx.vacation.skipped", "--address",
                                                     "gone@alpha.safe.test")), told=lambda: made.alpha.log_tail("mxd"))
        made.alpha.turn_clock("+97h")
        send("four days later", 2)
    finally:
        made.alpha.turn_clock("+20m")


if __name__ == "__main__":
    with ENDS:
        main(globals())

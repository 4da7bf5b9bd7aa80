"""Mail between hosts: two of ours and a Postfix on real port 25, names from a
real DNS server with a signed zone, policies over HTTPS, and peers that greylist,
refuse and are down; what senders are told is read back over IMAP."""

import contextlib
import smtplib
import subprocess
import threading

from stack import main
from world import Authority, Host, Names, Peer, Policies, Postfix, Report, Wire, four, made_once, temporary_home

ALPHA, BETA, NAMES, POSTFIX, WEB, PEERS = 1, 2, 53, 3, 4, 5
NOBODY_LISTENS, PICKY, PLAIN_PEER = 6, 7, 8

STS = "version: STSv1\r\nmode: {mode}\r\nmx: {mx}\r\nmax_age: 86400\r\n"
# Domains of Postfix beside its own: policy's mode, and the host it names.
PROMISES = {
    "sts.plain.test": ("enforce", "mx.sts.plain.test"),
    "badcert.plain.test": ("enforce", "mx.badcert.plain.test"),
    "mismatch.plain.test": ("enforce", "mx.elsewhere.plain.test"),
    "testing.plain.test": ("testing", "mx.elsewhere.plain.test"),
    "badweb.plain.test": ("enforce", "mx.elsewhere.plain.test"),
}
POSTFIX_DOMAINS = ["post.safe.test", "baddane.safe.test", "nodane.plain.test", *PROMISES]


def side_by_side(*jobs):
    """Runs them at once; the first failure is everybody's."""
    failures = []

    def run(job):
        try:
            job()
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


class World:
    def __init__(self, build, ends):
        """`ends`: an ExitStack that stops all of it."""
        self.home = ends.enter_context(temporary_home())
        wire = Wire()
        self.authority = Authority(self.home)
        spaces = {number: wire.plug(number) for number in (ALPHA, BETA, NAMES, POSTFIX, WEB)}
        self.outside = wire.plug(PEERS, NOBODY_LISTENS, PICKY, PLAIN_PEER)
        self.names = Names(self.home, spaces[NAMES], NAMES)
        ends.callback(self.names.stop)
        conf = {"dns.forwarders": four(NAMES), "dns.anchor-file": self.names.anchor,
                "delivery.trust": self.authority.file, "delivery.first-retry": "10s", "delivery.delay-notice": "15m",
                "delivery.connect-limit": "5s", "smtp.greylist-delay": "0s",
                "smtp.received-limit": 8}
        self.alpha = Host(build, spaces[ALPHA], "alpha.safe.test", conf)
        ends.callback(self.alpha.remove)
        self.alpha.use_clock_file()
        self.beta = Host(build, spaces[BETA], "beta.safe.test", conf)
        ends.callback(self.beta.remove)
        side_by_side(self.start_alpha, self.start_beta, lambda: self.make_certificates(spaces[POSTFIX]))
        self.fill_names()
        ends.callback(self.postfix.stop)
        self.web = Policies(spaces[WEB], WEB, *self.web_files)
        ends.callback(self.web.stop)
        for domain, (mode, mx) in PROMISES.items():
            self.web.policies["mta-sts." + domain] = STS.format(mode=mode, mx=mx)
        side_by_side(self.names.start, self.postfix.start)
        for host in (self.alpha, self.beta):
            host.start_mail()
        self.start_peers(ends)

    def start_alpha(self):
        self.alpha.start()
        self.alpha.make_alias("hello@alpha.safe.test")
        self.alpha.make_alias("other@alpha.safe.test")

    def start_beta(self):
        self.beta.start()
        self.beta.make_alias("hello@beta.safe.test")

    def make_certificates(self, space):
        domains = [domain for domain in PROMISES if domain != "badweb.plain.test"]
        self.web_files = self.authority.sign("web", *("mta-sts." + domain for domain in domains))
        cert, key = self.authority.sign("post", "mx.post.safe.test", "mx.sts.plain.test", "mx.mismatch.plain.test")
        self.postfix = Postfix(self.home, space, self.names, POSTFIX_DOMAINS, cert, key)
        self.post_tlsa = self.authority.tlsa(cert)

    def fill_names(self):
        names = self.names
        for host, number in ((self.alpha, ALPHA), (self.beta, BETA)):
            names.host(host.mx, number)
            names.include(host.run_command("domain", "dns", host.domain).stdout)
        names.add("_25._tcp.mx.beta.safe.test", "TLSA", self.authority.tlsa(self.beta.path("ssl", "cert.pem")))
        for domain in POSTFIX_DOMAINS:
            names.add(domain, "MX", f"10 mx.{domain}.")
            names.host("mx." + domain, POSTFIX)
        names.add("_25._tcp.mx.post.safe.test", "TLSA", self.post_tlsa)
        names.add("_25._tcp.mx.baddane.safe.test", "TLSA", "3 1 1 " + "ab" * 32)
        for domain in PROMISES:
            names.add("_mta-sts." + domain, "TXT", '"v=STSv1; id=1;"')
            names.add("mta-sts." + domain, "A", four(WEB))
        for name, number in (("grey", PEERS), ("down", NOBODY_LISTENS), ("picky", PICKY), ("simple", PLAIN_PEER)):
            names.add(f"{name}.plain.test", "MX", f"10 mx.{name}.plain.test.")
            names.add(f"mx.{name}.plain.test", "A", four(number))
        names.add("null.plain.test", "MX", "0 .")
        names.add("loop.plain.test", "MX", "10 mx.alpha.safe.test.")
        names.add("disguised.plain.test", "MX", "10 mx.disguised.plain.test.")
        names.add("mx.disguised.plain.test", "A", four(ALPHA))

    def start_peers(self, ends):
        waited = set()

        def greylist(address):
            if address in waited:
                return None
            waited.add(address)
            return "450 4.7.1 Greylisted, come back later"

        def refuse_some(address):
            return "550 5.2.1 This one is closed" if address.startswith("closed@") else None

        self.grey = Peer(self.outside, PEERS, greylist)
        self.picky = Peer(self.outside, PICKY, refuse_some)
        self.simple = Peer(self.outside, PLAIN_PEER, lambda _: None)
        for peer in (self.grey, self.picky, self.simple):
            ends.callback(peer.stop)


ENDS = contextlib.ExitStack()
world = made_once(World, ENDS)


# Verifies each signature with dkimpy, asking the DNS server named: "RESULT ALGORITHM DOMAIN" a line.
VERIFIER = """
import sys, dkim, dns.resolver
asking = dns.resolver.Resolver(configure=False)
asking.nameservers = [sys.argv[1]]
def found(name, timeout=5):
    for record in asking.resolve(name.decode().rstrip("."), "TXT"):
        return b"".join(record.strings)
message = sys.stdin.buffer.read()
for index in range(len([1 for name, _ in dkim.rfc822_parse(message)[0] if name.lower() == b"dkim-signature"])):
    one = dkim.DKIM(message)
    good = one.verify(idx=index, dnsfunc=found)
    print(good, one.signature_fields[b"a"].decode(), one.domain.decode())
"""


def check_signatures(made, message, domain):
    with made.outside:
        done = subprocess.run(["/usr/bin/python3", "-c", VERIFIER, four(NAMES)], input=message.octets,
                              capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    assert sorted(done.stdout.decode().splitlines()) == [f"True ed25519-sha256 {domain}", f"True rsa-sha256 {domain}"], \
        done.stdout


# --- mail flows --------------------------------------------------------------------

def test_from_us_to_postfix_signed_and_by_dane(build):
    made = world(build)
    queued, message_id = made.alpha.submit(["bob@post.safe.test"], "to Postfix")
    got = made.postfix.find_mail("bob@post.safe.test", message_id)
    assert got["Return-Path"].startswith("<SRS0=") and got["Return-Path"].endswith("@fe-bounces.alpha.safe.test>"), \
        got["Return-Path"]
    check_signatures(made, got, "alpha.safe.test")
    sent = made.alpha.wait_log("smtp.delivery.sent", queued)
    assert 'dane"' in sent and "mx=mx.post.safe.test" in sent, sent
    made.alpha.wait_state(queued, "sent")


def test_from_postfix_to_us(build):
    made = world(build)
    message_id = made.postfix.send("bob@post.safe.test", "hello@alpha.safe.test", "from Postfix")
    got = made.alpha.get_mail("hello@alpha.safe.test", message_id)
    assert got["Return-Path"] == "<bob@post.safe.test>" and "with ESMTPS" in got["Received"], got["Received"]
    # Whom we do not have comes back to its sender there.
    message_id = made.postfix.send("bob@post.safe.test", "nobody@alpha.safe.test", "to nobody")
    report = Report(made.postfix.find_mail("bob@post.safe.test", message_id))
    assert report.recipient("nobody@alpha.safe.test")["Status"] == "5.1.1", report.message.as_string()


def test_between_two_of_ours_both_ways(build):
    made = world(build)
    for here, there in ((made.alpha, made.beta), (made.beta, made.alpha)):
        _, message_id = here.submit(["hello@" + there.domain], "between us", body="Hello, B\u00f6b\r\n")
        got = there.get_mail("hello@" + there.domain, message_id)
        assert got["Return-Path"].startswith("<SRS0="), got["Return-Path"]
        assert got["Received"].count("with ESMTPS") == 1, got["Received"]
        check_signatures(made, got, here.domain)
    assert 'dane"' in made.alpha.wait_log("smtp.delivery.sent", "to=hello@beta.safe.test")


# --- how hosts must be spoken to -----------------------------------------------------

def test_dane_good_bad_and_absent(build):
    made = world(build)
    bad, bad_id = made.alpha.submit(["bob@baddane.safe.test"], "TLSA of another key")
    absent, absent_id = made.alpha.submit(["bob@nodane.plain.test"], "no TLSA")
    made.postfix.find_mail("bob@nodane.plain.test", absent_id)
    sent = made.alpha.wait_log("smtp.delivery.sent", absent)
    assert 'tls="TLS1.3' in sent and 'dane"' not in sent, sent
    waits = made.alpha.wait_log("smtp.delivery.deferred", bad)
    assert "status=4.7.5" in waits, waits
    assert bad_id not in made.postfix.log_text()
    # RFC 8689 §5: who says that it need not be secret gets it through.
    said, said_id = made.alpha.submit(["bob@baddane.safe.test"], "not secret", header="TLS-Required: No\r\n")
    made.alpha.run_command("queue", "retry", said)  # also lifts a pause of the destination
    made.postfix.find_mail("bob@baddane.safe.test", said_id)
    made.alpha.run_command("queue", "remove", bad)


def test_mta_sts_good_and_bad(build):
    made = world(build)
    sent = {domain: made.alpha.submit(["bob@" + domain], "by policy") for domain in PROMISES}
    for domain in ("sts.plain.test", "testing.plain.test", "badweb.plain.test"):
        made.postfix.find_mail("bob@" + domain, sent[domain][1])
    assert 'sts"' in made.alpha.wait_log("smtp.delivery.sent", sent["sts.plain.test"][0])
    for domain in ("testing.plain.test", "badweb.plain.test"):
        line = made.alpha.wait_log("smtp.delivery.sent", sent[domain][0])
        assert 'tls="TLS' in line and 'sts"' not in line, line
    for domain, words in (("badcert.plain.test", "certificate"), ("mismatch.plain.test", "not in the MTA-STS policy")):
        line = made.alpha.wait_log("smtp.delivery.deferred", sent[domain][0])
        assert "status=4.7.5" in line and words in line, line
        assert sent[domain][1] not in made.postfix.log_text()
    said, said_id = made.alpha.submit(["bob@mismatch.plain.test"], "not secret", header="TLS-Required: No\r\n")
    made.alpha.run_command("queue", "retry", said)
    made.postfix.find_mail("bob@mismatch.plain.test", said_id)
    # Each policy was fetched once and is remembered.
    assert made.web.asked.count("mta-sts.sts.plain.test") == 1, made.web.asked
    for domain in ("badcert.plain.test", "mismatch.plain.test"):
        made.alpha.run_command("queue", "remove", sent[domain][0])


def test_require_tls_is_kept(build):
    made = world(build)
    # Postfix proves itself by DANE, and knows no REQUIRETLS; nodane proves nothing.
    for domain, status in (("post.safe.test", "5.7.30"), ("nodane.plain.test", "5.7.10")):
        _, message_id = made.alpha.submit(["bob@" + domain], "secret words", options=["REQUIRETLS"])
        report = made.alpha.get_report(message_id, "failed")
        assert report.recipient("bob@" + domain)["Status"] == status, report.message.as_string()
        assert report.returned.get_content_type() == "text/rfc822-headers"
        assert message_id not in made.postfix.log_text()


# --- peers that do not take it at once -------------------------------------------------

def test_greylisting_is_waited_out(build):
    made = world(build)
    queued, message_id = made.alpha.submit(["you@grey.plain.test"], "grey")
    line = made.alpha.wait_log("smtp.delivery.deferred", queued)
    assert "code=450" in line and "Greylisted" in line, line
    made.alpha.wait_state(queued, "deferred")
    made.alpha.run_command("queue", "retry", queued)
    made.alpha.wait_log("smtp.delivery.sent", queued, "attempt=2")
    assert [to for to, content in made.grey.taken if message_id.encode() in content] == [["you@grey.plain.test"]]


def test_one_of_three_refused_bounces_alone(build):
    made = world(build)
    for to, gone, said, peer in (
            (["a@picky.plain.test", "closed@picky.plain.test", "b@picky.plain.test"], "closed@picky.plain.test",
             "550 5.2.1 This one is closed", made.picky),
            (["bob@post.safe.test", "nobody@post.safe.test", "eve@post.safe.test"], "nobody@post.safe.test",
             "550 5.1.1 ", None)):
        queued, message_id = made.alpha.submit(to, "to three")
        report = made.alpha.get_report(message_id, "failed")
        one = report.recipient(gone)
        assert len(report.recipients) == 1 and one["Diagnostic-Code"].startswith("smtp; " + said), one.as_string()
        assert one["Status"] == said.split()[1] and one["Remote-MTA"].startswith("dns; mx."), one.as_string()
        made.alpha.wait_state(queued, "partially_sent")
        if peer:
            took = [recipients for recipients, content in peer.taken if message_id.encode() in content]
            assert took == [["a@picky.plain.test", "b@picky.plain.test"]], took
        else:
            for address in (to[0], to[2]):
                made.postfix.find_mail(address, message_id)


def test_domains_that_take_no_mail_bounce_at_once(build):
    made = world(build)
    sent = {}
    for domain, status in (("null.plain.test", "5.1.10"), ("loop.plain.test", "5.4.6"),
                           ("disguised.plain.test", "5.4.6"), ("nowhere.plain.test", "5.1.2")):
        sent[domain] = made.alpha.submit(["you@" + domain], "in vain") + (status,)
    for domain, (queued, message_id, status) in sent.items():
        report = made.alpha.get_report(message_id, "failed")
        one = report.recipient("you@" + domain)
        assert one["Status"] == status and one["Remote-MTA"] is None, one.as_string()
        made.alpha.wait_state(queued, "rejected")
    assert "code=556" in made.alpha.wait_log("smtp.delivery.failed", sent["null.plain.test"][0])  # RFC 7504 §4


def test_a_circle_between_two_hosts_ends_and_is_told(build):
    made = world(build)
    for here, there in ((made.alpha, made.beta), (made.beta, made.alpha)):
        here.run_command("alias", "add", "circle@" + here.domain, "recipients=circle@" + there.domain)
    queued, message_id = made.alpha.submit(["circle@beta.safe.test"], "round and round")
    report = made.alpha.get_report(message_id, "failed")
    one = report.recipient("circle@beta.safe.test")
    assert one["Status"] == "5.4.6" and "circle@alpha" not in report.message.as_string(), report.message.as_string()


def test_who_writes_to_an_alias_of_the_same_host_is_told_and_no_more(build):
    made = world(build)
    made.alpha.run_command("alias", "add", "onward@alpha.safe.test", "recipients=closed@picky.plain.test")
    _, message_id = made.alpha.submit(["onward@alpha.safe.test"], "on and back")
    report = made.alpha.get_report(message_id, "failed")
    assert report.recipient("onward@alpha.safe.test")["Status"].startswith("5."), report.message.as_string()
    assert "picky" not in report.message.as_string() and "closed@" not in report.message.as_string()


# --- what senders are told ---------------------------------------------------------------

def test_a_failure_is_told_as_rfc_3464_has_it(build):
    made = world(build)
    queued, message_id = made.alpha.submit(["nobody@post.safe.test"], "told of",
                                           options=["RET=FULL", "ENVID=an+2Benvelope"],
                                           notify="NOTIFY=FAILURE ORCPT=rfc822;first@elsewhere.test")
    report = made.alpha.get_report(message_id, "failed")
    assert report.message["Return-Path"] == "<>" and report.message["Auto-Submitted"].startswith("auto-"), \
        report.message.as_string()
    assert report.of_message["Reporting-MTA"] == "dns; mx.alpha.safe.test"
    assert report.of_message["Original-Envelope-Id"] == "an+envelope"
    assert report.of_message["Arrival-Date"]
    one = report.recipient("nobody@post.safe.test")
    assert one["Original-Recipient"] == "rfc822; first@elsewhere.test" or \
        one["Original-Recipient"] == "rfc822;first@elsewhere.test", one.as_string()
    assert one["Status"] == "5.1.1" and one["Remote-MTA"] == "dns; mx.post.safe.test", one.as_string()
    assert one["Last-Attempt-Date"]
    assert report.returned.get_content_type() == "message/rfc822"
    assert report.returned.get_payload()[0]["Message-ID"] == message_id
    made.alpha.wait_state(queued, "bounced")


def test_success_is_told_when_asked_for(build):
    made = world(build)
    never, _ = made.alpha.submit(["nobody@post.safe.test"], "never", notify="NOTIFY=NEVER")
    ask = {"notify": "NOTIFY=SUCCESS"}
    _, relayed = made.alpha.submit(["you@simple.plain.test"], "relayed", **ask)
    _, delivered = made.alpha.submit(["other@alpha.safe.test"], "delivered here", **ask)
    _, further = made.alpha.submit(["bob@post.safe.test"], "delivered there", **ask)
    report = made.alpha.get_report(relayed, "relayed")
    assert report.recipient("you@simple.plain.test")["Status"].startswith("2."), report.message.as_string()
    report = made.alpha.get_report(delivered, "delivered")
    assert report.recipient("other@alpha.safe.test")["Status"].startswith("2."), report.message.as_string()
    # Postfix keeps DSN's promise itself; its notice takes our return path.
    found = made.alpha.find_mail("hello@alpha.safe.test", "TEXT", f'"{further}"')
    report = Report(next(one for one in found if one.get_content_type() == "multipart/report"))
    assert report.of_message["Reporting-MTA"] == "dns; mx.post.safe.test", report.message.as_string()
    assert report.recipient("bob@post.safe.test")["Action"] == "delivered", report.message.as_string()
    made.alpha.wait_log("smtp.delivery.failed", never)
    made.alpha.wait_state(never, "bounced")


def test_a_late_bounce_takes_the_return_path(build):
    made = world(build)
    queued, message_id = made.alpha.submit(["late@post.safe.test"], "accepted, then not")
    made.alpha.wait_log("smtp.delivery.sent", queued)
    found = made.alpha.find_mail("hello@alpha.safe.test", "TEXT", f'"{message_id}"')
    report = Report(found[0])
    assert report.of_message["Reporting-MTA"] == "dns; mx.post.safe.test", report.message.as_string()
    assert found[0]["Return-Path"] == "<>" and found[0]["X-Original-To"].startswith("SRS0="), found[0].as_string()
    made.alpha.wait_state(queued, "bounced")


def test_return_paths_cannot_be_made_up(build):
    made = world(build)
    queued, message_id = made.alpha.submit(["bob@post.safe.test"], "for its return path")
    path = made.postfix.find_mail("bob@post.safe.test", message_id)["Return-Path"].strip("<>")
    forged = path.replace(path[5:11], "A" * 6 if path[5:11] != "A" * 6 else "B" * 6)
    other = path.replace("=hello@", "=other@")
    with made.outside, smtplib.SMTP(four(ALPHA), 25, local_hostname="peer.test", timeout=60) as client:
        client.ehlo("peer.test")
        for sender, to, code in (("", forged, 550), ("", other, 550), ("a@plain.test", path, 550), ("", path, 250),
                                 ("", path.lower(), 250)):
            assert client.mail(sender)[0] == 250
            answer = client.rcpt(to)
            assert answer[0] == code, (sender, to, answer)
            client.rset()


def test_a_delay_is_told_once_and_the_end_too(build):
    made = world(build)
    queued, message_id = made.alpha.submit(["you@down.plain.test"], "delayed")
    line = made.alpha.wait_log("smtp.delivery.deferred", queued)
    assert "status=4.4.1" in line, line
    made.alpha.turn_clock("+16m")
    made.alpha.run_command("queue", "retry", queued)
    report = made.alpha.get_report(message_id, "delayed")
    one = report.recipient("you@down.plain.test")
    assert one["Status"] == "4.4.1" and one["Will-Retry-Until"], one.as_string()
    made.alpha.turn_clock("+40m")
    made.alpha.run_command("queue", "retry", queued)
    made.alpha.wait_log("smtp.delivery.deferred", queued, "attempt=3")
    made.alpha.turn_clock("+121h")
    made.alpha.run_command("queue", "retry", queued)
    report = made.alpha.get_report(message_id, "failed")
    assert report.recipient("you@down.plain.test")["Status"] == "5.4.7", report.message.as_string()
    told = made.alpha.find_mail("hello@alpha.safe.test", "HEADER", "In-Reply-To", f'"{message_id}"')
    assert len(told) == 2, [one.as_string() for one in told]


if __name__ == "__main__":
    with ENDS:
        main(globals())

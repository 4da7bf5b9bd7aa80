"""A network on its bad days: a DNS that loses questions and answers and is slow,
destinations that reset the connection at each of its moments, that speak an octet at
a time, or that are gone from one packet to the next.

Loss is made by a relay before the DNS server, as not every kernel has netem."""

import contextlib
import random
import select
import smtplib
import socket
import subprocess
import threading
import time

import receiving_test
from bad_days import ALPHA, NAMES, NEWS, SmallWorld, codes_of
from forwarding_faults_test import wait_all_sent
from receiving_test import SELECTOR, SIGNER, results_of
from stack import main
from world import Authority, Peer, four, ip, made_once, wait_for

RELAY, STRANGER, GONE, DRIP, SLOW = 54, 21, 30, 31, 32
MOMENTS = ("greeting", "EHLO", "MAIL", "RCPT", "DATA", "content", "dot", "answer")
LETTERS = 6
FIRST = 40  # the address of the first moment's host


class LossyNames:
    """Carries questions to a DNS server and answers back, over UDP, late and not always."""

    def __init__(self, namespace, number, server, rng):
        self.loss, self.delay, self.jitter = 0.0, 0.0, 0.0
        self.server, self.rng, self.namespace = server, rng, namespace
        self.asked = self.lost = 0
        with namespace:
            self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            self.socket.bind((four(number), 53))
        self.stopping = False
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while not self.stopping:
            if select.select([self.socket], [], [], 0.1)[0]:
                question, asker = self.socket.recvfrom(65536)
                self.asked += 1
                threading.Thread(target=self.carry, args=(question, asker), daemon=True).start()

    def arrives(self):
        time.sleep(max(0.0, (self.delay + self.rng.uniform(-self.jitter, self.jitter)) / 2))
        if self.rng.random() >= self.loss:
            return True
        self.lost += 1
        return False

    def carry(self, question, asker):
        if not self.arrives():
            return
        with self.namespace, socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as onward:
            onward.settimeout(5)
            onward.sendto(question, (four(self.server), 53))
            with contextlib.suppress(OSError):
                answer = onward.recv(65536)
                if self.arrives():
                    self.socket.sendto(answer, asker)

    def stop(self):
        self.stopping = True


class Resetting(Peer):
    """Resets its first talk at one moment, and is a good host from then on."""

    def __init__(self, namespace, number, moment):
        self.moment = moment
        self.was_reset = False
        super().__init__(namespace, number)

    def reach(self, talk, moment):
        if moment == self.moment and not self.was_reset:
            self.was_reset = True
            talk.reset()


class Forgetting(Resetting):
    """Takes the message and resets instead of saying so."""

    def take(self, recipients, content):
        words = super().take(recipients, content)
        if self.was_reset:
            return words
        self.was_reset = True
        return None


class World(SmallWorld):
    make_keys = receiving_test.World.make_keys

    def __init__(self, build, ends):
        self.resetting = {f"r{i}": FIRST + i for i in range(len(MOMENTS))}
        super().__init__(build, ends, {"stranger": STRANGER, "drip": DRIP, "slow": SLOW} | self.resetting,
                         {"smtp.idle-limit": "10s", "delivery.answer-limit": "10s"}, dns=RELAY)

    def plug_more(self):
        self.authority = Authority(self.home)
        self.make_keys()
        half = len(self.dkim_record) // 2
        for i in range(LETTERS):
            domain = f"n{i}.news.plain.test"
            self.names.add(domain, "TXT", f'"v=spf1 ip4:{four(NEWS)} -all"')
            self.names.add("_dmarc." + domain, "TXT", '"v=DMARC1; p=reject"')
            self.names.add(f"{SELECTOR}._domainkey.{domain}", "TXT",
                           f'"{self.dkim_record[:half]}" "{self.dkim_record[half:]}"')
        self.names.add("gone.plain.test", "MX", "10 mx.gone.plain.test.")
        self.names.add("mx.gone.plain.test", "A", four(GONE))
        self.far = self.wire.plug(GONE)
        self.relay = LossyNames(self.wire.plug(RELAY), RELAY, NAMES, random.Random(7))

    def sign(self, content, domain):
        return subprocess.run(["/usr/bin/python3", "-c", SIGNER, SELECTOR, domain, self.key_file], input=content,
                              capture_output=True, check=True).stdout + content

    def send(self, content, to="friends@alpha.safe.test", number=NEWS, sender="one@news.plain.test"):
        """The code of the first answer that refuses, or the last one."""
        with self.talk(number) as client:
            try:
                client.sendmail(sender, [to], content)
            except smtplib.SMTPException as error:
                return codes_of(error)[0]
            return 250

    def send_until_decided(self, content, number, sender):
        """As its own host would; gives all codes."""
        codes = []
        while not codes or codes[-1] // 100 == 4:
            codes.append(self.send(content, number=number, sender=sender))
            assert len(codes) < 50, codes
        return codes


ENDS = contextlib.ExitStack()
world = made_once(World, ENDS)


def test_a_dns_that_loses_much_refuses_nobody_and_believes_nobody(build):
    made = world(build)
    relay = made.relay
    relay.loss, relay.delay, relay.jitter = 0.4, 0.2, 0.15
    made.alpha.kill("mxd")  # with what it knew of the DNS
    made.alpha.start_daemon("mxd")
    codes = {}

    def send(mark, number):
        domain = f"n{mark[-1]}.news.plain.test"
        content = plain(mark, domain)
        if number == NEWS:
            content = made.sign(content, domain)
        codes[mark] = made.send_until_decided(content, number, "one@" + domain)

    threads = [threading.Thread(target=send, args=(f"{word}{i}", number)) for i in range(LETTERS)
               for word, number in (("good", NEWS), ("forged", STRANGER))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    relay.loss = relay.delay = relay.jitter = 0
    tries = sum(len(one) for one in codes.values())
    print(f"     {relay.lost} of {relay.asked} questions or answers lost; {len(codes)} decided in {tries} tries")
    assert len(codes) == 2 * LETTERS, codes
    for mark, answers in codes.items():
        assert answers[-1] == (250 if mark.startswith("good") else 550), codes
    for i in range(LETTERS):
        got = made.alpha.get_mail("friends@alpha.safe.test", f"<good{i}@n{i}.news.plain.test>")
        said = results_of(got)
        # What passed for the very domain needs no record that was lost.
        assert "dmarc=pass" in said or "dmarc=temperror" in said, said
        assert "spf=pass" in said or "dkim=pass" in said, said


def plain(mark, domain="news.plain.test"):
    return (f"From: one@{domain}\r\nTo: friends@alpha.safe.test\r\nSubject: {mark}\r\n"
            f"Message-ID: <{mark}@{domain}>\r\nDate: Sat, 21 Nov 2026 12:00:00 +0000\r\n\r\nbody\r\n").encode()


def forwarding(made, name, to):
    made.alpha.run_command("alias", "add", f"{name}@alpha.safe.test", "recipients=" + to)
    return f"{name}@alpha.safe.test"


def retry(made):
    made.alpha.run_command("queue", "retry", "--all", check=False)


def test_a_reset_at_any_moment_loses_nothing_and_doubles_only_what_was_taken(build):
    made = world(build)
    with contextlib.ExitStack() as ends:
        peers = {}
        for (name, number), moment in zip(made.resetting.items(), MOMENTS):
            peers[moment] = (Forgetting if moment == "answer" else Resetting)(made.outside, number, moment)
            ends.callback(peers[moment].stop)
            to = forwarding(made, name, f"ann@{name}.plain.test")
            assert made.send(plain("to-" + name), to) == 250, moment

        def arrived():
            retry(made)
            return all(peer.was_reset and peer.taken and (moment != "answer" or len(peer.taken) > 1)
                       for moment, peer in peers.items())

        wait_for(arrived, told=lambda: str({m: (p.was_reset, len(p.taken)) for m, p in peers.items()}))
        wait_all_sent(made.alpha)
        assert {m: len(p.taken) for m, p in peers.items()} == {m: 1 + (m == "answer") for m in MOMENTS}


def test_a_peer_that_drips_is_heard_out(build):
    made = world(build)
    drip = Peer(made.outside, DRIP)
    drip.pace = 0.02
    try:
        assert made.send(plain("drip"), forwarding(made, "drip", "ann@drip.plain.test")) == 250
        wait_for(lambda: drip.taken)
    finally:
        drip.stop()


class Vanishing(Peer):
    """A host whose wire is cut as it is told DATA."""

    def reach(self, talk, moment):
        if moment == "DATA":
            with self.space:
                ip("link", "set", "eth0", "down")


def test_peers_that_are_gone_or_never_done_are_left_in_time(build):
    made = world(build)
    drip, gone = Peer(made.outside, SLOW), Vanishing(made.far, GONE)
    drip.pace, gone.space = 1, made.far  # its greeting alone takes longer than an answer may
    try:
        with made.far:
            half = smtplib.SMTP(four(ALPHA), 25, local_hostname="mx.gone.plain.test", timeout=60)
        half.ehlo()
        assert half.mail("one@news.plain.test")[0] == 250
        begun = time.monotonic()
        assert made.send(plain("slow"), forwarding(made, "slow", "ann@slow.plain.test")) == 250
        assert made.send(plain("gone"), forwarding(made, "gone", "ann@gone.plain.test")) == 250
        for name in ("slow", "gone"):
            made.alpha.wait_log("smtp.delivery.deferred", f"{name}.plain.test")
        made.alpha.wait_log("smtp.session.end", four(GONE), daemon="mxd")
        assert time.monotonic() - begun < 20
        drip.pace = 0
        gone.reach = lambda *_: None
        with made.far:
            ip("link", "set", "eth0", "up")
        wait_for(lambda: retry(made) or (drip.taken and gone.taken))
    finally:
        drip.stop()
        gone.stop()


if __name__ == "__main__":
    with ENDS:
        main(globals())

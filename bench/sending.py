"""Sending, measured: acceptance at submission, relaying to smtp-sink, a long queue.

    sudo bench/sending.py --build build/release [--peers] [--rounds 5] [only]

`only` is accept, relay or queue.  Prints figures and nothing else; compare ratios
within one run, never runs."""

import argparse
import json
import os
import signal
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
from measure import Cpu, Table, pss_kb  # noqa: E402
from sending_peer import SendingPeer  # noqa: E402
from sink import LIMIT, Sink  # noqa: E402
from stack import Stack  # noqa: E402
from submitters import Session, Submission, content  # noqa: E402

HERE = os.path.dirname(os.path.abspath(__file__))


class Ours:
    name = "ours"

    def __init__(self, stack):
        self.stack = stack
        self.sender = "hello@example.test"
        self.password = stack.make_alias(self.sender)
        self.submissions = stack.submissions_port

    def pids(self):
        return list(self.stack.pids.values())

    def begin_accept(self):
        if "smtp-bree" in self.stack.pids:
            self.stack.kill("smtp-bree", signal.SIGTERM)

    def end_accept(self):
        self.stack.run_command("queue", "remove", "--all")

    def begin_relay(self):
        if "smtp-bree" not in self.stack.pids:
            self.stack.start_daemon("smtp-bree")
            time.sleep(0.5)

    def use_sink(self, sink):
        """Delivers to this sink from now on."""
        self.begin_accept()
        self.stack.conf["smarthost.port"] = sink.port
        self.stack.write_conf()
        self.begin_relay()


class Theirs:
    name = "postfix"

    def __init__(self, peer):
        self.peer = peer
        self.sender, self.password = "hello@example.test", "pass"
        self.submissions = peer.relaying

    def pids(self):
        return self.peer.pids()

    def begin_accept(self):
        self.submissions = self.peer.holding

    def end_accept(self):
        self.peer.remove_held()

    def begin_relay(self):
        self.submissions = self.peer.relaying


def accept(side, table, count, size=4096):
    side.begin_accept()
    job = Submission(side, count, size)
    cpu = Cpu(side.pids)
    begun = job.start()
    job.wait()
    seconds = time.monotonic() - begun
    what = f"accept {size} octets, 20 sessions"
    table.add(what, "messages/s, durable", side.name, count / seconds)
    table.add(what, "server CPU ms/message", side.name, cpu.used() * 1000 / count)
    side.end_accept()


def relay(side, table, sink, count, size):
    side.begin_relay()
    job = Submission(side, count, size)
    before = sink.count
    cpu = Cpu(side.pids)
    begun = job.start()
    sink.wait(before + count, f"relay {side.name}")
    seconds = time.monotonic() - begun
    job.wait()
    time.sleep(0.3)  # what is written down behind the last one
    what = f"accept and relay {size} octets"
    table.add(what, "messages/s to the sink", side.name, count / seconds)
    table.add(what, "server CPU ms/message", side.name, cpu.used() * 1000 / count)


def signature_floor(table):
    done = subprocess.run(["openssl", "speed", "-seconds", "1", "rsa2048"], capture_output=True, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("rsa") and "2048" in line and line.split()[-2].replace(".", "").isdigit():
            table.add("one RSA signature of 2048 bits, by openssl", "CPU ms", "the floor of DKIM",
                      1000 / float(line.split()[-2]))


def one_by_one(side, sink, count=50):
    """Milliseconds from MAIL to the sink, each when the one before has arrived."""
    session = Session(side.submissions, side.sender, side.password)
    times = []
    for mail in range(count):
        recipient = f"one{mail}@d{mail}.new.test"
        text = content(side.sender, recipient, time.monotonic_ns(), 4096)
        before = sink.count
        begun = time.monotonic()
        session.send(side.sender, recipient, text)
        sink.wait(before + 1, "one message")
        times.append((time.monotonic() - begun) * 1000)
    session.close()
    return times


def claims(side, count=50):
    """Milliseconds to be given the next that is due; the worker is away."""
    side.begin_accept()
    session = Session(side.submissions, side.sender, side.password)
    for mail in range(count):
        recipient = f"due{mail}@d{mail}.due.test"
        session.send(side.sender, recipient, content(side.sender, recipient, time.monotonic_ns(), 4096))
    session.close()
    with open(os.path.join(HERE, "claim_client.py")) as source:  # by its text: that user may have no way to the file
        done = subprocess.run(["/usr/bin/python3", "-c", source.read(), side.stack.path("run", "sqlited.sock"), str(count)],
                              user="_fwd-smtp-bree", group=65534, extra_groups=[], cwd="/", capture_output=True,
                              text=True, timeout=LIMIT)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def commands(side, table, what, count=10):
    for words in (("queue", "list", "--limit", "100"), ("queue", "stat")):
        for _ in range(count):
            begun = time.monotonic()
            side.stack.run_command(*words)
            table.add(what, f"ms, forwardemail {' '.join(words)}", side.name, (time.monotonic() - begun) * 1000)


def look_at_queue(side, table, sink, what):
    stack = side.stack
    for daemon in ("sqlited", "smtp-bree"):
        table.add(what, f"KB PSS of fwd-{daemon}", side.name, pss_kb([stack.pids[daemon]]))
    for value in one_by_one(side, sink):
        table.add(what, "ms from MAIL to the sink, one new message", side.name, value)
    for value in claims(side):
        table.add(what, "ms to be given the next that is due", side.name, value)
    commands(side, table, what)
    before = sink.count
    side.begin_relay()
    sink.wait(before + 50, "those that were claimed")


def long_queue(side, table, sink, count):
    """Deferred as it happens: every one is refused with 450 once."""
    side.use_sink(sink)
    look_at_queue(side, table, sink, "queue with nothing in it")
    refusing = Sink("-r", "rcpt")
    side.use_sink(refusing)
    begun = time.monotonic()
    job = Submission(side, count, 4096, destinations=1000)
    job.start()
    job.wait()
    while side.stack.command_json("queue", "stat").get("deferred", 0) < count:
        assert time.monotonic() - begun < 3 * LIMIT, side.stack.run_command("queue", "stat").stdout
        time.sleep(0.2)
    seconds = time.monotonic() - begun
    what = f"queue with {count} deferred"
    table.add(what, "messages/s submitted, refused and deferred", side.name, count / seconds)
    for daemon in ("sqlited", "smtp-bree"):
        table.add(what, f"KB, the most fwd-{daemon} ever had", side.name, side.stack.peak_memory(daemon) / 1024)
    side.use_sink(sink)
    time.sleep(1)
    refusing.stop()
    look_at_queue(side, table, sink, what)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--peers", action="store_true", help="run Postfix beside us")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--deferred", type=int, default=100_000)
    parser.add_argument("only", nargs="?", default="")
    arguments = parser.parse_args()
    table = Table()
    sink = Sink()
    conf = {"delivery.allow-private": "yes", "delivery.first-retry": "1d", "dns.anchor-file": "/dev/null",
            "dns.forwarders": "127.0.0.1@9", "smarthost.host": "127.0.0.1", "smarthost.port": sink.port,
            "smarthost.tls": "none", "submission.daily-limit": 100_000_000,
            "submission.connections-per-address": 10_000}
    peer = SendingPeer(sink.port).__enter__() if arguments.peers else None
    try:
        with Stack(arguments.build, conf) as stack:
            sides = [Ours(stack)] + ([Theirs(peer)] if peer else [])
            for _ in range(arguments.rounds):
                for side in sides:
                    if arguments.only in "accept":
                        accept(side, table, arguments.messages)
                    if arguments.only in "relay":
                        relay(side, table, sink, arguments.messages, 4096)
                        relay(side, table, sink, arguments.messages // 4, 100_000)
            if arguments.only in "relay":
                signature_floor(table)
            if arguments.only in "queue":
                long_queue(sides[0], table, sink, arguments.deferred)
    finally:
        if peer:
            peer.__exit__()
        sink.stop()
        table.print()  # what there is, even when a part failed


if __name__ == "__main__":
    main()

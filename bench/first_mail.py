"""From port 25 to FETCH, measured: deliveries, listing, first sync, logins, memory.

    sudo bench/first_mail.py --build build/release [--peers] [--rounds 5] [only]

Prints figures and nothing else; compare ratios within one run, never runs."""

import argparse
import os
import re
import ssl
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
import corpus  # noqa: E402
from mailbox_peer import MailboxPeer  # noqa: E402
from measure import Cpu, Table, pss_kb  # noqa: E402
from stack import Stack  # noqa: E402

import random  # noqa: E402

LIMITS = {"smtp.connections-per-address": 100000, "imap.connections-limit": 5000,
          "imap.connections-per-address": 100000, "login.sessions-per-alias": 5000,
          "smtp.connections-limit": 5000}


class Line:
    """A bare IMAP client that counts nothing but what it is told to."""

    def __init__(self, port, user, password):
        context = ssl._create_unverified_context()
        import socket
        raw = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.peer = context.wrap_socket(raw)
        self.file = self.peer.makefile("rb", 1 << 16)
        self.file.readline()
        self.number = 0
        self.run(f"LOGIN {user} {password}")

    def run(self, command):
        self.number += 1
        tag = f"t{self.number} ".encode()
        self.peer.sendall(tag + command.encode() + b"\r\n")
        octets = 0
        while True:
            line = self.file.readline()
            octets += len(line)
            literal = re.search(rb"\{(\d+)\}\r\n$", line)
            if literal:
                octets += len(self.file.read(int(literal.group(1))))
            if line.startswith(tag):
                assert line[len(tag):].startswith(b"OK"), line
                return octets
            assert line, "the connection closed"

    def close(self):
        self.peer.close()


def smtp_source(port, recipient, count, size, sessions=20, numbered=False):
    begun = time.monotonic()
    command = ["smtp-source", "-d", "-s", str(sessions), "-m", str(count), "-l", str(size), "-f", "a@elsewhere.test",
               "-t", recipient]
    if numbered:
        command.append("-N")
    subprocess.run([*command, f"127.0.0.1:{port}"], check=True, capture_output=True)
    return time.monotonic() - begun


def many(ports, count, size, boxes, sessions=20):
    """Deliveries spread over `boxes` mailboxes u0…: one smtp-source for each twentieth."""
    begun = time.monotonic()
    running = [subprocess.Popen(["smtp-source", "-d", "-s", "1", "-m", str(count // boxes), "-l", str(size), "-f",
                                 "a@elsewhere.test", "-t", f"u{box}@example.test", f"127.0.0.1:{ports}"],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) for box in range(boxes)]
    for one in running:
        assert one.wait() == 0
    return time.monotonic() - begun


class Ours:
    name = "ours"

    def __init__(self, stack, passwords):
        self.stack, self.passwords = stack, passwords
        self.smtp, self.imaps = stack.smtp_port, stack.imaps_port

    def pids(self):
        return list(self.stack.pids.values())

    def settled(self):
        return True

    def user(self, box):
        return f"u{box}@example.test"

    def password(self, box):
        return self.passwords[box]


class Theirs:
    name = "postfix+dovecot"

    def __init__(self, peer):
        self.peer = peer
        self.smtp, self.imaps = peer.smtp, peer.imaps

    def pids(self):
        return self.peer.pids()

    def settled(self):
        return self.peer.queue_is_empty()

    def user(self, box):
        return f"u{box}"

    def password(self, _):
        return "pass"


def deliveries(side, table, boxes, count, size):
    cpu = Cpu(side.pids)
    begun = time.monotonic()
    if boxes == 1:
        smtp_source(side.smtp, "u0@example.test", count, size)
    else:
        many(side.smtp, count, size, boxes)
    while not side.settled():
        time.sleep(0.02)
    seconds = time.monotonic() - begun
    what = f"deliver {size} octets into {boxes} mailbox{'es' if boxes > 1 else ''}"
    table.add(what, "messages/s to stored", side.name, count / seconds)
    table.add(what, "server CPU ms/message", side.name, cpu.used() * 1000 / count)


def listing(side, table, box, count):
    line = Line(side.imaps, side.user(box), side.password(box))
    for what, command in (("SELECT", "SELECT INBOX"), ("FETCH flags", "FETCH 1:* (UID FLAGS)"),
                          ("FETCH envelopes", "FETCH 1:* (UID ENVELOPE)"),
                          ("FETCH bodies", "FETCH 1:* (UID BODY.PEEK[])")):
        cpu = Cpu(side.pids)
        begun = time.monotonic()
        line.run(command)
        table.add(f"{what} of {count}", "ms", side.name, (time.monotonic() - begun) * 1000)
        table.add(f"{what} of {count}", "server CPU ms", side.name, cpu.used() * 1000)
    line.close()


def sync(side, table, box, count):
    with tempfile.TemporaryDirectory() as folder:
        rc = os.path.join(folder, "rc")
        with open(rc, "w") as out:
            out.write(f"IMAPAccount a\nHost localhost\nPort {side.imaps}\nUser {side.user(box)}\nPass {side.password(box)}\n"
                      f"SSLType IMAPS\nSSLVersions TLSv1.3\nAuthMechs LOGIN\nCertificateFile {side_certificate(side)}\n\n"
                      f"IMAPStore r\nAccount a\n\nMaildirStore l\nPath {folder}/\nInbox {folder}/INBOX\n"
                      "SubFolders Verbatim\n\nChannel c\nFar :r:INBOX\nNear :l:INBOX\nSync Pull\nCreate Near\nSyncState *\n")
        cpu = Cpu(side.pids)
        begun = time.monotonic()
        done = subprocess.run(["mbsync", "-q", "-c", rc, "c"], capture_output=True, text=True,
                              env=dict(os.environ, HOME=folder))
        seconds = time.monotonic() - begun
        assert done.returncode == 0, done.stderr
        table.add(f"first mbsync of {count}", "s", side.name, seconds)
        table.add(f"first mbsync of {count}", "server CPU us/message", side.name, cpu.used() * 1e6 / count)


def side_certificate(side):
    keeper = side.stack if side.name == "ours" else side.peer
    return keeper.path("ssl", "fullchain.pem")


def logins(side, table, box, count=200):
    cpu = Cpu(side.pids)
    begun = time.monotonic()
    for _ in range(count):
        Line(side.imaps, side.user(box), side.password(box)).close()
    table.add("login over a new TLS connection", "logins/s, one client", side.name, count / (time.monotonic() - begun))
    table.add("login over a new TLS connection", "server CPU ms", side.name, cpu.used() * 1000 / count)


def idle(side, table, count, boxes):
    before = pss_kb(side.pids())
    held = []
    for number in range(count):
        line = Line(side.imaps, side.user(number % boxes), side.password(number % boxes))
        line.run("SELECT INBOX")
        line.peer.sendall(b"i IDLE\r\n")
        assert line.file.readline().startswith(b"+")
        held.append(line)
    time.sleep(2)
    table.add(f"{count} sessions in IDLE over TLS", "KB PSS each", side.name, (pss_kb(side.pids()) - before) / count)
    for line in held:
        line.close()


def fill(side, box, count):
    """The same corpus for both, by APPEND."""
    import imaplib
    client = imaplib.IMAP4_SSL("127.0.0.1", side.imaps, ssl_context=ssl._create_unverified_context())
    client.login(side.user(box), side.password(box))
    rng = random.Random(4)
    for number in range(count):
        message = corpus.attachment(rng, number) if number % 50 == 0 else corpus.plain(rng, number)
        assert client.append("INBOX", None, None, message)[0] == "OK"
    client.logout()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--peers", action="store_true", help="run Postfix and Dovecot beside us")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--messages", type=int, default=10000)
    parser.add_argument("--boxes", type=int, default=100)
    parser.add_argument("--idle", type=int, default=1000)
    parser.add_argument("only", nargs="?", default="")
    arguments = parser.parse_args()
    table = Table()
    wants = lambda job: arguments.only in job  # noqa: E731
    with Stack(arguments.build, LIMITS) as stack:
        time.sleep(1)
        table.add("whole stack idle", "KB PSS", "ours", pss_kb(stack.pids.values()))
        passwords = [stack.make_alias(f"u{box}@example.test") for box in range(arguments.boxes)]
        sides = [Ours(stack, passwords)]
        peer = MailboxPeer().__enter__() if arguments.peers else None
        try:
            if peer:
                sides.append(Theirs(peer))
            for _ in range(arguments.rounds):
                for side in sides:
                    if wants("deliver"):
                        deliveries(side, table, 1, 2000, 4096)
                        deliveries(side, table, arguments.boxes, 2000, 4096)
                        deliveries(side, table, arguments.boxes, 500, 100_000)
                    if wants("login"):
                        logins(side, table, 1)
            if wants("listing") or wants("sync"):
                for side in sides:
                    fill(side, arguments.boxes - 1, arguments.messages)
            for _ in range(arguments.rounds):
                for side in sides:
                    if wants("listing"):
                        listing(side, table, arguments.boxes - 1, arguments.messages)
                    if wants("sync"):
                        sync(side, table, arguments.boxes - 1, arguments.messages)
            if wants("idle"):
                for side in sides:
                    idle(side, table, arguments.idle, arguments.boxes)
        finally:
            if peer:
                peer.__exit__()
    table.print()


if __name__ == "__main__":
    main()

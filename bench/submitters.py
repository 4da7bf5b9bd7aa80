"""Sessions that hand messages in: logged in over TLS beforehand, each message one
pipelined group and its content, as a program that sends much does it."""

import base64
import multiprocessing
import socket
import ssl
import time

MAILS = 1000  # of one session: the bound that fwd-smtpd names in its EHLO (LIMITS MAILMAX)


class Session:
    def __init__(self, port, user, password):
        self.port, self.user, self.password = port, user, password
        self.connect()

    def connect(self):
        self.peer = ssl._create_unverified_context().wrap_socket(
            socket.create_connection(("127.0.0.1", self.port), timeout=120))
        self.peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file = self.peer.makefile("rb")
        self.mails = 0
        self.reply("220")
        self.ask("EHLO client.test", "250")
        token = base64.b64encode(f"\0{self.user}\0{self.password}".encode()).decode()
        self.ask("AUTH PLAIN " + token, "235")

    def reply(self, code):
        line = self.file.readline()
        while line[3:4] == b"-":
            line = self.file.readline()
        assert line.startswith(code.encode()), line

    def ask(self, line, code):
        self.peer.sendall(line.encode() + b"\r\n")
        self.reply(code)

    def send(self, sender, recipient, content, options=""):
        if self.mails == MAILS:
            self.close()
            self.connect()
        self.mails += 1
        self.peer.sendall(f"MAIL FROM:<{sender}>{options}\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode())
        for code in ("250", "250", "354"):
            self.reply(code)
        self.peer.sendall(content)
        self.reply("250")

    def close(self):
        self.peer.sendall(b"QUIT\r\n")
        self.file.close()
        self.peer.close()


def content(sender, recipient, name, size):
    head = (f"From: Sender <{sender}>\r\nTo: {recipient}\r\nSubject: A message of {size} octets\r\n"
            f"Date: Fri, 20 Nov 2026 12:00:00 +0000\r\nMessage-ID: <{name}@client.test>\r\n"
            "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n").encode()
    line = b"The quick brown fox jumps over the lazy dog, again and again and again.\r\n"
    body = line * (max(0, size - len(head)) // len(line) + 1)
    return head + body[:max(0, size - len(head) - 2)].rstrip(b"\r\n") + b"\r\n.\r\n"


def one_session(side, number, sessions, count, size, destinations, options, ready, go):
    session = Session(side.submissions, side.sender, side.password)
    ready.release()
    go.wait()
    for mail in range(number, count, sessions):
        recipient = f"r{mail}@d{mail % destinations}.elsewhere.test"
        name = f"{time.monotonic_ns()}.{number}.{mail}"
        session.send(side.sender, recipient, content(side.sender, recipient, name, size), options)
    session.close()


class Submission:
    """`count` messages by `sessions` sessions, one a process; start() when all have logged in."""

    def __init__(self, side, count, size, sessions=20, destinations=20, options=""):
        processes = multiprocessing.get_context("fork")
        ready, self.go = processes.Semaphore(0), processes.Event()
        self.running = [processes.Process(target=one_session, daemon=True,
                                          args=(side, number, sessions, count, size, destinations, options, ready,
                                                self.go)) for number in range(sessions)]
        for one in self.running:
            one.start()
        for _ in self.running:
            assert ready.acquire(timeout=60), "a session did not log in"

    def start(self):
        self.go.set()
        return time.monotonic()

    def wait(self):
        for one in self.running:
            one.join()
            assert one.exitcode == 0, "a session failed"

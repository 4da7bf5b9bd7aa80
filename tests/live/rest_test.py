"""At rest: no marker of any message stands in any file, who holds the server key
but no password opens none of the sealed mail, and no password stays in memory."""

import base64
import os
import socket
import subprocess

from stack import Lines, Stack, main

COUNT = 1000
MARKER = "CANARY-8f1b7c"


def send_many(stack, count, tag):
    with stack.smtp() as client:
        for number in range(count):
            client.sendmail(f"{MARKER.lower()}@elsewhere.test", ["hello@example.test"],
                            (f"Subject: {MARKER} subject {tag}\r\nFrom: {MARKER} <a@elsewhere.test>\r\n\r\n"
                             f"{MARKER} body {number}\r\n" + f"{MARKER} " * 50 + "\r\n").encode())


def files_with(folder, marker):
    found = []
    for base, _, names in os.walk(folder):
        for name in names:
            with open(os.path.join(base, name), "rb") as octets:
                if marker.encode() in octets.read():
                    found.append(os.path.join(base, name))
    return found


def test_no_marker_is_found_in_any_file(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        send_many(stack, COUNT, "closed")
        assert files_with(stack.data, MARKER) == []
        client = stack.imap("hello@example.test", password)
        client.select("INBOX")
        send_many(stack, COUNT, "open")
        assert client.select("INBOX")[1] == [str(2 * COUNT).encode()]
        assert files_with(stack.data, MARKER) == []
        assert files_with(stack.data, password) == []
        for daemon in ("sqlited", "mxd", "imapd"):
            log = stack.log_text(daemon)
            assert MARKER not in log and password not in log, daemon
        client.logout()
        stack.stop()
        assert files_with(stack.data, MARKER) == []


def test_the_server_key_alone_opens_no_sealed_mail(build):
    with Stack(build) as stack:
        stack.make_alias("hello@example.test")
        send_many(stack, 50, "closed")
        stack.stop()
        program = os.path.join(stack.build, "tests", "live", "open-sealed")
        done = subprocess.run([program, stack.path("secrets", "server.key"), stack.data],
                              capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        assert "50 sealed messages seen, 0 opened" in done.stdout, done.stdout


def memory_with(pid, marker):
    """How often a process's writable memory holds the marker."""
    found = 0
    with open(f"/proc/{pid}/maps") as maps, open(f"/proc/{pid}/mem", "rb", 0) as memory:
        for line in maps:
            span, rights = line.split()[:2]
            first, last = (int(end, 16) for end in span.split("-"))
            if not rights.startswith("rw"):
                continue
            try:
                memory.seek(first)
                found += memory.read(last - first).count(marker)
            except OSError:  # guard pages
                continue
    return found


def test_no_password_stays_in_memory(build):
    with Stack(build) as stack:
        address, chosen = b"hello@example.test", b"7-lanterns-under-an-ox-bow-CANARY"
        made = stack.make_alias(address.decode()).encode()
        stack.run_command("alias", "password", address.decode(), "--current", "--choose",
                          text_input=(made + b"\n" + chosen + b"\n").decode())
        message = base64.b64encode(b"\0" + address + b"\0" + chosen)
        clients = []
        for login in (b'LOGIN %s "%s"' % (address, chosen),
                      b"LOGIN %s {%d+}\r\n%s" % (address, len(chosen), chosen),
                      b"AUTHENTICATE PLAIN " + message,
                      b"AUTHENTICATE PLAIN\r\n" + message):
            raw = socket.create_connection(("localhost", stack.imaps_port), timeout=30)
            clients.append(Lines(stack.tls_context().wrap_socket(raw, server_hostname="localhost")))
            clients[-1].line()
            clients[-1].command(login)
            clients[-1].command("SELECT INBOX")
        for login in (b"AUTH PLAIN " + message, b"AUTH PLAIN\r\n" + message,
                      b"AUTH LOGIN\r\n" + base64.b64encode(address) + b"\r\n" + base64.b64encode(chosen)):
            raw = socket.create_connection(("localhost", stack.submissions_port), timeout=30)
            clients.append(Lines(stack.tls_context().wrap_socket(raw, server_hostname="localhost")))
            clients[-1].reply()
            clients[-1].ask(b"EHLO a.test")
            for line in login.split(b"\r\n"):
                answer = clients[-1].ask(line)
            assert answer.startswith(b"235"), answer
        assert memory_with(stack.pids["imapd"], address) > 0, "memory cannot be looked at"
        for daemon in ("imapd", "smtpd", "sqlited"):
            for secret in (made, chosen, chosen[8:], message[40:]):
                assert memory_with(stack.pids[daemon], secret) == 0, (daemon, secret)


if __name__ == "__main__":
    main(globals())

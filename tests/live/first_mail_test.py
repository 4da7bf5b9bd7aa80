"""The working line: port 25 to IMAP, as other people's programs see it."""

import os
import re
import subprocess
import time

import corpus
from stack import Stack, main

MESSAGE = (b"From: a@elsewhere.test\r\nTo: hello@example.test\r\nSubject: first\r\n"
           b"Message-ID: <1@elsewhere.test>\r\n\r\nHello.\r\n..dots\r\n")


def send(stack, content, recipients=("hello@example.test",), sender="a@elsewhere.test"):
    with stack.smtp() as client:
        client.sendmail(sender, list(recipients), content)


def body_of(client, uid):
    answer = client.uid("FETCH", str(uid), "(BODY.PEEK[])")[1]
    return answer[0][1]


def test_swaks_delivers_over_starttls_and_curl_fetches(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        subprocess.run(["swaks", "--to", "hello@example.test", "--from", "a@elsewhere.test", "--server", "127.0.0.1",
                        "--port", str(stack.smtp_port), "--tls", "--header", "Subject: by swaks"],
                       check=True, capture_output=True, timeout=60)
        config = stack.path("curlrc")
        with open(config, "w") as out:
            out.write(f'user = "hello@example.test:{password}"\n')
        fetched = subprocess.run(["curl", "-sS", "--config", config, "--cacert", stack.path("ssl", "fullchain.pem"),
                                  f"imaps://localhost:{stack.imaps_port}/INBOX;UID=1"],
                                 check=True, capture_output=True, timeout=60).stdout
        assert b"Subject: by swaks" in fetched, fetched
        assert fetched.startswith(b"Return-Path: <a@elsewhere.test>\r\n"), fetched[:200]
        assert re.search(rb"Received: from .* with ESMTPS\s", fetched, re.S), fetched[:400]


def test_every_odd_message_comes_back_byte_for_byte(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        sent = list(corpus.messages(64))
        with stack.smtp() as client:
            for message in sent:
                client.sendmail("a@elsewhere.test", ["hello@example.test"], message)
        client = stack.imap("hello@example.test", password)
        client.select("INBOX")
        for number, message in enumerate(sent):
            got = body_of(client, number + 1)
            assert got.endswith(message), (number, message[:300], got[-300:])
            assert got.startswith(b"Return-Path: "), number
        client.logout()


def test_several_recipients_get_one_copy_each(build):
    with Stack(build) as stack:
        first = stack.make_alias("hello@example.test")
        second = stack.make_alias("other@example.test")
        send(stack, MESSAGE, ["hello@example.test", "HELLO+tag@Example.TEST", "other@example.test"])
        for address, password in (("hello@example.test", first), ("other@example.test", second)):
            client = stack.imap(address, password)
            assert client.select("INBOX")[1] == [b"1"], address
            client.logout()


def test_an_idle_client_and_a_second_session_see_mail_at_once(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        watcher, other = (stack.imap("hello@example.test", password) for _ in range(2))
        watcher.select("INBOX")
        other.select("INBOX")
        watcher.send(b"i1 IDLE\r\n")
        assert watcher.readline().startswith(b"+")
        begun = time.monotonic()
        send(stack, MESSAGE)
        line = watcher.readline()
        while b"EXISTS" not in line:
            line = watcher.readline()
        assert line.strip() == b"* 1 EXISTS", line
        assert time.monotonic() - begun < 5
        # A flag set by the other session, and its expunge, reach the idle one too.
        while other.response("EXISTS")[1] != [b"1"] and time.monotonic() - begun < 5:
            other.noop()
        other.store("1", "+FLAGS", "(\\Flagged \\Deleted)")
        line = watcher.readline()
        while b"FETCH" not in line:
            line = watcher.readline()
        assert b"\\Flagged" in line, line
        other.expunge()
        line = watcher.readline()
        assert line.strip() == b"* 1 EXPUNGE", line
        watcher.send(b"DONE\r\n")
        assert watcher.readline().startswith(b"i1 OK")


def test_mutt_reads_the_mailbox(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        send(stack, MESSAGE.replace(b"first", b"for mutt"))
        rc = stack.path("muttrc")
        with open(rc, "w") as out:
            out.write(f'set imap_user="hello@example.test"\nset imap_pass="{password}"\n'
                      f'set certificate_file="{stack.path("ssl", "fullchain.pem")}"\nset ssl_verify_host=yes\n'
                      "set ssl_usesystemcerts=no\nset mbox_type=mbox\nset confirmappend=no\nset confirmcreate=no\nset record=\"\"\n"
                      f"set folder=\"{stack.path()}\"\nset header_cache=\"\"\nset quit=yes\n")
        target = stack.path("mutt.mbox")
        environment = dict(os.environ, TERM="xterm", HOME=stack.home)
        done = subprocess.run(["script", "-qec",
                               f"mutt -F {rc} -f imaps://localhost:{stack.imaps_port}/INBOX "
                               f"-e 'push \"<copy-message>{target}<enter><exit>\"'", "/dev/null"],
                              env=environment, capture_output=True, timeout=60, stdin=subprocess.DEVNULL)
        with open(target, "rb") as got:
            assert b"Subject: for mutt" in got.read(), done.stdout[-2000:]


def test_scram_by_a_real_client(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        for mechanism in ("SCRAM-SHA-256", "SCRAM-SHA-256-PLUS", "PLAIN"):
            done = subprocess.run(["python3", os.path.join(os.path.dirname(__file__), "scram_client.py"), mechanism,
                                   str(stack.imaps_port), stack.path("ssl", "fullchain.pem"), "hello@example.test"],
                                  input=password, text=True, capture_output=True, timeout=60)
            assert done.returncode == 0, (mechanism, done.stdout, done.stderr)


def test_a_wrong_password_is_refused_and_ten_are_refused_for_a_while(build):
    with Stack(build, {"login.failure-delay": "0s"}) as stack:
        password = stack.make_alias("hello@example.test")
        import imaplib
        for attempt in range(10):
            client = stack.imap()
            try:
                client.login("hello@example.test" if attempt % 2 else "nobody@example.test", f"wrong{attempt}")
                raise AssertionError("a wrong password opened the mailbox")
            except imaplib.IMAP4.error as error:
                assert "AUTHENTICATIONFAILED" in str(error), error
            client.shutdown()
        client = stack.imap()
        try:
            client.login("hello@example.test", password)
            raise AssertionError("the address was not refused after ten wrong passwords")
        except imaplib.IMAP4.error as error:
            assert "AUTHENTICATIONFAILED" not in str(error), error
        client.shutdown()


def test_a_changed_password_ends_sessions_and_opens_the_same_mail(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        send(stack, MESSAGE)
        client = stack.imap("hello@example.test", password)
        client.select("INBOX")
        changed = stack.run_command("--json", "alias", "password", "hello@example.test", "--current", text_input=password + "\n")
        import json
        new = json.loads(changed.stdout)["password"]
        assert new != password
        client.send(b"x NOOP\r\n")
        assert b"BYE" in client.readline()
        again = stack.imap("hello@example.test", new)
        assert again.select("INBOX")[1] == [b"1"]
        again.logout()


def test_many_connections_are_refused_politely(build):
    import socket
    limit = 100
    with Stack(build, {"smtp.connections-limit": limit, "smtp.connections-per-address": 100000,
                       "imap.connections-limit": limit, "imap.connections-per-address": 100000}) as stack:
        for port, refusal in ((stack.smtp_port, b"421"), (stack.imaps_port, b"")):
            held = []
            refused = 0
            for _ in range(10000):
                peer = socket.create_connection(("127.0.0.1", port), timeout=30)
                if len(held) < limit:
                    held.append(peer)
                    if port == stack.smtp_port:
                        assert peer.recv(100).startswith(b"220")
                    continue
                try:
                    answer = peer.recv(200)
                except ConnectionResetError:
                    answer = b""
                if answer.startswith(refusal):
                    refused += 1
                peer.close()
            assert refused == 10000 - limit, refused
            for peer in held:
                peer.close()
        # Both live on.
        deadline = time.monotonic() + 30
        while True:
            try:
                password = stack.make_alias("hello@example.test")
                break
            except RuntimeError:
                assert time.monotonic() < deadline
        send(stack, MESSAGE)
        assert stack.imap("hello@example.test", password).select("INBOX")[1] == [b"1"]


if __name__ == "__main__":
    main(globals())

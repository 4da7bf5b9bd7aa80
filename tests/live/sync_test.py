"""mbsync keeps a Maildir and our mailbox the same, both ways, byte for byte."""

import os
import random
import subprocess

import corpus
from stack import Stack, main

COUNT = 2000


def write_maildir(folder, messages):
    for sub in ("cur", "new", "tmp"):
        os.makedirs(os.path.join(folder, sub))
    for number, message in enumerate(messages):
        with open(os.path.join(folder, "cur", f"{1700000000 + number}.M{number}P1.test:2,{'S' if number % 3 else ''}"),
                  "wb") as out:
            out.write(message.replace(b"\r\n", b"\n"))


def read_maildir(folder):
    """Every message with line ends as they are on the wire, without mbsync's own header."""
    found = []
    for sub in ("cur", "new"):
        for name in os.listdir(os.path.join(folder, sub)):
            with open(os.path.join(folder, sub, name), "rb") as message:
                lines = message.read().split(b"\n")
            flags = name.split(":2,")[1] if ":2," in name else ""
            found.append((b"\n".join(line for line in lines if not line.startswith(b"X-TUID: ")), flags))
    return sorted(found)


def mbsync(stack, password, name, folder):
    rc = stack.path(name + ".rc")
    with open(stack.path("password"), "w") as out:
        out.write(password)
    with open(rc, "w") as out:
        out.write(f"""
IMAPAccount fwd
Host localhost
Port {stack.imaps_port}
User hello@example.test
PassCmd "cat {stack.path('password')}"
SSLType IMAPS
CertificateFile {stack.path('ssl', 'fullchain.pem')}
AuthMechs PLAIN

IMAPStore far
Account fwd

MaildirStore near
Path {folder}/
Inbox {folder}/INBOX
SubFolders Verbatim

Channel all
Far :far:
Near :near:
Patterns INBOX "Sent Mail" Archive work
Create Both
Expunge Both
Remove Both
SyncState *
""")
    done = subprocess.run(["mbsync", "-c", rc, "all"], capture_output=True, text=True, timeout=600,
                          env=dict(os.environ, HOME=stack.home), stdin=subprocess.DEVNULL)
    assert done.returncode == 0, done.stdout + done.stderr


def test_two_way_sync_of_a_corpus(build):
    # Maildir keeps LF alone, so messages whose lines hold a bare CR are not for it;
    # and mbsync leaves out those whose header no empty line ends.
    messages = [m for m in corpus.messages(COUNT, seed=7)
                if m.count(b"\r") == m.count(b"\r\n") and b"\0" not in m and
                (m.startswith(b"\r\n") or b"\r\n\r\n" in m)]
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        one, two = stack.path("one"), stack.path("two")
        write_maildir(os.path.join(one, "INBOX"), messages)
        write_maildir(os.path.join(one, "work"), messages[:50])
        os.makedirs(two)
        mbsync(stack, password, "one", one)
        mbsync(stack, password, "two", two)
        for folder in ("INBOX", "work"):
            here, there = (read_maildir(os.path.join(side, folder)) for side in (one, two))
            assert len(here) == len(there), (len(here), len(there))
            for a, b in zip(here, there):
                assert a == b, (a[0][:300], b[0][:300], a[1], b[1])

        # Changes on both sides meet in the middle.
        rng = random.Random(3)
        names = sorted(os.listdir(os.path.join(two, "INBOX", "cur")))
        for name in rng.sample(names, 100):
            path = os.path.join(two, "INBOX", "cur", name)
            if rng.random() < 0.5:
                base, flags = path.split(":2,")
                os.rename(path, base + ":2," + "".join(sorted(set(flags) | {"F"})))
            else:
                base, flags = path.split(":2,")
                os.rename(path, base + ":2," + "".join(sorted(set(flags) | {"T"})))
        client = stack.imap("hello@example.test", password)
        client.select("INBOX")
        client.store("1:20", "+FLAGS", "\\Answered")
        client.copy("1:10", '"Sent Mail"')
        client.logout()
        for round_number in range(2):
            mbsync(stack, password, "two", two)
            mbsync(stack, password, "one", one)
        here, there = (read_maildir(os.path.join(side, "INBOX")) for side in (one, two))
        assert here == there, (len(here), len(there))
        assert len(here) < len(messages)
        assert len(read_maildir(os.path.join(one, "Sent Mail"))) == 10
        assert sum("R" in flags for _, flags in here) >= 10
        assert sum("F" in flags for _, flags in here) >= 10

        # Nothing left to do is nothing done.
        before = stack.command_json("mailbox", "stat", "hello@example.test")
        mbsync(stack, password, "one", one)
        after = stack.command_json("mailbox", "stat", "hello@example.test")
        assert before == after or before["last_login_at"] != after["last_login_at"], (before, after)


if __name__ == "__main__":
    main(globals())

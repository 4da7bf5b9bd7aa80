"""kill -9 of the door, of the exchanger, of the whole stack, at any moment of a
delivery run: what got its 250 is there exactly once; UIDs are never used again."""

import collections
import imaplib
import random
import re
import smtplib
import threading
import time

from stack import DAEMONS, Stack, main

ROUNDS = 4
SENDERS = 4


class Sender(threading.Thread):
    """Sends numbered messages until told to stop; remembers which got a 250."""

    def __init__(self, stack, name):
        super().__init__(daemon=True)
        self.stack, self.name_ = stack, name
        self.accepted, self.tried = [], 0
        self.stopping = threading.Event()

    def run(self):
        client = None
        while not self.stopping.is_set():
            mark = f"{self.name_}-{self.tried}"
            self.tried += 1
            try:
                if client is None:
                    client = self.stack.smtp()
                client.sendmail("a@elsewhere.test", ["hello@example.test"],
                                f"Subject: mark {mark}\r\n\r\nbody\r\n".encode())
                self.accepted.append(mark)
            except (smtplib.SMTPException, OSError):
                if client is not None:
                    client.close()
                client = None
                self.stopping.wait(0.02)
        if client is not None:
            client.close()


def marks_and_uids(stack, password):
    client = stack.imap("hello@example.test", password)
    client.select("INBOX")
    validity = client.response("UIDVALIDITY")[1][0]
    marks, uids = [], []
    _, answer = client.uid("FETCH", "1:*", "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    for item in answer:
        if isinstance(item, tuple):
            uids.append(int(re.search(rb"UID (\d+)", item[0]).group(1)))
            marks.append(re.search(rb"mark (\S+)", item[1]).group(1).decode())
    client.logout()
    return validity, marks, uids


def run(build, victims, logged_in):
    rng = random.Random(5)
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        highest = 0
        validity = None
        accepted = []
        watcher = None
        for _ in range(ROUNDS):
            if logged_in:
                watcher = stack.imap("hello@example.test", password)
                watcher.select("INBOX")
            senders = [Sender(stack, f"{len(accepted)}x{i}") for i in range(SENDERS)]
            for sender in senders:
                sender.start()
            time.sleep(rng.uniform(0.2, 1.0))
            for victim in victims:
                stack.kill(victim)
            for victim in victims:
                stack.start_daemon(victim)
            stack.wait_up()
            time.sleep(0.3)
            for sender in senders:
                sender.stopping.set()
            for sender in senders:
                sender.join(30)
                accepted += sender.accepted
            if watcher is not None:
                watcher.shutdown()
            now, marks, uids = marks_and_uids(stack, password)
            assert validity in (None, now), (validity, now)
            validity = now
            counts = collections.Counter(marks)
            lost = [mark for mark in accepted if counts[mark] == 0]
            twice = [mark for mark in accepted if counts[mark] > 1]
            assert not lost, f"{len(lost)} of {len(accepted)} accepted messages are lost: {lost[:5]}"
            assert not twice, f"{len(twice)} messages are there twice: {twice[:5]}"
            assert uids == sorted(set(uids)), "UIDs are not unique and ascending"
            assert max(uids) > highest
            # Remove the newest: its UID must not come back.
            client = stack.imap("hello@example.test", password)
            client.select("INBOX")
            highest = max(uids)
            last = marks[uids.index(highest)]
            client.uid("STORE", str(highest), "+FLAGS", "(\\Deleted)")
            client.expunge()
            client.logout()
            accepted = [mark for mark in accepted if mark != last]
        assert len(accepted) > 50, f"only {len(accepted)} messages were accepted: too few to show anything"
        assert stack.run_command("check").returncode == 0


def test_killing_the_door_with_the_mailbox_closed(build):
    run(build, ["sqlited"], logged_in=False)


def test_killing_the_door_with_the_mailbox_open(build):
    run(build, ["sqlited"], logged_in=True)


def test_killing_the_exchanger(build):
    run(build, ["mxd"], logged_in=True)


def test_killing_the_whole_stack(build):
    run(build, DAEMONS, logged_in=False)


def in_background(stack, *arguments):
    worker = threading.Thread(target=lambda: stack.run_command(*arguments, check=False), daemon=True)
    worker.start()
    return worker


def inbox(stack, address, password):
    """How many messages are there; None when the password is not good."""
    client = stack.imap()
    try:
        client.login(address, password)
        return int(client.select("INBOX")[1][0])
    except imaplib.IMAP4.error as error:
        assert "AUTHENTICATIONFAILED" in str(error), error
        return None
    finally:
        client.shutdown()


def kill_while(stack, rng, *arguments):
    begun = in_background(stack, *arguments)
    time.sleep(rng.uniform(0.0, 0.08))
    stack.kill("sqlited")
    stack.start_daemon("sqlited")
    stack.wait_up()
    begun.join(30)
    checked = stack.run_command("check", check=False)
    assert checked.returncode == 0, checked.stderr


def test_killing_the_door_while_a_mailbox_is_begun_anew_or_removed(build):
    rng = random.Random(7)
    kept = removed = 0
    with Stack(build, {"login.failure-delay": "0s", "login.failures-per-address": 1000}) as stack:
        for number in range(15):
            address = f"a{number}@example.test"
            password = stack.make_alias(address)
            with stack.smtp() as client:
                client.sendmail("a@elsewhere.test", [address], b"Subject: x\r\n\r\nbody\r\n")
            kill_while(stack, rng, "alias", "password", address, "--start-over")
            there = inbox(stack, address, password)
            assert there in (None, 1), there
            kept += there == 1
            # However it ended, the address goes on.
            password = stack.command_json("alias", "password", address, "--start-over")["password"]
            with stack.smtp() as client:
                client.sendmail("a@elsewhere.test", [address], b"Subject: x\r\n\r\nbody\r\n")
            kill_while(stack, rng, "alias", "remove", address)
            if stack.run_command("alias", "show", address, check=False).returncode == 0:
                assert inbox(stack, address, password) == 1
            else:
                removed += 1
                assert inbox(stack, address, password) is None
        print(f"     {kept} of 15 kept, {removed} of 15 removed, "
              f"{stack.log_text('sqlited').count('door.finished')} finished at a start")
        assert "door.orphan" not in stack.log_text("sqlited")


if __name__ == "__main__":
    main(globals())

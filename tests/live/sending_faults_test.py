"""Bad days of sending: kill -9 of the door, of submission and of the worker while
mail is submitted and delivered, and a disk that is full."""

import collections
import os
import random
import re
import smtplib
import tempfile
import time

from bad_days import Mount, Sender, count_kills, fill_disk, kill_under_load
from delivery_test import bree_conf, inbox, submit, through, wait_log
from stack import Stack, main

MESSAGES = 1000
SENDERS = 4


class Submitter(Sender):
    def __init__(self, stack, password, name, wanted):
        super().__init__(name, wanted)
        self.stack, self.password = stack, password

    def connect(self):
        client = smtplib.SMTP_SSL("localhost", self.stack.submissions_port,
                                  context=self.stack.tls_context(), timeout=60)
        client.login("hello@example.test", self.password)
        return client

    def send(self, client, mark):
        client.sendmail("hello@example.test", ["bob@there.test"],
                        f"From: hello@example.test\r\nMessage-ID: <{mark}@example.test>\r\n"
                        f"Subject: mark {mark}\r\n\r\nbody\r\n".encode())


def arrived(there, password):
    with there.imap("bob@there.test", password) as client:
        client.select("INBOX")
        answer = client.uid("FETCH", "1:*", "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        return collections.Counter(re.search(rb"mark (\S+)", item[1]).group(1).decode()
                                   for item in answer if isinstance(item, tuple))


def test_killed_at_any_moment_nothing_accepted_is_lost(build):
    rng = random.Random(11)
    with Stack(build, {"smtp.connections-per-address": 0}) as there:
        bob = there.make_alias("bob@there.test")
        conf = through(there)
        conf.update({"login.failures-per-address": 1000, "submission.daily-limit": 100000})
        with Stack(build, conf) as stack:
            password = stack.make_alias("hello@example.test")
            senders = [Submitter(stack, password, f"s{i}", MESSAGES // SENDERS) for i in range(SENDERS)]
            stack.start_daemon("smtp-bree")
            kills = count_kills(kill_under_load(stack, senders, ["smtp-bree", "smtp-bree", "sqlited", "smtpd"], rng))
            accepted = [mark for sender in senders for mark in sender.accepted]
            assert len(accepted) == MESSAGES, len(accepted)
            deadline = time.monotonic() + 120
            while True:
                stack.run_command("queue", "retry", "--sender", "hello@example.test", check=False)
                there_now = arrived(there, bob)
                lost = [mark for mark in accepted if mark not in there_now]
                if not lost or time.monotonic() > deadline:
                    break
                time.sleep(1)
            assert not lost, f"{len(lost)} lost: {lost[:5]}\n{stack.log_tail('smtp-bree')}"
            twice = sum(there_now.values()) - len(there_now)
            print(f"     killed {dict(kills)}; {twice} of {len(accepted)} repeated")
            # In flight at the instant: at most one message on each connection.
            assert twice <= 10 * (kills["smtp-bree"] + kills["sqlited"]), twice


def test_a_full_disk_takes_no_more_for_sending_and_sends_what_it_has(build):
    folder = tempfile.mkdtemp(prefix="fwd-live-disk.")
    with Mount(folder, "64M"):
        conf = bree_conf({"queue.disk-reserve": "8M"})
        with Stack(build, conf, data_folder=os.path.join(folder, "data")) as stack:
            hello = stack.make_alias("hello@example.test")
            other = stack.make_alias("other@example.test")
            for i in range(5):
                submit(stack, hello, ["other@example.test"], subject=f"n{i}")
            filler = fill_disk(folder, 5 << 20)
            try:
                submit(stack, hello, ["other@example.test"])
            except smtplib.SMTPDataError as error:
                assert error.smtp_code == 452, error
            except smtplib.SMTPSenderRefused as error:
                assert error.smtp_code == 452, error
            else:
                raise AssertionError("taken on a full disk")
            stack.start_daemon("smtp-bree")
            inbox(stack, "other@example.test", other, 5)
            wait_log(stack, "smtp.delivery.sent", 5)
            os.unlink(filler)
            submit(stack, hello, ["other@example.test"])
            inbox(stack, "other@example.test", other, 6)
    os.rmdir(folder)


if __name__ == "__main__":
    main(globals())

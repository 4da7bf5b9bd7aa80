"""Bad days of forwarding: kill -9 of the exchanger, of the door and of the worker,
a disk that is full, and destinations that refuse for a while, stall, reset or
drip.  Nothing that was answered 250 is lost, and nothing goes twice to one
destination but what the remote took without our knowing it."""

import base64
import collections
import contextlib
import json
import os
import random
import re
import signal
import time

from bad_days import Mount, Sender, SmallWorld, count_kills, fill_disk, kill_under_load
from receiving_test import HOOK, Hook
from stack import main
from world import Peer, four, temporary_home, wait_for

ONE, BUSY, STALL = 30, 31, 32
SENDERS = 8
STALLED = 2  # seconds until a slow destination answers
NOTED = 1  # by then what a remote has said is in the queue, though the door was killed meanwhile
MARK = re.compile(rb"mark (\S+?)[\"\r]")


class Sink(Peer):
    """Notes of what it took when it had it and when it said so."""

    def __init__(self, namespace, number, answer=lambda _: None, pause=lambda: 0):
        self.pause = pause
        self.when = collections.defaultdict(list)  # by mark
        super().__init__(namespace, number, answer)

    def take(self, recipients, content):
        begun, pause = time.monotonic(), self.pause()
        self.when[mark_of(content)].append((begun, begun + pause))
        time.sleep(pause)
        return super().take(recipients, content)


def mark_of(content):
    return MARK.search(content)[1].decode()


class TimedHook(Hook):
    def __init__(self, namespace):
        self.when = collections.defaultdict(list)
        super().__init__(namespace)

    def note(self, body):
        now = time.monotonic()
        self.when[json.loads(body)["subject"].split()[1]].append((now, now))


class World(SmallWorld):
    def __init__(self, build, ends, data_folder=None, conf=None):
        super().__init__(build, ends, {"one": ONE, "busy": BUSY, "stall": STALL}, conf, data_folder)
        self.hook = TimedHook(self.hook_space)
        ends.callback(self.hook.stop)

    def plug_more(self):
        self.hook_space = self.wire.plug(HOOK)
        self.names.add("hook.plain.test", "A", four(HOOK))


class Exchanger(Sender):
    """A mail server that has a queue."""

    repeats = True

    def __init__(self, made, name, wanted, to, size=0):
        super().__init__(name, wanted)
        self.made, self.to = made, to
        self.body = b"body\r\n" + base64.encodebytes(os.urandom(size)).replace(b"\n", b"\r\n")

    def connect(self):
        return self.made.talk()

    def send(self, client, mark):
        lost = client.sendmail("one@news.plain.test", self.to,
                               f"From: one@news.plain.test\r\nMessage-ID: <{mark}@news.plain.test>\r\n"
                               f"Date: Sat, 21 Nov 2026 12:00:00 +0000\r\nSubject: mark {mark}\r\n\r\n".encode() + self.body)
        if lost:
            raise OSError(lost)


def in_mailbox(made, address):
    with made.alpha.namespace, made.alpha.imap(address, made.alpha.passwords[address]) as client:
        found = collections.Counter()
        client.select("INBOX")
        answer = client.uid("FETCH", "1:*", "(UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")[1]
        for item in answer:
            if isinstance(item, tuple):
                found[mark_of(item[1])] += 1
        return found


class Load:
    """Numbered messages to a mailbox, to three hosts and to a webhook, while daemons end at random."""

    def __init__(self, build, ends, seed, each):
        self.rng = random.Random(seed)
        self.made = made = World(build, ends)
        self.begun = time.monotonic()
        self.sinks = {"one": Sink(made.outside, ONE), "busy": Sink(made.outside, BUSY, self.refuse_at_first),
                      "stall": Sink(made.outside, STALL, pause=lambda: self.rng.choice([0] * 19 + [STALLED]))}
        for sink in self.sinks.values():
            ends.callback(sink.stop)
        self.sinks["hook"] = made.hook
        made.alpha.run_command("alias", "set", "friends@alpha.safe.test",
                               "recipients=ann@one.plain.test,http://hook.plain.test/in")
        made.alpha.run_command("alias", "add", "slow@alpha.safe.test", "recipients=ann@busy.plain.test,ann@stall.plain.test")
        to = ["friends@alpha.safe.test", "slow@alpha.safe.test"]
        self.senders = [Exchanger(made, f"s{i}", each, to) for i in range(SENDERS)]

    def refuse_at_first(self, _):
        return "451 4.3.2 Later" if time.monotonic() < self.begun + 10 else None

    def run(self, victims, pause, most, signal_number):
        """Gives when whom it ended, once all has arrived, each in the mailbox once."""
        kills = kill_under_load(self.made.alpha, self.senders, victims, self.rng, pause, most, signal_number)
        alpha = self.made.alpha
        accepted = [mark for sender in self.senders for mark in sender.accepted]
        refused = [words for sender in self.senders for words in sender.refused]
        wanted = sum(sender.wanted for sender in self.senders)
        assert len(accepted) == wanted and not refused, (len(accepted), refused[:3], alpha.log_tail("mxd"))

        def lost():
            alpha.run_command("queue", "retry", "--all", check=False)
            found = {name: [mark for mark in accepted if mark not in sink.when] for name, sink in self.sinks.items()}
            return {name: marks for name, marks in found.items() if marks}

        wait_for(lambda: not lost(), 90, lambda: f"{lost()}\n{alpha.log_tail('smtp-bree')}")
        wait_all_sent(alpha)
        assert "door.denied" not in alpha.log_text("sqlited"), alpha.log_tail("sqlited")
        got, wanted = in_mailbox(self.made, "friends@alpha.safe.test"), collections.Counter(accepted)
        assert got == wanted, (wanted - got, got - wanted)
        print(f"     ended {dict(count_kills(kills))} in {time.monotonic() - self.begun:.1f} s")
        return kills


def wait_all_sent(host):
    """And the queue knows of it."""
    wait_for(lambda: all(one["state"] == "sent" for one in host.command_json("queue", "list")), 60,
             lambda: host.log_tail("smtp-bree"))


def test_killed_at_any_moment_a_forward_is_neither_lost_nor_doubled(build):
    with contextlib.ExitStack() as ends:
        load = Load(build, ends, 12, 50)
        kills = load.run(["mxd", "mxd", "sqlited", "smtp-bree"], (0.3, 1.0), 30, signal.SIGKILL)
        for name, sink in load.sinks.items():
            check_repeats(name, sink.when, kills)


def test_daemons_that_are_told_to_end_double_nothing(build):
    with contextlib.ExitStack() as ends:
        load = Load(build, ends, 14, 12)
        load.run(["mxd", "sqlited", "smtp-bree"], (0.3, 1.0), 8, signal.SIGTERM)
        for name, sink in load.sinks.items():
            repeated = {mark: times for mark, times in sink.when.items() if len(times) > 1}
            assert not repeated, (name, repeated)


def test_a_full_disk_puts_forwards_off_and_doubles_none(build):
    rng = random.Random(13)
    with contextlib.ExitStack() as ends:
        folder = os.path.join(ends.enter_context(temporary_home()), "disk")
        ends.enter_context(Mount(folder, "64M"))
        made = World(build, ends, os.path.join(folder, "data"), {"queue.disk-reserve": 0})
        sinks = {"one": Sink(made.outside, ONE), "busy": Sink(made.outside, BUSY)}
        for sink in sinks.values():
            ends.callback(sink.stop)
        sinks["hook"] = made.hook
        made.alpha.run_command("alias", "set", "friends@alpha.safe.test",
                               "recipients=ann@one.plain.test,http://hook.plain.test/in?raw=false&attachments=false")
        made.alpha.run_command("alias", "add", "slow@alpha.safe.test", "recipients=ann@busy.plain.test")
        to = ["friends@alpha.safe.test", "slow@alpha.safe.test"]
        senders = [Exchanger(made, f"f{i}", 6, to, 200_000) for i in range(4)]
        for sender in senders:
            sender.start()
        while any(sender.is_alive() for sender in senders):
            # Where it gets full differs each time: in the queue, in a mailbox, in a report.
            filler = fill_disk(folder, rng.choice([0, 0, 300_000, 600_000, 900_000]))
            time.sleep(rng.uniform(0.5, 1.5))
            os.unlink(filler)
            time.sleep(rng.uniform(0.2, 0.7))
        accepted = [mark for sender in senders for mark in sender.accepted]
        refused = [words for sender in senders for words in sender.refused]
        put_off = sum((sender.put_off for sender in senders), collections.Counter())
        print(f"     put off by {dict(put_off)}")
        assert len(accepted) == 24 and not refused and put_off, (len(accepted), refused[:3])

        def repeated(name):
            return {mark: times for mark, times in sinks[name].when.items() if len(times) > 1}

        wait_for(lambda: all(len(sink.when) == 24 for sink in sinks.values()), 60, lambda: made.alpha.log_tail("smtp-bree"))
        wait_all_sent(made.alpha)
        assert in_mailbox(made, "friends@alpha.safe.test") == collections.Counter(accepted)
        for name in sinks:
            assert not repeated(name), (name, repeated(name))


def check_repeats(name, when, kills):
    """Each had the worker killed after the remote had it all, and before the answer can have been noted."""
    deaths = [at for at, victim in kills if victim == "smtp-bree"]
    repeated = 0
    for mark, times in when.items():
        for (begun, told), (again, _) in zip(times, times[1:]):
            repeated += 1
            # The remote may see the last octets a little after their sender has died.
            assert any(begun - 0.2 < death < min(told + NOTED, again) for death in deaths), \
                (name, mark, times, [kill for kill in kills if times[0][0] - 1 < kill[0] < again])
    print(f"     {name}: {repeated} of {len(when)} repeated")


if __name__ == "__main__":
    main(globals())

"""What three clients are told, held against the truth: random commands on one
mailbox from a plain, a CONDSTORE and a QRESYNC session.  Each keeps its view from
untagged data alone; after every ten commands all views must equal the mailbox."""

import random
import re
import socket

from stack import Stack, main

SEEDS = 6
STEPS = 120
FLAGS = ["\\Seen", "\\Flagged", "\\Deleted", "\\Answered", "one", "two"]


class Client:
    """One connection; gives answers as lists of lines, literals in place."""

    def __init__(self, stack, address, password):
        raw = socket.create_connection(("localhost", stack.imaps_port), timeout=30)
        self.socket = stack.tls_context().wrap_socket(raw, server_hostname="localhost")
        self.come, self.tags = b"", 0
        self.line()
        self.ask(f"LOGIN {address} {password}")

    def fill(self):
        got = self.socket.recv(65536)
        assert got, "the server left"
        self.come += got

    def line(self):
        while b"\r\n" not in self.come:
            self.fill()
        line, self.come = self.come.split(b"\r\n", 1)
        literal = re.search(rb"\{(\d+)\}$", line)
        if not literal:
            return line.decode("latin1")
        size = int(literal[1])
        while len(self.come) < size:
            self.fill()
        self.come = self.come[size:]
        return line.decode("latin1") + self.line()

    def ask(self, command, behind=""):
        self.tags += 1
        tag = f"t{self.tags} "
        self.socket.sendall((tag + command + "\r\n" + behind).encode())
        lines = [self.line()]
        while not lines[-1].startswith(tag):
            lines.append(self.line())
        return lines


def uids_of(text):
    out = set()
    for part in text.split(","):
        first, _, last = part.partition(":")
        out |= set(range(int(first), int(last or first) + 1))
    return out


def flags_of(text):
    found = re.search(r"FLAGS \(([^)]*)\)", text)
    return found and frozenset(f.lower() for f in found[1].split() if f != "\\Recent")


class View:
    """What one client believes.  A message is {uid, flags, modseq}; None: not told."""

    def __init__(self, client, name, enable):
        self.client, self.name, self.modseq, self.messages = client, name, 0, []
        self.resyncs = enable == "QRESYNC"
        if enable:
            client.ask("ENABLE " + enable)
        self.select()

    def select(self, how=""):
        self.messages = []
        return self.ask("SELECT INBOX" + how)

    def ask(self, command, behind="", expunges=True):
        lines = self.client.ask(command, behind)
        for line in lines:
            try:
                self.hear(line, expunges)
            except AssertionError as error:
                raise AssertionError(self.name, command, lines, str(error)) from error
        if "SILENT" in command:  # a client works out these itself; we ask again
            for message in self.messages:
                message["flags"] = None
        return lines

    def hear(self, line, expunges):
        found = re.match(r"\* (\d+) (EXPUNGE|EXISTS|FETCH)", line)
        number = int(found[1]) if found else 0
        if found and found[2] == "EXPUNGE":
            assert expunges and 1 <= number <= len(self.messages), line
            del self.messages[number - 1]
        elif found and found[2] == "EXISTS":
            assert number >= len(self.messages), line
            while len(self.messages) < number:
                self.messages.append({"uid": None, "flags": None, "modseq": 0})
        elif found:
            assert 1 <= number <= len(self.messages), line
            self.learn(self.messages[number - 1], line)
        elif line.startswith("* VANISHED"):
            self.vanish(uids_of(line.split()[-1]), "(EARLIER)" in line, expunges)
        known = re.search(r"HIGHESTMODSEQ (\d+)", line)
        if known:
            self.modseq = max(self.modseq, int(known[1]))

    def learn(self, message, line):
        uid = re.search(r"UID (\d+)", line)
        if uid:
            assert message["uid"] in (None, int(uid[1])), (line, message)
            message["uid"] = int(uid[1])
        modseq = re.search(r"MODSEQ \((\d+)\)", line)
        message["modseq"] = int(modseq[1]) if modseq else message["modseq"]
        self.modseq = max(self.modseq, message["modseq"])  # resynchronises from the highest it saw
        flags = flags_of(line)
        message["flags"] = message["flags"] if flags is None else flags

    def vanish(self, uids, earlier, expunges):
        assert expunges or earlier
        unseen = uids - {m["uid"] for m in self.messages}
        self.messages = [m for m in self.messages if m["uid"] not in uids]
        if unseen and not earlier:  # messages whose UID was never asked for: it cannot know which
            self.messages = [{"uid": None, "flags": None, "modseq": 0} for _ in self.messages[len(unseen):]]

    def come_back(self, validity):
        """Leaves and resynchronises with what was known."""
        old = {m["uid"]: m for m in self.messages}
        modseq = self.modseq
        self.client.ask("UNSELECT")
        if not self.resyncs or None in old:
            return self.select()
        lines = self.client.ask(f"SELECT INBOX (QRESYNC ({validity} {modseq}))")
        gone = [uids_of(line.split()[-1]) for line in lines if "(EARLIER)" in line]
        self.messages = [old[uid] for uid in sorted(old) if uid not in set().union(*gone)]
        for line in lines:
            if "(EARLIER)" not in line:
                self.hear(line, True)


def truth(client):
    client.ask("UNSELECT")
    client.ask("EXAMINE INBOX")
    return [{"uid": int(re.search(r"UID (\d+)", line)[1]), "flags": flags_of(line),
             "modseq": int(re.search(r"MODSEQ \((\d+)\)", line)[1])}
            for line in client.ask("UID FETCH 1:* (FLAGS MODSEQ)") if " FETCH (" in line]


def one_step(chance, view, number, watcher, validity):
    count = len(view.messages)
    low, high = sorted((chance.randint(1, max(count, 1)), chance.randint(1, max(count, 1))))
    some = chance.choice([f"{low}", f"{high}:{low}", f"{low},{high}", "*", f"{low}:*", "1:*"])
    kind = chance.choice(["append", "store", "fetch", "expunge", "copy", "move", "search", "idle", "back", "noop",
                          "append", "store", "uid fetch", "other", "vanished", "unchanged"])
    if kind == "append":
        message = f"Subject: {number}\r\n\r\nx\r\n"
        view.ask(f"APPEND INBOX {chance.choice(['', '(one) ', '(%sDeleted) ' % chr(92)])}{{{len(message)}+}}", message + "\r\n")
    elif kind == "idle":
        view.ask("IDLE", "DONE\r\n")
    elif kind == "back":
        view.come_back(validity)
    elif kind == "noop":
        view.ask("NOOP")
    elif kind == "expunge":
        view.ask(chance.choice(["EXPUNGE", f"UID EXPUNGE {low}:{high + 20}"]))
    elif kind == "uid fetch":
        view.ask("UID FETCH 1:* (FLAGS)")
    elif kind == "search":
        view.ask(chance.choice(["SEARCH ALL", "SEARCH DELETED"]), expunges=False)
    elif kind == "other":  # somebody else brings messages back
        watcher.ask("SELECT other")
        watcher.ask("MOVE 1:* INBOX")
    elif kind == "vanished" and view.resyncs:
        view.ask(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {max(view.modseq, 1)} VANISHED)")
    elif count == 0:
        return
    elif kind == "store":
        what = " ".join(chance.sample(FLAGS, chance.randint(1, 2)))
        view.ask(f"STORE {some} {chance.choice('+-')}FLAGS{chance.choice(['', '.SILENT'])} ({what})", expunges=False)
    elif kind == "unchanged":
        since = max(m["modseq"] for m in view.messages)
        view.ask(f"STORE {some} (UNCHANGEDSINCE {since}) +FLAGS (three)", expunges=False)
    elif kind == "fetch":
        view.ask(f"FETCH {some} {chance.choice(['(UID FLAGS)', 'BODY[]'])}", expunges=False)
    elif kind in ("copy", "move"):
        view.ask(f"{kind.upper()} {some} {'INBOX' if kind == 'copy' and count < 40 else 'other'}")


def compare(view, real):
    said = view.ask("NOOP")
    assert len(view.messages) == len(real), (view.name, len(view.messages), len(real), said)
    for mine, wanted in zip(view.messages, real):
        for key in ("uid", "flags"):
            assert mine[key] in (None, wanted[key]), (view.name, mine, wanted, said)
    view.ask("UID FETCH 1:* (FLAGS MODSEQ)")
    assert view.messages == real, (view.name, view.messages, real)


def test_three_views_of_one_mailbox_stay_true(build):
    with Stack(build) as stack:
        for seed in range(SEEDS):
            chance = random.Random(seed)
            address = f"seed{seed}@example.test"
            password = stack.make_alias(address)
            watcher = Client(stack, address, password)
            watcher.ask("CREATE other")
            validity = re.search(r"UIDVALIDITY (\d+)", watcher.ask("STATUS INBOX (UIDVALIDITY)")[0])[1]
            views = [View(Client(stack, address, password), f"seed {seed}, {enable or 'plain'}", enable)
                     for enable in ("", "CONDSTORE", "QRESYNC")]
            for number in range(STEPS):
                one_step(chance, chance.choice(views), number, watcher, validity)
                if number % 10 == 9:
                    real = truth(watcher)
                    for view in views:
                        compare(view, real)


def test_vanished_tells_of_uids_above_those_that_are_left(build):
    with Stack(build) as stack:
        client = Client(stack, "v@example.test", stack.make_alias("v@example.test"))
        client.ask("ENABLE QRESYNC")
        for _ in range(4):
            client.ask("APPEND INBOX {14+}", "Subject: x\r\n\r\n\r\n")
        since = re.search(r"HIGHESTMODSEQ (\d+)", "".join(client.ask("SELECT INBOX")))[1]
        client.ask("STORE 3:4 +FLAGS.SILENT (\\Deleted)")
        client.ask("CLOSE")
        client.ask("SELECT INBOX")
        told = client.ask(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {since} VANISHED)")
        assert told[0] == "* VANISHED (EARLIER) 3:4", told


if __name__ == "__main__":
    main(globals())

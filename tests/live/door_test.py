"""The door knows its callers: each daemon's user may ask what its table says and
nothing else, and a stranger is not let in."""

import json
import os
import pathlib
import re
import subprocess

from stack import Stack, main

DENIED = 3
VERBS = pathlib.Path(__file__).parents[2] / "src/rpc/verbs.h"
UNKNOWN = 999
EVERY_VERB = [*map(int, re.findall(r"^  k\w+ = (\d+),", VERBS.read_text(), re.M)), UNKNOWN]
MAY = {"_fwd-mxd": {201, 202, *range(301, 308), 401, *range(901, 906), 1001, 1002, 1004}, "_fwd-imapd": {101, 102},
       "_fwd-smtpd": {201, *range(301, 308), 401, 701, 702, 1001},
       "_fwd-smtp-bree": {201, 202, *range(301, 308), 401, *range(801, 806), 809, 810, 901, 903}}

# Refused by the keeper and not by the table: what names no return path, no question, no user.
QUIET = {"_fwd-mxd": {906, 907}, "_fwd-smtp-bree": {906}, "_fwd-smtpd": {704}}


def run_as(stack, user, script, *arguments):
    client = os.path.join(os.path.dirname(os.path.abspath(__file__)), script)
    with open(client) as source:  # by its text: that user need not be able to read the tree
        done = subprocess.run(["/usr/bin/python3", "-c", source.read(), stack.path("run", "sqlited.sock"),
                               *arguments], user=user, group=65534, extra_groups=[], cwd="/",
                              capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def ask(stack, user, verbs):
    return run_as(stack, user, "door_client.py", *map(str, verbs))


def test_every_role_tries_every_verb(build):
    with Stack(build, {"login.failure-delay": "0s"}) as stack:
        stack.make_alias("hello@example.test")
        for user, may in MAY.items():
            answers = ask(stack, user, EVERY_VERB)
            allowed = {int(verb) for verb, fault in answers.items() if fault != DENIED}
            assert allowed == may, (user, sorted(allowed ^ may))
            told = stack.log_text("sqlited").count("door.denied role=" + user[5:] + " ")
            assert told >= len(EVERY_VERB) - len(may) - len(QUIET.get(user, ())), (user, told)
        # Nothing was harmed by it.
        assert stack.command_json("alias", "list")[0]["name"] == "hello"


def test_a_stranger_is_not_let_in(build):
    with Stack(build) as stack:
        for user in ("nobody", "_fwd-sqlited"):
            assert ask(stack, user, [101, 201, 501]) == "refused", user
        assert stack.log_text("sqlited").count("door.refused") == 2


def test_a_daemon_that_was_broken_into_harms_itself_alone(build):
    conf = {"door.connections-per-role": 30, "state.keys-limit": 1000, "state.octets-limit": "1M",
            "door.load-budget": "8M", "login.failure-delay": "0s"}
    with Stack(build, conf) as stack:
        password = stack.make_alias("hello@example.test")
        told = run_as(stack, "_fwd-mxd", "door_attacker.py")
        # The exchanger itself has one.
        assert told["connections"] in (29, 30), told
        assert told["denied"] == 3000 and told["long address"] and told["targets"], told
        assert 900 <= told["states"] <= 1000, told
        assert told["cut off"] >= 8, told
        log = stack.log_text("sqlited")
        assert "door.crowded" in log and "door.broken" in log and "left-out=" not in log, log[-3000:]
        assert 100 < len(log.splitlines()) < 200, len(log.splitlines())
        assert stack.peak_memory("sqlited") < 200 << 20, stack.peak_memory("sqlited")
        # All others go on, and so does the exchanger.
        assert stack.command_json("alias", "list")[0]["name"] == "hello"
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["hello@example.test"], b"Subject: x\r\n\r\nbody\r\n")
        client = stack.imap("hello@example.test", password)
        assert client.select("INBOX")[1] == [b"1"]
        client.logout()
        assert stack.run_command("check").returncode == 0


if __name__ == "__main__":
    main(globals())

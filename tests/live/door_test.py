"""The door knows its callers: each daemon's user may ask what its table says and
nothing else, and a stranger is not let in."""

import json
import os
import subprocess
import sys

from stack import Stack, main

DENIED = 3
EVERY_VERB = [101, 102, 103, 201, 202, *range(301, 308), 401, 402, 403, *range(501, 515), *range(521, 524),
              *range(601, 617), *range(701, 706), *range(801, 809), 999]
MAY = {"_fwd-mxd": {201, 202, *range(301, 308), 401}, "_fwd-imapd": {101, 102},
       "_fwd-smtpd": {201, *range(301, 308), 401, 701, 702},  # 704: not for a uid without a name
       "_fwd-smtp-bree": {201, 202, *range(301, 308), 401, *range(801, 806)}}


def ask(stack, user, verbs):
    client = os.path.join(os.path.dirname(os.path.abspath(__file__)), "door_client.py")
    with open(client) as source:  # by its text: that user need not be able to read the tree
        done = subprocess.run(["/usr/bin/python3", "-c", source.read(), stack.path("run", "sqlited.sock"),
                               *map(str, verbs)], user=user, group=65534, extra_groups=[], cwd="/",
                              capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_every_role_tries_every_verb(build):
    with Stack(build, {"login.failure-delay": "0s"}) as stack:
        stack.make_alias("hello@example.test")
        for user, may in MAY.items():
            answers = ask(stack, user, EVERY_VERB)
            allowed = {int(verb) for verb, fault in answers.items() if fault != DENIED}
            assert allowed == may, (user, sorted(allowed ^ may))
            assert stack.log_text("sqlited").count("door.denied") >= len(EVERY_VERB) - len(may)
        # Nothing was harmed by it.
        assert stack.command_json("alias", "list")[0]["name"] == "hello"


def test_a_stranger_is_not_let_in(build):
    with Stack(build) as stack:
        for user in ("nobody", "_fwd-sqlited"):
            assert ask(stack, user, [101, 201, 501]) == "refused", user
        assert stack.log_text("sqlited").count("door.refused") == 2


if __name__ == "__main__":
    main(globals())

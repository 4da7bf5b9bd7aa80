"""The queue as an operator sees and moves it, with messages of one who sent them
with a password of the whole domain."""

import json
import os
import shutil
import subprocess

from stack import Stack, main


def submit(stack, address, password, *recipients):
    client = os.path.join(os.path.dirname(os.path.abspath(__file__)), "send_client.py")
    with open(client) as source:  # by its text: that user need not be able to read the tree
        done = subprocess.run(["/usr/bin/python3", "-c", source.read(), stack.path("run", "sqlited.sock"),
                               address, password, *recipients], user="_fwd-smtpd", group=65534,
                              extra_groups=[], cwd="/", capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_messages_are_listed_held_released_and_removed(build):
    with Stack(build) as stack:
        stack.make_alias("hello@example.test")
        made = stack.command_json("domain", "password", "add", "example.test", "--description", "printer")
        assert made["username"] == "*@example.test", made
        listed = stack.command_json("domain", "password", "list", "example.test")
        assert [t["id"] for t in listed] == [made["id"]] and listed[0]["description"] == "printer", listed
        ids = submit(stack, made["username"], made["password"], "a@one.test", "b@two.test", "c@two.test")
        assert len(set(ids)) == 3 and all(isinstance(i, str) for i in ids), ids
        queue = stack.command_json("queue", "list")
        assert [m["id"] for m in queue] == ids[::-1], queue
        assert queue[0]["envelope_from"] == "robot@example.test" and queue[0]["state"] == "queued", queue[0]
        assert [m["id"] for m in stack.command_json("queue", "list", "--destination", "two.test")] == ids[:0:-1]
        assert stack.command_json("queue", "list", "--sender", "nobody@example.test") == []
        assert len(stack.command_json("queue", "list", "--domain", "example.test", "--limit", "2")) == 2
        assert stack.command_json("queue", "stat")["queued"] == 3
        assert stack.command_json("status")["outbound_queued"] == 3
        shown = stack.command_json("queue", "show", ids[1])
        assert shown["subject"] == "No. 1" and shown["recipients"][0]["address"] == "b@two.test", shown
        assert "b@two.test" in stack.run_command("queue", "show", ids[1]).stdout
        # Held by destination, released by id, removed by state: each is told.
        assert stack.command_json("queue", "hold", "--destination", "two.test") == {"messages": 2}
        assert [m["is_held"] for m in stack.command_json("queue", "list")] == [True, True, False]
        assert stack.command_json("queue", "release", ids[1]) == {"messages": 1}
        assert [m["is_held"] for m in stack.command_json("queue", "list")] == [True, False, False]
        assert stack.run_command("queue", "retry", ids[0]).stdout == "1 message to be tried now\n"
        failed = stack.run_command("queue", "hold", "nothing", check=False)
        assert failed.returncode == 1 and "no message nothing" in failed.stderr, failed
        assert stack.run_command("queue", "remove", check=False).returncode == 2
        assert stack.command_json("queue", "remove", "--all") == {"messages": 3}
        assert stack.command_json("queue", "list") == []
        ended = stack.command_json("queue", "list", "--all")
        assert [m["state"] for m in ended] == ["rejected"] * 3, ended
        events = stack.run_command("log", ids[1]).stdout
        assert "queue.released" in events, events
        # What is queued survives the door.
        ids = submit(stack, made["username"], made["password"], "d@three.test")
        stack.kill("sqlited")
        stack.start_daemon("sqlited")
        stack.wait_up()
        assert [m["id"] for m in stack.command_json("queue", "list")] == ids
        # A password that is gone lets nobody in.
        stack.run_command("domain", "password", "remove", "example.test", made["id"])
        assert submit(stack, made["username"], made["password"], "e@one.test") == [13]
        assert made["password"] not in stack.log_text("sqlited")


def test_the_records_to_publish_make_a_zone(build):
    with Stack(build) as stack:
        stack.run_command("domain", "add", "bücher.test")
        text = stack.run_command("domain", "dns", "bücher.test").stdout
        records = stack.command_json("domain", "dns", "bücher.test")
        assert {r["purpose"] for r in records} == {"mx", "spf", "dkim", "return-path", "dmarc"}, records
        keys = [r for r in records if r["purpose"] == "dkim"]
        assert len({r["name"] for r in keys}) == 2, keys
        assert all(r["name"].endswith("._domainkey.xn--bcher-kva.test") for r in keys), keys
        assert text.isascii() and len([line for line in text.splitlines() if line[:1] != ";"]) == len(records)
        checker = shutil.which("kzonecheck")
        if checker is None:
            return
        zone = stack.path("zone")
        with open(zone, "w") as out:
            out.write("xn--bcher-kva.test. 60 IN SOA a.test. b.test. 1 60 60 60 60\nxn--bcher-kva.test. 60 IN NS a.test.\n")
            out.write("".join(line + "\n" for line in text.splitlines() if not line.startswith("mx.example.test.")))
        done = subprocess.run([checker, "-o", "xn--bcher-kva.test", zone], capture_output=True, text=True)
        assert done.returncode == 0, (done.stdout, done.stderr)


if __name__ == "__main__":
    main(globals())

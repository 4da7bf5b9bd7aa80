"""Scanners and learning against real rspamd and ClamAV, and against peers that
are away or say nothing."""

import contextlib
import json
import os
import signal
import subprocess
import time

from receiving_test import NEWS, World
from scanners import EICAR, GTUBE, Clamd, Rspamd, Stalled, free_port
from stack import Stack, main

LONG = " ".join(f"word{n}" for n in range(60))


def message(text, subject="Hello"):
    return (f"From: Ann <ann@example.org>\r\nTo: bob@example.test\r\nSubject: {subject}\r\n"
            f"Date: Tue, 06 Jan 2026 12:00:00 +0000\r\nMessage-ID: <{subject}@example.org>\r\n\r\n{text}\r\n").encode()


def probe(build, word, content=b"", **options):
    words = [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run([os.path.join(build, "tests/live/scan-probe"), *words, word], input=content,
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_spam_and_viruses_are_found(build):
    with Rspamd() as rspamd, Clamd() as clamd:
        for ways in ({"rspamd": f"http://127.0.0.1:{rspamd.port}", "clamd": f"localhost:{clamd.port}"},
                     {"rspamd": f"unix:{rspamd.socket}", "clamd": f"unix:{clamd.socket}"}):
            def scan(content, **options):
                return probe(build, "scan", content, ip="192.0.2.1", helo="peer.example", **(ways | options))

            clean = scan(message("Good day."), **{"from": "a@example.org"}, rcpt="bob@example.test")
            assert clean["spam"]["action"] == "no action" and clean["virus"]["kind"] == "clean", clean
            assert clean["spam_problem"] == clean["virus_problem"] == "", clean
            spam = scan(message(GTUBE))
            assert spam["spam"]["action"] == "reject" and "GTUBE" in spam["spam"]["symbols"], spam
            assert spam["header"].startswith("X-Spam-Status: Yes, score=15.00 required=15.00 action=\"reject\""), spam
            assert spam["virus"]["kind"] == "clean", spam
            virus = scan(message(EICAR))
            assert virus["virus"] == {"kind": "found", "name": "Test-Eicar.UNOFFICIAL"}, virus
            assert "X-Virus-Status: Infected (Test-Eicar.UNOFFICIAL)\r\n" in virus["header"], virus
            # clamd's own limit is 1 MB, and it says so in the middle of our words.
            for _ in range(5):
                large = scan(b"Subject: x\r\n\r\n" + b"x" * 8_000_000, size=20 << 20, rspamd="")
                assert large["virus"]["kind"] == "too-large", large
            assert scan(message("x" * 5000), size=1000)["too_large"]
            assert probe(build, "check", **ways) == []


def test_scanners_that_are_away_are_a_problem_and_no_verdict(build):
    def scan(rspamd, clamd, **options):
        found = probe(build, "scan", message("Good day."), rspamd=rspamd, clamd=clamd, **options)
        assert found["spam_problem"] and found["virus_problem"], found
        assert "spam" not in found and "virus" not in found, found
        assert found["header"].count("Unknown, the scanner is away") == 2, found
        return found

    scan(f"http://127.0.0.1:{free_port()}", f"127.0.0.1:{free_port()}")
    scan("unix:/nowhere/rspamd.sock", "unix:/nowhere/clamd.sock")
    scan("http://unknown.invalid:11333", "unknown.invalid:3310")
    with Stalled() as stalled:
        begun = time.monotonic()
        found = scan(f"http://127.0.0.1:{stalled.port}", f"127.0.0.1:{stalled.port}", limit=700)
        assert 0.5 < time.monotonic() - begun < 10, "one limit for both, as they are asked together"
        assert "time" in found["spam_problem"] and "time" in found["virus_problem"], found
    # Each is the other's peer: nonsense both ways.
    with Rspamd() as rspamd, Clamd() as clamd:
        scan(f"http://127.0.0.1:{clamd.port}", f"127.0.0.1:{rspamd.port}", limit=3000)
        found = scan(f"http://127.0.0.1:{rspamd.port}/wrong", f"127.0.0.1:{free_port()}")
        faults = probe(build, "check", rspamd=f"http://127.0.0.1:{clamd.port}", clamd="unix:/nowhere", limit=3000)
        assert len(faults) == 2 and "clamd at unix:/nowhere" in faults[1], faults


def test_port_25_refuses_spam_and_viruses_and_says_when_nobody_scanned(build):
    with Rspamd() as rspamd, Clamd() as clamd:
        conf = {"scan.rspamd-url": f"http://127.0.0.1:{rspamd.port}", "scan.clamd": f"127.0.0.1:{clamd.port}",
                "dns.forwarders": "127.0.0.1@9", "dns.anchor-file": "/dev/null", "dns.limit": "1s",
                "smtp.checks-limit": "5s"}
        with Stack(build, conf) as stack:
            password = stack.make_alias("bob@example.test")

            def send(content):
                with stack.smtp() as client:
                    client.ehlo("peer.example")
                    assert client.mail("ann@example.org")[0] == 250
                    assert client.rcpt("bob@example.test")[0] == 250
                    return client.data(content)

            spam, virus, good = send(message(GTUBE, "spam")), send(message(EICAR, "virus")), send(message("Hi", "good"))
            assert spam[0] == 554 and spam[1].startswith(b"5.7.1"), spam
            assert virus[0] == 554 and b"Eicar" in virus[1], virus
            assert good[0] == 250, (good, stack.log_tail("mxd"))
            rspamd.stop()
            clamd.stop()
            alone = send(message("Hi", "alone"))
            assert alone[0] == 250, alone
            box = stack.imap("bob@example.test", password)
            box.select("INBOX")
            stored = [box.fetch(number, "(BODY.PEEK[])")[1][0][1] for number in box.search(None, "ALL")[1][0].split()]
            assert len(stored) == 2, stored
            assert b"X-Spam-Status: No" in stored[0] and b"X-Virus-Status: Clean" in stored[0], stored[0]
            assert stored[1].count(b"Unknown, the scanner is away") == 2, stored[1]
            box.logout()


def test_who_sends_spam_is_denied_for_a_while_and_the_operator_may_end_it(build):
    sender = "one@news.plain.test"
    with contextlib.ExitStack() as ends, Rspamd() as rspamd:
        made = World(build, ends, {"scan.rspamd-url": f"unix:{rspamd.socket}", "smtp.learn-spam": 3})

        def mail_from(address):
            with made.talk(NEWS) as client:
                client.ehlo()
                return client.mail(address)

        for n in range(3):
            assert mail_from(sender)[0] == 250, "not yet"
            answer, _ = made.send(NEWS, sender, ["hello@alpha.safe.test"], f"spam {n}", sign="news.plain.test",
                                  body=f"{GTUBE}\r\n{n}\r\n")
            assert answer[0] == 554, answer
        until(lambda: mail_from(sender)[0] == 450)
        answer = mail_from(sender)
        assert answer[1].startswith(b"4.7.1") and b"spam or viruses came from it" in answer[1], answer
        assert mail_from("two@news.plain.test")[0] == 250, "one address is not all of its domain"
        listed = made.alpha.command_json("deny", "list")
        assert [one["value"] for one in listed] == [sender] and listed[0]["is_learned"], listed
        assert listed[0]["reason"].startswith("spam within a day") and listed[0]["expires_at"], listed
        told = made.alpha.command_json("log", "--domain", "alpha.safe.test", "--limit", "1000")
        denied = [one for one in told if one["event"] == "mx.sender.denied"]
        assert len(denied) == 1 and denied[0]["value"] == sender, told
        # Who was refused before there was a recipient is in the operator's journal.
        until(lambda: [one for one in made.alpha.command_json("log", "--limit", "1000")
                       if one["event"] == "mx.deferred" and "lists" in one.get("reason", "")])
        made.alpha.run_command("deny", "remove", sender)
        assert mail_from(sender)[0] == 250
        events = [one["event"] for one in made.alpha.command_json("log", "--limit", "1000")]
        assert "operator.list.removed" in events, events


def test_a_reload_takes_scanners_and_lets_them_go(build):
    with Rspamd() as rspamd, Clamd() as clamd:
        conf = {"dns.forwarders": "127.0.0.1@9", "dns.anchor-file": "/dev/null", "dns.limit": "1s",
                "smtp.checks-limit": "5s"}
        with Stack(build, conf) as stack:
            stack.make_alias("bob@example.test")
            client = stack.smtp()
            client.ehlo("peer.example")

            def send(text, subject):
                assert client.mail("ann@example.org")[0] == 250
                assert client.rcpt("bob@example.test")[0] == 250
                return client.data(message(text, subject))[0]

            def reload(options, event):
                before = stack.log_text("mxd").count(event)
                stack.conf.update(options)
                stack.write_conf()
                os.kill(stack.pids["mxd"], signal.SIGHUP)
                until(lambda: stack.log_text("mxd").count(event) > before)

            assert send(EICAR, "unseen") == 250
            there = {"scan.rspamd-url": f"http://127.0.0.1:{rspamd.port}", "scan.clamd": f"127.0.0.1:{clamd.port}"}
            reload(there, "daemon.reload")
            # In the session that was there before, too.
            assert send(EICAR, "seen") == 554, stack.log_tail("mxd")
            assert send(GTUBE, "spam") == 554
            reload({"scan.clamd": "nonsense"}, "mx.scan.options.refused")
            assert send(EICAR, "still") == 554
            reload({"scan.clamd": "", "scan.on-spam": "junk"}, "daemon.reload")
            assert send(EICAR, "half") == 250, stack.log_tail("mxd")
            assert send(GTUBE, "junk") == 250
            reload({"scan.rspamd-url": ""}, "daemon.reload")
            assert send(GTUBE, "none") == 250
            client.close()


def test_rspamd_is_taught(build):
    with Rspamd(teaches=True) as rspamd:
        tcp = {"rspamd": f"http://localhost:{rspamd.port}", "password": rspamd.password}
        local = {"rspamd": f"unix:{rspamd.socket}"}
        assert probe(build, "spam", message(LONG, "one"), **tcp) == {"ok": True}
        assert probe(build, "spam", message(LONG, "one"), **local) == {"ok": True}, "known already"
        assert rspamd.learned() == (1, 0), rspamd.log()
        assert probe(build, "ham", message("Another " + LONG, "two"), **local) == {"ok": True}
        assert rspamd.learned() == (1, 1), rspamd.log()
        denied = probe(build, "spam", message(LONG, "three"), **(tcp | {"password": "wrong"}))
        assert denied["fault"] == "denied", denied
        little = probe(build, "spam", b"Subject: x\r\n\r\n.\r\n", **local)
        assert little["fault"] == "cannot", little


def until(what, seconds=15):
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.1)


def fill(client, folder, count, first=0):
    for n in range(first, first + count):
        # Each unlike the others, so that each is learned.
        text = message(" ".join(f"w{n}x{m}" for m in range(40)), f"m{n}")
        assert client.append(folder, None, None, text)[0] == "OK"


def test_moves_into_and_out_of_junk_teach(build):
    with Rspamd(teaches=True) as rspamd, Stack(build, {"scan.rspamd-controller-url": f"unix:{rspamd.socket}",
                                           "imap.learn-limit": 5, "scan.size-limit": "64k"}) as stack:
        address = "hello@example.test"
        password = stack.make_alias(address)
        client = stack.imap(address, password)
        fill(client, "INBOX", 4)
        client.select("INBOX")
        assert client.copy("1", "Spam")[0] == "OK"
        until(lambda: rspamd.learned() == (1, 0))
        assert client.uid("MOVE", "1:2", "Archive")[0] == "OK"
        # A client that moves and is gone at once still teaches.
        assert client.uid("MOVE", "3:4", "Spam")[0] == "OK"
        client.logout()
        until(lambda: rspamd.learned() == (3, 0))
        client = stack.imap(address, password)
        client.select("Spam")
        assert client.copy("2", "Trash")[0] == "OK"
        assert client.uid("MOVE", "1", "INBOX")[0] == "OK"
        until(lambda: rspamd.learned()[1] == 1)
        log = stack.log_text("imapd")
        assert log.count("imap.learned ") == 4 and "as=ham" in log and "imap.learn.failed" not in log, log
        # Too large, and too many.
        assert client.append("INBOX", None, None, message("x" * 100000, "large"))[0] == "OK"
        client.select("INBOX")
        before = rspamd.learned()
        assert client.copy("2", "Spam")[0] == "OK"
        until(lambda: "fault=over-limit" in stack.log_text("imapd"))
        fill(client, "Drafts", 12, first=100)
        client.select("Drafts")
        assert client.uid("MOVE", "1:12", "Spam")[0] == "OK"
        until(lambda: "dropped=7" in stack.log_text("imapd"))
        until(lambda: rspamd.learned()[0] == before[0] + 5)
        client.logout()


def test_an_absent_or_silent_controller_harms_no_command(build):
    with Stalled() as stalled, Stack(build, {"scan.rspamd-limit": "2s", "scan.rspamd-controller-url":
                                             f"http://127.0.0.1:{stalled.port}"}) as stack:
        address = "hello@example.test"
        password = stack.make_alias(address)
        client = stack.imap(address, password)
        fill(client, "INBOX", 3)
        client.select("INBOX")
        begun = time.monotonic()
        assert client.uid("MOVE", "1:2", "Spam")[0] == "OK"
        assert client.noop()[0] == "OK"
        assert time.monotonic() - begun < 1.5
        until(lambda: "fault=timeout" in stack.log_text("imapd"))
        assert "dropped=2" in stack.log_text("imapd")
        # A reload points to where nobody is, then to nonsense, which is refused.
        for url, event in ((f"http://127.0.0.1:{free_port()}", "daemon.reload"),
                           ("nonsense", "imap.learn.options.refused")):
            stack.conf["scan.rspamd-controller-url"] = url
            stack.write_conf()
            seen = stack.log_text("imapd").count(event)
            os.kill(stack.pids["imapd"], 1)
            until(lambda: stack.log_text("imapd").count(event) > seen)
        other = stack.imap(address, password)
        other.select("INBOX")
        assert other.uid("MOVE", "1:*", "Spam")[0] == "OK"
        until(lambda: "fault=unavailable" in stack.log_text("imapd"))
        # A stop does not wait for a lesson for ever.
        begun = time.monotonic()
        other.logout()
        client.logout()
        stack.kill("imapd", 15)
        assert time.monotonic() - begun < 8


def test_the_self_check_asks_the_controller(build):
    with Rspamd(teaches=True) as rspamd, Stack(build, {"scan.rspamd-controller-url": f"unix:{rspamd.socket}"}) as stack:
        program = os.path.join(build, "src/bin/fwd-imapd/fwd-imapd")

        def check():
            return subprocess.run([program, "--config", stack.path("forwardemail.conf"), "--check=deep"],
                                  capture_output=True, text=True, timeout=60)

        assert check().returncode == 0, check().stderr
        rspamd.stop()
        found = check()
        assert found.returncode == 1 and "rspamd at unix:" in found.stderr + found.stdout, found


main(globals())

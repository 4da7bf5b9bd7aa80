"""Delivery of what was submitted, over whole private stacks: to our own
mailboxes, to a second host of ours as a smarthost, and back as a bounce."""

import signal
import time

from stack import Stack, main


def bree_conf(more=None):
    conf = {"delivery.allow-private": "yes", "delivery.first-retry": "10s", "dns.anchor-file": "/dev/null",
            "dns.forwarders": "127.0.0.1@9"}
    conf.update(more or {})
    return conf


def through(host):
    """`host` takes all of our mail for others, over STARTTLS."""
    return bree_conf({"smarthost.host": "127.0.0.1", "smarthost.port": host.smtp_port, "smarthost.tls": "encrypted"})


def submit(stack, password, to, body="body\r\n", subject="x", notify=""):
    import smtplib
    with smtplib.SMTP_SSL("localhost", stack.submissions_port, context=stack.tls_context(), timeout=60) as client:
        client.login("hello@example.test", password)
        text = (f"From: hello@example.test\r\nTo: {', '.join(to)}\r\nSubject: {subject}\r\n"
                f"Message-ID: <{time.monotonic_ns()}@example.test>\r\n\r\n{body}")
        return client.sendmail("hello@example.test", to, text.encode("latin-1"), rcpt_options=[notify] if notify else ())


def inbox(stack, address, password, wanted, seconds=30):
    """The messages in INBOX once there are `wanted` of them."""
    deadline = time.monotonic() + seconds
    with stack.imap(address, password) as client:
        while True:
            client.select("INBOX")
            numbers = client.search(None, "ALL")[1][0].split()
            if len(numbers) >= wanted or time.monotonic() > deadline:
                found = [client.fetch(n, "(BODY.PEEK[])")[1][0][1].decode(errors="replace") for n in numbers]
                assert len(found) == wanted, f"{len(found)} of {wanted}\n{stack.log_tail('smtp-bree')}"
                return found
            client.noop()
            time.sleep(0.1)


def wait_log(stack, part, count=1, seconds=30):
    deadline = time.monotonic() + seconds
    while stack.log_text("smtp-bree").count(part) < count:
        assert time.monotonic() < deadline, f"no {part}\n{stack.log_tail('smtp-bree')}"
        time.sleep(0.05)


def test_our_own_mailboxes_get_it_at_once(build):
    with Stack(build, bree_conf()) as stack:
        hello = stack.make_alias("hello@example.test")
        other = stack.make_alias("other@example.test")
        stack.start_daemon("smtp-bree")
        submit(stack, hello, ["other@example.test"])
        got = inbox(stack, "other@example.test", other, 1)[0]
        assert got.startswith("Return-Path: <hello@example.test>\r\nX-Original-To: other@example.test\r\n"), got
        assert "body\r\n" in got
        stack.kill("smtp-bree", signal.SIGTERM)
        assert "daemon.end" in stack.log_text("smtp-bree"), stack.log_tail("smtp-bree")


def test_a_second_host_gets_it_signed_over_tls_and_bounces_come_back(build):
    with Stack(build) as there:
        bob = there.make_alias("bob@there.test")
        with Stack(build, through(there)) as stack:
            hello = stack.make_alias("hello@example.test")
            stack.start_daemon("smtp-bree")
            submit(stack, hello, ["bob@there.test", "nobody@there.test"], body="Hello, B\u00f6b\r\n".encode().decode("latin-1"))
            got = inbox(there, "bob@there.test", bob, 1)[0]
            assert "\r\nDKIM-Signature: " in got and "with ESMTPS" in got, got
            assert "Return-Path: <SRS0=" in got, got
            bounce = inbox(stack, "hello@example.test", hello, 1)[0]
            for part in ("Return-Path: <>", "Auto-Submitted: auto-replied", "Final-Recipient: rfc822; nobody@there.test",
                         "Action: failed", "Status: 5.1.1", "550 5.1.1 No such address here"):
                assert part in bounce, f"{part}\n{bounce}"
            assert "bob@there.test" not in bounce.split("Content-Type: text/rfc822-headers")[0], bounce
            assert "tls=\"TLS1.3" in stack.log_text("smtp-bree"), stack.log_tail("smtp-bree")


def test_a_remote_that_is_down_is_tried_again(build):
    with Stack(build) as there:
        bob = there.make_alias("bob@there.test")
        with Stack(build, through(there)) as stack:
            hello = stack.make_alias("hello@example.test")
            there.run_command("alias", "set", "bob@there.test", "is_enabled=no", "error_code_if_disabled=421", check=False)
            stack.start_daemon("smtp-bree")
            submit(stack, hello, ["bob@there.test"])
            wait_log(stack, "smtp.delivery.deferred")
            there.run_command("alias", "set", "bob@there.test", "is_enabled=yes", check=False)
            inbox(there, "bob@there.test", bob, 1, seconds=60)


def test_killed_again_and_again_it_loses_and_doubles_nothing_here(build):
    with Stack(build, bree_conf()) as stack:
        hello = stack.make_alias("hello@example.test")
        other = stack.make_alias("other@example.test")
        for i in range(100):
            submit(stack, hello, ["other@example.test"], subject=f"n{i}")
        for pause in (0.05, 0.1, 0.15, 0.2, 0.1):
            stack.start_daemon("smtp-bree")
            time.sleep(pause)
            stack.kill("smtp-bree", signal.SIGKILL)
        stack.start_daemon("smtp-bree")
        stack.run_command("queue", "retry", check=False)
        got = inbox(stack, "other@example.test", other, 100, seconds=360)
        assert len({m.split("Subject: ")[1].split("\r\n")[0] for m in got}) == 100


def test_large_messages_are_streamed_within_memory(build):
    with Stack(build) as there:
        bob = there.make_alias("bob@there.test")
        with Stack(build, through(there)) as stack:
            hello = stack.make_alias("hello@example.test")
            body = ("x" * 76 + "\r\n") * (20 * 1024 * 1024 // 78)
            for i in range(6):
                submit(stack, hello, ["bob@there.test"], body=body, subject=f"n{i}")
            stack.start_daemon("smtp-bree")
            wait_log(stack, "smtp.delivery.sent", 6, seconds=120)
            peak = stack.peak_memory("smtp-bree")
            print(f"peak {peak >> 20} MB for six messages of 20 MB")
            assert peak < 400 << 20, peak


if __name__ == "__main__":
    main(globals())

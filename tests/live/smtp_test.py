"""What an SMTP peer is told: recipients of every kind, limits, chunks, and the
tricks of senders who mean ill."""

import base64
import os
import signal
import socket
import ssl
import time

from stack import Stack, main

BODY = b"Subject: x\r\nFrom: a@elsewhere.test\r\n\r\nbody\r\n"


def rcpt(stack, address, sender="<a@elsewhere.test>"):
    """The answer to one RCPT in a session of its own."""
    with stack.raw_smtp() as peer:
        peer.reply()
        peer.ask("EHLO client.test")
        assert peer.ask(f"MAIL FROM:{sender}").startswith(b"250")
        return peer.ask(f"RCPT TO:<{address}>")


def begin(stack, mail="MAIL FROM:<a@elsewhere.test>", to="hello@example.test"):
    peer = stack.raw_smtp()
    assert peer.reply().startswith(b"220 ")
    assert peer.ask("EHLO client.test").startswith(b"250-")
    assert peer.ask(mail).startswith(b"250 ")
    assert peer.ask(f"RCPT TO:<{to}>").startswith(b"250 ")
    return peer


def count(stack, address, password):
    client = stack.imap(address, password)
    number = int(client.select("INBOX")[1][0])
    client.logout()
    return number


def newest(stack, address, password):
    client = stack.imap(address, password)
    number = client.select("INBOX")[1][0].decode()
    octets = client.fetch(number, "(BODY.PEEK[])")[1][0][1]
    client.logout()
    return octets


def say_all_then_hear(peer, octets):
    """What a peer gets to know who listens only when it has said everything."""
    peer.say(octets)  # raises when it is cut off
    return peer.rest()


def test_aliases_of_every_kind_are_decided_at_rcpt(build):
    with Stack(build) as stack:
        hello = stack.make_alias("hello@example.test")
        box = stack.make_alias("box@example.test")
        for name, fields in (("gone250", ["is_enabled=false", "error_code_if_disabled=250"]),
                             ("gone421", ["is_enabled=false", "error_code_if_disabled=421"]),
                             ("gone550", ["is_enabled=false", "error_code_if_disabled=550"]),
                             ("/^sales-[0-9]+$/", ["recipients=box@example.test"])):
            stack.run_command("alias", "add", f"{name}@example.test", *fields)
        assert rcpt(stack, "hello+tag@example.test").startswith(b"250 2.1.5")
        assert rcpt(stack, "HELLO@EXAMPLE.TEST").startswith(b"250 2.1.5")
        assert rcpt(stack, "gone250@example.test").startswith(b"250 2.1.5")
        assert rcpt(stack, "gone421@example.test").startswith(b"421 ")
        assert rcpt(stack, "gone550@example.test").startswith(b"550 5.2.1")
        assert rcpt(stack, "nobody@example.test").startswith(b"550 5.1.1")
        assert rcpt(stack, "sales-x@example.test").startswith(b"550 5.1.1")
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["sales-17@example.test"], BODY)
            client.sendmail("a@elsewhere.test", ["hello+tag@example.test"], BODY)
            client.sendmail("a@elsewhere.test", ["gone250@example.test"], BODY)
        wide = stack.make_alias("box@wide.test")
        stack.run_command("alias", "add", "*@wide.test", "recipients=box@wide.test")
        stack.run_command("alias", "add", "gone@wide.test", "is_enabled=false", "error_code_if_disabled=550")
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["anything@wide.test"], BODY)
        assert rcpt(stack, "gone@wide.test").startswith(b"550 5.2.1")
        assert count(stack, "hello@example.test", hello) == 1
        assert count(stack, "box@example.test", box) == 1
        assert count(stack, "box@wide.test", wide) == 1
        # What is changed holds for the next RCPT.
        stack.run_command("alias", "set", "hello@example.test", "is_enabled=false")
        assert rcpt(stack, "hello@example.test").startswith((b"250", b"550", b"421"))
        stack.run_command("alias", "remove", "*@wide.test")
        assert rcpt(stack, "anything@wide.test").startswith(b"550 5.1.1")


def test_a_postmaster_is_always_there(build):
    with Stack(build) as stack:
        stack.run_command("domain", "add", "example.test")
        assert rcpt(stack, "postmaster@example.test").startswith(b"550 5.2.0")
        first = stack.make_alias("zoe@example.test")
        second = stack.make_alias("adam@example.test")
        for address in ("postmaster", "Postmaster@example.test", "abuse@example.test"):
            assert rcpt(stack, address).startswith(b"250 2.1.5"), address
        assert rcpt(stack, "abuse").startswith(b"553")  # only Postmaster may go without
        with begin(stack, "MAIL FROM:<>", "POSTMASTER") as peer:
            peer.ask("DATA")
            assert peer.ask(BODY + b".").startswith(b"250 2.0.0")
        assert b"X-Original-To: postmaster@example.test\r\n" in newest(stack, "zoe@example.test", first)
        assert stack.run_command("domain", "set", "example.test", "postmaster=a@b.test", check=False).returncode == 2
        stack.run_command("domain", "set", "example.test", "postmaster=adam@example.test")
        assert stack.command_json("domain", "show", "example.test")["postmaster"] == "adam@example.test"
        with stack.smtp() as client:
            client.sendmail("", ["postmaster@example.test"], BODY)
        assert count(stack, "zoe@example.test", first) == 1
        assert count(stack, "adam@example.test", second) == 1


def test_a_full_mailbox_is_told_452_and_takes_mail_again_when_emptied(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        stack.run_command("alias", "set", "hello@example.test", "max_quota=1MB")
        octets = b"Subject: big\r\n\r\n" + b"\r\n".join(os.urandom(36).hex().encode() for _ in range(4000)) + b"\r\n"
        answer = b"250"
        sent = 0
        while answer.startswith(b"250") and sent < 40:
            with stack.raw_smtp() as peer:
                peer.reply()
                peer.ask("EHLO client.test")
                peer.ask("MAIL FROM:<a@elsewhere.test>")
                answer = peer.ask("RCPT TO:<hello@example.test>")
                if answer.startswith(b"250"):
                    peer.ask("DATA")
                    answer = peer.ask(octets + b".")
                    sent += answer.startswith(b"250")
        assert answer.startswith(b"452 4.2.2"), (sent, answer)
        assert sent > 0
        client = stack.imap("hello@example.test", password)
        assert client.select("INBOX")[1] == [str(sent).encode()]
        client.store("1:*", "+FLAGS", "\\Deleted")
        client.expunge()
        client.logout()
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["hello@example.test"], BODY)
        assert count(stack, "hello@example.test", password) == 1


def test_limits_of_recipients_and_size(build):
    with Stack(build, {"smtp.message-limit": "1M", "smtp.errors-limit": 1000, "smtp.discard-limit": "8M"}) as stack:
        stack.make_alias("hello@example.test")
        with begin(stack) as peer:
            for _ in range(49):
                assert peer.ask("RCPT TO:<hello@example.test>").startswith(b"250 ")
            assert peer.ask("RCPT TO:<hello@example.test>").startswith(b"452 4.5.3")
        with stack.raw_smtp() as peer:
            peer.reply()
            assert b"250-SIZE 1048576\r\n" in peer.ask("EHLO client.test")
            assert peer.ask("MAIL FROM:<a@elsewhere.test> SIZE=1048577").startswith(b"552 5.3.4")
        with begin(stack) as peer:
            assert peer.ask("DATA").startswith(b"354")
            peer.say((b"x" * 998 + b"\r\n") * 5000)
            assert peer.ask(b".").startswith(b"552 5.3.4")
            # The session goes on, but not after what is not even worth reading.
            assert peer.ask("MAIL FROM:<a@elsewhere.test>").startswith(b"250")
            assert peer.ask("RCPT TO:<hello@example.test>").startswith(b"250")
            assert peer.ask("DATA").startswith(b"354")
            got = say_all_then_hear(peer, (b"x" * 998 + b"\r\n") * 40000)
            assert got.startswith(b"552 5.3.4") and got.count(b"\r\n") == 1, got
        with begin(stack) as peer:
            assert peer.ask("DATA").startswith(b"354")
            peer.say((b"x" * 998 + b"\r\n") * 1100)
            assert peer.ask(b".").startswith(b"552 5.3.4")
            assert peer.ask("MAIL FROM:<a@elsewhere.test>").startswith(b"250")
            assert peer.ask("RCPT TO:<hello@example.test>").startswith(b"250")
            assert peer.ask("DATA").startswith(b"354")
            assert peer.ask(BODY + b".").startswith(b"250")
        with begin(stack) as peer:
            looping = b"Received: from a by b; Mon, 1 Jun 2026 00:00:00 +0000\r\n" * 26 + BODY
            peer.ask("DATA")
            answer = peer.ask(looping + b".")
            assert answer.startswith(b"550 5.4.6"), answer


def test_chunks_and_binary_content(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        # RFC 3030 §3: octets of any kind, NUL and bare CR and LF, in counted chunks.
        binary = (b"Subject: binary\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
                  b"Content-Transfer-Encoding: binary\r\n\r\n" + bytes(range(256)) * 40 + b"\r\n.\r\nend")
        with begin(stack, "MAIL FROM:<a@elsewhere.test> BODY=BINARYMIME") as peer:
            assert peer.ask("DATA").startswith(b"503")
            half = len(binary) // 2
            peer.say(b"BDAT %d\r\n" % half + binary[:half])
            assert peer.reply().startswith(b"250")
            peer.say(b"BDAT %d LAST\r\n" % (len(binary) - half) + binary[half:])
            assert peer.reply().startswith(b"250 2.0.0")
        got = newest(stack, "hello@example.test", password)
        assert got.endswith(binary), got[-400:]
        # All in one write, as RFC 3030 §4.2 allows, without BINARYMIME.
        with stack.raw_smtp() as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.say(b"MAIL FROM:<a@elsewhere.test>\r\nRCPT TO:<hello@example.test>\r\nBDAT %d\r\n" % len(BODY) +
                     BODY + b"BDAT 0 LAST\r\nQUIT\r\n")
            assert [peer.reply()[:3] for _ in range(5)] == [b"250", b"250", b"250", b"250", b"221"]
        assert newest(stack, "hello@example.test", password).endswith(BODY)
        with begin(stack) as peer:
            peer.say(b"BDAT 11 LAST\r\nbare\nlf\r\nxx")
            assert peer.reply().startswith(b"550 5.6.0")
        assert count(stack, "hello@example.test", password) == 2


def test_addresses_and_headers_in_utf8(build):
    with Stack(build) as stack:
        password = stack.make_alias("jürgen@example.test")
        message = "From: 東京 <東京@elsewhere.test>\r\nSubject: Grüße\r\n\r\nKöln\r\n".encode()
        with begin(stack, "MAIL FROM:<東京@elsewhere.test> SMTPUTF8 BODY=8BITMIME", "jürgen@example.test") as peer:
            peer.ask("DATA")
            assert peer.ask(message + b".").startswith(b"250")
        client = stack.raw_imap()
        login = base64.b64encode(b"\0" + "jürgen@example.test".encode() + b"\0" + password.encode())
        client.command(b"AUTHENTICATE PLAIN " + login)
        assert any(line.strip() == b"* 1 EXISTS" for line in client.command("SELECT INBOX"))
        client.close()
        # Without SMTPUTF8 an address of that kind is not for the wire (RFC 6531 §3.4).
        with stack.raw_smtp() as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            assert peer.ask("MAIL FROM:<東京@elsewhere.test>")[:1] == b"5"


def test_who_talks_early_is_refused(build):
    with Stack(build, {"smtp.greet-delay": "200ms"}) as stack:  # the default
        password = stack.make_alias("hello@example.test")
        with stack.raw_smtp() as peer:
            time.sleep(0.05)  # past the moment of accepting
            peer.say(b"EHLO early.test\r\n")
            assert peer.reply().startswith(b"554 ")
            assert peer.rest() == b""
        # Before the answer to DATA, too: another protocol's request carries no mail.
        with stack.raw_smtp() as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.say(b"MAIL FROM:<a@elsewhere.test>\r\nRCPT TO:<hello@example.test>\r\nDATA\r\n" + BODY + b".\r\n")
            assert peer.reply().startswith(b"250")
            assert peer.reply().startswith(b"250")
            assert peer.reply().startswith(b"554 5.5.0")
            assert peer.rest() == b""
        # In groups, as RFC 2920 §3.1 has it, all goes well.
        with stack.raw_smtp() as peer:
            peer.reply()
            peer.ask("EHLO client.test")
            peer.say(b"MAIL FROM:<a@elsewhere.test>\r\nRCPT TO:<nobody@example.test>\r\n"
                     b"RCPT TO:<hello@example.test>\r\nDATA\r\n")
            assert [peer.reply()[:3] for _ in range(4)] == [b"250", b"550", b"250", b"354"]
            peer.say(BODY + b".\r\nRSET\r\nNOOP\r\nQUIT\r\n")
            assert [peer.reply()[:3] for _ in range(4)] == [b"250", b"250", b"250", b"221"]
        assert count(stack, "hello@example.test", password) == 1


def test_no_second_message_is_smuggled_in(build):
    ends = (b"\n.\n", b"\n.\r\n", b"\r\n.\n", b"\r.\r", b"\r\n.\r", b"\r.\r\n", b"\n.\r", b"\r\n\0.\r\n", b"\r\r\n.\r\r\n")
    smuggled = (b"MAIL FROM:<evil@elsewhere.test>\r\nRCPT TO:<hello@example.test>\r\nDATA\r\n"
                b"Subject: smuggled\r\n\r\nx\r\n.\r\n")
    with Stack(build, {"smtp.connections-per-address": 0}) as stack:
        password = stack.make_alias("hello@example.test")
        for end in ends:
            with begin(stack) as peer:
                assert peer.ask("DATA").startswith(b"354")
                peer.say(BODY + b"x" + end + smuggled)
                answer = peer.reply()
                assert answer.startswith(b"550 5.6.0"), (end, answer)
                assert peer.rest() == b"", end
        for command in (b"NOOP\nNOOP\r\n", b"NOOP\rNOOP\r\n", b"NO\0OP\r\n"):
            with stack.raw_smtp() as peer:
                peer.reply()
                peer.ask("EHLO client.test")
                peer.say(command)
                assert peer.reply().startswith(b"500 5.5.2"), command
        assert count(stack, "hello@example.test", password) == 0


def test_last_words_are_not_lost_when_the_peer_talks_on(build):
    flood = (b"x" * 998 + b"\r\n") * 4000  # 4 MB, far more than any socket's buffer
    with Stack(build) as stack:
        stack.make_alias("hello@example.test")
        for prelude, answer in ((b"bare\nlf\r\n.\r\n", b"550 5.6.0"), (b"bare\rcr\r\n.\r\n", b"550 5.6.0")):
            for pause in (0, 0.3):
                peer = begin(stack)
                assert peer.ask("DATA").startswith(b"354")
                peer.say(prelude)
                time.sleep(pause)  # once before the answer, once behind it
                try:
                    peer.say(flood)
                except OSError:
                    pass
                got = peer.rest()
                assert got.startswith(answer), (pause, got)
                peer.close()


def test_a_chunk_far_too_big_is_refused_in_words_its_sender_gets_to_hear(build):
    block = b"x" * 1_000_000
    with Stack(build) as stack:
        stack.make_alias("hello@example.test")
        for in_tls in (False, True):
            peer = stack.raw_smtp()
            peer.reply()
            peer.ask("EHLO client.test")
            if in_tls:
                assert peer.ask("STARTTLS").startswith(b"220")
                peer.connection = ssl.create_default_context(cafile=stack.path("ssl", "fullchain.pem")).wrap_socket(
                    peer.connection, server_hostname="localhost")
                peer.reader = peer.connection.makefile("rb")
                peer.ask("EHLO client.test")
            assert peer.ask("MAIL FROM:<a@elsewhere.test>").startswith(b"250")
            assert peer.ask("RCPT TO:<hello@example.test>").startswith(b"250")
            peer.say(b"BDAT 240000000 LAST\r\n")
            for _ in range(239):
                peer.say(block)
            got = say_all_then_hear(peer, block)
            assert got.startswith(b"552 5.3.4"), (in_tls, got)
            peer.close()


def test_who_is_dismissed_and_talks_on_for_ever_gives_his_place_back(build):
    with Stack(build, {"smtp.connections-limit": 1, "smtp.errors-limit": 1, "daemon.linger-limit": "1s"}) as stack:
        talker = stack.raw_smtp()
        assert talker.reply().startswith(b"220")
        assert b"\r\n421 4.7.0" in talker.ask(b"WHAT") + talker.rest()
        with stack.raw_smtp() as other:  # the socket still counts
            assert other.reply().startswith(b"421")
        begun = time.monotonic()
        answer = b"421"
        while answer.startswith(b"421") and time.monotonic() - begun < 20:
            with stack.raw_smtp() as other:
                answer = other.reply()
        assert answer.startswith(b"220"), answer
        talker.close()
        # Nor does a stop wait for such a peer.
        stack.conf["daemon.linger-limit"] = "1m"
        stack.write_conf()
        stack.kill("mxd", signal.SIGTERM)
        stack.start_daemon("mxd")
        talker = stack.raw_smtp()
        talker.reply()
        talker.ask(b"WHAT")
        begun = time.monotonic()
        assert stack.kill("mxd", signal.SIGTERM) == 0
        assert time.monotonic() - begun < 5
        talker.close()


def test_the_last_421_reaches_a_peer_with_more_to_say(build):
    with Stack(build, {"smtp.errors-limit": 5}) as stack:
        peer = stack.raw_smtp()
        peer.reply()
        peer.ask("EHLO client.test")
        try:
            peer.say(b"VERB\r\n" * 200_000)
        except OSError:
            pass
        got = peer.rest()
        assert got.count(b"\r\n500 ") == 4 and b"\r\n421 4.7.0" in got, got[-300:]
        peer.close()


def test_the_ones_that_hang_up_leave_nothing(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        for cut in (b"", b"Subject", BODY, BODY + b".", BODY + b".\r"):
            peer = begin(stack)
            peer.ask("DATA")
            peer.say(cut)
            peer.connection.shutdown(socket.SHUT_WR)
            assert peer.rest() == b"", cut
            peer.close()
        assert count(stack, "hello@example.test", password) == 0


if __name__ == "__main__":
    main(globals())

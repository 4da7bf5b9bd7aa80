"""What an IMAP client meets beyond plain reading: the clear-text port, limits,
restarts of the door, large mail in little memory, names in UTF-8, resynchronising."""

import base64
import os
import re
import socket
import statistics
import time

from stack import Lines, Stack, main

ADDRESS = "hello@example.test"
BODY = b"Subject: x\r\nFrom: a@elsewhere.test\r\n\r\nbody\r\n"
MEGABYTE = 1 << 20


def send(stack, content=BODY):
    with stack.smtp() as client:
        client.sendmail("a@elsewhere.test", [ADDRESS], content)


def big_message(octets):
    blob = base64.encodebytes(os.urandom(MEGABYTE * 3 // 4)).replace(b"\n", b"\r\n")
    return (b"Subject: big\r\nMIME-Version: 1.0\r\nContent-Type: application/octet-stream\r\n"
            b"Content-Transfer-Encoding: base64\r\n\r\n" + blob * (octets // len(blob)))


def append(client, folder, content):
    """One APPEND with a synchronising literal."""
    tag = client.begin(b"APPEND %s {%d}" % (folder, len(content)))
    assert client.line().startswith(b"+"), folder
    client.say(content + b"\r\n")
    assert client.until(tag)[-1].startswith(tag + b" OK")


def news(client, complete):
    """What one NOOP tells: all that was answered before it was sent."""
    heard = b"".join(client.command("NOOP")[:-1])
    assert complete(heard), heard
    return heard


def exists(lines):
    return max(int(m.group(1)) for line in lines if (m := re.match(rb"\* (\d+) EXISTS", line)))


def test_the_clear_text_port_takes_no_password_before_tls(build):
    with Stack(build, {"imap.clear-text-port": "yes"}) as stack:
        password = stack.make_alias(ADDRESS)
        raw = socket.create_connection(("localhost", stack.imap_port), timeout=30)
        client = Lines(raw)
        greeting = client.line()
        capabilities = b"".join([greeting] + client.command("CAPABILITY"))
        assert b"STARTTLS" in capabilities and b"LOGINDISABLED" in capabilities, capabilities
        assert b"AUTH=PLAIN" not in capabilities and b"AUTH=SCRAM" not in capabilities, capabilities
        client.command(f'LOGIN {ADDRESS} "{password}"', b"NO")
        client.command("AUTHENTICATE PLAIN " + base64.b64encode(f"\0{ADDRESS}\0{password}".encode()).decode(), b"NO")
        # What is sent behind STARTTLS in the clear is not obeyed inside.
        client.say(b"s STARTTLS\r\ninjected LOGOUT\r\n")
        assert client.line().startswith(b"s "), "no answer to STARTTLS"
        client.close()
        client = Lines(socket.create_connection(("localhost", stack.imap_port), timeout=30))
        client.line()
        client.command("STARTTLS")
        client = Lines(stack.tls_context().wrap_socket(client.connection, server_hostname="localhost"))
        inside = b"".join(client.command("CAPABILITY"))
        assert b"STARTTLS" not in inside and b"LOGINDISABLED" not in inside and b"AUTH=PLAIN" in inside, inside
        client.command(f'LOGIN {ADDRESS} "{password}"')
        client.command("SELECT INBOX")
        client.close()


def test_what_is_too_long_too_large_or_too_silent_is_refused(build):
    with Stack(build, {"imap.login-idle-limit": "5s"}) as stack:
        password = stack.make_alias(ADDRESS)
        silent = stack.raw_imap()
        begun = time.monotonic()
        client = stack.raw_imap()
        assert b"BAD" in client.command(b"NOOP " + b"x" * 9000, b"BAD")[-1]
        client.command("NOOP")
        tag = client.begin("LOGIN {5000}")
        assert client.until(tag)[-1].startswith(tag + b" BAD [TOOBIG]")
        tag = client.begin("LOGIN {4000000000}")
        assert client.until(tag)[-1].startswith(tag + b" BAD")
        client.command(f'LOGIN {ADDRESS} "{password}"')
        client.command(b"NOOP " + b"x" * 100_000, b"BAD")
        tag = client.begin("CREATE {70000}")
        assert client.until(tag)[-1].startswith(tag + b" BAD [TOOBIG]")
        tag = client.begin("APPEND INBOX {60000000}")
        assert client.until(tag)[-1].startswith(tag + b" NO [TOOBIG]")
        # A non-synchronising one of some size is read past; a huge one ends the session.
        tag = client.begin(b"CREATE {70000+}\r\n" + b"x" * 70000)
        assert client.until(tag)[-1].startswith(tag + b" BAD")
        client.command("NOOP")
        client.say(b"z APPEND INBOX {4000000000+}\r\n")
        assert b"BYE" in client.rest()
        assert silent.line().startswith(b"* BYE")
        assert time.monotonic() - begun < 20
        assert silent.rest() == b""
        robot = stack.raw_imap()
        for _ in range(20):
            robot.say(b"GET / HTTP/1.1\r\n")
        assert b"* BYE" in robot.rest()


def test_the_bye_to_a_huge_literal_reaches_a_client_that_sends_it_all(build):
    with Stack(build) as stack:
        password = stack.make_alias(ADDRESS)
        client = stack.raw_imap(ADDRESS, password)
        client.say(b"z APPEND INBOX {240000000+}\r\n")
        block = b"x" * 1_000_000
        for _ in range(240):
            client.say(block)  # raises when it is cut off
        assert b"* BYE" in client.rest()


def test_a_restart_of_the_door_ends_sessions_and_the_next_login_works(build):
    with Stack(build) as stack:
        password = stack.make_alias(ADDRESS)
        send(stack)
        for number in (15, 9):
            idle, busy = (stack.raw_imap(ADDRESS, password) for _ in range(2))
            for client in (idle, busy):
                client.command("SELECT INBOX")
            idle.begin("IDLE")
            assert idle.line().startswith(b"+")
            stack.kill("sqlited", number)
            said = idle.rest()
            assert said.startswith(b"* BYE") or b"\r\n* BYE" in said, said
            try:
                busy.say(b"n FETCH 1 (FLAGS)\r\n")
            except OSError:
                pass
            said = busy.rest()
            assert b"BYE" in said and b"n OK" not in said, said
            stack.start_daemon("sqlited")
            stack.wait_up()
            again = stack.raw_imap(ADDRESS, password)
            assert exists(again.command("SELECT INBOX")) == 1
            again.close()
            send(stack, BODY) if number == 9 else None


def drain(client, tag):
    """Reads a long answer, keeping next to nothing of it; gives its size."""
    total = 0
    tail = b""
    mark = b"\r\n" + tag + b" "
    while mark not in tail or not tail.endswith(b"\r\n"):
        more = client.reader.read1(1 << 20)
        assert more, "the connection ended"
        total += len(more)
        tail = (tail + more)[-300:]
    assert mark + b"OK" in tail, tail
    return total


def test_the_bounds_of_commands_and_mailboxes_are_options(build):
    with Stack(build, {"imap.search-depth-limit": 2, "imap.search-keys-limit": 10, "imap.set-ranges-limit": 100,
                       "imap.fetch-items-limit": 10, "imap.list-patterns-limit": 1, "imap.keywords-limit": 1,
                       "imap.list-wildcards-limit": 64, "imap.section-depth-limit": 2, "imap.keyword-limit": 16,
                       "imap.section-fields-limit": 1, "imap.name-limit": 100, "imap.output-limit": "4k",
                       "mailbox.subscriptions-limit": 1, "mailbox.depth-limit": 2, "mailbox.level-limit": 16,
                       "mailbox.message-keywords-limit": 1, "message.parts-limit": 10, "door.prefetch": 1,
                       "mailbox.batch-rows": 10, "directory.mailboxes-limit": 1}) as stack:
        client = stack.raw_imap(ADDRESS, stack.make_alias(ADDRESS))
        parts = b"".join(b"--x\r\n\r\n%d\r\n" % n for n in range(30))
        for _ in range(25):
            append(client, b"INBOX", b"Content-Type: multipart/mixed; boundary=x\r\n\r\n" + parts + b"--x--\r\n")
        client.command("SELECT INBOX")
        for command in ("SEARCH (((ALL)))", "SEARCH" + 11 * " ALL", "FETCH " + ",".join(101 * ["1"]) + " UID",
                        "FETCH 1 (" + " ".join(f"BODY[{n}]" for n in range(1, 12)) + ")", 'LIST "" (a b)',
                        f'LIST "" {65 * "%"}', "STORE 1 +FLAGS (one two)", "FETCH 1 BODY[1.2.3]",
                        f"STORE 1 +FLAGS ({17 * 'k'})", "FETCH 1 BODY[HEADER.FIELDS (A B)]",
                        f"STATUS {101 * 'n'} (MESSAGES)"):
            client.command(command, b"BAD")
        client.command("SUBSCRIBE one")
        client.command("SUBSCRIBE two", b"NO [LIMIT]")
        client.command("CREATE a/b")
        client.command("CREATE a/b/c", b"NO [LIMIT]")
        client.command("CREATE " + 17 * "l", b"NO [LIMIT]")
        client.command("STORE 1 +FLAGS (one)")
        client.command("STORE 1 +FLAGS (two)", b"NO [LIMIT]")
        assert len(client.command("FETCH 1:* (FLAGS UID)")) == 26
        told = b"".join(client.command("FETCH 25 BODYSTRUCTURE"))
        assert b'"plain"' in told.lower() and told.lower().count(b'"plain"') <= 10, told


def test_large_mail_is_read_in_bounded_memory(build):
    with Stack(build) as stack:
        password = stack.make_alias(ADDRESS)
        message = big_message(48 * MEGABYTE)
        send(stack, message)
        writer = stack.raw_imap(ADDRESS, password)
        assert exists(writer.command("SELECT INBOX")) == 1
        medium = big_message(4 * MEGABYTE)
        writer.command("CREATE many")
        append(writer, b"many", medium)
        writer.command("SELECT many")
        for _ in range(5):  # doubles to 32 messages, 128 MB
            writer.command("COPY 1:* many")
            writer.command("NOOP")
        writer.command("LOGOUT")
        # Both daemons anew: what came in has had its memory; this is about what goes out.
        for daemon in ("imapd", "sqlited"):
            stack.kill(daemon, 15)
        for daemon in ("sqlited", "imapd"):
            stack.start_daemon(daemon)
        stack.wait_up()
        client = stack.raw_imap(ADDRESS, password)
        client.command("SELECT INBOX")
        before = {daemon: stack.peak_memory(daemon) for daemon in ("imapd", "sqlited")}
        total = drain(client, client.begin("UID FETCH 1:* (BODY.PEEK[])"))
        assert total > len(message)
        client.command("SELECT many")
        total = drain(client, client.begin("UID FETCH 1:* (BODY.PEEK[])"))
        assert total > 32 * len(medium)
        # A client that takes nothing for a moment costs no more.
        tag = client.begin("UID FETCH 1:8 (BODY.PEEK[])")
        time.sleep(0.5)
        drain(client, tag)
        for daemon, most in before.items():
            grown = stack.peak_memory(daemon) - most
            print(f"     fwd-{daemon} grew by {grown // 1024} KB")
            assert grown < 24 * MEGABYTE, (daemon, grown)
        # A piece of a large message is a piece.
        tag = client.begin("UID FETCH 1 (BODY.PEEK[]<3000000.10>)")
        line = client.line()
        assert line.rstrip().endswith(b"{10}"), line
        client.until(tag)


def test_wrong_passwords_take_as_long_for_known_and_unknown_names(build):
    with Stack(build, {"login.failure-delay": "300ms", "login.failures-per-address": 100000,
                       "imap.wrong-logins-limit": 100}) as stack:
        stack.make_alias(ADDRESS)
        chosen = stack.make_alias("chosen@example.test")
        stack.run_command("alias", "password", "chosen@example.test", "--current", "--choose",
                          text_input=f"{chosen}\nVq7 correct giraffe battery x91\n")
        took = {}
        client = stack.raw_imap()
        for n in range(7):
            for name in (ADDRESS, "chosen@example.test", "nobody@example.test", "x@nowhere.test"):
                begun = time.monotonic()
                line = client.command(f'LOGIN {name} "Wrong{n}"', b"NO [AUTHENTICATIONFAILED]")[-1]
                took.setdefault(name, []).append(time.monotonic() - begun)
                assert b"exist" not in line, line
        medians = {name: statistics.median(times) for name, times in took.items()}
        assert min(medians.values()) >= 0.29, medians
        assert max(medians.values()) - min(medians.values()) < 0.1, medians


def test_two_sessions_and_deliveries_see_each_other_at_once(build):
    with Stack(build) as stack:
        password = stack.make_alias(ADDRESS)
        one, two = (stack.raw_imap(ADDRESS, password) for _ in range(2))
        for client in (one, two):
            client.command("SELECT INBOX")
        for number in range(1, 6):
            send(stack)
            news(one, lambda heard: b"* %d EXISTS" % number in heard)
            assert b"* %d EXISTS" % number in b"".join(two.command("CHECK"))
        one.command("STORE 2 +FLAGS (\\Flagged work)")
        heard = news(two, lambda heard: b"* 2 FETCH" in heard)
        assert b"\\Flagged" in heard and b"work" in heard, heard
        two.command("STORE 1,3 +FLAGS.SILENT (\\Deleted)")
        two.command("EXPUNGE")
        heard = news(one, lambda heard: heard.count(b" EXPUNGE") == 2)
        left = [1, 2, 3, 4, 5]
        for number in re.findall(rb"\* (\d+) EXPUNGE", heard):
            del left[int(number) - 1]
        assert left == [2, 4, 5], heard
        # No EXPUNGE stands in an answer to FETCH (RFC 9051 §7.5.1); it comes with the next NOOP.
        two.command("STORE 1 +FLAGS.SILENT (\\Deleted)")
        two.command("EXPUNGE")
        fetched = b"".join(one.command("FETCH 2:3 (UID)"))
        assert b"EXPUNGE" not in fetched and b"* 2 FETCH (UID 4)" in fetched, fetched
        news(one, lambda heard: b"* 1 EXPUNGE" in heard)
        append(one, b"INBOX", BODY)
        news(two, lambda heard: b"* 3 EXISTS" in heard)


def test_folder_names_in_every_script(build):
    with Stack(build) as stack:
        password = stack.make_alias(ADDRESS)
        old = stack.raw_imap(ADDRESS, password)
        new = stack.raw_imap(ADDRESS, password)
        assert b"UTF8=ACCEPT" in b"".join(new.command("ENABLE UTF8=ACCEPT"))
        old.command("CREATE &U,BTFw-")  # 台北, RFC 3501 §5.1.3
        assert "台北".encode() in b"".join(new.command('LIST "" *'))
        new.command('CREATE "Übung/Ελλάδα 🌍"'.encode())
        listed = b"".join(old.command('LIST "" *'))
        assert b"&ANw-bung/&" in listed and "Ü".encode() not in listed, listed
        append(new, '"Übung/Ελλάδα 🌍"'.encode(), BODY)
        assert exists(new.command('SELECT "Übung/Ελλάδα 🌍"'.encode())) == 1
        old.command("CREATE &U,BTF", b"")  # broken: refused, or taken as it stands, but answered
        old.command('RENAME &U,BTFw- "caf&AOk-"')
        assert "café".encode() in b"".join(new.command('LIST "" *'))
        new.command('DELETE "café"'.encode())
        old.command("NOOP")


def test_a_client_resynchronises_by_what_changed(build):
    with Stack(build) as stack:
        password = stack.make_alias(ADDRESS)
        client = stack.raw_imap(ADDRESS, password)
        for _ in range(10):
            append(client, b"INBOX", BODY)
        away = stack.raw_imap(ADDRESS, password)
        assert b"QRESYNC" in b"".join(away.command("ENABLE QRESYNC"))
        opened = b"".join(away.command("SELECT INBOX"))
        validity = int(re.search(rb"UIDVALIDITY (\d+)", opened).group(1))
        seen = int(re.search(rb"HIGHESTMODSEQ (\d+)", opened).group(1))
        away.command("LOGOUT")
        client.command("SELECT INBOX")
        client.command("STORE 2 +FLAGS (\\Flagged)")
        client.command("UID STORE 4,6 +FLAGS.SILENT (\\Deleted)")
        client.command("EXPUNGE")
        append(client, b"INBOX", BODY)
        back = stack.raw_imap(ADDRESS, password)
        back.command("ENABLE QRESYNC")
        told = b"".join(back.command(f"SELECT INBOX (QRESYNC ({validity} {seen} 1:10))"))
        assert b"* VANISHED (EARLIER) 4,6\r\n" in told, told
        assert re.findall(rb"FETCH \([^\r]*UID (\d+)", told) == [b"2"], told  # of those it knows
        all_told = b"".join(back.command(f"SELECT INBOX (QRESYNC ({validity} {seen}))"))
        assert re.findall(rb"FETCH \([^\r]*UID (\d+)", all_told) == [b"2", b"11"], all_told
        # CONDSTORE: a stale change is refused, a current one done (RFC 7162 §3.1.3).
        stale = b"".join(back.command(f"UID STORE 2 (UNCHANGEDSINCE {seen}) +FLAGS.SILENT (\\Seen)", None))
        assert b"[MODIFIED 2]" in stale, stale
        now = int(re.search(rb"HIGHESTMODSEQ (\d+)", told).group(1))
        done = b"".join(back.command(f"UID STORE 2 (UNCHANGEDSINCE {now}) +FLAGS.SILENT (\\Seen)"))
        assert b"MODIFIED" not in done and b"MODSEQ" in done, done
        changed = b"".join(back.command(f"UID FETCH 1:* (FLAGS) (CHANGEDSINCE {now} VANISHED)"))
        assert re.findall(rb"UID (\d+)", changed) == [b"2"], changed
        # Another client's expunge comes as VANISHED.
        client.command("UID STORE 7 +FLAGS.SILENT (\\Deleted)")
        client.command("EXPUNGE")
        news(back, lambda heard: b"* VANISHED 7\r\n" in heard)
        # A wrong UIDVALIDITY gets a plain SELECT.
        again = stack.raw_imap(ADDRESS, password)
        again.command("ENABLE QRESYNC")
        plain = b"".join(again.command(f"SELECT INBOX (QRESYNC ({validity + 1} {seen}))"))
        assert b"VANISHED" not in plain and b"FETCH" not in plain, plain


if __name__ == "__main__":
    main(globals())

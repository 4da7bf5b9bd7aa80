"""Bad days: a full disk, a read-only disk, a damaged mailbox, the wrong key, a
stale socket, peers that stall. A clear log line, a temporary answer, nothing lost."""

import base64
import os
import pwd
import smtplib
import socket

from bad_days import Mount
from stack import Stack, main

MESSAGE = b"Subject: x\r\n\r\nbody\r\n"


def send(stack, content=MESSAGE, to="hello@example.test"):
    with stack.smtp() as client:
        client.sendmail("a@elsewhere.test", [to], content)


def refused_for_now(stack, content=MESSAGE, to="hello@example.test"):
    try:
        send(stack, content, to)
    except smtplib.SMTPRecipientsRefused as error:
        code = list(error.recipients.values())[0][0]
    except smtplib.SMTPResponseException as error:
        code = error.smtp_code
    else:
        raise AssertionError("the message was accepted")
    assert 400 <= code < 500, code


def test_a_full_disk_is_a_temporary_answer(build):
    import tempfile
    folder = tempfile.mkdtemp(prefix="fwd-live-disk.")
    with Mount(folder, "24M"):
        with Stack(build, data_folder=os.path.join(folder, "data")) as stack:
            password = stack.make_alias("hello@example.test")
            send(stack)
            with open(os.path.join(folder, "filler"), "wb") as filler:
                try:
                    while True:
                        filler.write(b"x" * 65536)
                        filler.flush()
                except OSError:
                    pass
            big = b"Subject: big\r\n\r\n" + base64.encodebytes(os.urandom(3_000_000)).replace(b"\n", b"\r\n")
            refused_for_now(stack, big)
            os.unlink(os.path.join(folder, "filler"))
            send(stack)
            client = stack.imap("hello@example.test", password)
            assert client.select("INBOX")[1] == [b"2"]
            client.logout()
            assert "full" in stack.log_text("sqlited") + stack.log_text("mxd")
    os.rmdir(folder)


def test_a_read_only_disk_is_a_temporary_answer(build):
    import tempfile
    folder = tempfile.mkdtemp(prefix="fwd-live-disk.")
    with Mount(folder, "32M") as disk:
        with Stack(build, data_folder=os.path.join(folder, "data")) as stack:
            password = stack.make_alias("hello@example.test")
            send(stack)
            stack.stop_all_daemons()
            disk.remount("ro")
            try:
                stack.start_daemons()
                refused_for_now(stack)
            finally:
                disk.remount("rw")
            stack.stop_all_daemons()
            stack.start_daemons()
            stack.wait_up()
            send(stack)
            client = stack.imap("hello@example.test", password)
            assert client.select("INBOX")[1] == [b"2"]
            client.logout()
    os.rmdir(folder)


def inbox_count(stack, address, password):
    client = stack.imap(address, password)
    number = int(client.select("INBOX")[1][0])
    client.logout()
    return number


def fill(path):
    with open(path, "wb", buffering=0) as filler:
        try:
            while True:
                filler.write(b"x" * 4096)
        except OSError:
            pass


def test_a_message_stored_in_part_is_made_whole_by_the_next_try(build):
    names = ("hello@example.test", "other@example.test")
    with Stack(build) as stack:
        password = {name: stack.make_alias(name) for name in names}
        for name in names:
            assert inbox_count(stack, name, password[name]) == 0
        # The second mailbox gets a small disk of its own.
        alias_id = stack.command_json("alias", "show", names[1])["id"]
        stack.stop_all_daemons()
        folder = os.path.join(stack.data, "mailboxes", alias_id[-2:])
        octets = {name: open(os.path.join(folder, name), "rb").read() for name in os.listdir(folder)}
        with Mount(folder, "8M"):
            user = pwd.getpwnam("_fwd-sqlited")
            os.chmod(folder, 0o700)
            for name, content in octets.items():
                with open(os.path.join(folder, name), "wb") as copy:
                    copy.write(content)
                os.chmod(copy.name, 0o600)
                os.chown(copy.name, user.pw_uid, user.pw_gid)
            os.chown(folder, user.pw_uid, user.pw_gid)
            stack.start_daemons()
            stack.wait_up()
            clients = [stack.imap(name, password[name]) for name in names]
            filler = os.path.join(folder, "filler")
            fill(filler)
            message = b"Subject: x\r\n\r\n" + base64.encodebytes(os.urandom(1_000_000)).replace(b"\n", b"\r\n")
            for _ in range(2):
                with stack.smtp() as client:
                    client.ehlo()
                    client.mail("a@elsewhere.test")
                    assert [client.rcpt(name)[0] for name in names] == [250, 250]
                    assert client.data(message)[0] == 451
                assert inbox_count(stack, names[0], password[names[0]]) == 1
                # A new process knows of it as well.
                stack.kill("mxd", 15)
                stack.start_daemon("mxd")
            os.unlink(filler)
            for i in (1, 2):  # and the same once more, after the 250, is another message
                with stack.smtp() as client:
                    assert client.sendmail("a@elsewhere.test", names, message) == {}
                assert [inbox_count(stack, name, password[name]) for name in names] == [i, i]
            for client in clients:
                client.logout()
            stack.stop_all_daemons()


def mailbox_file(stack):
    found = []
    for base, _, names in os.walk(os.path.join(stack.data, "mailboxes")):
        found += [os.path.join(base, name) for name in names if name.endswith(".sqlite")]
    assert len(found) == 1, found
    return found[0]


def test_a_damaged_mailbox_is_left_as_it_is_and_others_go_on(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        send(stack)
        client = stack.imap("hello@example.test", password)
        client.select("INBOX")
        client.logout()
        stack.stop_all_daemons()
        path = mailbox_file(stack)
        with open(path, "r+b") as octets:
            octets.seek(4096 * 2 + 100)
            octets.write(b"\xff" * 3000)
            octets.seek(5000)
            octets.write(b"\xff" * 64)
        with open(path, "rb") as octets:
            before = octets.read()
        stack.start_daemons()
        stack.wait_up()
        import imaplib
        try:
            client = stack.imap("hello@example.test", password)
            client.select("INBOX")
            answer = client.uid("FETCH", "1:*", "(BODY.PEEK[])")
            assert answer[0] != "OK", answer
        except (imaplib.IMAP4.error, OSError) as error:
            assert "AUTHENTICATIONFAILED" not in str(error), error
        with open(path, "rb") as octets:
            assert octets.read() == before, "the damaged file was changed"
        send(stack)  # sealed mail still waits for it
        other = stack.make_alias("other@example.test")
        send(stack, to="other@example.test")
        assert stack.imap("other@example.test", other).select("INBOX")[1] == [b"1"]
        assert "corrupt" in stack.log_text("sqlited") + stack.log_text("imapd")


def test_a_wrong_server_key_stops_the_door_and_loses_nothing(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        send(stack)
        stack.kill("sqlited", 15)
        key = stack.path("sqlited", "server.key")
        with open(key, "rb") as octets:
            right = octets.read()
        user = pwd.getpwnam("_fwd-sqlited")
        os.unlink(key)
        with open(key, "wb") as octets:
            octets.write(os.urandom(32).hex().encode())
        os.chmod(key, 0o400)
        os.chown(key, user.pw_uid, user.pw_gid)
        pid = stack.start_daemon("sqlited")
        _, status = os.waitpid(pid, 0)
        del stack.pids["sqlited"]
        assert os.waitstatus_to_exitcode(status) == 1, status
        assert "server.key" in stack.log_tail("sqlited"), stack.log_tail("sqlited")
        os.unlink(key)
        with open(key, "wb") as octets:
            octets.write(right)
        os.chmod(key, 0o400)
        os.chown(key, user.pw_uid, user.pw_gid)
        stack.start_daemon("sqlited")
        stack.wait_up()
        assert stack.imap("hello@example.test", password).select("INBOX")[1] == [b"1"]


def test_without_the_door_answers_are_temporary(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        stack.kill("sqlited")
        # Nobody accepts on its socket now: a stale socket.
        stack.sockets["sqlited"][0][1].close()
        refused_for_now(stack)
        import imaplib
        try:
            stack.imap("hello@example.test", password)
            raise AssertionError("a login without the door")
        except imaplib.IMAP4.error as error:
            assert "UNAVAILABLE" in str(error), error


def test_silent_and_half_closed_peers_are_ended(build):
    with Stack(build, {"smtp.idle-limit": "10s"}) as stack:
        silent = socket.create_connection(("127.0.0.1", stack.smtp_port), timeout=30)
        assert silent.recv(100).startswith(b"220")
        half = socket.create_connection(("127.0.0.1", stack.smtp_port), timeout=30)
        half.recv(100)
        half.sendall(b"EHLO a.test\r\n")  # the last of its group (RFC 2920 §3.1)
        while b"250 " not in half.recv(4096):
            pass
        half.sendall(b"QUIT\r\n")
        half.shutdown(socket.SHUT_WR)
        answer = b""
        while True:
            more = half.recv(4096)
            if not more:
                break
            answer += more
        assert b"221" in answer, answer
        end = silent.recv(1000)
        assert end.startswith(b"421"), end
        assert silent.recv(10) == b""


def test_garbage_on_both_ports_is_answered_and_survived(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        for _ in range(20):
            peer = socket.create_connection(("127.0.0.1", stack.smtp_port), timeout=30)
            try:
                peer.sendall(os.urandom(200_000))
                peer.shutdown(socket.SHUT_WR)
                while peer.recv(65536):
                    pass
            except OSError:
                pass
            peer.close()
            context = stack.tls_context()
            raw = socket.create_connection(("localhost", stack.imaps_port), timeout=30)
            tls = context.wrap_socket(raw, server_hostname="localhost")
            try:
                tls.sendall(os.urandom(200_000))
                while tls.recv(65536):
                    pass
            except OSError:
                pass
            tls.close()
        send(stack)
        assert stack.imap("hello@example.test", password).select("INBOX")[1] == [b"1"]


def test_unknown_and_foreign_recipients_are_refused_at_rcpt(build):
    with Stack(build) as stack:
        stack.make_alias("hello@example.test")
        with stack.smtp() as client:
            client.ehlo()
            client.mail("a@elsewhere.test")
            assert client.rcpt("hello@example.test")[0] == 250
            code, text = client.rcpt("nobody@example.test")
            assert code == 550 and text.startswith(b"5.1.1"), (code, text)
            code, text = client.rcpt("someone@foreign.test")
            assert code == 550 and text.startswith(b"5.7.1"), (code, text)


if __name__ == "__main__":
    main(globals())

"""Submission by real clients: swaks, msmtp, curl, mutt, smtplib, and sendmail from a
local user, over a whole private stack."""

import os
import pwd
import smtplib
import subprocess
import time

from stack import Stack, main

MAIL = "From: hello@example.test\r\nTo: someone@elsewhere.test\r\nSubject: x\r\n\r\nbody\r\n"


def sending_stack(stack):
    password = stack.make_alias("hello@example.test")
    stack.make_alias("other@example.test")
    stack.run_command("domain", "set", "example.test", "has_smtp=yes")
    return password


def swaks(stack, port, password, *more, user="hello@example.test", sender="hello@example.test",
          to="someone@elsewhere.test", tls="--tls-on-connect"):
    return subprocess.run(
        ["swaks", "--server", f"127.0.0.1:{port}", tls, "--auth-user", user, "--auth-password", password,
         "--from", sender, "--to", to, "--helo", "client.test", "--timeout", "30", *more],
        capture_output=True, text=True, timeout=90)


def accepted(stack):
    return stack.log_text("smtpd").count("submission.accepted")


def test_swaks_sends_by_each_mechanism_and_port(build):
    with Stack(build) as stack:
        password = sending_stack(stack)
        for mechanism in ("PLAIN", "LOGIN"):
            done = swaks(stack, stack.submissions_port, password, "--auth", mechanism)
            assert done.returncode == 0 and "Queued as" in done.stdout, done.stdout + done.stderr
        done = swaks(stack, stack.submission_port, password, "--auth", "PLAIN", tls="--tls")
        assert done.returncode == 0, done.stdout + done.stderr
        assert accepted(stack) == 3, stack.log_tail("smtpd")
        # Wrong password, no TLS, a foreign sender, somebody we do not have.
        assert swaks(stack, stack.submissions_port, "wrong", "--auth", "PLAIN").returncode == 28
        done = swaks(stack, stack.submission_port, password, "--auth", "PLAIN", tls="--no-data-fixup")
        assert done.returncode != 0 and "235" not in done.stdout, done.stdout
        done = swaks(stack, stack.submissions_port, password, sender="me@elsewhere.test")
        assert done.returncode == 23 and "550 5.7.1" in done.stdout, done.stdout
        done = swaks(stack, stack.submissions_port, password, to="nobody@example.test")
        assert done.returncode == 24 and "550 5.1.1" in done.stdout, done.stdout
        done = swaks(stack, stack.submissions_port, password, "--header", "From: other@example.test")
        assert done.returncode == 26 and "550 5.7.1" in done.stdout, done.stdout


def test_scram_with_the_channel_bound(build):
    with Stack(build) as stack:
        password = sending_stack(stack)
        for mechanism in ("scram-sha-256-plus", "scram-sha-256"):  # not every msmtp has the first
            with open(stack.path("msmtprc"), "w") as out:
                out.write(f"""account default
host localhost
port {stack.submissions_port}
tls on
tls_starttls off
tls_trust_file {stack.path("ssl", "fullchain.pem")}
auth {mechanism}
user hello@example.test
password {password}
from hello@example.test
""")
            os.chmod(stack.path("msmtprc"), 0o600)
            done = subprocess.run(["msmtp", "-C", stack.path("msmtprc"), "someone@elsewhere.test"],
                                  input=MAIL.replace("Subject: x", f"Subject: {mechanism}"), capture_output=True,
                                  text=True, timeout=60)
            client = subprocess.run(["python3", os.path.join(os.path.dirname(__file__), "scram_client.py"), mechanism.upper(),
                                     f"smtp:{stack.submissions_port}", stack.path("ssl", "fullchain.pem"),
                                     "hello@example.test"], input=password, capture_output=True, text=True, timeout=60)
            assert client.returncode == 0, client.stderr
            if "invalid argument" in done.stderr or "not support" in done.stderr:
                continue
            assert done.returncode == 0, done.stderr
            assert f"mechanism={mechanism.upper()}" in stack.log_text("smtpd"), stack.log_tail("smtpd")


def test_curl_and_smtplib_send(build):
    with Stack(build) as stack:
        password = sending_stack(stack)
        done = subprocess.run(
            ["curl", "-sS", "--cacert", stack.path("ssl", "fullchain.pem"), "--user", f"hello@example.test:{password}",
             "--mail-from", "hello@example.test", "--mail-rcpt", "someone@elsewhere.test",
             "--upload-file", "-", f"smtps://localhost:{stack.submissions_port}"],
            input=MAIL, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        with smtplib.SMTP("127.0.0.1", stack.submission_port, timeout=60) as client:
            client._host = "localhost"
            client.starttls(context=stack.tls_context())
            client.login("hello@example.test", password)
            client.sendmail("hello@example.test", ["a@elsewhere.test"], MAIL.encode(),
                            mail_options=["RET=HDRS", "ENVID=abc", "HOLDFOR=60"],
                            rcpt_options=["NOTIFY=SUCCESS,FAILURE"])
        assert accepted(stack) == 2, stack.log_tail("smtpd")


def test_mutt_writes_to_us_and_reads_it(build):
    with Stack(build) as stack:
        password = sending_stack(stack)
        stack.start_daemon("smtp-bree")
        with open(stack.path("muttrc"), "w") as rc:
            rc.write(f'set ssl_ca_certificates_file="{stack.path("ssl", "fullchain.pem")}"\n'
                     f'set smtp_url="smtps://hello%40example.test@localhost:{stack.submissions_port}/"\n'
                     f'set smtp_pass="{password}"\nset from="hello@example.test"\nset copy=no\n'
                     # It takes SCRAM-SHA-256-PLUS by itself, and then cannot bind to TLS 1.3.
                     'set smtp_authenticators="scram-sha-256"\n'
                     'set realname="Hello"\nset use_envelope_from=yes\nset ssl_force_tls=yes\n')
        done = subprocess.run(["mutt", "-F", stack.path("muttrc"), "-s", "by mutt", "other@example.test"],
                              input="body by mutt\n", capture_output=True, text=True, timeout=60,
                              env={**os.environ, "HOME": stack.path(), "TERM": "dumb"})
        assert done.returncode == 0, done.stdout + done.stderr
        assert accepted(stack) == 1, stack.log_tail("smtpd")
        deadline = time.monotonic() + 20
        while "smtp.delivery.sent" not in stack.log_text("smtp-bree"):
            assert time.monotonic() < deadline, stack.log_tail("smtp-bree")
            time.sleep(0.05)


def test_sending_must_be_enabled_and_may_be_suspended(build):
    with Stack(build) as stack:
        password = sending_stack(stack)
        for setting, code in (("has_smtp=no", "535"), ("has_smtp=yes", None), ("is_smtp_suspended=yes", "550")):
            if stack.run_command("domain", "set", "example.test", setting, check=False).returncode != 0:
                print(f"not there: {setting}")
                continue
            done = swaks(stack, stack.submissions_port, password)
            assert (done.returncode == 0) == (code is None), (setting, done.stdout)
            assert code is None or f"* {code} " in done.stdout, (setting, done.stdout)


def sendmail(stack, *arguments, user="root", mail="Subject: from a program\n\nbody\n"):
    entry = pwd.getpwnam(user)
    return subprocess.run([os.path.join(stack.build, "src", "bin", "sendmail", "sendmail"), *arguments],
                          input=mail, capture_output=True, text=True, timeout=60, user=entry.pw_uid, group=entry.pw_gid,
                          env={"FORWARDEMAIL_SUBMISSION": stack.path("run", "submission.sock"), "FORWARDEMAIL_PATIENCE": "3",
                               "PATH": "/usr/bin:/bin"})


def test_programs_of_this_host_send_without_a_password(build):
    with Stack(build) as stack:
        sending_stack(stack)
        for user in ("root", "nobody"):
            before = accepted(stack)
            done = sendmail(stack, "-FCronDaemon", "-i", "someone@elsewhere.test", user=user,
                            mail=f"Subject: of {user}\n\nbody\n")
            assert done.returncode == 0, (user, done.stderr, stack.log_tail("smtpd"))
            assert accepted(stack) == before + 1, stack.log_tail("smtpd")
        done = sendmail(stack, "-t", mail="To: someone@elsewhere.test, nobody@example.test\nSubject: two\n\n")
        assert done.returncode == 67 and "5.1.1" in done.stderr, done.stderr
        assert sendmail(stack).returncode == 64
        assert sendmail(stack, "-bd").returncode == 64
        assert sendmail(stack, "-bv", "root").returncode == 69
        before = accepted(stack)
        for wrong in ("bad addr@x y", "|prog", "/dev/null", ":include:/x"):
            assert sendmail(stack, "someone@elsewhere.test", wrong).returncode == 67, wrong
        for field in ("To: joe@@e.test", "To: a@elsewhere.test\nCc: broken <k@e.test, m@e.test"):
            assert sendmail(stack, "-t", mail=field + "\n\nbody\n").returncode == 65, field
        assert accepted(stack) == before, stack.log_tail("smtpd")
        done = sendmail(stack, "-Jx", "someone@elsewhere.test")
        assert done.returncode == 0 and "-Jx" in done.stderr, done.stderr
        done = sendmail(stack, "-bs", mail="HELO me\r\nMAIL FROM:<root@localhost>\r\nRCPT TO:<a@elsewhere.test>\r\n"
                        "DATA\r\nSubject: at once\r\n\r\nbody\r\n.\r\nQUIT\r\n")
        assert done.returncode == 0 and "Queued as" in done.stdout and "\n221 " in done.stdout, done.stdout
        with subprocess.Popen([os.path.join(stack.build, "src", "bin", "sendmail", "sendmail"), "-bs"],
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0,
                              env={"FORWARDEMAIL_SUBMISSION": stack.path("run", "submission.sock")}) as talk:
            for command, answer in ((None, b"220 "), (b"EHLO me", b"250 "), (b"QUIT", b"221 ")):
                if command:
                    talk.stdin.write(command + b"\r\n")
                line = talk.stdout.readline()
                while line[3:4] == b"-":
                    line = talk.stdout.readline()
                assert line.startswith(answer), (command, line)
            assert talk.stdout.read() == b"" and talk.wait(timeout=60) == 0
        stack.kill("smtpd")
        for _, listener in stack.sockets.pop("smtpd"):
            listener.close()
        assert sendmail(stack, "someone@elsewhere.test").returncode == 75


def test_the_door_may_go_away_and_come_back(build):
    with Stack(build) as stack:
        password = sending_stack(stack)
        with smtplib.SMTP("127.0.0.1", stack.submission_port, timeout=60) as client:
            client._host = "localhost"
            client.starttls(context=stack.tls_context())
            client.login("hello@example.test", password)
            stack.kill("sqlited")
            try:
                client.sendmail("hello@example.test", ["a@elsewhere.test"], MAIL.encode())
                raise AssertionError("accepted without a door")
            except smtplib.SMTPResponseException as error:
                assert 400 <= error.smtp_code < 500, error
            except smtplib.SMTPRecipientsRefused as error:
                assert all(400 <= code < 500 for code, _ in error.recipients.values()), error
        stack.start_daemon("sqlited")
        stack.wait_up()
        done = swaks(stack, stack.submissions_port, password)
        assert done.returncode == 0, done.stdout


if __name__ == "__main__":
    main(globals())

"""The operator's command: what it does, what it says, and how it ends."""

import imaplib
import json
import os
import pwd
import socket
import struct
import threading

from stack import Stack, main

BODY = b"Subject: x\r\nFrom: a@elsewhere.test\r\n\r\nbody\r\n"


def fails(stack, *arguments, code, says, text_input=None):
    done = stack.run_command(*arguments, check=False, text_input=text_input)
    assert done.returncode == code, (arguments, done.returncode, done.stdout, done.stderr)
    assert says in done.stderr, (arguments, done.stderr)
    assert done.stdout == "", (arguments, done.stdout)


def may_log_in(stack, address, password):
    client = stack.imap()
    try:
        client.login(address, password)
        return int(client.select("INBOX")[1][0])
    except imaplib.IMAP4.error as error:
        assert "AUTHENTICATIONFAILED" in str(error), error
        return None
    finally:
        client.shutdown()


def test_domains_and_aliases_are_made_shown_changed_and_removed(build):
    with Stack(build) as stack:
        made = stack.command_json("domain", "add", "Example.TEST")
        assert made["name"] == "example.test", made
        stack.run_command("domain", "add", "other.test")
        assert {d["name"] for d in stack.command_json("domain", "list")} == {"example.test", "other.test"}
        assert "example.test" in stack.run_command("domain", "list").stdout
        assert stack.command_json("domain", "set", "example.test", "max_quota_per_alias=2GB")["max_quota_per_alias"] == 2 * 1024**3
        assert stack.command_json("domain", "show", "example.test")["max_quota_per_alias"] > 0
        alias = stack.command_json("alias", "add", "hello@example.test", "has_imap=yes", "description=The first", "labels=a,b")
        assert alias["description"] == "The first" and alias["labels"] == ["a", "b"], alias
        shown = stack.command_json("alias", "show", "hello@example.test")
        assert shown == alias
        changed = stack.command_json("alias", "set", "hello@example.test", "description=", "is_enabled=no")
        assert changed["description"] == "" and changed["is_enabled"] is False, changed
        listed = stack.command_json("alias", "list", "example.test")
        assert [a["name"] for a in listed] == ["hello"]
        assert "hello@example.test" in stack.run_command("alias", "list").stdout
        # A domain with aliases does not go by accident.
        fails(stack, "domain", "remove", "example.test", code=1, says="alias")
        stack.run_command("alias", "remove", "hello@example.test")
        assert stack.command_json("alias", "list", "example.test") == []
        stack.run_command("alias", "add", "again@example.test", "recipients=someone@elsewhere.test")
        stack.run_command("domain", "remove", "example.test", "--with-contents")
        assert [d["name"] for d in stack.command_json("domain", "list")] == ["other.test"]


def test_bad_input_is_told_clearly(build):
    with Stack(build) as stack:
        stack.make_alias("hello@example.test")
        fails(stack, code=2, says="which command")
        fails(stack, "alais", "add", code=2, says="no command 'alais'")
        fails(stack, "alias", code=2, says="which of these?")
        fails(stack, "alias", "add", code=2, says="forwardemail alias add ADDRESS")
        fails(stack, "alias", "show", "--loud", "hello@example.test", code=2, says="no option --loud")
        fails(stack, "--loud", "status", code=2, says="no option --loud")
        fails(stack, "alias", "add", "no-address", code=2, says="is not an address")
        fails(stack, "alias", "add", "a b@example.test", code=2, says="name")
        fails(stack, "alias", "add", "/(/@example.test", code=2, says="name")
        fails(stack, "alias", "add", "x@nowhere.test", code=1, says="no such domain")
        fails(stack, "alias", "add", "hello@example.test", "has_imap=yes", code=1, says="exists")
        fails(stack, "alias", "set", "hello@example.test", "colour=red", code=2, says="colour")
        fails(stack, "alias", "set", "hello@example.test", "is_enabled=perhaps", code=2, says="is_enabled")
        fails(stack, "alias", "set", "hello@example.test", "id=1", code=2, says="id")
        fails(stack, "alias", "show", "nobody@example.test", code=1, says="no such alias")
        fails(stack, "alias", "remove", "nobody@example.test", code=1, says="no such alias")
        fails(stack, "domain", "add", "not a domain", code=2, says="name")
        fails(stack, "domain", "add", "example.test", code=1, says="exists")
        fails(stack, "domain", "show", "nowhere.test", code=1, says="no such domain")
        fails(stack, "mailbox", "stat", "nobody@example.test", code=1, says="no such alias")
        fails(stack, "mailbox", "waiting", "nobody@example.test", code=1, says="no such alias")
        fails(stack, "mailbox", "retry", "nobody@example.test", code=1, says="no such alias")
        fails(stack, "log", "--limit", "many", code=2, says="--limit")
        fails(stack, "log", "--since", "yesterday", code=2, says="--since")
        assert stack.run_command("help").stdout.startswith("forwardemail ")
        assert stack.run_command("--version").stdout.startswith("forwardemail ")
        with open(stack.path("forwardemail.conf"), "a") as out:
            out.write("door.sokcet = /x\n")
        fails(stack, "status", code=78, says="door.socket")


LISTINGS = (("alias", "list"), ("alias", "list", "example.test"), ("domain", "list"), ("log",), ("mailbox", "list"),
            ("mailbox", "waiting", "hello@example.test"))
OBJECTS = (("alias", "show", "hello@example.test"), ("alias", "set", "hello@example.test", "description=x"),
           ("domain", "show", "example.test"), ("domain", "set", "example.test", "max_quota_per_alias=1GB"),
           ("mailbox", "stat", "hello@example.test"), ("mailbox", "retry", "hello@example.test"), ("status",),
           ("check",), ("alias", "password", "hello@example.test", "--start-over"),
           ("alias", "remove", "hello@example.test"), ("domain", "remove", "example.test"))
WRONG = ((1, ("alias", "list", "nowhere.test")), (1, ("alias", "show", "nobody@example.test")), (2, ("alais",)),
         (2, ()), (2, ("alias", "show")), (2, ("alias", "show", "a@b.test", "--loud")), (2, ("--loud", "status")),
         (2, ("log", "--limit", "many")), (2, ("domain", "add", "not a domain")),
         (1, ("mailbox", "discard", "0123456789")), (1, ("mailbox", "waiting", "nobody@example.test")))


def test_json_has_one_form_everywhere(build):
    with Stack(build) as stack:
        stack.run_command("domain", "add", "example.test")
        stack.command_json("alias", "add", "hello@example.test", "--password")
        for command in LISTINGS:
            assert isinstance(stack.command_json(*command), list), command
        for code, command in WRONG:
            for words in (("--json", *command), (*command, "--json")):
                done = stack.run_command(*words, check=False)
                assert done.returncode == code and done.stdout == "", (words, done.returncode, done.stdout)
                failure = json.loads(done.stderr)
                assert set(failure) == {"error", "fault"} and failure["error"], (words, failure)
        for command in OBJECTS:
            assert isinstance(stack.command_json(*command), dict), command
        assert stack.command_json("alias", "list") == stack.command_json("domain", "list") == []
        with open(stack.path("forwardemail.conf"), "a") as out:
            out.write("door.sokcet = /x\ndoor.scoket = /x\n")
        done = stack.run_command("status", "--json", check=False)
        assert done.returncode == 78 and "sokcet" in json.loads(done.stderr)["error"], done


def test_passwords_change_by_every_way(build):
    with Stack(build, {"login.failure-delay": "0s", "login.failures-per-address": 1000}) as stack:
        stack.run_command("domain", "add", "example.test")
        fails(stack, "alias", "add", "hello@example.test", code=2, says="recipients must not be empty")
        stack.run_command("alias", "add", "hello@example.test", "has_imap=yes")
        made = stack.command_json("alias", "password", "hello@example.test")
        first, code = made["password"], made["recovery_code"]
        assert len(first) == 24, first
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["hello@example.test"], BODY)
        assert may_log_in(stack, "hello@example.test", first) == 1
        # Without a secret nobody gets into a mailbox that is there.
        done = stack.run_command("alias", "password", "hello@example.test", check=False)
        assert done.returncode != 0 and "start over" in done.stderr, (done.returncode, done.stderr)
        for way in ("--current", "--recovery"):
            done = stack.run_command("alias", "password", "hello@example.test", way, check=False, text_input="wrong\n")
            assert done.returncode == 1 and done.stderr, (way, done.returncode, done.stderr)
        fails(stack, "alias", "password", "hello@example.test", "--current", "--recovery", code=2, says="one of",
              text_input="x\n")
        second = json.loads(stack.run_command("--json", "alias", "password", "hello@example.test", "--current",
                                              text_input=first + "\n").stdout)["password"]
        assert may_log_in(stack, "hello@example.test", first) is None
        assert may_log_in(stack, "hello@example.test", second) == 1
        # Weak ones are refused, strong ones taken.
        fails(stack, "alias", "password", "hello@example.test", "--current", "--choose", code=2, says="password",
              text_input=second + "\npassword1\n")
        chosen = "Vq7 correct giraffe battery x91"
        stack.run_command("alias", "password", "hello@example.test", "--current", "--choose",
                          text_input=f"{second}\n{chosen}\n")
        assert may_log_in(stack, "hello@example.test", chosen) == 1
        third = json.loads(stack.run_command("--json", "alias", "password", "hello@example.test", "--recovery",
                                             text_input=code + "\n").stdout)
        assert may_log_in(stack, "hello@example.test", third["password"]) == 1
        # Mail that waits is not lost by a change; it is by starting over, and only then.
        over = stack.command_json("alias", "password", "hello@example.test", "--start-over")
        assert may_log_in(stack, "hello@example.test", over["password"]) == 0
        assert may_log_in(stack, "hello@example.test", third["password"]) is None
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["hello@example.test"], BODY)
        assert may_log_in(stack, "hello@example.test", over["password"]) == 1


def test_log_status_and_check_tell_the_story(build):
    with Stack(build) as stack:
        password = stack.make_alias("hello@example.test")
        with stack.smtp() as client:
            client.sendmail("a@elsewhere.test", ["hello@example.test"], BODY)
            client.mail("a@elsewhere.test")
            client.rcpt("nobody@example.test")
        deadline = 200
        lines = []
        while len(lines) < 4 and deadline:
            lines = stack.command_json("log")
            deadline -= 1
        events = {line["event"]: line for line in lines}
        assert set(events) == {"mx.checked", "mx.delivered", "mx.dmarc", "mx.refused"}, lines
        one = stack.run_command("log", events["mx.delivered"]["message"]).stdout
        assert "mx.delivered" in one and "hello@example.test" in one and "mx.refused" not in one, one
        assert "mx.refused" in stack.run_command("log", "--event", "mx.refused").stdout
        assert stack.run_command("log", "--address", "nobody@example.test").stdout.count("\n") == 1
        status = stack.command_json("status")
        assert (status["domains"], status["aliases"], status["mailboxes"]) == (1, 1, 1), status
        assert status["messages_waiting"] == 1, status
        stat = stack.command_json("mailbox", "stat", "hello@example.test")
        assert stat["waiting"] == 1 and stat["last_login_at"] is None, stat
        mail, = stack.command_json("mailbox", "waiting", "hello@example.test")
        assert mail["message"] == events["mx.delivered"]["message"] and not mail["is_set_aside"], mail
        assert "waits for a login" in stack.run_command("mailbox", "waiting", "hello@example.test").stdout
        assert stack.command_json("mailbox", "retry", "hello@example.test") == {"brought_back": 0}
        assert may_log_in(stack, "hello@example.test", password) == 1
        stat = stack.command_json("mailbox", "stat", "hello@example.test")
        assert stat["waiting"] == 0 and stat["last_login_at"], stat
        assert stack.command_json("mailbox", "waiting", "hello@example.test") == []
        assert "hello@example.test" in stack.run_command("mailbox", "list").stdout
        checked = stack.run_command("check").stdout
        assert checked.endswith("no fault found\n"), checked
        assert stack.command_json("check") == {"door": "answers", "faults": []}
        odd = os.path.join(stack.data, "mailboxes", "ab", "0123456789ab.sqlite")
        os.makedirs(os.path.dirname(odd), exist_ok=True)
        with open(odd, "w") as out:
            out.write("x")
        fails(stack, "check", code=1, says="mailbox discard 0123456789ab")
        faults = json.loads(stack.run_command("check", "--json", check=False).stdout)["faults"]
        assert len(faults) == 1 and odd in faults[0], faults
        fails(stack, "mailbox", "discard", "0123456789ab", code=1, says="cannot delete")  # root's folder
        assert "door.unfinished" not in stack.log_text("sqlited")
        fails(stack, "check", code=1, says="could not be finished")
        assert "door.unfinished" in stack.log_text("sqlited")
        os.chown(os.path.dirname(odd), pwd.getpwnam("_fwd-sqlited").pw_uid, -1)
        assert stack.run_command("check").returncode == 0
        assert not os.path.exists(odd)
        fails(stack, "mailbox", "discard", "0123456789ab", code=1, says="nothing is left")
        fails(stack, "mailbox", "discard", "../x", code=2, says="hex digits")
        alias_id = stack.command_json("alias", "show", "hello@example.test")["id"]
        fails(stack, "mailbox", "discard", alias_id, code=1, says="there is an alias")
        assert stack.run_command("check").returncode == 0
        stack.kill("sqlited")
        stack.sockets["sqlited"][0][1].close()
        fails(stack, "check", code=1, says="does not answer")
        away = json.loads(stack.run_command("check", "--json", check=False).stdout)
        assert away["door"] == "away" and "does not answer" in away["faults"][0], away
        fails(stack, "status", code=1, says="fwd-sqlited")


def test_senders_are_allowed_and_denied(build):
    with Stack(build, {"directory.listed-limit": 100}) as stack:
        made = stack.command_json("deny", "add", "192.0.2.99/24", "--for", "30d", "--reason", "a flood")
        assert (made["list"], made["value"], made["is_learned"]) == ("deny", "192.0.2.0/24", False), made
        assert made["expires_at"] > made["created_at"], made
        assert "allowed friend@example.test" in stack.run_command("allow", "add", "Friend@Example.TEST").stdout
        assert [e["value"] for e in stack.command_json("deny", "list")] == ["192.0.2.0/24"]
        assert [e["value"] for e in stack.command_json("allow", "list")] == ["friend@example.test"]
        assert "a flood" in stack.run_command("deny", "list").stdout
        fails(stack, "deny", "add", "0.0.0.0/0", code=2, says="too wide")
        fails(stack, "deny", "add", "not a name", code=2, says="value")
        fails(stack, "deny", "add", "a.test", "--for", "soon", code=2, says="--for")
        fails(stack, "deny", code=2, says="which of these?")
        fails(stack, "allow", "remove", "192.0.2.0/24", code=1, says="no such entry")
        for number in range(98):
            stack.run_command("deny", "add", f"host{number}.example.test")
        fails(stack, "deny", "add", "one-more.example.test", code=1, says="full")
        # They are there after a restart.
        stack.kill("sqlited")
        stack.start_daemon("sqlited")
        assert len(stack.command_json("deny", "list")) == 99
        stack.run_command("deny", "remove", "192.0.2.0/24")
        assert "192.0.2.0/24" not in stack.run_command("deny", "list").stdout


class TxtServer:
    """Answers every TXT question over UDP with the same records."""

    def __init__(self, *texts):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        self.texts = [text.encode() for text in texts]
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            query, peer = self.socket.recvfrom(4096)
            end = query.index(b"\0", 12) + 5
            is_txt = query[end - 4:end - 2] == b"\0\x10"
            records = b""
            for text in self.texts if is_txt else ():
                data = b"".join(bytes([len(text[i:i + 255])]) + text[i:i + 255] for i in range(0, len(text), 255))
                records += b"\xc0\x0c" + struct.pack(">HHIH", 16, 1, 0, len(data)) + data
            count = len(self.texts) if is_txt else 0
            head = query[:2] + struct.pack(">HHHHH", 0x8480, 1, count, 0, 0)
            self.socket.sendto(head + query[12:end] + records, peer)


def test_an_address_is_followed_to_where_it_ends(build):
    dns = TxtServer("v=spf1 -all", "forward-email=far:friend@example.com")
    conf = {"dns.anchor-file": "/dev/null", "dns.stubs": f"example.test=127.0.0.1@{dns.port}", "dns.limit": "5s"}
    with Stack(build, conf) as stack:
        stack.make_alias("hello@example.test")
        stack.run_command("domain", "add", "other.test")
        stack.run_command("alias", "add", "team@other.test",
                          "recipients=hello@example.test,friend@example.org,https://hook.example.org/in,mx.example.net")
        stack.run_command("alias", "add", "/^shop-(.+)$/i@other.test", "recipients=$1@example.org")
        found = stack.command_json("alias", "test", "Team+tag@other.test")
        assert found["result"] == "accepted" and found["mailboxes"] == ["hello@example.test"], found
        assert [d["address"] for d in found["destinations"]] == [
            "friend+tag@example.org", "https://hook.example.org/in", "Team+tag@mx.example.net"], found
        assert found["destinations"][2]["host"] == "mx.example.net", found
        assert "team@other.test: the alias team decides" in found["steps"], found
        told = stack.run_command("alias", "test", "shop-ada@other.test").stdout
        assert "-> ada@example.org (address)" in told and "is accepted" in told, told
        assert stack.command_json("alias", "test", "x@nowhere.test")["result"] == "foreign"
        assert stack.command_json("alias", "test", "x@other.test")["result"] == "unknown"
        stack.run_command("domain", "set", "other.test", "denylist=*.bad.test")
        told = stack.run_command("alias", "test", "team@other.test", "--from", "eve@x.bad.test").stdout
        assert "denylist, *.bad.test" in told, told
        # A domain that is told by the DNS, in the open and sealed.
        stack.run_command("domain", "set", "example.test", "uses_dns_aliases=yes")
        found = stack.command_json("alias", "test", "far@example.test")
        assert found["destinations"][0]["address"] == "friend@example.com", found
        assert stack.command_json("alias", "test", "hello@example.test")["mailboxes"] == ["hello@example.test"]
        record = stack.run_command("domain", "encrypt-txt", "example.test",
                                   text_input="near:friend@example.net,!spam\n").stdout.strip()
        assert record.startswith("forward-email=") and "friend" not in record, record
        dns.texts = [record.encode()]
        found = stack.command_json("alias", "test", "near@example.test")
        assert found["destinations"][0]["address"] == "friend@example.net", found
        assert stack.command_json("alias", "test", "spam@example.test")["result"] == "ignored"
        dns.texts = [record.encode(), b"forward-email-port=2525"]
        found = stack.command_json("alias", "test", "near@example.test")
        assert found["destinations"][0]["port"] == 2525, found
        dns.texts = [record[:-4].encode() + b"AAAA"]
        fails(stack, "alias", "test", "near@example.test", code=1, says="sealed TXT record of example.test")
        dns.texts = [b"forward-email-site-verification=a", b"forward-email-site-verification=b"]
        assert stack.command_json("alias", "test", "near@example.test")["result"] == "records_unusable"


# Aliases of one.test, and what is said of mail to them: the answer, where it ends, and why.
FORMS = (
    ("address", "recipients=ann@far.test", "accepted", ["ann@far.test"], "the alias address decides"),
    ("host", "recipients=mx.far.test", "accepted", ["host@mx.far.test"], "at the host mx.far.test (host)"),
    ("v4", "recipients=192.0.2.7", "accepted", ["v4@[192.0.2.7]"], "at the host 192.0.2.7 (host)"),
    ("v6", "recipients=2001:db8::7", "accepted", ["v6@[IPv6:2001:db8::7]"], "at the host 2001:db8::7 (host)"),
    ("hook", "recipients=https://hook.far.test/in", "accepted", ["https://hook.far.test/in"], "(webhook)"),
    ("both", "recipients=hello@one.test,ann@far.test has_imap=yes", "accepted", ["ann@far.test"],
     "-> the mailbox of hello@one.test"),
    ("chain", "recipients=inner@two.test", "accepted", ["end@far.test"], "inner@two.test: the alias inner decides"),
    ("circle", "recipients=circle@two.test", "no_destination", [], "circle@one.test was seen already"),
    ("off250", "recipients=ann@far.test is_enabled=no error_code_if_disabled=250", "ignored", [],
     "the alias off250 is disabled"),
    ("off421", "recipients=ann@far.test is_enabled=no error_code_if_disabled=421", "soft_disabled", [],
     "the alias off421 is disabled"),
    ("off550", "recipients=ann@far.test is_enabled=no error_code_if_disabled=550", "hard_disabled", [],
     "the alias off550 is disabled"),
    ("within", "recipients=off421@one.test", "soft_disabled", [], "off421@one.test: leads nowhere, it is disabled"),
    ("gone", "recipients=nobody@three.test", "no_destination", [], "nobody@three.test: leads nowhere, it is not there"),
    ("asked", "recipients=ann@far.test has_recipient_verification=yes", "unverified", [],
     "dropped ann@far.test: has not agreed to it yet"),
    ("partly", "recipients=ann@far.test,hello@one.test has_recipient_verification=yes", "accepted", [],
     "dropped ann@far.test: has not agreed to it yet"),
    ("many", "recipients=six@two.test,six@three.test", "too_many", [], "more destinations than the 10 of the domain"),
)


def test_each_form_of_an_alias_is_told_with_its_reason(build):
    with Stack(build) as stack:
        stack.make_alias("hello@one.test")
        for name in ("two", "three"):
            stack.run_command("domain", "add", f"{name}.test")
            stack.run_command("alias", "add", f"six@{name}.test",
                              "recipients=" + ",".join(f"{name}{n}@far.test" for n in range(6)))
        stack.run_command("alias", "add", "inner@two.test", "recipients=end@far.test")
        stack.run_command("alias", "add", "circle@two.test", "recipients=circle@one.test")
        for name, fields, result, ends, why in FORMS:
            stack.run_command("alias", "add", f"{name}@one.test", *fields.split())
        for name, fields, result, ends, why in FORMS:
            found = stack.command_json("alias", "test", f"{name}@one.test")
            assert found["result"] == result, (name, found)
            assert [one["address"] for one in found["destinations"]] == ends, (name, found)
            assert any(why in step for step in found["steps"]), (name, found)
        # A catch-all takes the rest, and a domain's own port counts for all that it leads to.
        stack.run_command("alias", "add", "*@two.test", "recipients=rest@far.test")
        stack.run_command("domain", "set", "two.test", "smtp_port=2525")
        found = stack.command_json("alias", "test", "anything+tag@two.test")
        assert [(one["address"], one["port"]) for one in found["destinations"]] == [("rest+tag@far.test", 2525)], found
        # Return paths and answers that we never gave out; what is no address at all.
        for address in ("SRS0=AAAAAA=AA=far.test=ann@fe-bounces.one.test", "SRS1=AAAAAA=far.test==x@fe-bounces.one.test",
                        "verify=AAAAAAAAAAAAA=AA=65a1b2c3d4e5f60718293a4b@fe-bounces.one.test"):
            assert stack.command_json("alias", "test", address)["result"] == "bad_return_path", address
        for nonsense in ("garbage", "a b@one.test", "@one.test", "x@", "", "a@b@one.test"):
            fails(stack, "alias", "test", nonsense, code=2, says="is not an address")
        assert stack.command_json("alias", "test", "postmaster")["mailboxes"] == ["hello@one.test"]
        assert stack.command_json("alias", "test", "x@[192.0.2.1]")["result"] == "foreign"


if __name__ == "__main__":
    main(globals())

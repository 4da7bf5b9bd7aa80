"""Nobody is sent an alias's mail who did not agree: a recipient at a Postfix host is
asked and answers, another at a domain of the same host, and nobody else can."""

import contextlib

from receiving_test import NEWS, POSTFIX, World
from stack import main
from world import wait_for

MADE = []
ENDS = contextlib.ExitStack()
BOB = "bob@post.safe.test"


def world(build):
    if not MADE:
        MADE.append(World(build, ENDS))
        # Bob's host has been here before.
        MADE[0].try_recipient(POSTFIX, BOB, "hello@alpha.safe.test")
        MADE[0].alpha.turn_clock("+20m")
    return MADE[0]


def ask(made, name, *recipients):
    """Makes an alias whose recipients are asked."""
    made.alpha.run_command("alias", "add", f"{name}@alpha.safe.test", "recipients=" + ",".join(recipients),
                           "has_recipient_verification=yes")
    return f"{name}@alpha.safe.test"


def question(made, alias):
    return made.postfix.find_mail(BOB, f"May mail for {alias} be forwarded")


def address_of(message):
    return message["Reply-To"].strip("<>")


def verified(made, alias):
    return made.alpha.command_json("alias", "show", alias)["verified_recipients"]


def send(made, to, subject="news", header="", number=NEWS, sender="one@news.plain.test"):
    return made.send(number, sender, [to], subject, sign=sender.split("@")[1] if number == NEWS else None,
                     header=header)


def test_a_recipient_agrees_by_answering(build):
    made = world(build)
    team = ask(made, "team", BOB)
    asked = question(made, team)
    address = address_of(asked)
    assert address.startswith("verify=") and address.endswith("@fe-bounces.alpha.safe.test"), asked.as_string()
    assert asked["Auto-Submitted"] == "auto-generated" and asked["Return-Path"] == "<>", asked.as_string()
    shown = made.alpha.command_json("alias", "show", team)
    assert shown["pending_recipients"] == [BOB] and shown["verified_recipients"] == [], shown

    # Nothing is forwarded yet, and its sender comes again.
    told = made.alpha.command_json("alias", "test", team)
    assert told["result"] == "unverified", told
    assert f"dropped {BOB}: has not agreed to it yet" in told["steps"], told
    answer, _ = send(made, team)
    assert answer[0] == 421, answer

    # A machine that answers agrees to nothing; nor does who guesses.
    answer, _ = send(made, address, header="Auto-Submitted: auto-replied\r\n")
    assert answer[0] == 250, answer
    made.alpha.wait_log("mx.confirm.skipped", "Auto-Submitted", daemon="mxd")
    at = address.index("=") + 1
    forged = address[:at] + ("B" if address[at] == "A" else "A") + address[at + 1:]
    assert made.try_recipient(NEWS, "one@news.plain.test", forged)[0] == 550
    assert verified(made, team) == []

    made.postfix.send(BOB, address, "Re: May mail be forwarded")
    wait_for(lambda: verified(made, team) == [BOB], told=made.postfix.log_tail)
    made.alpha.wait_log("mx.confirmed", daemon="mxd")
    assert "mx.confirmed" in made.alpha.run_command("log", "--event", "mx.confirmed").stdout
    answer, message_id = send(made, team, "wanted")
    assert answer[0] == 250, answer
    made.postfix.find_mail(BOB, message_id)

    # Answering twice changes nothing; once he was taken off, it is no answer any more.
    answer, _ = send(made, address, "yes again")
    assert answer[0] == 250 and verified(made, team) == [BOB], answer
    made.alpha.run_command("alias", "set", team, "recipients=ann@post.safe.test")
    assert made.try_recipient(NEWS, "one@news.plain.test", address)[0] == 550
    made.alpha.run_command("alias", "set", team, "recipients=" + BOB)
    assert made.try_recipient(NEWS, "one@news.plain.test", address)[0] == 550
    assert verified(made, team) == []
    made.alpha.run_command("alias", "verify", team, BOB)
    assert verified(made, team) == [BOB]

    # Who reads logs cannot answer for anybody.
    token = address.split("@")[0]
    for text in (made.alpha.log_text("mxd"), made.alpha.log_text("smtp-bree"), made.alpha.run_command("log").stdout):
        assert token.lower() not in text.lower() and token.split("=")[1].lower() not in text.lower()


def test_a_domain_asks_for_all_its_aliases(build):
    made = world(build)
    made.alpha.run_command("domain", "set", "alpha.safe.test", "has_recipient_verification=yes")
    made.alpha.run_command("alias", "add", "all@alpha.safe.test", f"recipients={BOB},hello@alpha.safe.test")
    made.alpha.run_command("domain", "set", "alpha.safe.test", "has_recipient_verification=no")
    shown = made.alpha.command_json("alias", "show", "all@alpha.safe.test")
    assert shown["has_recipient_verification"] and shown["pending_recipients"] == [BOB], shown
    # Who is of the same domain need not be asked, and waits for nobody.
    told = made.alpha.command_json("alias", "test", "all@alpha.safe.test")
    assert told["result"] == "accepted" and told["mailboxes"] == ["hello@alpha.safe.test"], told
    made.postfix.send(BOB, address_of(question(made, "all@alpha.safe.test")), "Re: all")
    wait_for(lambda: verified(made, "all@alpha.safe.test") == [BOB], told=made.postfix.log_tail)


def test_who_is_of_another_domain_here_answers_too(build):
    made = world(build)
    made.alpha.make_alias("carl@beta.safe.test")
    crew = ask(made, "crew", "carl@beta.safe.test")
    asked = made.alpha.find_mail("carl@beta.safe.test", "SUBJECT", "crew@alpha.safe.test")[0]
    address = address_of(asked)
    made.alpha.submit([address], "absent", sender="carl@beta.safe.test", header="Auto-Submitted: auto-replied\r\n")
    queued, _ = made.alpha.submit([address], "yes", sender="carl@beta.safe.test")
    wait_for(lambda: verified(made, crew) == ["carl@beta.safe.test"], told=lambda: made.alpha.log_tail("smtp-bree"))
    made.alpha.wait_state(queued, "sent")
    answer, message_id = send(made, crew)
    assert answer[0] == 250, answer
    made.alpha.get_mail("carl@beta.safe.test", message_id)


def test_who_is_asked_again_and_who_comes_too_late(build):
    made = world(build)
    late = ask(made, "late", BOB)
    address = address_of(question(made, late))
    asked = lambda: sum(one["subject"].startswith("May mail for late@") for one in
                        made.alpha.command_json("queue", "list"))
    before = asked()
    told = made.alpha.run_command("alias", "verify", late).stdout
    assert told == f"{BOB}  was asked and has not answered yet\n", told
    assert asked() == before  # not twice in a day
    made.alpha.turn_clock("+31d")
    assert made.try_recipient(POSTFIX, "", address)[0] == 550
    assert verified(made, late) == []


if __name__ == "__main__":
    with ENDS:
        main(globals())

"""What those hear who look after an address that forwards, when that fails for good; and
whose word counts where aliases of several domains follow one another.  The hosts are
those of receiving_test.py."""

import hashlib
import hmac
import signal

from receiving_test import ENDS, NEWS, ORIGIN, SLOW, STRANGER, World, forwarding
from stack import main
from world import Peer, four, made_once, wait_for


class NoticesWorld(World):
    """One more remote, which says what a test wants."""

    def __init__(self, build, ends):
        self.words = {}
        super().__init__(build, ends)
        self.slow = Peer(self.outside, SLOW, self.words.get)
        ends.callback(self.slow.stop)

    def fill_names(self):
        super().fill_names()
        self.names.add("slow.plain.test", "MX", "10 mx.slow.plain.test.")
        self.names.add("mx.slow.plain.test", "A", four(SLOW))

    def find_told(self, address, about, count=1, seconds=30):
        """The mails to `address` that `about` was not forwarded; as many as there are to be."""
        found = self.alpha.find_mail(address, "SUBJECT", f'"Mail for {about} could not be forwarded"', seconds=seconds)
        assert len(found) == count, [one.as_string() for one in found]
        return found

    def send_unproven(self, to, subject):
        """From a host that the sender's SPF does not name, past the greylist."""
        answer, message_id = self.send(STRANGER, "one@lax.plain.test", to, subject)
        if answer[0] == 450:
            self.alpha.turn_clock("+25m")
            answer, message_id = self.send(STRANGER, "one@lax.plain.test", to, subject)
        return answer, message_id


world = made_once(NoticesWorld, ENDS)


def make_both(made, name, *destinations):
    """An alias with a mailbox that forwards as well."""
    address = f"{name}@alpha.safe.test"
    made.alpha.make_alias(address)
    made.alpha.run_command("alias", "set", address, "recipients=" + ",".join(destinations))
    return address


def bounces(made):
    return [content for _, content in made.origin.taken if b"delivery-status" in content]


def test_the_owner_hears_of_a_refusal_once_a_week_and_the_sender_no_destination(build):
    made = world(build)
    both = make_both(made, "both", "you@refusing.plain.test")
    answer, message_id = made.send(ORIGIN, "one@origin.plain.test", [both], "first", sign="origin.plain.test")
    assert answer[0] == 250, answer
    made.alpha.get_mail(both, message_id)
    told = made.find_told(both, both)[0]
    assert told["Auto-Submitted"] == "auto-generated" and told["Return-Path"] == "<>", told.as_string()
    assert told["From"].strip("<>") == "mailer-daemon@alpha.safe.test", told.as_string()
    text = told.get_payload(decode=True).decode()
    for part in ("you@refusing.plain.test", "5.2.1", "is closed, says mx.refusing.plain.test", "one@origin.plain.test",
                 f"The alias {both} leads there."):
        assert part in text, text
    # Nobody is an admin of the domain, so its postmaster hears of it, too.
    made.find_told("hello@alpha.safe.test", both)
    # The sender is proven and hears of it, but not where it leads.
    bounce = wait_for(lambda: bounces(made), told=lambda: made.alpha.log_tail("smtp-bree"))[0]
    assert both.encode() in bounce and b"refusing" not in bounce, bounce
    answer, message_id = made.send(ORIGIN, "one@origin.plain.test", [both], "second", sign="origin.plain.test")
    assert answer[0] == 250, answer
    made.alpha.get_mail(both, message_id)
    wait_for(lambda: len(bounces(made)) == 2)
    made.find_told(both, both)
    # A restart of all forgets nothing.
    made.alpha.kill("smtp-bree", signal.SIGTERM)
    made.alpha.start_daemon("smtp-bree")
    answer, message_id = made.send(ORIGIN, "one@origin.plain.test", [both], "third", sign="origin.plain.test")
    assert answer[0] == 250, answer
    made.alpha.get_mail(both, message_id)
    wait_for(lambda: len(bounces(made)) == 3)
    made.find_told(both, both)
    told = [one for one in made.alpha.command_json("log") if one["event"] == "forward.issue.told"]
    assert len(told) == 2, told


def test_who_is_not_proven_hears_nothing_and_the_owner_all_the_same(build):
    made = world(build)
    forged = make_both(made, "forged", "a@refusing.plain.test")
    answer, _ = made.send_unproven([forged], "not proven")
    assert answer[0] == 250, answer
    made.find_told(forged, forged)
    assert not any(b"forged" in content for _, content in made.origin.taken)


def make_second(made):
    if made.alpha.run_command("domain", "show", "second.test", check=False).returncode != 0:
        made.alpha.run_command("domain", "add", "second.test")


def test_the_domain_that_names_a_webhook_signs_for_it(build):
    made = world(build)
    make_second(made)
    made.alpha.run_command("alias", "add", "inner@second.test", "recipients=http://hook.plain.test/second")
    chained = forwarding(made, "chained", "inner@second.test")
    shown = made.alpha.command_json("alias", "test", chained)
    assert shown["through"] == ["second.test"] and shown["destinations"][0]["by"] == "second.test", shown
    before = len(made.hook.taken)
    answer, _ = made.send(NEWS, "one@news.plain.test", [chained], "through two", sign="news.plain.test")
    assert answer[0] == 250, answer
    _, headers, body = wait_for(lambda: made.hook.taken[before:])[0]
    keys = {domain: made.alpha.command_json("domain", "webhook", domain)["key"] for domain in ("alpha.safe.test", "second.test")}
    signed = {domain: hmac.new(key.encode(), body, hashlib.sha256).hexdigest() for domain, key in keys.items()}
    assert headers["X-Webhook-Signature"] == signed["second.test"] != signed["alpha.safe.test"]


def test_the_lists_of_every_domain_on_the_way_count(build):
    made = world(build)
    make_second(made)
    made.alpha.make_alias("strict@second.test")
    made.alpha.run_command("domain", "add", "third.test")
    made.alpha.run_command("alias", "add", "strict@third.test", "recipients=strict@second.test")
    through = forwarding(made, "through", "strict@third.test")
    assert made.try_recipient(NEWS, "one@news.plain.test", through)[0] == 250
    made.alpha.run_command("domain", "set", "third.test", "denylist=news.plain.test")
    answer = made.try_recipient(NEWS, "one@news.plain.test", through)
    assert answer[0] == 550 and b"third" not in answer[1], answer
    assert made.try_recipient(ORIGIN, "one@origin.plain.test", through)[0] == 250
    steps = made.alpha.run_command("alias", "test", through, "--from", "one@news.plain.test").stdout
    assert "refused by third.test's denylist, news.plain.test (550)" in steps, steps


def test_the_owner_hears_of_what_was_tried_in_vain_to_the_end(build):
    made = world(build)
    made.words["late@slow.plain.test"] = "451 4.3.0 not today"
    late = make_both(made, "late", "late@slow.plain.test")
    answer, _ = made.send_unproven([late], "to the end")
    assert answer[0] == 250, answer
    made.alpha.wait_log("smtp.delivery.deferred", "late@slow.plain.test")
    made.alpha.turn_clock("+6d")
    told = made.find_told(late, late, seconds=120)[0]
    text = told.get_payload(decode=True).decode()
    assert "5.4.7" in text and "late@slow.plain.test" in text and "not today" in text, text


if __name__ == "__main__":
    with ENDS:
        main(globals())

"""What tests of bad days share: a small disk, a load of numbered messages, and
kill -9 at moments that are random and the same in each run."""

import collections
import contextlib
import os
import signal
import smtplib
import subprocess
import threading
import time

from world import Host, Names, Wire, four, temporary_home

ALPHA, NAMES, NEWS = 1, 53, 20


class Mount:
    """A small file system of its own."""

    def __init__(self, folder, size):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=True)

    def remount(self, how):
        subprocess.run(["mount", "-o", f"remount,{how}", self.folder], check=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        for _ in range(50):
            if subprocess.run(["umount", self.folder], capture_output=True).returncode == 0:
                return
            time.sleep(0.1)
        subprocess.run(["umount", "-l", self.folder], check=True)


class Sender(threading.Thread):
    """Sends numbered messages until so many were accepted.  connect() and
    send(client, mark) are its kind's."""

    repeats = False  # what was not accepted is sent again, as a mail server would

    def __init__(self, name, wanted, seconds=240):
        super().__init__(daemon=True)
        self.name_, self.wanted, self.seconds = name, wanted, seconds
        self.accepted = []
        self.refused = []  # words of 5xx
        self.put_off = collections.Counter()  # by code

    def run(self):
        client = None
        tried = 0
        deadline = time.monotonic() + self.seconds
        while len(self.accepted) < self.wanted and time.monotonic() < deadline:
            mark = f"{self.name_}-{len(self.accepted) if self.repeats else tried}"
            tried += 1
            try:
                client = client or self.connect()
                self.send(client, mark)
                self.accepted.append(mark)
            except (smtplib.SMTPException, OSError) as error:
                for code in codes_of(error):
                    if code >= 500:
                        self.refused.append(f"{mark}: {error}")
                    self.put_off[code] += 1
                if client is not None:
                    client.close()
                client = None
                time.sleep(0.05)


def codes_of(error):
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return [code for code, _ in error.recipients.values()]
    return [error.smtp_code] if isinstance(error, smtplib.SMTPResponseException) else []


def kill_under_load(stack, senders, victims, rng, pause=(0.3, 1.2), most=1000, signal_number=signal.SIGKILL):
    """Kills and starts daemons while the senders work, and waits for them; gives [(when, whom)]."""
    for sender in senders:
        sender.start()
    kills = []
    while len(kills) < most and any(sender.is_alive() for sender in senders):
        time.sleep(rng.uniform(*pause))
        victim = rng.choice(victims)
        stack.kill(victim, signal_number)
        kills.append((time.monotonic(), victim))
        stack.start_daemon(victim)
    for sender in senders:
        sender.join()
    return kills


def count_kills(kills):
    return collections.Counter(victim for _, victim in kills)


def fill_disk(folder, left):
    """Leaves so many octets, for a moment; gives the path of what fills it."""
    path = os.path.join(folder, "filler")
    with open(path, "wb", buffering=0) as filler, contextlib.suppress(OSError):
        while os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize > left:
            filler.write(b"x" * 4096)
    return path


class SmallWorld:
    """One host of ours that defers nobody, a DNS server, a sender whose SPF passes, and
    the names of destinations, which share a namespace."""

    def __init__(self, build, ends, destinations, conf=None, data_folder=None, dns=NAMES):
        self.home = ends.enter_context(temporary_home())
        self.wire = Wire()
        ours, theirs = self.wire.plug(ALPHA), self.wire.plug(NAMES)
        self.outside = self.wire.plug(NEWS, *destinations.values())
        self.names = Names(self.home, theirs, NAMES)
        ends.callback(self.names.stop)
        settings = {"dns.forwarders": four(dns), "dns.anchor-file": self.names.anchor, "dns.limit": "3s",
                    "delivery.first-retry": "10s", "delivery.connect-limit": "5s", "smtp.forward-wait": "1s",
                    "smtp.greylist-delay": "0s", "smtp.rate-messages": 0, "smtp.rate-recipients": 0,
                    "smtp.connections-per-address": 0}
        self.alpha = Host(build, ours, "alpha.safe.test", settings | (conf or {}), data_folder)
        ends.callback(self.alpha.remove)
        self.alpha.start()
        self.alpha.make_alias("friends@alpha.safe.test")
        self.names.host(self.alpha.mx, ALPHA)
        self.names.include(self.alpha.run_command("domain", "dns", self.alpha.domain).stdout)
        self.names.add("news.plain.test", "TXT", f'"v=spf1 ip4:{four(NEWS)} -all"')
        for name, number in (destinations | {"news": NEWS}).items():
            self.names.add(f"{name}.plain.test", "MX", f"10 mx.{name}.plain.test.")
            self.names.add(f"mx.{name}.plain.test", "A", four(number))
        self.plug_more()
        self.names.start()
        self.alpha.start_mail()

    def plug_more(self):
        """Before the names are served."""

    def talk(self, number=NEWS):
        with self.outside:
            return smtplib.SMTP(four(ALPHA), 25, local_hostname="mx.news.plain.test", timeout=60,
                                source_address=(four(number), 0))

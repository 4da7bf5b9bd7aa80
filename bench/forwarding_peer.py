"""A private Postfix that judges mail by OpenDKIM and OpenDMARC, rewrites senders by
postsrsd and relays one address to another, to stand beside our forwarding."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

from peers import MASTER, POSTFIX, descendants, free_port

MAIN = """
relayhost = [127.0.0.1]:{sink}
virtual_mailbox_domains =
virtual_alias_domains = example.test
virtual_alias_maps = inline:{{ {{friend@example.test=you@elsewhere.test}} }}
mynetworks =
smtpd_relay_restrictions = reject_unauth_destination
smtpd_milters = unix:{home}/dkim/dkim.sock unix:{home}/dkim/dmarc.sock
milter_default_action = tempfail
sender_canonical_maps = tcp:127.0.0.1:{srs_forward}
sender_canonical_classes = envelope_sender
recipient_canonical_maps = tcp:127.0.0.1:{srs_reverse}
recipient_canonical_classes = envelope_recipient, header_recipient
"""
SERVICES = """smtp      unix  -       -       n       -       -       smtp
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
"""
OPENDKIM = """
Mode v
Socket local:{home}/dkim/dkim.sock
UMask 000
UserID postfix
Background no
Syslog no
AuthservID perf.localhost
InternalHosts 192.0.2.1
Nameservers 10.53.53.53
"""
OPENDMARC = """
Socket local:{home}/dkim/dmarc.sock
UMask 000
UserID postfix
Background no
Syslog no
AuthservID perf.localhost
TrustedAuthservIDs perf.localhost
SPFSelfValidate true
SPFIgnoreResults true
RejectFailures true
IgnoreHosts /dev/null
"""


class ForwardingPeer:
    """`with ForwardingPeer(sink_port) as peer`."""

    name = "postfix"

    def __init__(self, sink):
        self.home = tempfile.mkdtemp(prefix="fwd-bench-forwarding.")
        os.chmod(self.home, 0o755)
        self.fields = {"home": self.home, "sink": sink, "srs_forward": free_port(), "srs_reverse": free_port()}
        self.port = free_port()
        self.beside = []

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def begin(self, *words):
        self.beside.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL))

    def __enter__(self):
        for folder in ("conf", "queue", "data", "dkim"):
            os.makedirs(self.path(folder))
        for folder in ("data", "dkim"):
            shutil.chown(self.path(folder), "postfix")
        files = {"main.cf": POSTFIX.format(home=self.home, lmtp=1) + MAIN.format(**self.fields),
                 "master.cf": MASTER.format(smtp=self.port) + SERVICES,
                 "opendkim.conf": OPENDKIM.format(**self.fields), "opendmarc.conf": OPENDMARC.format(**self.fields),
                 "srs.secret": "a secret of the benchmark\n"}
        for name, text in files.items():
            with open(self.path("conf", name), "w") as out:
                out.write(text)
        self.begin("opendkim", "-f", "-x", self.path("conf", "opendkim.conf"))
        self.begin("opendmarc", "-f", "-c", self.path("conf", "opendmarc.conf"))
        self.begin("postsrsd", "-4", "-s" + self.path("conf", "srs.secret"), "-dexample.test",
                   f"-f{self.fields['srs_forward']}", f"-r{self.fields['srs_reverse']}", "-l127.0.0.1")
        subprocess.run(["postfix", "-c", self.path("conf"), "start"], check=True, capture_output=True)
        self.wait_up()
        return self

    def wait_up(self):
        deadline = time.monotonic() + 20
        while True:
            try:
                for name in ("dkim.sock", "dmarc.sock"):
                    assert os.path.exists(self.path("dkim", name))
                for port in (self.port, self.fields["srs_forward"]):
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except (OSError, AssertionError):
                if time.monotonic() > deadline:
                    raise RuntimeError("the peer did not start")
                time.sleep(0.05)

    def pids(self):
        with open(self.path("queue", "pid", "master.pid")) as pid:
            found = descendants(int(pid.read()))
        for one in self.beside:
            found += descendants(one.pid)
        return found

    def __exit__(self, *_):
        subprocess.run(["postfix", "-c", self.path("conf"), "stop"], capture_output=True)
        for one in self.beside:
            one.terminate()
            one.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)

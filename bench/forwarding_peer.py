"""A private Postfix that judges mail by OpenDKIM and OpenDMARC, rewrites senders by
postsrsd and relays one address to another, to stand beside our forwarding."""

import os
import shutil

from private_postfix import PrivatePostfix, free_port

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


class ForwardingPeer(PrivatePostfix):
    """`with ForwardingPeer(sink_port) as peer`."""

    name = "postfix"

    def __init__(self, sink):
        super().__init__("forwarding")
        self.fields = {"home": self.home, "sink": sink, "srs_forward": free_port(), "srs_reverse": free_port()}
        self.port = self.smtp

    def start(self):
        os.makedirs(self.path("dkim"))
        shutil.chown(self.path("dkim"), "postfix")
        for name, text in (("opendkim.conf", OPENDKIM.format(**self.fields)),
                           ("opendmarc.conf", OPENDMARC.format(**self.fields)),
                           ("srs.secret", "a secret of the benchmark\n")):
            self.write(text, "dkim", name)
        self.begin("opendkim", "-f", "-x", self.path("dkim", "opendkim.conf"))
        self.begin("opendmarc", "-f", "-c", self.path("dkim", "opendmarc.conf"))
        self.begin("postsrsd", "-4", "-s" + self.path("dkim", "srs.secret"), "-dexample.test",
                   f"-f{self.fields['srs_forward']}", f"-r{self.fields['srs_reverse']}", "-l127.0.0.1")
        self.start_postfix(MAIN.format(**self.fields), SERVICES)
        self.wait_up((self.port, self.fields["srs_forward"]),
                     [self.path("dkim", name) for name in ("dkim.sock", "dmarc.sock")])

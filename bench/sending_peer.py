"""A private Postfix that takes mail over TLS with SASL (Dovecot's auth daemon keeps
the password) and relays all of it to one host, to stand beside our sending."""

import os
import subprocess

from private_postfix import PrivatePostfix, free_port

DOVECOT = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
listen = 127.0.0.1
protocols =
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login
passdb {{
  driver = static
  args = password=pass
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home=/nonexistent
}}
service auth {{
  unix_listener {home}/auth {{
    mode = 0666
  }}
}}
"""

MAIN = """
relayhost = [127.0.0.1]:{sink}
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_sasl_type = dovecot
smtpd_sasl_path = {auth}
smtpd_sasl_security_options = noanonymous
smtpd_relay_restrictions = permit_sasl_authenticated, reject
"""

# One queues and relays, one only queues: its messages wait in the hold queue, no
# part of Postfix looks at them again.
SERVICES = """127.0.0.1:{relaying} inet n - n - - smtpd
 -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes
127.0.0.1:{holding} inet n - n - - smtpd
 -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes -o smtpd_client_restrictions=static:HOLD
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
smtp      unix  -       -       n       -       -       smtp
anvil     unix  -       -       n       -       1       anvil
"""


class SendingPeer(PrivatePostfix):
    """`with SendingPeer(sink_port) as peer`."""

    def __init__(self, sink):
        super().__init__("sending")
        self.sink = sink
        self.relaying, self.holding = free_port(), free_port()

    def start(self):
        os.makedirs(self.path("dovecot", "run"))
        self.make_certificate()
        self.write(DOVECOT.format(home=self.path("dovecot")), "dovecot", "dovecot.conf")
        self.begin("dovecot", "-F", "-c", self.path("dovecot", "dovecot.conf"))
        auth = self.path("dovecot", "auth")
        self.start_postfix(MAIN.format(sink=self.sink, cert=self.path("ssl", "fullchain.pem"),
                                       key=self.path("ssl", "privkey.pem"), auth=auth),
                           SERVICES.format(relaying=self.relaying, holding=self.holding))
        self.wait_up((self.relaying,), (auth,))

    def remove_held(self):
        subprocess.run(["postsuper", "-c", self.path("conf"), "-d", "ALL", "hold"], capture_output=True)

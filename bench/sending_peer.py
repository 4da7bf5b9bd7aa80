"""A private Postfix that takes mail over TLS with SASL (Dovecot's auth daemon keeps
the password) and relays all of it to one host, to stand beside our sending."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

from peers import MASTER, POSTFIX, descendants, free_port

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


class SendingPeer:
    """`with SendingPeer(sink_port) as peer`."""

    def __init__(self, sink):
        self.sink = sink
        self.home = tempfile.mkdtemp(prefix="fwd-bench-sending.")
        os.chmod(self.home, 0o755)
        self.smtp, self.relaying, self.holding = free_port(), free_port(), free_port()
        self.dovecot = None

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def __enter__(self):
        for folder in ("dovecot/run", "conf", "queue", "data", "ssl"):
            os.makedirs(self.path(folder))
        share = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts", "share", "make-self-signed")
        subprocess.run([share, self.path("ssl"), "localhost"], check=True)
        with open(self.path("dovecot", "dovecot.conf"), "w") as out:
            out.write(DOVECOT.format(home=self.path("dovecot")))
        self.dovecot = subprocess.Popen(["dovecot", "-F", "-c", self.path("dovecot", "dovecot.conf")],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        shutil.chown(self.path("data"), "postfix")
        with open(self.path("conf", "main.cf"), "w") as out:
            out.write(POSTFIX.format(home=self.home, lmtp=1) + MAIN.format(
                sink=self.sink, cert=self.path("ssl", "fullchain.pem"), key=self.path("ssl", "privkey.pem"),
                auth=self.path("dovecot", "auth")))
        with open(self.path("conf", "master.cf"), "w") as out:
            out.write(MASTER.format(smtp=self.smtp) + SERVICES.format(relaying=self.relaying, holding=self.holding))
        subprocess.run(["postfix", "-c", self.path("conf"), "start"], check=True, capture_output=True)
        deadline = time.monotonic() + 20
        while True:
            try:
                assert os.path.exists(self.path("dovecot", "auth"))
                socket.create_connection(("127.0.0.1", self.relaying), timeout=1).close()
                return self
            except (OSError, AssertionError):
                if time.monotonic() > deadline:
                    raise RuntimeError("the peer did not start")
                time.sleep(0.05)

    def pids(self):
        with open(self.path("queue", "pid", "master.pid")) as pid:
            return descendants(int(pid.read())) + descendants(self.dovecot.pid)

    def remove_held(self):
        subprocess.run(["postsuper", "-c", self.path("conf"), "-d", "ALL", "hold"], capture_output=True)

    def __exit__(self, *_):
        subprocess.run(["postfix", "-c", self.path("conf"), "stop"], capture_output=True)
        if self.dovecot:
            self.dovecot.terminate()
            self.dovecot.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)

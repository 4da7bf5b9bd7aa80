"""A private Postfix that delivers to Dovecot's mailboxes, to stand beside our receiving
and IMAP.  Dovecot keeps plain sdbox; success is answered after fsync, as ours is."""

import os
import pwd
import shutil
import subprocess

from private_postfix import PrivatePostfix, free_port

DOVECOT = """
base_dir = {home}/run
state_dir = {home}/run
log_path = {home}/log
listen = 127.0.0.1
protocols = imap lmtp
disable_plaintext_auth = no
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2
auth_mechanisms = plain login
first_valid_uid = 100
mail_uid = {user}
mail_gid = {user}
mail_home = {home}/mail/%n
mail_location = sdbox:~/box
mail_fsync = optimized
mail_max_userip_connections = 5000
namespace inbox {{
  inbox = yes
  separator = /
}}
default_process_limit = 3000
default_client_limit = 6000
default_vsz_limit = 1G
passdb {{
  driver = static
  args = password=pass
}}
userdb {{
  driver = static
  args = uid={user} gid={user} home={home}/mail/%n
}}
service imap-login {{
  inet_listener imap {{
    port = 0
  }}
  inet_listener imaps {{
    port = {imaps}
    ssl = yes
  }}
  service_count = 0
  process_min_avail = 2
  client_limit = 6000
}}
service imap {{
  process_limit = 3000
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
  process_min_avail = 2
}}
service anvil {{
  client_limit = 12000
}}
service auth {{
  client_limit = 12000
}}
service stats {{
  client_limit = 6000
}}
"""

USER = "vmbench"


class MailboxPeer(PrivatePostfix):
    """`with MailboxPeer() as peer`."""

    def __init__(self):
        super().__init__("peer")
        self.imaps = free_port()

    def start(self):
        for folder in ("run", "mail"):
            os.makedirs(self.path("dovecot", folder))
        try:
            pwd.getpwnam(USER)
        except KeyError:
            subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", USER], check=True)
        shutil.chown(self.path("dovecot", "mail"), USER, USER)
        self.make_certificate()
        self.write(DOVECOT.format(home=self.path("dovecot"), user=USER, imaps=self.imaps, lmtp=self.lmtp,
                                  cert=self.path("ssl", "fullchain.pem"), key=self.path("ssl", "privkey.pem")),
                   "dovecot", "dovecot.conf")
        self.begin("dovecot", "-F", "-c", self.path("dovecot", "dovecot.conf"))
        self.start_postfix()
        self.wait_up((self.imaps, self.lmtp, self.smtp))

    def queue_is_empty(self):
        for folder in ("incoming", "active", "deferred", "maildrop"):
            for _, _, names in os.walk(self.path("queue", folder)):
                if names:
                    return False
        return True

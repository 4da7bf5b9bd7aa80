"""Private Postfix and Dovecot instances on loopback, configured as the field runs
them, to stand beside us in one run.  Dovecot keeps plain sdbox; success is
answered after fsync, as ours is."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time

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

POSTFIX = """
compatibility_level = 3.6
config_directory = {home}/conf
queue_directory = {home}/queue
data_directory = {home}/data
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
multi_instance_name =
maillog_file = {home}/data/maillog
maillog_file_prefixes = {home}
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = perf.localhost
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
disable_dns_lookups = yes
smtp_dns_support_level = disabled
virtual_mailbox_domains = example.test
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
default_process_limit = 100
smtpd_client_connection_count_limit = 0
smtpd_client_connection_rate_limit = 0
lmtp_destination_concurrency_limit = 20
lmtp_destination_recipient_limit = 1
initial_destination_concurrency = 10
lmtp_connection_cache_on_demand = yes
message_size_limit = 52428800
mailbox_size_limit = 0
notify_classes =
"""

MASTER = """127.0.0.1:{smtp} inet n - n - - smtpd
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
discard   unix  -       -       n       -       -       discard
lmtp      unix  -       -       n       -       -       lmtp
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def descendants(pid):
    """The process and all below it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                with open(f"/proc/{entry}/stat") as stat:
                    parent = int(stat.read().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            children.setdefault(parent, []).append(int(entry))
    found, queue = [], [pid]
    while queue:
        one = queue.pop()
        found.append(one)
        queue += children.get(one, [])
    return found


class Peer:
    """Both of them; `with Peer() as peer`."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="fwd-bench-peer.")
        os.chmod(self.home, 0o755)
        self.imaps, self.lmtp, self.smtp = free_port(), free_port(), free_port()
        self.user = "nobody"
        self.masters = {}

    def __enter__(self):
        home = os.path.join(self.home, "dovecot")
        os.makedirs(os.path.join(home, "run"))
        os.makedirs(os.path.join(home, "mail"))
        self.user = "vmbench"
        try:
            pwd.getpwnam(self.user)
        except KeyError:
            subprocess.run(["useradd", "--system", "--user-group", "--no-create-home", self.user], check=True)
        shutil.chown(os.path.join(home, "mail"), self.user, self.user)
        share = os.path.join(os.path.dirname(__file__), "..", "scripts", "share", "make-self-signed")
        os.makedirs(os.path.join(self.home, "ssl"))
        subprocess.run([share, os.path.join(self.home, "ssl"), "localhost"], check=True)
        with open(os.path.join(home, "dovecot.conf"), "w") as out:
            out.write(DOVECOT.format(home=home, user=self.user, imaps=self.imaps, lmtp=self.lmtp,
                                     cert=os.path.join(self.home, "ssl", "fullchain.pem"),
                                     key=os.path.join(self.home, "ssl", "privkey.pem")))
        self.masters["dovecot"] = subprocess.Popen(["dovecot", "-F", "-c", os.path.join(home, "dovecot.conf")],
                                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                                   stderr=subprocess.DEVNULL)
        pf = os.path.join(self.home, "postfix")
        for folder in ("conf", "queue", "data"):
            os.makedirs(os.path.join(pf, folder))
        shutil.chown(os.path.join(pf, "data"), "postfix")
        with open(os.path.join(pf, "conf", "main.cf"), "w") as out:
            out.write(POSTFIX.format(home=pf, lmtp=self.lmtp))
        with open(os.path.join(pf, "conf", "master.cf"), "w") as out:
            out.write(MASTER.format(smtp=self.smtp))
        self.pf = pf
        subprocess.run(["postfix", "-c", os.path.join(pf, "conf"), "start"], check=True, capture_output=True)
        deadline = time.monotonic() + 20
        for port in (self.imaps, self.lmtp, self.smtp):
            while True:
                try:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                    break
                except OSError:
                    if time.monotonic() > deadline:
                        raise RuntimeError(f"the peer on port {port} did not start")
                    time.sleep(0.05)
        return self

    def pids(self, which):
        if which == "postfix":
            with open(os.path.join(self.pf, "queue", "pid", "master.pid")) as pid:
                return descendants(int(pid.read()))
        return descendants(self.masters["dovecot"].pid)

    def queue_is_empty(self):
        for folder in ("incoming", "active", "deferred", "maildrop"):
            for _, _, names in os.walk(os.path.join(self.pf, "queue", folder)):
                if names:
                    return False
        return True

    def __exit__(self, *_):
        subprocess.run(["postfix", "-c", os.path.join(self.pf, "conf"), "stop"], capture_output=True)
        for master in self.masters.values():
            master.terminate()
            master.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)

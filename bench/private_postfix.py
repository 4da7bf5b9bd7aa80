"""A Postfix in a folder of its own on loopback, configured as the field runs it, with
the daemons beside it that a peer of ours needs."""

import os
import shutil
import socket
import subprocess
import tempfile
import time

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


class PrivatePostfix:
    """`with` one of its kinds: those say in start() what is written and begun."""

    def __init__(self, name):
        self.home = tempfile.mkdtemp(prefix=f"fwd-bench-{name}.")
        os.chmod(self.home, 0o755)
        self.smtp, self.lmtp = free_port(), free_port()
        self.beside = []

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def begin(self, *words):
        self.beside.append(subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                            stderr=subprocess.DEVNULL))

    def write(self, text, *parts):
        with open(self.path(*parts), "w") as out:
            out.write(text)

    def make_certificate(self):
        """ssl/fullchain.pem and ssl/privkey.pem."""
        share = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "scripts", "share", "make-self-signed")
        os.makedirs(self.path("ssl"))
        subprocess.run([share, self.path("ssl"), "localhost"], check=True)

    def start_postfix(self, main="", services=""):
        """With these lines besides those that all have."""
        for folder in ("conf", "queue", "data"):
            os.makedirs(self.path(folder))
        shutil.chown(self.path("data"), "postfix")
        # Each setting once: Postfix warns of a second one in the system's log, where nobody may read.
        lines = (POSTFIX.format(home=self.home, lmtp=self.lmtp) + main).splitlines()
        settings = dict(line.split(" =", 1) for line in lines if line)
        self.write("".join(f"{name} ={value}\n" for name, value in settings.items()), "conf", "main.cf")
        self.write(MASTER.format(smtp=self.smtp) + services, "conf", "master.cf")
        subprocess.run(["postfix", "-c", self.path("conf"), "start"], check=True, capture_output=True)

    def wait_up(self, ports, sockets=()):
        deadline = time.monotonic() + 20
        while True:
            try:
                for name in sockets:
                    assert os.path.exists(name)
                for port in ports:
                    socket.create_connection(("127.0.0.1", port), timeout=1).close()
                return
            except (OSError, AssertionError):
                if time.monotonic() > deadline:
                    raise RuntimeError(f"the peer did not start: {ports}, {sockets}")
                time.sleep(0.05)

    def pids(self):
        with open(self.path("queue", "pid", "master.pid")) as pid:
            found = descendants(int(pid.read()))
        for one in self.beside:
            found += descendants(one.pid)
        return found

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        subprocess.run(["postfix", "-c", self.path("conf"), "stop"], capture_output=True)
        for one in self.beside:
            one.terminate()
            one.wait(20)
        shutil.rmtree(self.home, ignore_errors=True)

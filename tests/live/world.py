"""A small internet for live tests: hosts in network namespaces on one wire, with
real port 25, a real DNS server (Knot) with a signed zone, a private Postfix, a
web server for MTA-STS policies, and scripted peers for what no real program
does on demand.  The namespaces have no name: they end with what is in them."""

import contextlib
import ctypes
import email
import email.policy
import functools
import glob
import hashlib
import http.server
import os
import re
import shutil
import signal
import smtplib
import socket
import socketserver
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time

from stack import DAEMONS, Stack

CLONE_NEWNET = 0x40000000
LIBC = ctypes.CDLL(None, use_errno=True)
HAS_SIX = os.path.exists("/proc/net/if_inet6")
FAKETIME = "/usr/lib/*/faketime/libfaketimeMT.so.1"


def four(number):
    """Addresses that count as public, so that nothing need be allowed; they lead nowhere else."""
    return f"99.0.0.{number}"


def six(number):
    return f"2a99::{number}"


def wait_for(what, seconds=30, told=lambda: ""):
    """Gives what `what` gives once that is something."""
    deadline = time.monotonic() + seconds
    while True:
        found = what()
        if found:
            return found
        assert time.monotonic() < deadline, f"waited {seconds} s in vain\n{told()}"
        time.sleep(0.05)


# --- the wire ------------------------------------------------------------------

class Namespace:
    """`with namespace:` puts the calling thread, and what it starts, into it."""

    def __init__(self):
        thread = threading.Thread(target=self.make)
        thread.start()
        thread.join()
        self.outside = []

    def make(self):
        if LIBC.unshare(CLONE_NEWNET) != 0:
            raise OSError(ctypes.get_errno(), "unshare")
        self.fd = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)

    def __enter__(self):
        here = os.open("/proc/thread-self/ns/net", os.O_RDONLY)
        self.outside.append((threading.get_ident(), here))
        enter(self.fd)

    def __exit__(self, *_):
        mine = max(i for i, (thread, _) in enumerate(self.outside) if thread == threading.get_ident())
        before = self.outside.pop(mine)[1]
        enter(before)
        os.close(before)

    @property
    def path(self):
        return f"/proc/{os.getpid()}/fd/{self.fd}"


def enter(fd):
    if LIBC.setns(fd, CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "setns")


def ip(*words):
    subprocess.run(["ip", *words], check=True)


class Wire:
    def __init__(self):
        self.switch = Namespace()
        with self.switch:
            ip("link", "add", "wire", "type", "bridge", "forward_delay", "0")
            ip("link", "set", "wire", "up")

    def plug(self, *numbers):
        """A namespace with these addresses."""
        host = Namespace()
        with self.switch:
            port = f"port{numbers[0]}"
            ip("link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", host.path)
            ip("link", "set", port, "master", "wire", "up")
        with host:
            ip("link", "set", "eth0", "up")
            for number in numbers:
                ip("address", "add", four(number) + "/24", "dev", "eth0")
                if HAS_SIX:
                    ip("address", "add", six(number) + "/64", "dev", "eth0", "nodad")
        return host


# --- certificates ----------------------------------------------------------------

class Authority:
    def __init__(self, home):
        self.home = home
        self.file = os.path.join(home, "ca.pem")
        self.openssl("req", "-x509", *self.new_key("ca"), "-nodes", "-days", "9", "-subj", "/CN=Test authority",
                     "-out", "ca.pem")

    def openssl(self, *words):
        return subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=self.home).stdout

    def new_key(self, name):
        return ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-keyout", name + ".key")

    def sign(self, name, *hosts):
        """Writes name.pem and name.key for these hosts."""
        self.openssl("req", *self.new_key(name), "-nodes", "-subj", f"/CN={name}", "-out", name + ".csr")
        with open(os.path.join(self.home, name + ".names"), "w") as file:
            file.write("subjectAltName=" + ",".join("DNS:" + host for host in hosts) + "\n")
        self.openssl("x509", "-req", "-in", name + ".csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "9",
                     "-extfile", name + ".names", "-out", name + ".pem")
        return os.path.join(self.home, name + ".pem"), os.path.join(self.home, name + ".key")

    def tlsa(self, certificate):
        """RFC 7672 §3.1.1: the digest of its public key."""
        key = self.openssl("x509", "-in", certificate, "-noout", "-pubkey")
        der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key, check=True,
                             capture_output=True).stdout
        return "3 1 1 " + hashlib.sha256(der).hexdigest()


# --- names -----------------------------------------------------------------------

KNOT = """
server:
    rundir: "{home}"
    listen: {listen}
database:
    storage: "{home}"
policy:
  - id: ours
    algorithm: ecdsap256sha256
    single-type-signing: on
template:
  - id: default
    storage: "{home}"
    file: "%s.zone"
    zonefile-sync: -1
    journal-content: all
    zonefile-load: difference-no-serial
zone:
  - domain: safe.test
    dnssec-signing: on
    dnssec-policy: ours
  - domain: plain.test
"""
SOA = "$TTL 300\n@ SOA ns admin 1 3600 600 86400 300\n@ NS ns\nns A {four}\n"


class Names:
    """Two zones, of which safe.test is signed."""

    def __init__(self, home, namespace, number):
        self.home = os.path.join(home, "dns")
        os.makedirs(self.home)
        self.namespace, self.number = namespace, number
        self.zones = {"safe": [SOA.format(four=four(number))], "plain": [SOA.format(four=four(number))]}
        self.anchor = os.path.join(home, "anchors")
        self.daemon = None

    def host(self, name, number):
        self.add(name, "A", four(number))
        if HAS_SIX:
            self.add(name, "AAAA", six(number))

    def add(self, name, kind, value):
        self.zones[name.split(".")[-2]].append(f"{name}. {kind} {value}\n")

    def include(self, lines):
        """Lines of a master file, as `forwardemail domain dns` prints them."""
        for line in lines.splitlines(keepends=True):
            if not line.startswith(";"):
                self.zones[line.split()[0].split(".")[-3]].append(line)

    def start(self):
        for zone, lines in self.zones.items():
            with open(os.path.join(self.home, zone + ".test.zone"), "w") as file:
                file.write("".join(dict.fromkeys(lines)))
        conf = os.path.join(self.home, "knot.conf")
        with open(conf, "w") as file:
            file.write(KNOT.format(home=self.home, listen=four(self.number) + "@53"))
        with self.namespace, open(os.path.join(self.home, "log"), "w") as log:
            self.daemon = subprocess.Popen(["knotd", "-c", conf], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        wait_for(lambda: "SOA 13" in self.dig("+dnssec", "+short", "safe.test", "SOA"), told=self.log_text)
        ds = subprocess.run(["keymgr", "-c", conf, "safe.test", "ds"], capture_output=True, text=True, check=True)
        with open(self.anchor, "w") as file:
            file.writelines(line + "\n" for line in ds.stdout.splitlines() if " DS " in line)
        os.chmod(self.anchor, 0o644)

    def dig(self, *words):
        with self.namespace:
            return subprocess.run(["kdig", "@" + four(self.number), "+time=1", "+retry=0", *words],
                                  capture_output=True, text=True).stdout

    def log_text(self):
        with open(os.path.join(self.home, "log")) as log:
            return log.read()

    def stop(self):
        if self.daemon:
            self.daemon.terminate()
            self.daemon.wait()


# --- hosts of ours ---------------------------------------------------------------

class Host(Stack):
    """A stack of ours behind the wire, its mail port on the real one."""

    def __init__(self, build, namespace, domain, conf, data_folder=None):
        self.namespace = namespace
        self.domain = domain
        self.mx = "mx." + domain
        self.boxes = {}
        self.passwords = {}
        super().__init__(build, {"server.hostname": self.mx} | conf, data_folder)

    def listen_tcp(self, daemon, role):
        with self.namespace:
            if role != "smtp":
                return super().listen_tcp(daemon, role)
            listener = socket.create_server(("::" if HAS_SIX else "", 25), backlog=1024, reuse_port=False,
                                            family=socket.AF_INET6 if HAS_SIX else socket.AF_INET,
                                            dualstack_ipv6=HAS_SIX)
        self.sockets.setdefault(daemon, []).append((role, listener))
        return 25

    def start_daemon(self, daemon):
        with self.namespace:
            return super().start_daemon(daemon)

    def start_daemons(self):
        """Those that can do without the DNS, which is made of what these say."""
        for daemon in DAEMONS:
            if daemon != "mxd":
                self.start_daemon(daemon)

    def start_mail(self):
        """The others, once there are names."""
        for daemon in ("mxd", "smtp-bree"):
            self.start_daemon(daemon)
        self.wait_log("daemon.ready", daemon="mxd")

    def make_alias(self, address):
        self.passwords[address] = super().make_alias(address)
        return self.passwords[address]

    def use_clock_file(self):
        """From now on its daemons' calendar goes as turn_clock() says."""
        found = glob.glob(FAKETIME)
        assert found, "libfaketime is missing (apt-get install faketime)"
        self.clock = self.path("clock")
        self.turn_clock("+0")
        self.environment = {"LD_PRELOAD": found[0], "FAKETIME_TIMESTAMP_FILE": self.clock, "FAKETIME_NO_CACHE": "1",
                            "FAKETIME_DONT_FAKE_MONOTONIC": "1", "FAKETIME_DISABLE_SHM": "1"}

    def turn_clock(self, offset):
        with open(self.clock + ".new", "w") as file:
            file.write(offset)
        os.rename(self.clock + ".new", self.clock)

    def smtp(self):
        with self.namespace:
            return super().smtp()

    def submit(self, to, subject, header="", options=(), notify="", body="body\r\n", sender=None):
        """Hands a message in as its person would; gives the queue's id and the Message-ID."""
        sender = sender or "hello@" + self.domain
        message_id = f"<{time.monotonic_ns()}@{self.domain}>"
        text = (f"From: {sender}\r\nTo: {', '.join(to)}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n"
                f"{header}\r\n{body}")
        with self.namespace, smtplib.SMTP_SSL("localhost", self.submissions_port, context=self.tls_context(),
                                              timeout=60) as client:
            client.login(sender, self.passwords[sender])
            for code, words in ([client.mail(sender, list(options))] +
                                [client.rcpt(one, [notify] if notify else []) for one in to] +
                                [client.data(text.encode())]):
                assert code == 250, (code, words)
        return words.decode().split()[-1], message_id

    def find_mail(self, address, *criteria, seconds=30):
        """The messages of its INBOX that fit, once there is one."""
        if address not in self.boxes:
            with self.namespace:
                self.boxes[address] = self.imap(address, self.passwords[address])
            self.boxes[address].select("INBOX")
        box = self.boxes[address]

        def look():
            box.noop()
            return box.search(None, *criteria)[1][0].split()

        numbers = wait_for(look, seconds, lambda: f"{criteria}\n{self.log_tail('smtp-bree')}\n{self.log_tail('mxd')}")
        return [parse(box.fetch(number, "(BODY.PEEK[])")[1][0][1]) for number in numbers]

    def get_mail(self, address, message_id):
        return self.find_mail(address, "HEADER", "Message-ID", f'"{message_id}"')[0]

    def get_report(self, message_id, action, sender=None):
        """The notice of this action about that message of hello@."""
        def look():
            found = self.find_mail(sender or "hello@" + self.domain, "HEADER", "In-Reply-To", f'"{message_id}"')
            return [one for one in map(Report, found) if one.actions() == {action}]

        return wait_for(look, told=lambda: self.log_tail("smtp-bree"))[0]

    def wait_log(self, *parts, daemon="smtp-bree"):
        """The first line of the log that has all of them."""
        def look():
            return [line for line in self.log_text(daemon).splitlines() if all(part in line for part in parts)]

        return wait_for(look, told=lambda: f"no {parts}\n{self.log_tail(daemon)}")[0]

    def queued(self, message):
        return self.command_json("queue", "show", message)

    def wait_state(self, message, state):
        wait_for(lambda: self.queued(message)["state"] == state, told=lambda: f"not {state}: {self.queued(message)}")

    def stop(self):
        for box in self.boxes.values():
            with contextlib.suppress(Exception):
                box.shutdown()
        super().stop()


def parse(octets):
    message = email.message_from_bytes(octets, policy=email.policy.default)
    message.octets = octets
    return message


class Report:
    """RFC 3464: a notice, taken apart."""

    def __init__(self, message):
        self.message = message
        assert message.get_content_type() == "multipart/report", message.as_string()
        assert message.get_param("report-type") == "delivery-status", message["Content-Type"]
        self.text, self.status, self.returned = message.get_payload()
        assert self.text.get_content_type() == "text/plain"
        assert self.status.get_content_type() == "message/delivery-status", self.status["Content-Type"]
        self.of_message, *self.recipients = self.status.get_payload()

    def actions(self):
        return {one["Action"] for one in self.recipients}

    def recipient(self, address):
        found = [one for one in self.recipients if one["Final-Recipient"] == "rfc822; " + address]
        assert len(found) == 1, self.message.as_string()
        return found[0]


# --- Postfix ---------------------------------------------------------------------

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
inet_interfaces = all
inet_protocols = {protocols}
myhostname = {host}
mydestination =
local_recipient_maps =
alias_maps =
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject_unauth_destination
virtual_mailbox_domains = {domains}
virtual_mailbox_base = {home}/mail
virtual_mailbox_maps = inline:{{ {mailboxes} }}
virtual_alias_maps = inline:{{ {{late@{domain}=gone@{domain}}} }}
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
virtual_minimum_uid = 100
smtpd_tls_security_level = may
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtp_tls_security_level = may
smtp_host_lookup = dns
minimal_backoff_time = 5s
notify_classes =
"""

# What a host of others runs to know whom to believe: OpenDKIM and OpenDMARC.
MILTERS = """
smtpd_milters = unix:{home}/dkim.sock unix:{home}/dmarc.sock
milter_default_action = tempfail
milter_protocol = 6
"""

OPENDKIM = """
Mode v
Socket local:{home}/dkim.sock
UMask 000
UserID postfix
Background no
Syslog no
AuthservID {host}
AlwaysAddARHeader yes
Nameservers {dns}
ResolverConfiguration {home}/conf/unbound.conf
"""
# Its resolver knows better than to ask anybody about .test.
UNBOUND = 'server:\n  local-zone: "test." nodefault\n'

OPENDMARC = """
Socket local:{home}/dmarc.sock
UMask 000
UserID postfix
Background no
Syslog no
AuthservID {host}
TrustedAuthservIDs {host}
SPFSelfValidate true
SPFIgnoreResults true
RejectFailures true
"""

MASTER = """smtp      inet  n       -       n       -       -       smtpd
pickup    unix  n       -       n       60      1       pickup
cleanup   unix  n       -       n       -       0       cleanup
qmgr      unix  n       -       n       300     1       qmgr
tlsmgr    unix  -       -       n       1000?   1       tlsmgr
rewrite   unix  -       -       n       -       -       trivial-rewrite
bounce    unix  -       -       n       -       0       bounce
defer     unix  -       -       n       -       0       bounce
trace     unix  -       -       n       -       0       bounce
verify    unix  -       -       n       -       1       verify
flush     unix  n       -       n       1000?   0       flush
proxymap  unix  -       -       n       -       -       proxymap
smtp      unix  -       -       n       -       -       smtp
showq     unix  n       -       n       -       -       showq
error     unix  -       -       n       -       -       error
retry     unix  -       -       n       -       -       error
virtual   unix  -       n       n       -       -       virtual
anvil     unix  -       -       n       -       1       anvil
scache    unix  -       -       n       -       1       scache
postlog   unix-dgram n  -       n       -       1       postlogd
"""


class Postfix:
    """A private Postfix with all of its files below `home`; bob has a maildir in each of its domains.
    With `checks` it refuses what fails DMARC, as OpenDMARC and OpenDKIM see it."""

    def __init__(self, home, namespace, names, domains, cert, key, checks=False):
        self.home = os.path.join(home, "postfix")
        self.namespace = namespace
        self.domain = domains[0]
        for folder in ("conf", "queue", "data", "mail"):
            os.makedirs(self.path(folder))
        shutil.chown(self.path("data"), "postfix")
        os.chown(self.path("mail"), 65534, 65534)
        boxes = ", ".join(f"{{{user}@{domain}={domain}/{user}/}}" for domain in domains for user in ("bob", "eve"))
        fields = {"mailboxes": boxes, "home": self.home, "host": "mx." + self.domain, "domain": self.domain, "domains": " ".join(domains),
                  "cert": cert, "key": key, "protocols": "all" if HAS_SIX else "ipv4",
                  "dns": four(names.number)}
        self.milters = ["opendkim", "opendmarc"] if checks else []
        for name, text in (("main.cf", POSTFIX + MILTERS if checks else POSTFIX), ("master.cf", MASTER),
                           ("opendkim.conf", OPENDKIM), ("opendmarc.conf", OPENDMARC), ("unbound.conf", UNBOUND)):
            with open(self.path("conf", name), "w") as out:
                out.write(text if name == "master.cf" else text.format(**fields))
        if checks:
            shutil.chown(self.home, "postfix")
        with open(self.path("resolv.conf"), "w") as out:
            out.write(f"nameserver {four(names.number)}\noptions timeout:5\n")
        self.master = None

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def start(self):
        # Its resolver knows /etc/resolv.conf only: another one for it alone.
        script = 'mount --bind "$1/resolv.conf" /etc/resolv.conf'
        for milter in self.milters:
            script += f' && {{ {milter} -f {"-x" if milter == "opendkim" else "-c"} "$1/conf/{milter}.conf" & }}'
        script += ' && exec postfix -c "$1/conf" start-fg'
        with self.namespace, open(self.path("log"), "w") as log:
            self.master = subprocess.Popen(["unshare", "--mount", "sh", "-c", script, "sh", self.home],
                                           stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)

        def answers():
            assert self.master.poll() is None, self.log_text()
            with contextlib.suppress(OSError), self.namespace:
                socket.create_connection(("127.0.0.1", 25), timeout=1).close()
                return True

        wait_for(answers, told=self.log_text)

    def log_text(self):
        out = ""
        for name in ("log", os.path.join("data", "maillog")):
            with contextlib.suppress(FileNotFoundError), open(self.path(name), errors="replace") as log:
                out += log.read()
        return out

    def log_tail(self):
        return "\n".join(self.log_text().splitlines()[-20:])

    def send(self, sender, to, subject, notify=""):
        """As a program of that host; gives the Message-ID."""
        message_id = f"<{time.monotonic_ns()}@{self.domain}>"
        text = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\nMessage-ID: {message_id}\r\n\r\nbody\r\n"
        with self.namespace, smtplib.SMTP("127.0.0.1", 25, timeout=60) as client:
            client.sendmail(sender, [to], text, rcpt_options=[notify] if notify else [])
        return message_id

    def find_mail(self, address, word):
        """The message in a maildir that has the word, once it is there."""
        user, domain = address.split("@")

        def look():
            for name in glob.glob(self.path("mail", domain, user, "new", "*")):
                with open(name, "rb") as file:
                    octets = file.read()
                if word.encode() in octets:
                    return parse(octets)
            return None

        return wait_for(look, told=self.log_tail)

    def stop(self):
        if not self.master:
            return
        # The process we began waits for the master, which leads all others.
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            with open(self.path("queue", "pid", "master.pid")) as pid:
                os.kill(int(pid.read()), signal.SIGTERM)
        self.master.wait(timeout=30)
        with contextlib.suppress(ProcessLookupError):  # the milters are of its group
            os.killpg(self.master.pid, signal.SIGTERM)


# --- the web -----------------------------------------------------------------------

class Policies(http.server.ThreadingHTTPServer):
    """MTA-STS policies by the name asked for; `asked` counts the questions."""

    daemon_threads = True

    def __init__(self, namespace, number, cert, key):
        with namespace:
            super().__init__((four(number), 443), PolicyPages)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(cert, key)
        self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)
        self.policies = {}
        self.asked = []
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def handle_error(self, *_):
        pass  # who does not like our certificate goes away

    def stop(self):
        self.shutdown()
        self.server_close()


class PolicyPages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.asked.append(self.headers["Host"])
        body = self.server.policies.get(self.headers["Host"])
        good = body is not None and self.path == "/.well-known/mta-sts.txt"
        body = body.encode() if good else b"nothing"
        self.send_response(200 if good else 404)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


# --- scripted peers ----------------------------------------------------------------

class Peer(socketserver.ThreadingTCPServer):
    """Takes mail in clear text and answers RCPT as `answer` says, an octet in `pace` seconds."""

    daemon_threads = True
    allow_reuse_address = True

    pace = 0

    def __init__(self, namespace, number, answer=lambda _: None):
        self.answer = answer
        self.taken = []
        with namespace:
            super().__init__((four(number), 25), Talk)
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def reach(self, talk, moment):
        """A talk has come to greeting, EHLO, MAIL, …, content, dot: may reset() it there."""

    def take(self, recipients, content):
        """The answer to a whole message; None ends the connection instead."""
        self.taken.append((recipients, content))
        return "250 2.0.0 Taken"

    def handle_error(self, *_):
        if not isinstance(sys.exc_info()[1], OSError):  # who dies hangs up
            super().handle_error(*_)

    def stop(self):
        self.shutdown()
        self.server_close()


class Talk(socketserver.StreamRequestHandler):
    def say(self, words):
        octets = words.encode() + b"\r\n"
        pieces = [octets] if self.server.pace == 0 else [bytes([octet]) for octet in octets]
        for piece in pieces:
            time.sleep(self.server.pace)
            self.wfile.write(piece)

    def reset(self):
        """Ends the connection as a host does that knows nothing of it."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        for one in (self.rfile, self.wfile, self.connection):
            one.close()
        raise ConnectionResetError

    def handle(self):
        self.server.reach(self, "greeting")
        self.say("220 peer.test ESMTP")
        recipients = []
        for line in self.rfile:
            words = line.decode().strip()
            verb = words[:4].upper()
            self.server.reach(self, verb)
            if verb == "EHLO":
                self.say("250-peer.test\r\n250-PIPELINING\r\n250-ENHANCEDSTATUSCODES\r\n250 8BITMIME")
            elif verb == "RCPT":
                address = re.search("<(.*?)>", words)[1]
                reply = self.server.answer(address) or "250 2.1.5 Ok"
                if reply.startswith("250"):
                    recipients.append(address)
                self.say(reply)
            elif verb == "DATA" and not recipients:
                self.say("554 5.5.1 No recipients")
            elif verb == "DATA":
                self.say("354 Go on")
                content = b""
                while (line := self.rfile.readline()) != b".\r\n":
                    if not line:
                        return  # the client is gone, and so is its message
                    content += line
                    self.server.reach(self, "content")
                self.server.reach(self, "dot")
                reply = self.server.take(recipients, content)
                if reply is None:
                    return
                recipients = []
                self.say(reply)
            elif verb == "QUIT":
                self.say("221 2.0.0 Bye")
                return
            else:
                recipients = []
                self.say("250 2.0.0 Ok")


def made_once(make, ends):
    """A function of the build folder that gives make(build, ends), the same each time."""

    @functools.cache
    def world(build):
        begun = time.monotonic()
        made = make(build, ends)
        print(f"all hosts are up ({time.monotonic() - begun:.1f} s)")
        return made

    return world


@contextlib.contextmanager
def temporary_home():
    home = tempfile.mkdtemp(prefix="fwd-world.")
    os.chmod(home, 0o755)
    try:
        yield home
    finally:
        shutil.rmtree(home, ignore_errors=True)

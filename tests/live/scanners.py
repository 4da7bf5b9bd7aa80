"""Real scanners for a live test, each under its own user in a temporary folder,
on free loopback ports: rspamd without DNS and without a network, which knows the
GTUBE line and learns into a file, and ClamAV with a database of one signature."""

import json
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request

# Both are made of pieces, so that no scanner stumbles over this file.
GTUBE = "XJS*C4JDBQADN1.NSBN3*2IDNEN*" + "GTUBE-STANDARD-ANTI-UBE-TEST-EMAIL*C.34X"
EICAR = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"

RSPAMD = """
options {{
  pidfile = "{home}/rspamd.pid";
  tempdir = "{home}";
  hs_cache_dir = "{home}";
  history_file = "{home}/history";
  control_socket = "{home}/control.sock mode=0600";
  url_tld = "{home}/suffixes";
  filters = "";
  rrd = "";
  gtube_patterns = "all";
  dns {{ nameserver = ["127.0.0.1:9"]; timeout = 0.1s; retransmits = 1; }}
}}
logging {{ type = "file"; filename = "{home}/rspamd.log"; level = "info"; }}
actions {{ reject = 15; add_header = 6; greylist = 4; }}
"""

WORKER = """
worker "normal" {{
  bind_socket = "127.0.0.1:{port}";
  bind_socket = "{home}/rspamd.sock mode=0666";
  count = 1;
}}
"""

# Alone with its files: two that make them at once stumble over a lock.
CONTROLLER = """
worker "controller" {{
  bind_socket = "127.0.0.1:{port}";
  bind_socket = "{home}/rspamd.sock mode=0666";
  count = 1;
  password = "{password}";
  secure_ip = "192.0.2.1";
}}
classifier "bayes" {{
  tokenizer {{ name = "osb"; }}
  backend = "sqlite3";
  min_tokens = 5;
  cache {{ path = "{home}/cache.sqlite"; }}
  statfile {{ symbol = "BAYES_HAM"; path = "{home}/ham.sqlite"; spam = false; }}
  statfile {{ symbol = "BAYES_SPAM"; path = "{home}/spam.sqlite"; spam = true; }}
}}
"""

CLAMD = """
DatabaseDirectory {home}/signatures
LocalSocket {home}/clamd.sock
LocalSocketMode 666
TCPSocket {port}
TCPAddr 127.0.0.1
StreamMaxLength 1M
LogFile {home}/clamd.log
TemporaryDirectory {home}
User clamav
Foreground yes
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


class Server:
    """A daemon in a folder of its own; stopped by its pid."""

    def __init__(self, user, name):
        self.home = tempfile.mkdtemp(prefix=f"fwd-{name}.")
        self.user = pwd.getpwnam(user)
        os.chmod(self.home, 0o755)
        self.child = None

    def file(self, name, text=None):
        path = os.path.join(self.home, name)
        if text is not None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as out:
                out.write(text)
        return path

    def run(self, command, answers):
        for folder, _, names in os.walk(self.home):
            for name in ["", *names]:
                os.chown(os.path.join(folder, name), self.user.pw_uid, self.user.pw_gid)
        with open(self.file("out"), "w") as out:
            self.child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                                          start_new_session=True)
        deadline = time.monotonic() + 60
        while not answers():
            if self.child.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{command[0]} does not come up:\n{open(self.file('out')).read()[-2000:]}")
            time.sleep(0.1)

    def stop(self):
        if self.child is not None and self.child.poll() is None:
            self.child.terminate()
            try:
                self.child.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.child.pid, signal.SIGKILL)
                self.child.wait()
        self.child = None

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.home, ignore_errors=True)


class Rspamd(Server):
    password = "teach-me"

    def __init__(self, teaches=False):
        """One worker: the one that scans, or the controller that is taught."""
        super().__init__("_rspamd", "rspamd")
        self.workers = CONTROLLER if teaches else WORKER
        self.port = free_port()
        self.socket = self.file("rspamd.sock")

    def start(self):
        # The whole list takes it ten seconds to compile.
        self.file("suffixes", "com\norg\ntest\n")
        conf = self.file("rspamd.conf", (RSPAMD + self.workers).format(
            home=self.home, port=self.port, password=self.password))
        self.run(["rspamd", "-f", "-u", "_rspamd", "-g", "_rspamd", "-c", conf], self.answers)
        return self

    def get(self, path):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}{path}", headers={"Password": self.password})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
            return answer.read()

    def answers(self):
        try:
            return b"pong" in self.get("/ping")
        except OSError:
            return False

    def log(self):
        with open(self.file("rspamd.log"), errors="replace") as lines:
            return "".join(lines.readlines()[-25:])

    def learned(self):
        """How many messages were learned: (as spam, as ham)."""
        revisions = {one["symbol"]: one["revision"]
                     for one in json.loads(self.get("/stat"))["statfiles"]}
        return revisions["BAYES_SPAM"], revisions["BAYES_HAM"]


class Clamd(Server):
    def __init__(self):
        super().__init__("clamav", "clamd")
        self.port = free_port()
        self.socket = self.file("clamd.sock")

    def start(self):
        self.file("signatures/own.ndb", f"Test-Eicar:0:*:{EICAR.encode().hex()}\n")
        self.file("clamd.log", "")
        conf = self.file("clamd.conf", CLAMD.format(home=self.home, port=self.port))
        self.run(["clamd", "-c", conf], self.answers)
        return self

    def answers(self):
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=5) as one:
                one.sendall(b"zPING\0")
                return one.recv(100) == b"PONG\0"
        except OSError:
            return False


class Stalled:
    """Takes every connection and says nothing, ever."""

    def __init__(self):
        self.listener = socket.socket()
        self.listener.bind(("127.0.0.1", 0))
        self.listener.listen(100)
        self.port = self.listener.getsockname()[1]

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.close()

"""A whole private stack for a live test: real daemons, each under its own user,
handed its sockets the way systemd does it, in a temporary folder on free
loopback ports.  Nothing here fakes a daemon."""

import argparse
import functools
import json
import os
import pwd
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import traceback

TOP = os.path.abspath(os.path.join(os.path.dirname(__file__), "..", ".."))
DAEMONS = ("sqlited", "mxd", "smtpd", "imapd")
COMPLAINTS = ("ERROR: AddressSanitizer", "runtime error: ")  # of ./configure --enable-sanitizers


def make_users():
    for daemon in {*DAEMONS, "smtpd", "smtp-bree"}:  # all who have a role at the door
        try:
            pwd.getpwnam("_fwd-" + daemon)
        except KeyError:
            subprocess.run(["useradd", "--system", "--no-create-home", "--home-dir", "/nonexistent",
                            "--shell", "/usr/sbin/nologin", "_fwd-" + daemon], check=True)


@functools.cache
def sanitizer_of(program):
    """The sanitizer's library when the program was built with it, else ""."""
    needed = subprocess.run(["readelf", "--dynamic", program], check=True, capture_output=True, text=True).stdout
    found = re.search(r"NEEDED.*\[(libasan\.so[^]]*)\]", needed)
    return found[1] if found else ""


class Stack:
    """start() brings all up; kill(name) and start_daemon(name) break and mend it."""

    def __init__(self, build, conf=None, data_folder=None):
        make_users()
        self.build = os.path.abspath(build)
        self.home = tempfile.mkdtemp(prefix="fwd-live.")
        os.chmod(self.home, 0o711)
        # Tests make very many connections; what the delay is for has a test of its own.
        self.conf = {"server.hostname": "mx.example.test", "smtp.greet-delay": "0s"}
        self.conf.update(conf or {})
        self.data = data_folder or os.path.join(self.home, "data")
        self.environment = {}  # of daemons, beside what they always have
        self.pids = {}
        self.sockets = {}
        self.lay_out()

    # --- files ---------------------------------------------------------------

    def path(self, *parts):
        return os.path.join(self.home, *parts)

    def lay_out(self):
        share = os.path.join(TOP, "scripts", "share")
        os.makedirs(self.path("ssl"))
        os.chmod(self.path("ssl"), 0o755)
        os.makedirs(self.path("run"))
        os.chmod(self.path("run"), 0o755)
        os.makedirs(self.path("secrets"), mode=0o700)
        subprocess.run([os.path.join(share, "make-server-key"), self.path("secrets", "server.key")], check=True)
        subprocess.run([os.path.join(share, "make-self-signed"), self.path("ssl"), "localhost"], check=True)
        user = pwd.getpwnam("_fwd-sqlited")
        os.makedirs(self.data, exist_ok=True)
        os.chmod(self.data, 0o700)
        os.chown(self.data, user.pw_uid, user.pw_gid)
        self.private_copy("sqlited", self.path("secrets", "server.key"))
        for daemon in ("mxd", "smtpd", "imapd"):
            self.private_copy(daemon, self.path("ssl", "privkey.pem"))
        self.write_conf()

    def private_copy(self, daemon, source):
        """As LoadCredential= would give it: readable by that daemon alone."""
        user = pwd.getpwnam("_fwd-" + daemon)
        folder = self.path(daemon)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        os.chown(folder, user.pw_uid, user.pw_gid)
        target = os.path.join(folder, os.path.basename(source))
        if os.path.exists(target):
            os.unlink(target)
        shutil.copy(source, target)
        os.chmod(target, 0o400)
        os.chown(target, user.pw_uid, user.pw_gid)

    def write_conf(self):
        lines = dict(self.conf)
        lines.setdefault("door.socket", self.path("run", "sqlited.sock"))
        lines.setdefault("data.folder", self.data)
        lines.setdefault("tls.certificate", self.path("ssl", "fullchain.pem"))
        lines.setdefault("tls.key", self.path("ssl", "privkey.pem"))
        lines.setdefault("secrets.server-key", self.path("secrets", "server.key"))
        with open(self.path("forwardemail.conf"), "w") as out:
            for name, value in lines.items():
                out.write(f"{name} = {value}\n")

    # --- daemons -------------------------------------------------------------

    def listen(self):
        """The sockets systemd would hold: they outlive every daemon."""
        self.listen_unix("sqlited", "door", "sqlited.sock")
        self.listen_unix("smtpd", "local", "submission.sock")
        self.submissions_port = self.listen_tcp("smtpd", "submissions")
        self.submission_port = self.listen_tcp("smtpd", "submission")
        self.smtp_port = self.listen_tcp("mxd", "smtp")
        self.imaps_port = self.listen_tcp("imapd", "imaps")
        if self.conf.get("imap.clear-text-port") == "yes":
            self.imap_port = self.listen_tcp("imapd", "imap")

    def listen_unix(self, daemon, role, name):
        path = self.path("run", name)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        listener.bind(path)
        os.chmod(path, 0o666)
        listener.listen(1024)
        self.sockets.setdefault(daemon, []).append((role, listener))

    def listen_tcp(self, daemon, role):
        listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        listener.bind(("127.0.0.1", 0))
        listener.listen(1024)
        self.sockets.setdefault(daemon, []).append((role, listener))
        return listener.getsockname()[1]

    def start(self):
        self.listen()
        self.start_daemons()
        self.wait_up()
        return self

    def start_daemons(self):
        for daemon in DAEMONS:
            self.start_daemon(daemon)

    def stop_all_daemons(self):
        for daemon in list(self.pids):
            self.kill(daemon, signal.SIGTERM)

    def own_options(self, daemon):
        if daemon == "sqlited":
            return {"secrets.server-key": self.path("sqlited", "server.key")}
        if daemon == "smtp-bree":
            return {}
        return {"tls.key": self.path(daemon, "privkey.pem")}

    def program(self, daemon):
        return os.path.join(self.build, "src", "bin", "fwd-" + daemon, "fwd-" + daemon)

    def sanitizer_environment(self, program):
        """What a program built with sanitizers wants; nothing of any other."""
        sanitizer = sanitizer_of(program)
        if not sanitizer:
            return {}
        # Its library must be the first of all, and cannot look for leaks where nobody may trace.
        preload = [sanitizer] + self.environment.get("LD_PRELOAD", "").split()
        return {"ASAN_OPTIONS": "detect_leaks=0:detect_stack_use_after_return=1",
                "UBSAN_OPTIONS": "print_stacktrace=1", "LD_PRELOAD": " ".join(preload)}

    def start_daemon(self, daemon):
        user = pwd.getpwnam("_fwd-" + daemon)
        program = self.program(daemon)
        arguments = [program, "--config", self.path("forwardemail.conf"), "--log=text"]
        for name, value in self.own_options(daemon).items():
            arguments += ["--set", f"{name}={value}"]
        sockets = self.sockets.get(daemon, [])
        sanitized = self.sanitizer_environment(program)
        log = os.open(self.path(daemon + ".log"), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        pid = os.fork()
        if pid == 0:
            try:
                os.setsid()
                os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
                os.dup2(log, 1)
                os.dup2(log, 2)
                # Out of the way first, so that no descriptor lands on another.
                spare = [os.dup2(s.fileno(), 200 + i) for i, (_, s) in enumerate(sockets)]
                for i, fd in enumerate(spare):
                    os.dup2(fd, 3 + i, inheritable=True)
                # By descriptor: its user may have no way into the folder of the build.
                code = os.dup2(os.open(program, os.O_RDONLY), 3 + len(spare), inheritable=False)
                os.closerange(code + 1, 1024)
                environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin"} | self.environment | sanitized
                if sockets:
                    environment |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": str(len(spare)),
                                    "LISTEN_FDNAMES": ":".join(role for role, _ in sockets)}
                os.setgroups([])
                os.setgid(user.pw_gid)
                os.setuid(user.pw_uid)
                os.execve(code, arguments, environment)
            except BaseException:
                traceback.print_exc()
            finally:
                os._exit(127)
        os.close(log)
        self.pids[daemon] = pid
        return pid

    def wait_up(self, seconds=30):
        last = "no answer"
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for daemon in list(self.pids):
                if os.waitpid(self.pids[daemon], os.WNOHANG)[0]:
                    del self.pids[daemon]
                    raise RuntimeError(f"fwd-{daemon} ended:\n{self.log_tail(daemon)}")
            result = self.run_command("status", check=False)
            if result.returncode == 0:
                return
            last = result.stderr
            time.sleep(0.05)
        raise RuntimeError(f"the stack did not come up: {last}\n" + self.log_tail("sqlited"))

    def kill(self, daemon, signal_number=signal.SIGKILL):
        pid = self.pids.pop(daemon)
        os.kill(pid, signal_number)
        return os.waitpid(pid, 0)[1]

    def stop(self):
        self.stop_all_daemons()
        for entries in self.sockets.values():
            for _, listener in entries:
                listener.close()
        self.sockets = {}

    def remove(self):
        try:
            self.stop()
            self.look_for_complaints()
        finally:
            shutil.rmtree(self.home, ignore_errors=True)

    def look_for_complaints(self):
        """Fails for what a sanitizer said of a daemon, whatever the test thought of it."""
        for daemon in DAEMONS + ("smtp-bree",):
            text = self.log_text(daemon)
            found = [text.index(words) for words in COMPLAINTS if words in text]
            if found:
                raise AssertionError(f"fwd-{daemon}: {text[min(found):][:8000]}")

    def __enter__(self):
        try:
            return self.start()
        except BaseException:
            self.remove()
            raise

    def __exit__(self, kind, *_):
        if kind is not None:
            for daemon in DAEMONS + ("smtp-bree",):
                print(f"--- fwd-{daemon}\n{self.log_tail(daemon)}", file=sys.stderr)
        self.remove()

    def log_text(self, daemon):
        try:
            with open(self.path(daemon + ".log"), errors="replace") as lines:
                return lines.read()
        except FileNotFoundError:
            return ""

    def log_tail(self, daemon, lines=20):
        return "\n".join(self.log_text(daemon).splitlines()[-lines:])

    # --- the operator ----------------------------------------------------------

    def run_command(self, *arguments, check=True, text_input=None):
        program = os.path.join(self.build, "src", "bin", "forwardemail", "forwardemail")
        result = subprocess.run([program, "--config", self.path("forwardemail.conf"), *arguments],
                                capture_output=True, text=True, timeout=60,
                                input=text_input, stdin=subprocess.DEVNULL if text_input is None else None)
        if check and result.returncode != 0:
            raise RuntimeError(f"forwardemail {' '.join(arguments)}: {result.stderr or result.stdout}")
        return result

    def command_json(self, *arguments):
        return json.loads(self.run_command("--json", *arguments).stdout)

    def make_alias(self, address):
        """The domain when it is missing, the alias, its mailbox; gives the password."""
        domain = address.split("@")[1]
        if self.run_command("domain", "show", domain, check=False).returncode != 0:
            self.run_command("domain", "add", domain)
        return self.command_json("alias", "add", address, "--password")["password"]

    def peak_memory(self, daemon):
        """The most memory the daemon has ever had, in octets; 0 when most of it is a sanitizer's."""
        if sanitizer_of(self.program(daemon)):
            return 0
        with open(f"/proc/{self.pids[daemon]}/status") as lines:
            for line in lines:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1]) * 1024
        raise RuntimeError("no VmHWM")

    # --- peers -----------------------------------------------------------------

    def tls_context(self):
        context = ssl.create_default_context(cafile=self.path("ssl", "fullchain.pem"))
        return context

    def smtp(self):
        import smtplib
        return smtplib.SMTP("127.0.0.1", self.smtp_port, local_hostname="client.test", timeout=60)

    def raw_smtp(self):
        return Lines(socket.create_connection(("127.0.0.1", self.smtp_port), timeout=60))

    def raw_imap(self, address=None, password=None):
        raw = socket.create_connection(("localhost", self.imaps_port), timeout=60)
        client = Lines(self.tls_context().wrap_socket(raw, server_hostname="localhost"))
        client.line()
        if address:
            client.command(f'LOGIN {address} "{password}"')
        return client

    def imap(self, address=None, password=None):
        import imaplib
        imaplib._MAXLINE = 100_000_000
        client = imaplib.IMAP4_SSL("localhost", self.imaps_port, ssl_context=self.tls_context(), timeout=60)
        if address:
            client.login(address, password)
        return client


class Lines:
    """A scripted client: says octets, reads lines; knows no protocol but replies' ends."""

    def __init__(self, connection):
        self.connection = connection
        self.reader = connection.makefile("rb")
        self.tags = 0

    def say(self, octets):
        self.connection.sendall(octets if isinstance(octets, bytes) else octets.encode())

    def line(self):
        return self.reader.readline()

    def reply(self):
        """One SMTP reply, its lines in one; empty when the connection ended."""
        out = line = self.line()
        while line[3:4] == b"-":
            line = self.line()
            out += line
        return out

    def ask(self, octets):
        self.say(octets + ("\r\n" if isinstance(octets, str) else b"\r\n"))
        return self.reply()

    def begin(self, command):
        self.tags += 1
        tag = b"t%d" % self.tags
        self.say(tag + b" " + (command if isinstance(command, bytes) else command.encode()) + b"\r\n")
        return tag

    def until(self, tag):
        """Untagged lines and, last, the tagged one."""
        found = []
        while not found or not found[-1].startswith(tag + b" "):
            line = self.line()
            if not line:
                raise EOFError(b"".join(found))
            found.append(line)
        return found

    def command(self, command, status=b"OK"):
        """One IMAP command without literals in its answer."""
        tag = self.begin(command)
        found = self.until(tag)
        assert status is None or found[-1].startswith(tag + b" " + status), (command, found[-3:])
        return found

    def rest(self):
        try:
            return self.reader.read()
        except OSError:
            return b"(reset)"

    def close(self):
        self.reader.close()
        self.connection.close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


# --- a runner that prints one line a test and the closing line -----------------

def main(tests):
    """Runs functions named test_*(build); an argument after --build narrows."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", required=True)
    parser.add_argument("only", nargs="?", default="")
    arguments = parser.parse_args()
    passed = failed = 0
    for name, test in list(tests.items()):
        if not name.startswith("test_") or arguments.only not in name:
            continue
        begun = time.monotonic()
        try:
            test(arguments.build)
        except BaseException:
            failed += 1
            print(f"FAIL {name}")
            traceback.print_exc()
            sys.stderr.flush()
        else:
            passed += 1
            print(f"ok   {name} ({time.monotonic() - begun:.1f} s)")
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    sys.exit(0 if failed == 0 and passed > 0 else 1)

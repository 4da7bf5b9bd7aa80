"""Receiving, measured: signed mail from strangers is judged (SPF, DKIM, DMARC, by a
DNS server of this machine), rewritten for its way on, and relayed to smtp-sink.

    sudo bench/receiving.py --build build/release [--peers] [--rounds 3]

Everything runs in a network of its own, so no port or name of this machine is
touched.  Prints figures and nothing else; compare ratios within one run, never runs."""

import argparse
import base64
import concurrent.futures
import contextlib
import multiprocessing
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "tests", "live"))
from forwarding_peer import ForwardingPeer  # noqa: E402
from measure import Cpu, Table  # noqa: E402
from sink import Sink  # noqa: E402
from stack import Stack  # noqa: E402
from submitters import content  # noqa: E402

DNS = "10.53.53.53"  # not of 127.0.0.0/8, where resolvers do not ask by themselves
INSIDE = "FWD_BENCH_NETWORK"
KNOT = """
server:
    rundir: "{home}"
    listen: {dns}@53
database:
    storage: "{home}"
template:
  - id: default
    storage: "{home}"
    file: "%s.zone"
zone:
  - domain: author.example
  - domain: example.test
  - domain: elsewhere.test
  - domain: 127.in-addr.arpa
"""
SOA = "$TTL 3600\n@ SOA ns admin 1 3600 600 86400 300\n@ NS ns\nns A " + DNS + "\n"


def enter_network():
    """Begins again in a network and a view of files of its own, whose resolver is ours."""
    if os.environ.get(INSIDE):
        return
    script = (f'ip link set lo up && ip address add {DNS}/32 dev lo && echo "nameserver {DNS}" > "$1" && '
              'mount --bind "$1" /etc/resolv.conf && shift && exec "$@"')
    with tempfile.NamedTemporaryFile(prefix="fwd-bench-resolv.") as resolv:
        os.chmod(resolv.name, 0o644)
        done = subprocess.run(["unshare", "--net", "--mount", "sh", "-c", script, "sh", resolv.name, sys.executable,
                               *sys.argv], env=os.environ | {INSIDE: "1"})
    sys.exit(done.returncode)


class Names:
    """Knot with the author's records; `key` signs for it."""

    def __enter__(self):
        self.home = tempfile.mkdtemp(prefix="fwd-bench-dns.")
        run = lambda *words: subprocess.run(["openssl", *words], check=True, capture_output=True).stdout
        self.key = run("genrsa", "2048")
        public = subprocess.run(["openssl", "rsa", "-pubout", "-outform", "DER"], input=self.key, check=True,
                                capture_output=True).stdout
        text = "v=DKIM1; k=rsa; p=" + base64.b64encode(public).decode()
        zones = {
            "author.example": ('@ TXT "v=spf1 ip4:127.0.0.1 -all"\n_dmarc TXT "v=DMARC1; p=reject"\n'
                            f'key1._domainkey TXT "{text[:200]}" "{text[200:]}"\n@ MX 10 mx\nmx A 127.0.0.1\n'),
            "example.test": "@ MX 10 mx\nmx A 127.0.0.1\n",
            "elsewhere.test": "@ MX 10 mx\nmx A 127.0.0.1\n",
            "127.in-addr.arpa": "1.0.0 PTR mx.author.example.\n",
        }
        for zone, lines in zones.items():
            with open(os.path.join(self.home, zone + ".zone"), "w") as out:
                out.write(SOA + lines)
        with open(os.path.join(self.home, "knot.conf"), "w") as out:
            out.write(KNOT.format(home=self.home, dns=DNS))
        self.daemon = subprocess.Popen(["knotd", "-c", os.path.join(self.home, "knot.conf")],
                                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while b"v=DMARC1" not in subprocess.run(["kdig", "@" + DNS, "+short", "_dmarc.author.example", "TXT"],
                                                capture_output=True).stdout:
            assert time.monotonic() < deadline, "the DNS server did not start"
            time.sleep(0.05)
        return self

    def __exit__(self, *_):
        self.daemon.terminate()
        self.daemon.wait()
        shutil.rmtree(self.home, ignore_errors=True)


def signed(key, name, size):
    import dkim  # of Debian's python3-dkim
    text = content("one@author.example", "friend@example.test", name, size)
    dotless = text[:-3]  # the end of DATA is not signed
    return dkim.sign(dotless, b"key1", b"author.example", key,
                     include_headers=[b"from", b"to", b"subject", b"date", b"message-id"]) + text


def make_messages(key, count, size):
    names = [f"{time.monotonic_ns()}.{number}" for number in range(count)]
    with concurrent.futures.ProcessPoolExecutor(2) as pool:
        return list(pool.map(signed, [key] * count, names, [size] * count, chunksize=25))


def one_session(port, messages, ready, go):
    with socket.create_connection(("127.0.0.1", port), timeout=120) as peer:
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        file = peer.makefile("rb")

        def reply(code):
            line = file.readline()
            while line[3:4] == b"-":
                line = file.readline()
            assert line.startswith(code), line

        reply(b"220")
        peer.sendall(b"EHLO mx.author.example\r\n")
        reply(b"250")
        ready.release()
        go.wait()
        for message in messages:
            peer.sendall(b"MAIL FROM:<one@author.example>\r\nRCPT TO:<friend@example.test>\r\nDATA\r\n")
            for code in (b"250", b"250", b"354"):
                reply(code)
            peer.sendall(message)
            reply(b"250")


def send_all(port, messages, sessions=20):
    """Gives when it began, and the running sessions."""
    processes = multiprocessing.get_context("fork")
    ready, go = processes.Semaphore(0), processes.Event()
    running = [processes.Process(target=one_session, daemon=True, args=(port, messages[number::sessions], ready, go))
               for number in range(sessions)]
    for one in running:
        one.start()
    for _ in running:
        assert ready.acquire(timeout=60), "a session was not greeted"
    go.set()
    return time.monotonic(), running


class Ours:
    name = "ours"

    def __init__(self, stack):
        self.stack = stack
        self.port = stack.smtp_port
        stack.make_alias("hello@example.test")
        stack.run_command("alias", "add", "friend@example.test", "recipients=you@elsewhere.test")
        stack.start_daemon("smtp-bree")

    def pids(self):
        return list(self.stack.pids.values())


def relay(side, table, sink, messages, size):
    before = sink.count
    cpu = Cpu(side.pids)
    begun, running = send_all(side.port, messages)
    sink.wait(before + len(messages), f"forwarding by {side.name}")
    seconds = time.monotonic() - begun
    for one in running:
        one.join()
        assert one.exitcode == 0, "a session failed"
    time.sleep(0.3)  # what is written down behind the last one
    what = f"judge and forward {size} octets, 20 sessions"
    table.add(what, "messages/s to the sink", side.name, len(messages) / seconds)
    table.add(what, "server CPU ms/message", side.name, cpu.used() * 1000 / len(messages))


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", required=True)
    parser.add_argument("--peers", action="store_true", help="run Postfix, postsrsd, OpenDKIM and OpenDMARC beside us")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--messages", type=int, default=1000)
    arguments = parser.parse_args()
    enter_network()
    table = Table()
    with contextlib.ExitStack() as ends:
        ends.callback(table.print)  # what there is, even when a part failed
        names = ends.enter_context(Names())
        sink = Sink()
        ends.callback(sink.stop)
        conf = {"delivery.allow-private": "yes", "dns.anchor-file": "/dev/null", "dns.forwarders": DNS,
                "smarthost.host": "127.0.0.1", "smarthost.port": sink.port, "smarthost.tls": "none",
                "smtp.connections-per-address": 10_000}
        sides = [Ours(ends.enter_context(Stack(arguments.build, conf)))]
        if arguments.peers:
            sides.append(ends.enter_context(ForwardingPeer(sink.port)))
        for _ in range(arguments.rounds):
            for size, count in ((4096, arguments.messages), (100_000, arguments.messages // 4)):
                for side in sides:
                    relay(side, table, sink, make_messages(names.key, count, size), size)


if __name__ == "__main__":
    main()

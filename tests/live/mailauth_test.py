"""What delivery stands on, against real servers: answers of a signed zone (Knot
DNS), web pages over HTTPS by names of that zone, and signatures and chains of
ARC, exchanged with another implementation (dkimpy)."""

import base64
import contextlib
import hashlib
import http.server
import json
import os
import shutil
import socket
import ssl
import subprocess
import tempfile
import threading
import time

from stack import main

KNOT = """
server:
    rundir: "{home}"
    listen: 127.0.0.1@{port}
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
  - domain: signed.test
    dnssec-signing: on
    dnssec-policy: ours
  - domain: plain.test
  - domain: bogus.test
"""

SOA = "$TTL 300\n@ SOA ns admin 1 3600 600 86400 300\n@ NS ns\nns A 127.0.0.1\n"

SIGNED = SOA + """
@ MX 10 mx
@ MX 20 alias
@ TXT "v=spf1 " "-all"
mx A 127.0.0.77
mx AAAA ::1
_25._tcp.mx TLSA 3 1 1 {digest}
alias CNAME mx
out CNAME host.plain.test.
loop CNAME loop2
loop2 CNAME loop
mta-sts A 127.0.0.77
wrong A 127.0.0.77
_mta-sts TXT "v=STSv1; id=1;"
null MX 0 .
unpromised MX 10 mx.plain.test.
"""

PLAIN = SOA + """
@ MX 10 mx
mx A 127.0.0.77
host A 127.0.0.78
_25._tcp.mx TLSA 3 1 1 {digest}
_mta-sts TXT "v=STSv1; id=1;"
mta-sts A 127.0.0.77
"""

POLICY = b"version: STSv1\r\nmode: enforce\r\nmx: mx.plain.test\r\nmax_age: 86400\r\n"


def free_port():
    with socket.socket() as tcp:
        tcp.bind(("127.0.0.1", 0))
        return tcp.getsockname()[1]


class Zones:
    """A name server for three zones, of which one is signed and one should be."""

    def __init__(self):
        self.home = tempfile.mkdtemp(prefix="fwd-dns.")
        self.port = free_port()
        self.digest = hashlib.sha256(b"key").hexdigest()
        for name, text in (("signed", SIGNED), ("plain", PLAIN), ("bogus", SOA + "@ MX 10 mx\nmx A 127.0.0.1\n")):
            with open(os.path.join(self.home, name + ".test.zone"), "w") as file:
                file.write(text.replace("{digest}", self.digest))
        self.conf = os.path.join(self.home, "knot.conf")
        with open(self.conf, "w") as file:
            file.write(KNOT.format(home=self.home, port=self.port))
        self.log = open(os.path.join(self.home, "log"), "w")
        self.daemon = subprocess.Popen(["knotd", "-c", self.conf], stdout=self.log, stderr=self.log)
        self.anchor = os.path.join(self.home, "anchors")
        self.wait_until_signed()

    def wait_until_signed(self):
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            asked = subprocess.run(["kdig", "@127.0.0.1", "-p", str(self.port), "+dnssec", "+short", "+time=1",
                                    "signed.test", "MX"], capture_output=True, text=True)
            if "MX 13" in asked.stdout:
                break
            time.sleep(0.1)
        else:
            raise AssertionError("the zone is not signed")
        made = subprocess.run(["keymgr", "-c", self.conf, "signed.test", "ds"], capture_output=True, text=True,
                              check=True)
        ds = [line for line in made.stdout.splitlines() if " DS " in line]
        with open(self.anchor, "w") as file:
            for line in ds:
                file.write(line + "\n" + line.replace("signed.test.", "bogus.test.") + "\n")

    def close(self):
        self.daemon.terminate()
        self.daemon.wait()
        self.log.close()
        shutil.rmtree(self.home)


@contextlib.contextmanager
def zones():
    made = Zones()
    try:
        yield made
    finally:
        made.close()


def probe(build, zone, *words, **options):
    options = {"anchor": zone.anchor, "forward": f"127.0.0.1@{zone.port}", "limit": 10000} | options
    command = [os.path.join(build, "tests/live/mailauth-probe")]
    command += [f"{name}={value}" for name, value in options.items() if value is not None]
    done = subprocess.run(command + list(words), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_answers_are_proven_or_not(build):
    with zones() as zone:
        found = probe(build, zone, "dns", "signed.test", "MX")
        assert found["secure"] and sorted(found["mx"]) == ["10 mx.signed.test", "20 alias.signed.test"], found
        found = probe(build, zone, "dns", "signed.test.", "TXT")
        assert found["rdata"] == [(b"\x07v=spf1 \x04-all").hex()] and 0 < found["ttl"] <= 300, found
        found = probe(build, zone, "dns", "mx.signed.test", "AAAA")
        assert found["secure"] and found["addresses"] == ["::1"], found
        found = probe(build, zone, "dns", "_25._tcp.mx.signed.test", "TLSA")
        assert found["secure"] and found["rdata"] == ["030101" + zone.digest], found
        found = probe(build, zone, "dns", "plain.test", "MX")
        assert not found["secure"] and found["mx"] == ["10 mx.plain.test"], found


def test_denials_are_proven_too(build):
    with zones() as zone:
        found = probe(build, zone, "dns", "nobody.signed.test", "A")
        assert found["kind"] == "no-name" and found["secure"], found
        found = probe(build, zone, "dns", "mx.signed.test", "TXT")
        assert found["kind"] == "no-data" and found["secure"], found
        found = probe(build, zone, "dns", "nobody.plain.test", "A")
        assert found["kind"] == "no-name" and not found["secure"], found


def test_aliases_are_followed(build):
    with zones() as zone:
        found = probe(build, zone, "dns", "alias.signed.test", "A")
        assert found["secure"] and found["canonical"] == "mx.signed.test", found
        found = probe(build, zone, "dns", "out.signed.test", "A")
        assert not found["secure"] and found["canonical"] == "host.plain.test", found
        found = probe(build, zone, "dns", "out.signed.test", "CNAME")
        assert found["secure"] and found["names"] == ["host.plain.test"] and found["canonical"] == "", found
        found = probe(build, zone, "dns", "loop.signed.test", "A")
        assert found.get("addresses", []) == [], found


def test_bogus_answers_and_silence_are_failures(build):
    with zones() as zone:
        found = probe(build, zone, "dns", "bogus.test", "MX")
        assert found["fault"] == "unavailable" and found["why"].startswith("bogus "), found
        found = probe(build, zone, "dns", "a..b", "MX")
        assert found["fault"] == "bad-input", found
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
            silent.bind(("127.0.0.1", 0))
            found = probe(build, zone, "dns", "signed.test", "MX", limit=500,
                          forward=f"127.0.0.1@{silent.getsockname()[1]}")
        assert found["fault"] == "timeout", found


def test_stubs_reach_private_zones(build):
    with zones() as zone:
        stub = f"signed.test,127.0.0.1@{zone.port}"
        found = probe(build, zone, "dns", "signed.test", "MX", forward=None, stub=stub)
        assert found["secure"] and len(found["mx"]) == 2, found


def test_routes(build):
    with zones() as zone:
        found = probe(build, zone, "route", "signed.test", private="yes")
        assert [host["name"] for host in found["hosts"]] == ["mx.signed.test", "alias.signed.test"], found
        assert found["secure"] and found["hosts"][1]["secure"], found
        for domain, status in (("null.signed.test", "5.1.10"), ("no.signed.test", "5.1.2"), ("bogus.test", "4.4.3"),
                               ("signed.test", "5.4.4")):
            found = probe(build, zone, "route", domain)
            assert found["problem"]["status"] == status, found


# --- the web -------------------------------------------------------------------

class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        status, headers, body = 200, {"Content-Type": "text/plain"}, POLICY
        if self.path == "/again":
            status, headers = 302, {"Location": "/.well-known/mta-sts.txt"}
        if self.path == "/loop":
            status, headers = 302, {"Location": "/loop"}
        if self.path == "/inside":
            status, headers = 302, {"Location": "https://127.0.0.1:1/"}
        if self.path == "/clear":
            status, headers = 302, {"Location": "http://mta-sts.plain.test/"}
        if self.path == "/large":
            body = b"x" * 100000
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            self.wfile.flush()
            time.sleep(3)
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(201)
        self.send_header("Content-Length", str(len(body) + 5))
        self.end_headers()
        self.wfile.write(b"took " + body)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def web(zone):
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=zone.home)

    openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
            "-subj", "/CN=Test authority", "-keyout", "ca.key", "-out", "ca.pem")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=web",
            "-keyout", "web.key", "-out", "web.csr")
    with open(os.path.join(zone.home, "names"), "w") as file:
        file.write("subjectAltName=DNS:mta-sts.plain.test,DNS:mta-sts.signed.test\n")
    openssl("x509", "-req", "-in", "web.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-days", "2",
            "-extfile", "names", "-out", "web.pem")
    server = http.server.ThreadingHTTPServer(("127.0.0.77", 443), Pages)
    server.daemon_threads = True
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(os.path.join(zone.home, "web.pem"), os.path.join(zone.home, "web.key"))
    server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield os.path.join(zone.home, "ca.pem")
    finally:
        server.shutdown()
        server.server_close()


def test_web_pages_are_got_within_bounds(build):
    with zones() as zone, web(zone) as ca:
        def get(path, host="mta-sts.signed.test", **options):
            return probe(build, zone, "get", f"https://{host}{path}", ca=ca, **({"private": "yes"} | options))

        found = get("/")
        assert found.get("body") == POLICY.decode(), found
        assert get("/", post="hello") == {"status": 201, "body": "took hello"}
        assert get("/again")["status"] == 302
        assert get("/again", redirects=1)["status"] == 200
        assert get("/loop", redirects=5)["fault"] == "denied"
        assert get("/clear", redirects=5)["fault"] == "bad-input"
        assert get("/large")["fault"] == "over-limit"
        assert get("/large", largest=200000)["status"] == 200
        assert get("/slow", limit=700)["fault"] == "timeout"
        assert get("/", host="wrong.signed.test")["fault"] == "denied"
        assert get("/", host="nobody.signed.test")["fault"] == "not-found"
        assert get("/", host="bogus.test")["fault"] == "unavailable"
        assert get("/", host="mx.signed.test:1")["fault"] == "unavailable"
        assert get("/", private=None)["fault"] == "cannot"
        assert get("/", host="127.0.0.77", private=None)["fault"] == "cannot"
        assert get("/", host="[::ffff:127.0.0.77]", private=None)["fault"] == "cannot"
        assert get("/", host="user:word@mta-sts.signed.test")["fault"] == "bad-input"
        del ca
    with zones() as zone, web(zone):
        assert probe(build, zone, "get", "https://mta-sts.signed.test/", private="yes")["fault"] == "denied"


def test_policies_of_real_zones(build):
    with zones() as zone, web(zone) as ca:
        found = probe(build, zone, "policy", "signed.test", private="yes", ca=ca)
        assert [p["level"] for p in found["policies"]] == ["dane", "dane"], found
        assert {p["server_name"] for p in found["policies"]} == {"mx.signed.test"}, found
        # Unsigned, so its TLSA record says nothing; but it has an STS policy.
        found = probe(build, zone, "policy", "plain.test", private="yes", ca=ca)
        assert found["policies"][0]["level"] == "verify" and found["policies"][0]["source"] == "sts", found
        found = probe(build, zone, "policy", "unpromised.signed.test", private="yes", ca=ca)
        assert found["policies"][0]["level"] == "opportunistic", found


# --- DKIM ------------------------------------------------------------------------

READER = """
import sys, dkim
records = dict(line.split(" ", 1) for line in open(sys.argv[1]).read().splitlines())
found = lambda name, timeout=5: records.get(name.decode().rstrip("."), "").encode()
sys.exit(0 if dkim.DKIM(sys.stdin.buffer.read()).verify(dnsfunc=found) else 1)
"""

# RFC 8463 §A.1 and §A.2
ED25519_SEED = "nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
ED25519_PUBLIC = "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="

MESSAGES = (
    b"From: Joe SixPack <joe@football.example.com>\r\nTo: Suzie Q <suzie@shopping.example.net>\r\n"
    b"Subject: Is dinner ready?\r\nDate: Fri, 11 Jul 2003 21:00:37 -0700 (PDT)\r\n"
    b"Message-ID: <20030712040037.46341.5F8J@football.example.com>\r\n\r\n"
    b"Hi.\r\n\r\nWe lost the game.  Are you hungry yet?\r\n\r\nJoe.\r\n",
    b"FROM:a@b.example\r\nSubject:  folded\r\n\t and  spaced \r\nTo: x\r\nTo: y\r\n\r\n \t\r\nx \t y \r\n\r\n\r\n",
    b"From: a@b.example\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n\r\n",
    b"From: \xc3\xbc <a@b.example>\r\nX-Long: " + b"y" * 5000 + b"\r\n\r\n" + b"z" * 200000 + b"\r\nno end",
    b"From: a@b.example\r\n\r\n.\r\n..\r\n\x00\xff\r\n",
)


def test_signatures_are_read_by_another_implementation(build):
    home = tempfile.mkdtemp(prefix="fwd-dkim.")
    try:
        key = os.path.join(home, "rsa.pem")
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out", key],
                       check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", key, "-pubout", "-outform", "DER"], check=True,
                                capture_output=True).stdout
        seed = os.path.join(home, "seed")
        with open(seed, "wb") as file:
            file.write(base64.b64decode(ED25519_SEED))
        records = os.path.join(home, "records")
        with open(records, "w") as file:
            file.write(f"r._domainkey.b.example v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}\n"
                       f"e._domainkey.b.example v=DKIM1; k=ed25519; p={ED25519_PUBLIC}\n")
        tool = os.path.join(build, "tests/live/mailauth-probe")
        for message in MESSAGES:
            for selector, algorithm, file in (("r", "rsa", key), ("e", "ed25519", seed)):
                done = subprocess.run([tool, "sign", "b.example", selector, algorithm, file], input=message,
                                      capture_output=True, check=True)
                signed = done.stdout
                for text, good in ((signed, True), (b"From: evil@b.example\r\n" + signed, False),
                                   (signed + b"more\r\n", False)):
                    read = subprocess.run(["/usr/bin/python3", "-c", READER, records], input=text,
                                          capture_output=True)
                    assert (read.returncode == 0) == good, (algorithm, good, text[:500], read.stderr[-500:])
    finally:
        shutil.rmtree(home)


SIGNER = """
import base64, json, sys, dkim
message = sys.stdin.buffer.read()
for line in open(sys.argv[1]):
    kind, selector, file, header, body, length = line.split()
    made = dkim.sign(message, selector.encode(), b"b.example", open(file, "rb").read(),
                     canonicalize=(header.encode(), body.encode()), length=length == "yes",
                     signature_algorithm=kind.encode())
    print(base64.b64encode(made).decode())
"""

CHAIN_SIGNER = """
import sys, dkim
domain, selector, file = sys.argv[1:4]
message = sys.stdin.buffer.read()
made = dkim.arc_sign(message, selector.encode(), domain.encode(), open(file, "rb").read(),
                     ("mx." + domain).encode(), timestamp=1528637909)
sys.stdout.buffer.write(b"".join(made) + message)
"""

CHAIN_READER = """
import sys, dkim
records = dict(line.split(" ", 1) for line in open(sys.argv[1]).read().splitlines())
found = lambda name, timeout=5: records.get(name.decode().rstrip("."), "").encode()
verdict, sets, why = dkim.arc_verify(sys.stdin.buffer.read(), dnsfunc=found)
print((verdict or b"none").decode())
"""


@contextlib.contextmanager
def keys():
    """The files of an RSA key and an Ed25519 seed (also in base64, as dkimpy
    wants it), and the records of b.example, c.example and d.example."""
    home = tempfile.mkdtemp(prefix="fwd-dkim.")
    try:
        paths = {name: os.path.join(home, name) for name in ("rsa", "seed", "seed64", "records")}
        subprocess.run(["openssl", "genpkey", "-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048", "-out",
                        paths["rsa"]], check=True, capture_output=True)
        public = subprocess.run(["openssl", "pkey", "-in", paths["rsa"], "-pubout", "-outform", "DER"], check=True,
                                capture_output=True).stdout
        with open(paths["seed"], "wb") as file:
            file.write(base64.b64decode(ED25519_SEED))
        with open(paths["seed64"], "w") as file:
            file.write(ED25519_SEED)
        with open(paths["records"], "w") as file:
            for domain in ("b.example", "c.example", "d.example"):
                file.write(f"r._domainkey.{domain} v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}\n"
                           f"e._domainkey.{domain} v=DKIM1; k=ed25519; p={ED25519_PUBLIC}\n")
        yield paths
    finally:
        shutil.rmtree(home)


def filtered(command, text):
    done = subprocess.run(command, input=text, capture_output=True)
    assert done.returncode == 0, (command[:3], done.stderr[-2000:])
    return done.stdout


def test_signatures_of_another_implementation_are_verified(build):
    tool = os.path.join(build, "tests/live/mailauth-probe")
    with keys() as paths:
        def verdicts(text):
            return [one["verdict"] for one in json.loads(filtered([tool, "verify", paths["records"]], text))["dkim"]]

        cases = [(kind, selector, paths[file], header, body, length)
                 for kind, selector, file in (("rsa-sha256", "r", "rsa"), ("ed25519-sha256", "e", "seed64"))
                 for header in ("simple", "relaxed") for body in ("simple", "relaxed") for length in ("no", "yes")]
        wishes = os.path.join(os.path.dirname(paths["rsa"]), "wishes")
        with open(wishes, "w") as file:
            file.writelines(" ".join(case) + "\n" for case in cases)
        for message in MESSAGES[:3] + MESSAGES[4:]:
            fields = filtered(["/usr/bin/python3", "-c", SIGNER, wishes], message).split()
            assert len(fields) == len(cases)
            for case, field in zip(cases, fields):
                signed = base64.b64decode(field) + message
                told = (case, message[:80])
                assert verdicts(signed) == ["pass"], told
                assert verdicts(b"From: evil@b.example\r\n" + signed) == ["fail"], told
                # l= lets a message grow, and what grew is not vouched for; but a body that was empty ended in a CRLF of its own.
                grows = case[5] == "yes" and (message.partition(b"\r\n\r\n")[2] or case[4] == "relaxed")
                assert verdicts(signed + b"more\r\n") == ["policy" if grows else "fail"], told
            ours = message
            for algorithm, selector, file in (("rsa", "r", "rsa"), ("ed25519", "e", "seed")):
                ours = filtered([tool, "sign", "b.example", selector, algorithm, paths[file]], ours)
            assert verdicts(ours) == ["pass", "pass"], message[:80]


def test_chains_are_exchanged_with_another_implementation(build):
    tool = os.path.join(build, "tests/live/mailauth-probe")
    with keys() as paths:
        def ours(domain, chain, text):
            return filtered([tool, "seal", domain, "r", paths["rsa"], chain, "spf=pass smtp.mailfrom=b.example"], text)

        def theirs(domain, text):
            note = f"Authentication-Results: mx.{domain}; arc=none; spf=pass smtp.mailfrom=b.example\r\n"
            if b"ARC-Seal" in text:
                note = note.replace("arc=none", "arc=pass")
            return filtered(["/usr/bin/python3", "-c", CHAIN_SIGNER, domain, "r", paths["rsa"]], note.encode() + text)

        def same(text, wanted, instances):
            read = json.loads(filtered([tool, "verify", paths["records"]], text))["arc"]
            assert (read["verdict"], read["instances"]) == (wanted, instances), (read, text[:3000])
            peer = filtered(["/usr/bin/python3", "-c", CHAIN_READER, paths["records"]], text).decode().strip()
            # A chain that says of itself that it failed is none for dkimpy.
            assert peer == wanted or (peer == "none" and b"cv=fail" in text), (peer, read, text[:3000])

        for message in MESSAGES[:3]:
            same(message, "none", 0)
            first = ours("b.example", "none", message)
            same(first, "pass", 1)
            second = theirs("c.example", first)
            same(second, "pass", 2)
            third = ours("d.example", "pass", second + b"footer\r\n")
            same(third, "pass", 3)
            fourth = ours("b.example", "pass", third)
            same(fourth, "pass", 4)
            begun_by_them = theirs("c.example", message)
            same(begun_by_them, "pass", 1)
            same(ours("d.example", "pass", begun_by_them), "pass", 2)
            for broken in (second + b"x\r\n", second.replace(b"mailfrom=b", b"mailfrom=c", 1),
                           b"From: evil@b.example\r\n" + second):
                same(broken, "fail", 2)
            same(ours("d.example", "fail", second + b"x\r\n"), "fail", 3)


main(globals())

"""Logs in by SCRAM-SHA-256, -PLUS (tls-exporter by GnuTLS's or tls-unique's rules) or PLAIN.
   scram_client.py MECHANISM PORT CAFILE ADDRESS   (password on standard input)
PORT is one of IMAP, or smtp:PORT one of submission; both begin with TLS."""

import base64
import hashlib
import hmac
import os
import socket
import ssl
import sys


def reply(lines):
    """One SMTP reply, its lines in one."""
    out = line = lines.readline()
    while line[3:4] == b"-":
        line = lines.readline()
        out += line
    return out


def main():
    mechanism, port, cafile, address = sys.argv[1:5]
    is_smtp = port.startswith("smtp:")
    port = port.removeprefix("smtp:")
    begin, asks = ("AUTH", b"334 ") if is_smtp else ("a AUTHENTICATE", b"+ ")
    password = sys.stdin.read().strip()
    context = ssl.create_default_context(cafile=cafile)
    raw = socket.create_connection(("localhost", int(port)), timeout=30)
    peer = context.wrap_socket(raw, server_hostname="localhost")
    lines = peer.makefile("rb")
    greeting = lines.readline()
    if is_smtp:
        peer.sendall(b"EHLO client.test\r\n")
        greeting = reply(lines).replace(b" ", b" AUTH=")
    assert b"AUTH=" + mechanism.encode() in greeting or mechanism == "PLAIN", greeting
    if mechanism == "PLAIN":
        initial = base64.b64encode(b"\0" + address.encode() + b"\0" + password.encode()).decode()
        peer.sendall(f"{begin} PLAIN {initial}\r\n".encode())
    else:
        binding = b""
        gs2 = b"n,,"
        if mechanism.endswith("-PLUS"):
            certificate = peer.getpeercert(binary_form=True)
            binding = hashlib.sha256(certificate).digest()  # RFC 5929: the certificate is signed with SHA-256
            gs2 = b"p=tls-server-end-point,,"
        nonce = base64.b64encode(os.urandom(18)).decode()
        first_bare = f"n={address.replace('=', '=3D').replace(',', '=2C')},r={nonce}"
        peer.sendall(f"{begin} {mechanism} ".encode() + base64.b64encode(gs2 + first_bare.encode()) + b"\r\n")
        challenge = lines.readline()
        assert challenge.startswith(asks), challenge
        server_first = base64.b64decode(challenge[len(asks):].strip()).decode()
        fields = dict(part.split("=", 1) for part in server_first.split(","))
        assert fields["r"].startswith(nonce)
        salted = hashlib.pbkdf2_hmac("sha256", password.encode(), base64.b64decode(fields["s"]), int(fields["i"]))
        client_key = hmac.digest(salted, b"Client Key", "sha256")
        final_bare = f"c={base64.b64encode(gs2 + binding).decode()},r={fields['r']}"
        message = ",".join((first_bare, server_first, final_bare)).encode()
        signature = hmac.digest(hashlib.sha256(client_key).digest(), message, "sha256")
        proof = bytes(a ^ b for a, b in zip(client_key, signature))
        peer.sendall(base64.b64encode(f"{final_bare},p={base64.b64encode(proof).decode()}".encode()) + b"\r\n")
        answer = lines.readline()
        assert answer.startswith(asks), answer
        server_key = hmac.digest(salted, b"Server Key", "sha256")
        expected = base64.b64encode(hmac.digest(server_key, message, "sha256")).decode()
        assert base64.b64decode(answer[len(asks):].strip()).decode() == "v=" + expected, answer
        peer.sendall(b"\r\n")
    line = lines.readline()
    if is_smtp:
        assert line.startswith(b"235 "), line
        return
    while not line.startswith(b"a "):
        assert line, "the connection closed"
        line = lines.readline()
    assert line.startswith(b"a OK"), line
    peer.sendall(b"b SELECT INBOX\r\n")
    while not line.startswith(b"b "):
        line = lines.readline()
    assert line.startswith(b"b OK"), line


main()

"""Hands messages in at the door as whoever runs it (fwd-smtpd's user); prints as
JSON the queue's id of each, or the fault.   send_client.py SOCKET ADDRESS PASSWORD TO...
Speaks the frames of src/rpc/frame.h and the messages of src/rpc/wire."""

import json
import os
import socket
import struct
import sys

HELLO, REQUEST, REPLY, FAILURE = 1, 2, 3, 4
LOG_IN_TO_SEND, SUBMIT = 701, 705
SENDER = 1  # the object's number


def varint(number):
    out = b""
    while number > 127:
        out += bytes([number & 127 | 128])
        number >>= 7
    return out + bytes([number])


def text(field, value):
    value = value.encode()
    return varint(field << 3 | 2) + varint(len(value)) + value


class Door:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        self.socket.connect(path)
        self.reader = self.socket.makefile("rb")
        self.calls = 0
        self.send(HELLO, 0, b"\x08\x01")
        assert self.read()[0] == HELLO

    def send(self, kind, call, payload):
        self.socket.sendall(struct.pack(">IIB", 5 + len(payload), call, kind) + payload)

    def read(self):
        length, call, kind = struct.unpack(">IIB", self.reader.read(9))
        return kind, call, self.reader.read(length - 5)

    def ask(self, verb, head, *pieces):
        """The answer's message, or the fault's number."""
        self.calls += 1
        sizes = struct.pack(">II", len(head), len(pieces)) + b"".join(struct.pack(">I", len(p)) for p in pieces)
        self.send(REQUEST, self.calls, struct.pack(">HIB", verb, SENDER, 0) + sizes + head + b"".join(pieces))
        kind, call, payload = self.read()
        assert call == self.calls and kind in (REPLY, FAILURE), (kind, call)
        return payload[1] if kind == FAILURE else payload[8:]


def main():
    path, address, password, *recipients = sys.argv[1:]
    door = Door(path)
    answer = door.ask(LOG_IN_TO_SEND, text(2, address) + text(3, password))
    results = []
    if isinstance(answer, int):
        results = [answer] * len(recipients)
        recipients = []
    sender = address.replace("*", "robot")
    for number, recipient in enumerate(recipients):
        to = text(1, recipient)
        content = f"From: {sender}\r\nTo: {recipient}\r\nSubject: No. {number}\r\n\r\nbody {number}\r\n"
        head = (text(1, f"S{os.getpid()}n{number}") + text(2, sender) + varint(3 << 3 | 2) + varint(len(to)) + to +
                text(12, sender) + text(13, f"<{os.getpid()}.{number}@example.test>") + text(15, f"No. {number}"))
        answer = door.ask(SUBMIT, head, content.encode())
        results.append(answer if isinstance(answer, int) else answer[2:2 + answer[1]].decode())
    print(json.dumps(results))


main()

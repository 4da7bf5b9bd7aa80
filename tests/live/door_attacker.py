"""A daemon that was broken into, at the door: more connections than it may have,
frames that never end, calls without number, verbs of others, addresses without end.
Prints what came of it as JSON.   door_attacker.py SOCKET"""

import json
import socket
import struct
import sys

HELLO, REQUEST, REPLY, FAILURE = 1, 2, 3, 4
GET_USER, DELIVER, FIND_RECIPIENT, STATE_SET = 504, 202, 201, 303


def frame(kind, call, payload=b""):
    return struct.pack(">IIB", 5 + len(payload), call, kind) + payload


def request(call, verb, head=b""):
    return frame(REQUEST, call, struct.pack(">HIB", verb, 0, 0) + struct.pack(">II", len(head), 0) + head)


def field(number, octets):
    size, out = len(octets), bytes([number << 3 | 2])
    while size > 127:
        out, size = out + bytes([size & 127 | 128]), size >> 7
    return out + bytes([size]) + octets


class Caller:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(30)
        self.socket.connect(path)
        self.reader = self.socket.makefile("rb")
        self.say(frame(HELLO, 0, b"\x08\x01"))
        self.greeted = self.read() is not None

    def say(self, octets):
        try:
            self.socket.sendall(octets)
            return True
        except OSError:
            return False

    def read(self):
        try:
            head = self.reader.read(9)
            if len(head) < 9:
                return None
            length, call, kind = struct.unpack(">IIB", head)
            return kind, call, self.reader.read(length - 5)
        except OSError:
            return None

    def close(self):
        self.reader.close()
        self.socket.close()


def ask(caller, call, verb, head):
    caller.say(request(call, verb, head))
    answer = caller.read()
    return None if answer is None else answer[0]


def main():
    path = sys.argv[1]
    told = {}
    callers = [Caller(path) for _ in range(60)]
    told["connections"] = sum(caller.greeted for caller in callers)
    for caller in callers[1:]:
        caller.close()
    one = callers[0]
    told["denied"] = sum(ask(one, call, GET_USER, b"") == FAILURE for call in range(1, 3001))
    told["long address"] = ask(one, 1, FIND_RECIPIENT, field(1, b"a" * 60000 + b"@example.test")) == REPLY
    told["states"] = sum(ask(one, 1, STATE_SET, field(1, b"k%d" % i) + field(2, b"v" * 1000) + b"\x18\x3c") == REPLY
                         for i in range(3000))
    told["targets"] = ask(one, 1, DELIVER, field(1, b"id") + field(4, b"") * 20000) == FAILURE
    # Calls without end on one connection: it is hung up on.
    one.say(b"".join(request(call, DELIVER, field(1, b"x" * 60000)) for call in range(1, 400)))
    one.close()
    # Frames without end on many.
    callers = [Caller(path) for _ in range(20)]
    for caller in callers:
        caller.say(struct.pack(">IIB", 1024 * 1024, 1, REQUEST) + b"x" * 1_000_000)
    told["cut off"] = sum(caller.greeted and not caller.say(b"x" * 10) for caller in callers)
    for octets in (b"\xff" * 100, struct.pack(">IIB", 4, 1, REQUEST), frame(8, 7, b"x"), frame(REPLY, 1), frame(12, 1),
                   frame(REQUEST, 1, struct.pack(">HIB", 303, 0, 255) + bytes(8)),
                   frame(REQUEST, 1, struct.pack(">HIB", 202, 0, 0) + b"\xff" * 8),
                   frame(REQUEST, 1, struct.pack(">HIB", 202, 0, 0) + struct.pack(">II", 0, 3) + b"\xff" * 12)):
        caller = Caller(path)
        caller.say(octets)
        caller.close()
    print(json.dumps(told))


main()

"""Claims messages at the door, one at a time, as whoever runs it (fwd-smtp-bree's
user); prints as JSON the milliseconds of each.   claim_client.py SOCKET COUNT
Speaks the frames of src/rpc/frame.h."""

import json
import socket
import struct
import sys
import time

HELLO, REQUEST, REPLY = 1, 2, 3
CLAIM = 801
# wire::ClaimQuestion: "bench", one, leased for a second, no waiting, 1000 a destination
QUESTION = b"\x0a\x05bench\x10\x01\x18\x01\x20\x00\x28\xe8\x07"


def frame(kind, call, payload):
    return struct.pack(">IIB", 5 + len(payload), call, kind) + payload


def read(reader):
    length, call, kind = struct.unpack(">IIB", reader.read(9))
    return kind, call, reader.read(length - 5)


def main():
    path, count = sys.argv[1], int(sys.argv[2])
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.settimeout(60)
    door.connect(path)
    reader = door.makefile("rb")
    door.sendall(frame(HELLO, 0, b"\x08\x01"))
    assert read(reader)[0] == HELLO
    times = []
    for call in range(1, count + 1):
        begun = time.monotonic()
        door.sendall(frame(REQUEST, call, struct.pack(">HIBII", CLAIM, 0, 0, len(QUESTION), 0) + QUESTION))
        kind, answered, payload = read(reader)
        times.append((time.monotonic() - begun) * 1000)
        assert kind == REPLY and answered == call and len(payload) > 100, (kind, payload)
    print(json.dumps(times))


main()

"""Tries every verb at the door as whoever runs it; prints {verb: fault} as JSON,
fault 0 for a question that was answered.   door_client.py SOCKET VERB...
Speaks the frames of src/rpc/frame.h, each request with an empty message."""

import json
import socket
import struct
import sys

HELLO, REQUEST, REPLY, FAILURE, BATCH, END = 1, 2, 3, 4, 5, 6
STREAMS = (609, 610)
NEW_OBJECT = (101, 102, 701, 702, 704)


def object_for(verb, number):
    """A number not in use, one that was never logged in, or none."""
    if verb in NEW_OBJECT:
        return 1000 + number
    return 77 if verb == 103 or 600 <= verb < 800 else 0


def frame(kind, call, payload=b""):
    return struct.pack(">IIB", 5 + len(payload), call, kind) + payload


def read_frame(reader):
    head = reader.read(9)
    if len(head) < 9:
        raise EOFError
    length, call, kind = struct.unpack(">IIB", head)
    return kind, call, reader.read(length - 5)


def fault_of(payload):
    assert payload[:1] == b"\x08", payload  # field 1 of wire::Failed, a small number
    return payload[1]


def main():
    path, verbs = sys.argv[1], [int(verb) for verb in sys.argv[2:]]
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    door.settimeout(30)
    door.connect(path)
    reader = door.makefile("rb")
    try:
        door.sendall(frame(HELLO, 0, b"\x08\x01"))
        kind, _, _ = read_frame(reader)
    except (EOFError, OSError):
        print(json.dumps("refused"))
        return
    assert kind == HELLO, kind
    answers = {}
    for number, verb in enumerate(verbs, 1):
        credit = 1 if verb in STREAMS else 0
        header = struct.pack(">HIB", verb, object_for(verb, number), credit)
        door.sendall(frame(REQUEST, number, header + struct.pack(">II", 0, 0)))
        while True:
            kind, call, payload = read_frame(reader)
            if call == number and kind in (REPLY, END, FAILURE):
                break
        answers[verb] = fault_of(payload) if kind == FAILURE else 0
    print(json.dumps(answers))


main()

#!/usr/bin/env python3
"""make_seeds.py DRIVER FOLDER: writes what can be made into seeds for a driver.

smtp_session, imap_session, imap_parser: what the clients of tests/talks say.
door: frames, one promise a file; corpus/door was made so (doc of the format:
src/rpc/frame.h, src/rpc/parcel.h, src/rpc/wire/*.proto).
"""
import pathlib
import re
import struct
import sys

TALKS = pathlib.Path(__file__).resolve().parent.parent / "talks"


def unescape(text):
    return re.sub(
        rb"\\(x[0-9A-Fa-f]{2}|[rn0\\])",
        lambda m: {b"r": b"\r", b"n": b"\n", b"0": b"\0", b"\\": b"\\"}.get(m[1])
        or bytes.fromhex(m[1][1:].decode()),
        text,
    )


def client_lines(talk):
    said = b""
    for line in talk.read_bytes().split(b"\n"):
        found = re.match(rb"C1?(-?): (.*)", line)
        if found:
            said += unescape(found[2]) + (b"" if found[1] else b"\r\n")
    return said


def talk_seeds(protocol):
    return {talk.stem: client_lines(talk) for talk in sorted((TALKS / protocol).glob("*.talk"))}


def parser_seeds():
    seeds = {}
    for name, said in talk_seeds("imap").items():
        for number, line in enumerate(said.split(b"\r\n")):
            words = line.split(b" ")
            skip = 3 if len(words) > 2 and words[1].upper() == b"UID" else 2
            if len(words) > skip:
                rest = b" " + b" ".join(words[skip:])
                seeds[f"{name}-{number}"] = rest
                # What FETCH reads begins behind the set.
                seeds[f"{name}-{number}-tail"] = b" ".join(words[skip + 1 :])
    return seeds


# --- frames -----------------------------------------------------------------


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def message(**fields):
    """A protobuf message: f1=b"octets", f2=7."""
    out = b""
    for name, value in fields.items():
        number = int(name[1:])
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, int):
                out += varint(number << 3) + varint(one)
            else:
                out += varint(number << 3 | 2) + varint(len(one)) + one
    return out


def frame(kind, call, payload):
    return struct.pack(">IIB", len(payload) + 5, call, kind) + payload


def request(call, verb, head, pieces=(), obj=0, credit=0):
    table = struct.pack(">II", len(head), len(pieces))
    table += b"".join(struct.pack(">I", len(piece)) for piece in pieces)
    octets = head + b"".join(pieces)
    header = struct.pack(">HIB", verb, obj, credit)
    if len(octets) <= 64 * 1024:
        return frame(2, call, header + table + octets)
    return frame(2, call, header + table) + b"".join(
        frame(8, call, octets[at : at + 65536]) for at in range(0, len(octets), 65536)
    )


def door_seeds():
    hello = frame(1, 0, message(f1=1))
    mxd, imapd, root = b"\x00", b"\x02", b"\x09"
    context = message(f1=b"imap", f2=b"192.0.2.1", f3=b"s1")
    login = request(1, 101, message(f1=context, f2=b"hello@example.test", f3=b"secret"), obj=7)
    outline = message(f2=b"(NIL)", f3=b"()", f4=b"()", f5=b"", f6=b"hi", f9=5)
    packed = message(f1=5, f2=outline, f3=message(f1=0, f2=5), f4=[b"a@b"], f5=b"hi")
    target = message(f1=b"0" * 24, f4=packed)
    uids = message(f1=b"\x01\x0a")  # packed: 1 to 10
    seeds = {
        "hello": imapd + hello,
        "login": imapd + hello + login,
        "scram": imapd + hello
        + request(1, 102, message(f1=context, f2=b"n,,n=hello,r=abc", f3=1), obj=3)
        + request(2, 103, message(f1=b"c=biws,r=abc,p=AA==", f2=b""), obj=3),
        "deliver": mxd + hello
        + request(1, 201, message(f1=b"hello@example.test"))
        + request(2, 202, message(f1=b"ID1", f2=b"192.0.2.1", f4=target), [b"\0hello"]),
        "journal": mxd + hello
        + request(1, 401, message(f2=5, f3=b"smtp.in", f4=b"ID1", f7=message(f1=b"k", f2=b"v"))),
        "operator": root + hello
        + request(1, 501, message(f1=b'{"email":"a@b.example"}'))
        + request(2, 509, message(f1=b"0" * 24))
        + request(3, 513, message(f1=b"0" * 24, f2=b"new password"))
        + request(4, 402, message(f8=10), credit=2)
        + request(5, 514, b""),
        "state": root + hello
        + request(1, 304, message(f1=b"k", f2=b"v", f3=60))
        + request(2, 301, message(f1=b"n", f2=2, f3=60))
        + request(3, 306, message(f1=b"l", f2=b"o", f3=60)),
        "cancel-release": imapd + hello + login + request(2, 616, b"", obj=7)
        + frame(10, 2, b"") + frame(11, 0, struct.pack(">I", 7)),
    }
    mailbox = imapd + hello + login
    folder = {
        601: b"", 602: message(f1=b"INBOX"), 603: message(f1=b"a/b", f2=0), 604: message(f1=b"a"),
        605: message(f1=b"a", f2=b"b"), 606: message(f1=b"a", f2=1), 607: message(f1=1, f2=1),
        608: message(f1=1, f2=1, f3=uids), 611: message(f1=1, f2=uids, f3=1, f4=message(f1=1)),
        612: message(f1=1, f2=uids), 614: message(f1=1, f2=uids, f3=b"Trash"),
        615: message(f1=1, f2=uids, f3=b"Trash"), 616: b"",
    }
    seeds["folders"] = mailbox + b"".join(
        request(number, verb, head, obj=7) for number, (verb, head) in enumerate(folder.items(), 2)
    )
    seeds["fetch"] = (
        mailbox
        + request(2, 609, message(f1=1, f2=uids, f3=0xFFFF), obj=7, credit=1)
        + request(3, 610, message(f1=1, f2=1, f4=100), obj=7, credit=2)
        + frame(7, 2, struct.pack(">I", 1))
    )
    new = message(f1=message(f1=1, f2=[b"$Forwarded"]), f2=5, f3=packed)
    seeds["append"] = mailbox + request(2, 613, message(f1=b"INBOX", f2=new), [b"\0hello"], obj=7)
    seeds["upload"] = mailbox + request(
        2, 613, message(f1=b"INBOX", f2=new), [b"\0" + b"x" * 70000], obj=7
    )
    return seeds


def main():
    driver, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    seeds = {}
    if driver in ("smtp_session", "imap_session"):
        seeds = talk_seeds(driver.split("_")[0])
    elif driver == "imap_parser":
        seeds = parser_seeds()
    elif driver == "door":
        seeds = door_seeds()
    folder.mkdir(parents=True, exist_ok=True)
    for name, octets in seeds.items():
        (folder / name).write_bytes(octets)


main()

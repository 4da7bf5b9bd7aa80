"""A deterministic corpus of messages, ordinary and odd, as bytes with CRLF."""

import base64
import quopri
import random

WORDS = ("alpha bravo charlie delta echo foxtrot golf hotel india juliett kilo lima mike november "
         "oscar papa quebec romeo sierra tango uniform victor whiskey xray yankee zulu").split()


def text(rng, octets):
    out = []
    size = 0
    while size < octets:
        line = " ".join(rng.choice(WORDS) for _ in range(rng.randint(3, 12)))
        out.append(line)
        size += len(line) + 2
    return "\r\n".join(out)


def header(rng, n, extra=()):
    day = 1 + n % 28
    lines = [f"From: Sender {n} <s{n % 17}@elsewhere.test>", "To: hello@example.test",
             f"Subject: {text(rng, 30).splitlines()[0]} {n}",
             f"Date: Mon, {day:02d} Jun 2026 {n % 24:02d}:{n % 60:02d}:00 +0200",
             f"Message-ID: <m{n}@elsewhere.test>"]
    if n % 5 == 4:
        lines.append(f"In-Reply-To: <m{n - 1}@elsewhere.test>")
    return "\r\n".join([*lines, *extra]) + "\r\n"


def plain(rng, n):
    return (header(rng, n) + "\r\n" + text(rng, rng.randint(100, 4000)) + "\r\n").encode()


def eight_bit(rng, n):
    return (header(rng, n, ("MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
                            "Content-Transfer-Encoding: 8bit")) +
            "\r\nGrüße aus Köln, 東京, Ελλάδα 🌍\r\n").encode()


def encoded_words(rng, n):
    return ("From: =?utf-8?q?J=C3=BCrgen?= <j@elsewhere.test>\r\nTo: hello@example.test\r\n"
            f"Subject: =?utf-8?b?{base64.b64encode('Übung macht den Meister'.encode()).decode()}?=\r\n"
            f"Message-ID: <e{n}@elsewhere.test>\r\n\r\nbody\r\n").encode()


def attachment(rng, n):
    blob = rng.randbytes(rng.choice((10, 3000, 70000, 200000)))
    coded = base64.encodebytes(blob).replace(b"\n", b"\r\n").decode()
    return (header(rng, n, ("MIME-Version: 1.0", 'Content-Type: multipart/mixed; boundary="b=1"')) +
            "\r\npreamble\r\n--b=1\r\nContent-Type: text/plain\r\n\r\n" + text(rng, 300) +
            "\r\n--b=1\r\nContent-Type: application/octet-stream; name*=utf-8''%e2%82%ac.bin\r\n"
            "Content-Transfer-Encoding: base64\r\nContent-Disposition: attachment\r\n\r\n" + coded +
            "\r\n--b=1--\r\nepilogue\r\n").encode()


def alternative(rng, n):
    lines = text(rng, 500).replace("\r\n", "\n")  # encodestring() takes a bare LF for the line's end
    html = quopri.encodestring(("<p>" + lines + "ü</p>").encode()).replace(b"\n", b"\r\n").decode()
    return (header(rng, n, ("MIME-Version: 1.0", "Content-Type: multipart/alternative; boundary=x")) +
            "\r\n--x\r\n\r\nplain\r\n--x\r\nContent-Type: text/html; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + html + "\r\n--x--\r\n").encode()


def forwarded(rng, n):
    inner = (header(rng, n + 100000) + "\r\n" + text(rng, 200) + "\r\n")
    return (header(rng, n, ("MIME-Version: 1.0", "Content-Type: multipart/digest; boundary=d")) +
            "\r\n--d\r\n\r\n" + inner + "--d\r\nContent-Type: message/rfc822\r\n\r\n" + inner +
            "--d--\r\n").encode()


def broken_boundary(rng, n):
    return (header(rng, n, ("Content-Type: multipart/mixed; boundary=never",)) +
            "\r\nno boundary is ever seen\r\n").encode()


def nested(rng, n):
    depth = 30
    out = header(rng, n, ("MIME-Version: 1.0",))
    for i in range(depth):
        out += f'Content-Type: multipart/mixed; boundary="l{i}"\r\n\r\n--l{i}\r\n'
    out += "\r\nthe core\r\n"
    for i in reversed(range(depth)):
        out += f"--l{i}--\r\n"
    return out.encode()


def no_header(rng, n):
    return f"\r\nonly a body {n}\r\n".encode()


def header_only(rng, n):
    return header(rng, n).encode()


def long_lines(rng, n):
    return header(rng, n).encode() + b"\r\n" + b"x" * 20000 + b"\r\n" + b"." + b"y" * 990 + b"\r\n..\r\n.\x20\r\n"


def folded(rng, n):
    return ("From: a@elsewhere.test\r\nSubject: a\r\n b\r\n\tc\r\nTo: (comment (nested)) \"q, uoted\" <x@y.test>,\r\n"
            f" group: a@b.test, c@d.test;\r\nMessage-ID: <f{n}@elsewhere.test>\r\nX-Empty:\r\n"
            f"X-Folded:{' ' * 200}\r\n end\r\n\r\nbody\r\n").encode()


def raw_octets(rng, n):
    body = bytes(b for b in rng.randbytes(2000) if b not in (0, 10, 13))
    return header(rng, n).encode() + b"\r\n" + body + b"\r\n"


KINDS = (plain, plain, plain, plain, eight_bit, encoded_words, attachment, alternative, forwarded,
         broken_boundary, nested, no_header, header_only, long_lines, folded, raw_octets)


def messages(count, seed=1):
    rng = random.Random(seed)
    for n in range(count):
        yield KINDS[n % len(KINDS)](rng, n)


if __name__ == "__main__":
    import sys
    for number, message in enumerate(messages(int(sys.argv[1]))):
        with open(f"{sys.argv[2]}/{number:06d}.eml", "wb") as out:
            out.write(message)

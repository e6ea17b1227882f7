"""Sound files made unsound, in the grammar of each: bytes, lines, fields, YAML nodes, tokens that have hurt others."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]

MARKS = (
    b"\xef\xbb\xbf",
    b"\xff\xfe",
    b"\xfe\xff",
    b"\0",
    b"\x1b[31m",
    b"\x85",
    b"\xe2\x80\xae",
    b"\xed\xa0\x80",
    b"\xf0\x9f\x92\xa9",
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\t",
    b'"',
    b"'",
    b'""',
    b",",
    b";",
    b"|",
    b"#",
    b"\\",
)
NUMBERS = (
    b"1e999",
    b"-1",
    b"-0",
    b"0",
    b"1000000000",
    b"9" * 31,
    b"9" * 5000,
    b"1/0",
    b"NaN",
    b"inf",
    b"0x10",
    b"0o17",
    b"1_000",
    b"1:30:00",
    b"67,90",
    b"\xd9\xa3",
    b"\xef\xbc\x99",
    b"\xc2\xb2",
    b"1e-400",
    b"00012",
)
WORDS = (
    b"=cmd|'/C calc'!A0",
    b"@SUM(1)",
    b"+1",
    b"../../etc/passwd",
    b"/dev/zero",
    b"<script>alert(1)</script>",
    b"${jndi:ldap://x}",
    b"{{7*7}}",
    b"%s%n%x",
    b"NR",
    b"NE",
    b"NA",
    b"true",
    b"null",
    b"~",
    b"",
    b" ",
    b"__class__",
    b"2020-13-45",
    b"2015-09",
    b"OS",
    b"EFS",
    b"survival",
    b"median",
    b"percent",
    b"month",
)
YAML = (
    b"!!python/object/apply:os.system ['id']",
    b"!!python/object:helpers.study.Study {}",
    b"!!binary |\n  AAAA\n",
    b"!!set {a, b}",
    b"!!omap [a: 1]",
    b"!x y",
    b"&a [1, 2]",
    b"*a",
    b"<<: {n: 1}",
    b"<<: *a",
    b"? [a, b]\n: c",
    b"---\n",
    b"...\n",
    b"%YAML 9.9\n---\n",
    b"{a: {b: {c: [",
    b"- - - - -",
    b"|\n  text\n",
    b">-\n  text\n",
    b": ",
    b"? ",
    b"[" * 60,
    b"{" * 60,
    b"[" * 13 + b"]" * 13,
    b'"\\x00"',
    b'"\\ud800"',
    b'"\\U0010ffff"',
    b"2001-12-14t21:59:43.10-05:00",
    b"0b1",
    b"685_230.15",
    b".inf",
    b"=",
    b"1.96",
    b"yes",
)
LAUGHS = b"a: &a [x, x, x, x, x, x, x, x, x]\n" + b"".join(
    b"%c: &%c [%s]\n" % (new, new, b", ".join([b"*%c" % old] * 9))
    for old, new in zip(b"abcdefgh", b"bcdefghi", strict=True)
)


def _place(data: bytes, rng: random.Random) -> int:
    return rng.randint(0, len(data))


def flip(data: bytes, rng: random.Random) -> bytes:
    """A few bits flipped."""
    changed = bytearray(data)
    for _ in range(rng.randint(1, 8)):
        if changed:
            changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


def noise(data: bytes, rng: random.Random) -> bytes:
    """Random bytes put in."""
    at = _place(data, rng)
    return data[:at] + rng.randbytes(rng.randint(1, 12)) + data[at:]


def cut(data: bytes, rng: random.Random) -> bytes:
    """A stretch taken out, or the end cut off."""
    first, last = sorted((_place(data, rng), _place(data, rng)))
    return data[:first] + (data[last:] if rng.random() < 0.7 else b"")


def token(data: bytes, rng: random.Random) -> bytes:
    """A mark, number, word or piece of YAML put in somewhere."""
    at = _place(data, rng)
    return data[:at] + rng.choice(rng.choice((MARKS, NUMBERS, WORDS, YAML))) + data[at:]


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def doubled_line(data: bytes, rng: random.Random) -> bytes:
    """A line that stands twice or many times."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    return b"\n".join(lines[:at] + [lines[at]] * rng.choice((2, 2, 2, 3, 40)) + lines[at + 1 :])


def swapped_lines(data: bytes, rng: random.Random) -> bytes:
    """Two lines exchanged."""
    lines = _lines(data)
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def lost_line(data: bytes, rng: random.Random) -> bytes:
    """A line left out."""
    lines = _lines(data)
    del lines[rng.randrange(len(lines))]
    return b"\n".join(lines)


def swapped_fields(data: bytes, rng: random.Random) -> bytes:
    """Two fields of a line exchanged."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    fields = lines[at].split(b",")
    i, j = rng.randrange(len(fields)), rng.randrange(len(fields))
    fields[i], fields[j] = fields[j], fields[i]
    lines[at] = b",".join(fields)
    return b"\n".join(lines)


def replaced_field(data: bytes, rng: random.Random) -> bytes:
    """A field of a line replaced by a token, a repetition of itself, or a quoted mess."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    fields = lines[at].split(b",")
    i = rng.randrange(len(fields))
    word = rng.choice(rng.choice((MARKS, NUMBERS, WORDS)))
    fields[i] = rng.choice((word, word, fields[i] * 2, b'"' + word + b'"', b'"' + word, fields[i] + word))
    lines[at] = b",".join(fields)
    return b"\n".join(lines)


def replaced_value(data: bytes, rng: random.Random) -> bytes:
    """The value behind a colon replaced by a token or a piece of YAML."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    key, colon, _ = lines[at].partition(b":")
    lines[at] = key + (colon or b":") + b" " + rng.choice(rng.choice((NUMBERS, WORDS, YAML)))
    return b"\n".join(lines)


def renamed_key(data: bytes, rng: random.Random) -> bytes:
    """The key before a colon replaced, or indented otherwise."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    key, colon, value = lines[at].partition(b":")
    blanks = b" " * rng.choice((0, 1, 2, 3, 8))
    lines[at] = blanks + rng.choice((key.strip(), rng.choice(WORDS), rng.choice(YAML))) + colon + value
    return b"\n".join(lines)


def laughs(data: bytes, rng: random.Random) -> bytes:
    """A billion laughs in front, behind, or as a whole."""
    return rng.choice((LAUGHS + data, data + b"\n" + LAUGHS, LAUGHS))


def nested(data: bytes, rng: random.Random) -> bytes:
    """A value nested deeply, closed or not."""
    depth, at = rng.choice((5, 12, 13, 14, 200, 2000)), _place(data, rng)
    opened, closed = rng.choice(((b"[", b"]"), (b"{a: ", b"}"), (b"- ", b"")))
    return data[:at] + opened * depth + (closed * depth if rng.random() < 0.7 else b"") + data[at:]


def long_field(data: bytes, rng: random.Random) -> bytes:
    """A field of up to a million characters."""
    size, at = rng.choice((201, 1001, 10_001, 10_001, 131_073, 1_000_000)), _place(data, rng)
    return data[:at] + rng.choice((b"x", b"9", b"\xe7\x97\x85", b"1,", b"a ", b'""')) * size + data[at:]


def many_lines(data: bytes, rng: random.Random) -> bytes:
    """A line, thousands of times."""
    lines = _lines(data)
    return data + b"\n" + b"\n".join([lines[-2 if len(lines) > 1 else 0]] * rng.choice((300, 3000, 12_000)))


COMMON: tuple[Mutation, ...] = (flip, noise, cut, token, doubled_line, swapped_lines, lost_line)
RARE: tuple[Mutation, ...] = (long_field, many_lines)
IN_YAML: tuple[Mutation, ...] = (*COMMON, replaced_value, replaced_value, renamed_key, laughs, nested)
IN_TABLES: tuple[Mutation, ...] = (*COMMON, swapped_fields, replaced_field, replaced_field)
ANYWHERE = COMMON


def mutated(data: bytes, mutations: tuple[Mutation, ...], rng: random.Random, rare: float = 0.004) -> bytes:
    """One to four mutations, one after another; now and then one of the sizes that hurt."""
    for _ in range(rng.choice((1, 1, 1, 1, 2, 2, 4))):
        data = rng.choice(mutations)(data, rng)
    return rng.choice(RARE)(data, rng) if rng.random() < rare else data

"""Passes of wrong form. The signatures hold, so that the form alone is what is wrong."""

from mj1 import *


def longer(item):
    """An item whose head is longer than it needs to be."""
    additional = item[0] & 0x1F
    width = 1 << additional - 24 if additional > 23 else 0
    argument = item[1:1 + width] or bytes([additional])
    return bytes([item[0] & 0xE0 | max(additional + 1, 24)]) + argument.rjust(2 * width or 1, b"\0") + item[1 + width:]


def longer_value(members, n):
    """A map whose n-th value has a head longer than it needs to be."""
    key, value = in_order(members)[n]
    return {**members, key: Raw(longer(cbor(value)))}


def longer_key(members):
    (key, value), *others = in_order(members)
    return Pairs([(Raw(longer(cbor(key))), value), *others])


# A map with one fault. What is not said here stays as it was.
MAP_FAULTS = {
    "a member twice": lambda members: Pairs(in_order(members)[:1] + in_order(members)),
    "members out of order": lambda members: Pairs(reversed(in_order(members))),
    "a longer key than needed": longer_key,
    "a longer length than needed": lambda members: Raw(longer(cbor(members))),
    "an indefinite length": lambda members: Raw(b"\xbf" + cbor(members)[1:] + b"\xff"),
    "an array in its place": lambda members: [item for member in in_order(members) for item in member],
    "a tag around it": lambda members: Tag(18, members),
    "null in its place": lambda _: Raw(b"\xf6"),
}
# These end the bytes in which a map stands.
BYTES_FAULTS = MAP_FAULTS | {
    "a byte after the end": lambda members: Raw(cbor(members) + b"\0"),
    "cut short": lambda members: Raw(cbor(members)[:-1]),
    "no bytes": lambda _: Raw(b""),
    "an empty map": lambda _: {},
    "a text as key": lambda members: {**members, "x": 1},
    "a byte string as key": lambda members: {**members, b"x": 1},
    "true as key": lambda members: {**members, Raw(b"\xf5"): 1},
    "a key of 2^53": lambda members: {**members, 2**53: 1},
}
# Values that stand in no pass, not even under a key that is ignored.
VALUES = {
    "null": "f6", "undefined": "f7", "simple value 16": "f0", "simple value 255": "f8ff", "break": "ff", "reserved head": "1c",
    "half float": "f93c00", "float": "fa3fc00000", "double": "fb3ff199999999999a", "NaN": "f97e00",
    "float in a map": "a100f93c00", "null in an array": "81f6",
    "tag 0": "c06161", "tag 18": "d280", "tag 24": "d8184100", "bignum": "c249010000000000000000",
    "longer integer": "1800", "longer negative integer": "3900ff", "longer text": "780161", "longer byte string": "580100",
    "longer array": "9800", "longer map": "b800", "indefinite array": "9fff", "indefinite map": "bfff",
    "indefinite text": "7f6161ff", "indefinite byte string": "5f4100ff",
    "2^53": "1b0020000000000000", "2^64 - 1": "1bffffffffffffffff",
    "map out of order": "a202000100", "map with a key twice": "a201000100",
    "arrays to a depth of 9": "81" * 7 + "80", "maps to a depth of 9": "a100" * 7 + "a0",
    "4 G items announced": "9affffffff", "2^64 - 1 bytes announced": "5b" + "ff" * 8,
}
# The frame around protected header p, payload m and signature s.
FRAMES = {
    "no tag": sign1_array,
    "tag 17": lambda *parts: Tag(17, sign1_array(*parts)),
    "tag 18 twice": lambda *parts: Tag(18, sign1_tagged(*parts)),
    "tag 61 around it": lambda *parts: Tag(61, sign1_tagged(*parts)),
    "a longer tag than needed": lambda *parts: Raw(b"\xd8\x12" + cbor(sign1_array(*parts))),
    "a longer array length than needed": lambda *parts: Raw(b"\xd2" + longer(cbor(sign1_array(*parts)))),
    "an indefinite array": lambda *parts: Raw(b"\xd2\x9f" + cbor(sign1_array(*parts))[1:] + b"\xff"),
    "an indefinite payload": lambda p, m, s: sign1_tagged(p, Raw(b"\x5f" + cbor(m) + b"\xff"), s),
    "a longer signature length than needed": lambda p, m, s: sign1_tagged(p, m, Raw(b"\x59\x00\x40" + s)),
    "three parts": lambda *parts: Tag(18, sign1_array(*parts)[:3]),
    "five parts": lambda *parts: Tag(18, sign1_array(*parts) + [b""]),
    "a map instead of the array": lambda *parts: Tag(18, dict(enumerate(sign1_array(*parts)))),
    "a byte string instead of the array": lambda *parts: Tag(18, cbor(sign1_array(*parts))),
    "a header that is no byte string": lambda p, m, s: sign1_tagged(Raw(p), m, s),
    "a payload that is no byte string": lambda p, m, s: sign1_tagged(p, Raw(m), s),
    "a detached payload": lambda p, m, s: sign1_tagged(p, Raw(b"\xf6"), s),
    "an unprotected alg": lambda p, m, s: Tag(18, [p, {1: -19}, m, s]),
    "an unprotected kid": lambda p, m, s: Tag(18, [p, {4: b"kid!"}, m, s]),
    "an indefinite unprotected header": lambda p, m, s: Tag(18, [p, Raw(b"\xbf\xff"), m, s]),
    "a longer unprotected header": lambda p, m, s: Tag(18, [p, Raw(b"\xb8\x00"), m, s]),
    "an array as unprotected header": lambda p, m, s: Tag(18, [p, [], m, s]),
    "a byte string as unprotected header": lambda p, m, s: Tag(18, [p, b"", m, s]),
    "a signature of 63": lambda p, m, s: sign1_tagged(p, m, s[:63]),
    "a signature of 65": lambda p, m, s: sign1_tagged(p, m, s + b"\0"),
    "no signature": lambda p, m, s: sign1_tagged(p, m, b""),
    "a signature that is a text": lambda p, m, s: sign1_tagged(p, m, "s" * 64),
    "a byte after the end": lambda *parts: Raw(cbor(sign1_tagged(*parts)) + b"\0"),
    "cut short": lambda *parts: Raw(cbor(sign1_tagged(*parts))[:-1]),
}
FLOAT = Raw(b"\xf9\x3c\x00")
# Members of a map, by key, and what is wrong with them. None: not there.
HEADERS = {
    1: {"none": None, "EdDSA": -8, "ES256": -7, "ESP256": -9, "0": 0, "text": "Ed25519"},
    2: {"crit": [1], "empty crit": [], "crit of a known label": [16]},
    16: {"none": None, "0": 0, "text": "application/kb+cwt"},
    3: {"content type": 0}, 5: {"IV": bytes(8)}, 99: {"unknown": 0}, -1: {"unknown": 0},
}
CREDENTIAL_HEADERS = HEADERS | {
    4: {"none": None, "3 bytes": b"kid", "5 bytes": b"kid!!", "text": "kid!", "number": 1},
    13: {"null": Raw(b"\xf6")}, 14: {"unknown": 0},
}
IDX, URI = {"idx": 5}, {"uri": "k:3.12"}
CLAIMS = {
    2: {"none": None, "6 characters": "7K0000", "9 characters": "7K0000000", "bytes": b"7K00000", "number": 7,
        **{f"with {letter}": "7K0000" + letter for letter in "ILOU-*a "}},
    4: {"none": None, "below 0": -1, "text": "1798038000", "2^53": 2**53, "float": FLOAT, "tag 1": Tag(1, EXP)},
    5: {"below 0": -1, "text": "", "2^53": 2**53, "false": False, "tag 1": Tag(1, NBF)},
    65535: {"none": None, "empty": {}, "another kind": {"identifier_list": IDX | URI}, "a second kind": {**status(), "x": 1},
            "array": ["status_list"], "number": 1, "a number as key": {1: IDX | URI}, "no idx": {"status_list": URI},
            "no uri": {"status_list": IDX}, "a third member": {"status_list": IDX | URI | {"x": 1}}, "idx below 0": status(-1),
            "idx a text": status("5"), "idx 2^53": status(2**53), "uri of 8": status(5, "k:3.1234"),
            "uri of bytes": status(5, b"k:3.12")},
    -65537: {"none": None, "array": [1], "number": 1, "day a text": {1: "1"}, "day of bytes": {1: b"1"}, "day true": {1: True},
             "day a float": {1: FLOAT}, "day 2^53": {1: 2**53}, "another's day a text": {1: TODAY, 2: "1"},
             "reference of 7": {1: TODAY, 3: bytes(7)}, "reference of 9": {1: TODAY, 3: bytes(9)},
             "reference a text": {1: TODAY, 3: "12345678"}, "reference a number": {1: TODAY, 3: 1},
             **{f"service {number}": {1: TODAY, number: 0} for number in [0, 4, 31, -1]}},
}
PAYLOADS = {
    3: {"none": None, "bytes": b"E", "number": 1, "array": ["E"],
        **{repr(aud): aud for aud in ["", "e", "X", "EA", " E", "E ", ":", "E:", "E:SH0P123", "E:I", "E:L", "E:O", "E:U",
                                      "E:shop", "E:A:B", "E:A ", "E:-", "entry", "E:가"]}},
    6: {"none": None, "below 0": -1, "text": "0", "float": FLOAT, "tag 1": Tag(1, NOW), "2^53": 2**53},
    39: {"7 bytes": bytes(7), "9 bytes": bytes(9), "text": "12345678", "number": 1},
}
KEY, EC2 = HOLDER.cose_key, P256("holder").cose_key
CNF = {
    "empty": {}, "kid beside the key": {1: KEY, 3: b"kid"}, "kid alone": {3: b"kid"}, "wrapped twice": {1: {1: KEY}},
    "array": [1, KEY], "thumbprint": {1: bytes(32)}, "RSA key": {1: {1: 3, -1: bytes(32), -2: bytes(3)}},
}
COSE_KEYS = {
    1: {"none": None, "0": 0, "EC2": 2, "text": "OKP"}, -1: {"none": None, "P-256": 1, "X25519": 4, "Ed448": 7},
    -2: {"none": None, "31 bytes": bytes(31), "33 bytes": bytes(33), "text": "x" * 32},
    2: {"kid": b"kid"}, 3: {"alg": -19}, 4: {"key_ops": [2]}, -3: {"y": True}, -4: {"private key": bytes(32)},
}
EC2_KEYS = {
    1: {"none": None, "OKP": 1}, -1: {"none": None, "P-384": 2, "Ed25519": 6},
    -2: {"none": None, "33 bytes": b"\x02" + EC2[-2]}, -3: {"none": None, "y in full": bytes(32), "number": 1}, 3: {"alg": -9},
}


def members(table):
    """Every wrong member of a table: its name and the changed member."""
    return [(f"{key}, {name}", {key: value}) for key, faults in table.items() for name, value in faults.items()]


def passes_of_wrong_form():
    """Every fault in every layer that can have it: its name and the pass."""
    layers = {  # where a map stands that fills its bytes
        "printed header": lambda fault: printed(header=fault), "printed claims": lambda fault: printed(claims=fault),
        "credential header": lambda fault: live(header=fault), "credential claims": lambda fault: live(claims=fault),
        "presentation header": lambda fault: live(top=fault), "presentation payload": lambda fault: live(payload=fault)}
    inner = {  # where a map stands in a map
        "cnf": lambda fault: live(claims={8: fault({1: KEY})}), "cose-key": lambda fault: live(claims={8: {1: fault(KEY)}}),
        "P-256 cose-key": lambda fault: live(holder=P256("holder"), claims={8: {1: fault(EC2)}}),
        "status": lambda fault: printed(claims={65535: fault(status())}),
        "status_list": lambda fault: live(claims={65535: {"status_list": fault(status()["status_list"])}}),
        "services": lambda fault: printed(claims={-65537: fault({1: TODAY, 2: TODAY})}),
        "ignored claim": lambda fault: printed(claims={99: fault({1: 1, 2: 2})})}
    for places, faults in [(layers, BYTES_FAULTS), (inner, MAP_FAULTS)]:
        for place, make in places.items():
            for name, fault in faults.items():
                # One member alone is in order, and what a claim is that is ignored does not matter.
                if (place, name) not in [("cnf", "members out of order"), ("status", "members out of order"),
                                         ("ignored claim", "an array in its place")]:
                    yield f"{place}: {name}", make(fault)
    for place, make in {**layers, **inner}.items():
        for n in count():
            try:
                shown = make(lambda members: longer_value(members, n))
            except IndexError:  # has no such member
                break
            yield f"{place}: a longer value {n} than needed", shown
    for name, value in VALUES.items():
        value = Raw(bytes.fromhex(value))
        for place in ["printed claims", "credential claims", "presentation payload"]:
            yield f"{place}: ignored {name}", layers[place]({99: value})
        yield f"services: ignored {name}", printed(claims={-65537: {1: TODAY, 32: value}})
    for name, frame in FRAMES.items():
        yield f"printed: {name}", printed(frame=frame)
        yield f"credential: {name}", live(frame=frame)
        yield f"presentation: {name}", live(outer=frame)
    for name, member in members(CREDENTIAL_HEADERS):
        yield f"printed header: {name}", printed(header=member)
        yield f"credential header: {name}", live(header=member)
    for name, member in members(HEADERS):
        yield f"presentation header: {name}", live(top=member)
    for name, member in members(CLAIMS):
        yield f"printed claims: {name}", printed(claims=member)
        yield f"credential claims: {name}", live(claims=member)
    for name, member in members(PAYLOADS):
        yield f"presentation payload: {name}", live(payload=member)
    for name, cnf in CNF.items():
        yield f"cnf: {name}", live(claims={8: cnf})
    for name, member in members(COSE_KEYS):
        yield f"cose-key: {name}", live(claims={8: {1: changed(KEY, member)}})
    for name, member in members(EC2_KEYS):
        yield f"P-256 cose-key: {name}", live(holder=P256("holder"), claims={8: {1: changed(EC2, member)}})
    yield "presentation header: kid", live(top={4: HANBIT.kid})
    yield "presentation header: alg of Ed25519 for a key of P-256", live(holder=P256("holder"), top={1: -19})
    for name, kcwt in {"bytes": b"", "a map": {}, "a number": 1, "null": Raw(b"\xf6"), "a text": "credential"}.items():
        yield f"kcwt: {name}", live(top={13: kcwt})
    yield "kcwt: a byte string around the credential", live(top=lambda top: {**top, 13: cbor(top[13])})
    yield "kcwt: in an array", live(top=lambda top: {**top, 13: [top[13]]})
    yield "kcwt: under another label", live(top=lambda top: {1: -19, 14: top[13], 16: 294})
    yield "typ of a printed credential in a presentation", live(header={16: 61}, claims={5: NBF})
    yield "typ of a presented credential on paper", printed(header={16: 293})
    yield "printed credential in a presentation", live(header={16: 61}, claims={5: NBF, 8: None})
    yield "presented credential on paper", printed(header={16: 293}, claims={8: {1: KEY}})
    yield "printed with cnf", printed(claims={8: {1: KEY}})
    yield "printed without nbf", printed(claims={5: None})
    yield "live without cnf", live(claims={8: None})


def texts_of_wrong_form():
    """What begins with the prefix and is no Base45 of a token: its name and the text."""
    shown = worked_example()[0]
    text, last = shown.text, shown.token[-1]
    yield from {
        "no token": "MJ1:", "::": "MJ1:::", "V5": "MJ1:V5", "one digit": "MJ1:0", "a triple of 65536": "MJ1:GGX",
        "a pair of 256 and more": text[:-2] + digits(last + 256, 2), "the largest triple": text[:4] + ":::" + text[7:],
        "a digit too few": text[:-1], "a digit too many": text + "0", "lower case": text[:4] + text[4:].lower(),
        "a space at the end": text + " ", "a space within": text[:9] + " " + text[9:], "a tab at the end": text + "\t",
        "a NUL at the end": text + "\0", "CR twice": text + "\r\r", "the prefix twice": "MJ1:" + text,
        "a digit of no alphabet": text[:9] + "#" + text[10:], "not ASCII": text[:9] + "é" + text[10:],
        "a URL": "MJ1:HTTPS://EXAMPLE.ORG/", "base64": "MJ1:0oRNogEmBEh=", "zeros": "MJ1:" + "0" * 480,
    }.items()
    two = printed().token + printed().token
    deep = [b"\xd2" * 300, b"\x81" * 300, b"\xd2\x84" * 150]
    for token in [b"", b"\xd2", b"\xd2\x84", b"\xd2\x80", b"\xa0", b"\x00", b"\xff", *deep, two]:
        yield f"token {token[:3].hex()} of {len(token)}", "MJ1:" + base45(token)

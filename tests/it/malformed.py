"""Passes of wrong form. The signatures hold, so that the form alone is what is wrong."""

from mj1 import *

# A map with one fault. What is not said here stays as it was.
MAP_FAULTS = {
    "a member twice": lambda members: Pairs(in_order(members)[:1] + in_order(members)),
    "members out of order": lambda members: Pairs(reversed(in_order(members))),
    "a longer key than needed": lambda members: Pairs([(Raw(longer(cbor(in_order(members)[0][0]))), in_order(members)[0][1])]
                                                      + in_order(members)[1:]),
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
    "null": "f6", "undefined": "f7", "simple value 16": "f0", "simple value 255": "f8ff", "half float": "f93c00", "float": "fa3fc00000",
    "double": "fb3ff199999999999a", "NaN": "f97e00", "tag 0": "c06161", "tag 18": "d280", "bignum": "c249010000000000000000",
    "tag 24": "d8184100", "longer integer": "1800", "longer negative integer": "3900ff", "longer text": "780161",
    "longer byte string": "580100", "longer array": "9800", "longer map": "b800", "indefinite array": "9fff", "indefinite map": "bfff",
    "indefinite text": "7f6161ff", "indefinite byte string": "5f4100ff", "2^53": "1b0020000000000000", "2^64 - 1": "1b" + "ff" * 8,
    "map out of order": "a202000100", "map with a key twice": "a201000100", "arrays to a depth of 9": "81" * 7 + "80",
    "maps to a depth of 9": "a100" * 7 + "a0", "break": "ff", "reserved head": "1c", "float in a map": "a100f93c00", "null in an array": "81f6",
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
HEADERS = {
    "no alg": {1: None}, "no typ": {16: None}, "alg EdDSA": {1: -8}, "alg ES256": {1: -7}, "alg ESP256": {1: -9}, "alg 0": {1: 0},
    "alg as text": {1: "Ed25519"}, "typ as text": {16: "application/kb+cwt"}, "typ 0": {16: 0}, "crit": {2: [1]}, "empty crit": {2: []},
    "crit of a known label": {2: [16]}, "content type": {3: 0}, "IV": {5: bytes(8)}, "label 99": {99: 0}, "label -1": {-1: 0}}
CREDENTIAL_HEADERS = HEADERS | {
    "no kid": {4: None}, "kid of 3": {4: b"kid"}, "kid of 5": {4: b"kid!!"}, "kid as text": {4: "kid!"}, "kid as number": {4: 1},
    "typ of a presentation": {16: 294}, "kcwt null": {13: Raw(b"\xf6")}}
CLAIMS = {
    "no sub": {2: None}, "sub of 6": {2: "7K0000"}, "sub of 9": {2: "7K0000000"}, "sub of bytes": {2: b"7K00000"}, "sub 7": {2: 7},
    **{f"sub with {letter}": {2: "7K0000" + letter} for letter in "ILOU-*a "},
    "no exp": {4: None}, "exp below 0": {4: -1}, "exp as text": {4: "1798038000"}, "exp 2^53": {4: 2**53}, "exp as float": {4: Raw(b"\xf9\x7c\x00")},
    "exp with tag 1": {4: Tag(1, EXP)}, "nbf below 0": {5: -1}, "nbf as text": {5: ""}, "nbf 2^53": {5: 2**53}, "nbf false": {5: False},
    "no status": {65535: None}, "empty status": {65535: {}}, "status of another kind": {65535: {"identifier_list": status()["status_list"]}},
    "a second status": {65535: {**status(), "x": 1}}, "status a list": {65535: ["status_list"]}, "no idx": {65535: {"status_list": {"uri": "k:3.12"}}},
    "no uri": {65535: {"status_list": {"idx": 5}}}, "more in the status": {65535: {"status_list": {"idx": 5, "uri": "k:3.12", "x": 1}}},
    "status under a number": {65535: {1: {"idx": 5, "uri": "k:3.12"}}}, "idx below 0": {65535: status(-1)}, "idx as text": {65535: status("5")},
    "idx 2^53": {65535: status(2**53)}, "uri of 8": {65535: status(5, "k:3.1234")}, "uri of bytes": {65535: status(5, b"k:3.12")},
    "no services": {-65537: None}, "services a number": {-65537: 1}, "day as text": {-65537: {1: "1"}}, "day as bytes": {-65537: {1: b"1"}},
    "day true": {-65537: {1: True}}, "day as float": {-65537: {1: Raw(b"\xf9\x3c\x00")}}, "day 2^53": {-65537: {1: 2**53}},
    "adult's day as text": {-65537: {1: TODAY, 2: "1"}}, "reference of 7": {-65537: {1: TODAY, 3: bytes(7)}},
    "reference of 9": {-65537: {1: TODAY, 3: bytes(9)}}, "reference as text": {-65537: {1: TODAY, 3: "12345678"}},
    "reference a number": {-65537: {1: TODAY, 3: 1}}, **{f"service {n}": {-65537: {1: TODAY, n: 0}} for n in [0, 4, 31, -1]}}
KEY, EC2 = HOLDER.cose_key, P256("holder").cose_key
CNF = {
    "empty": {}, "a kid beside the key": {1: KEY, 3: b"kid"}, "a kid": {3: b"kid"}, "a key twice wrapped": {1: {1: KEY}}, "an array": [1, KEY],
    "the key's thumbprint": {1: bytes(32)}, "an RSA key": {1: {1: 3, -1: bytes(32), -2: bytes(3)}}, "kty 0": {1: {**KEY, 1: 0}},
    "OKP on P-256": {1: {**KEY, -1: 1}}, "X25519": {1: {**KEY, -1: 4}}, "Ed448": {1: {**KEY, -1: 7}}, "kty as text": {1: {**KEY, 1: "OKP"}},
    "no kty": {1: {-1: 6, -2: HOLDER.public}}, "no crv": {1: {1: 1, -2: HOLDER.public}}, "no x": {1: {1: 1, -1: 6}},
    "x of 31": {1: {**KEY, -2: bytes(31)}}, "x of 33": {1: {**KEY, -2: bytes(33)}}, "x as text": {1: {**KEY, -2: "x" * 32}},
    "a kid in the key": {1: {**KEY, 2: b"kid"}}, "alg in the key": {1: {**KEY, 3: -19}}, "key_ops": {1: {**KEY, 4: [2]}},
    "y of Ed25519": {1: {**KEY, -3: True}}, "a private key": {1: {**KEY, -4: bytes(32)}}}
CNF_EC2 = {
    "no y": {1: {1: 2, -1: 1, -2: EC2[-2]}}, "y in full": {1: {**EC2, -3: bytes(32)}}, "y a number": {1: {**EC2, -3: 1}}, "P-384": {1: {**EC2, -1: 2}},
    "EC2 on Ed25519": {1: {**EC2, -1: 6}}, "x of 33": {1: {**EC2, -2: b"\x02" + EC2[-2]}}, "alg in the key": {1: {**EC2, 3: -9}}}
PAYLOADS = {
    "no aud": {3: None}, "no iat": {6: None}, "aud of bytes": {3: b"E"}, "aud a number": {3: 1}, "aud a list": {3: ["E"]}, "iat below 0": {6: -1},
    "iat as text": {6: "0"}, "iat as float": {6: Raw(b"\xfb\x41\xda\xc1\x18\xc0\x00\x00\x00")}, "iat with tag 1": {6: Tag(1, NOW)}, "iat 2^53": {6: 2**53},
    "nonce of 7": {39: bytes(7)}, "nonce of 9": {39: bytes(9)}, "nonce as text": {39: "12345678"}, "nonce a number": {39: 1},
    **{f"aud {aud!r}": {3: aud} for aud in ["", "e", "X", "EA", " E", "E ", "E:", ":", "E:SH0P123", "E:I", "E:L", "E:O", "E:U", "E:shop", "E:A:B",
                                            "E:A ", "E:-", "entry", "E:가"]}}


def longer(item):
    """An item whose head takes one byte more than it needs."""
    return bytes([item[0] & 0xE0 | 24, item[0] & 0x1F]) + item[1:]


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
    for name, value in VALUES.items():
        value = Raw(bytes.fromhex(value))
        for place in ["printed claims", "credential claims", "presentation payload"]:
            yield f"{place}: ignored {name}", layers[place]({99: value})
        yield f"services: ignored {name}", printed(claims={-65537: {1: TODAY, 32: value}})
        yield f"presentation header: typ {name}", live(top={16: value})
    for name, frame in FRAMES.items():
        yield f"printed: {name}", printed(frame=frame)
        yield f"credential: {name}", live(frame=frame)
        yield f"presentation: {name}", live(outer=frame)
    for name, header in CREDENTIAL_HEADERS.items():
        yield f"printed header: {name}", printed(header=header)
        yield f"credential header: {name}", live(header=header)
    for name, header in HEADERS.items():
        yield f"presentation header: {name}", live(top=header)
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
    for name, claims in CLAIMS.items():
        yield f"printed: {name}", printed(claims=claims)
        yield f"live: {name}", live(claims=claims)
    for name, cnf in CNF.items():
        yield f"cnf: {name}", live(claims={8: cnf})
    for name, cnf in CNF_EC2.items():
        yield f"cnf: P-256, {name}", live(holder=P256("holder"), claims={8: cnf})
    for name, payload in PAYLOADS.items():
        yield f"presentation: {name}", live(payload=payload)


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
    for token in [b"", b"\xd2", b"\xd2\x84", b"\xd2\x80", b"\xa0", b"\x00", b"\xff", b"\xd2" * 300, b"\x81" * 300, b"\xd2\x84" * 150, two]:
        yield f"token {token[:3].hex()} of {len(token)}", "MJ1:" + base45(token)

"""Profile MJ1 without the product: CBOR, Base45, Ed25519, P-256, COSE, passes, status lists and the TUF repository.

Standard library only. Slow, not constant in time, and able to make what is wrong: nothing for real keys.
"""

import json, zlib
from collections import namedtuple
from dataclasses import dataclass
from hashlib import sha256, sha512
from itertools import count

NOW = 1795449600  # the worked example's iat: 2026-11-24, 01:00 in Seoul
TODAY = 20781
DAY = 86400
SEOUL = 9 * 3600
NBF = 0x6B0454F0
EXP = 0x6B2BE1F0
LISTED = NOW - 1800  # iat of the status lists

# ---- CBOR (RFC 8949, deterministic by section 4.2.1)

Tag = namedtuple("Tag", "number item")


class Raw(bytes):
    """An item that is encoded already, rightly or not."""


class Pairs(list):
    """A map whose members stay in this order."""


def head(major, n):
    if n < 24:
        return bytes([major << 5 | n])
    power = next(power for power in range(4) if n < 1 << (8 << power))
    return bytes([major << 5 | 24 + power]) + n.to_bytes(1 << power, "big")


def cbor(item):
    match item:
        case Raw(): return bytes(item)
        case bool(): return b"\xf5" if item else b"\xf4"
        case int(): return head(0, item) if item >= 0 else head(1, -1 - item)
        case bytes(): return head(2, len(item)) + item
        case str(): return head(3, len(item.encode())) + item.encode()
        case Tag(): return head(6, item.number) + cbor(item.item)
        case Pairs(): return head(5, len(item)) + b"".join(cbor(key) + cbor(value) for key, value in item)
        case list(): return head(4, len(item)) + b"".join(map(cbor, item))
        case dict(): return cbor(in_order(item))
    raise TypeError(item)


def in_order(members):
    return Pairs(sorted(members.items(), key=lambda member: cbor(member[0])))


# ---- Base45 (RFC 9285)

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"


def base45(data):
    pairs = (data[at:at + 2] for at in range(0, len(data), 2))
    return "".join(digits(int.from_bytes(pair, "big"), len(pair) + 1) for pair in pairs)


def digits(n, many):
    return "".join(ALPHABET[n // 45**place % 45] for place in range(many))


# ---- Ed25519 (RFC 8032, 5.1)

P = 2**255 - 19
L = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P


def ed_add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


BASE_X = 15112221349535400772501151409588531511454012693041857206046113283949847762202
BASE_Y = 4 * pow(5, -1, P) % P
DOUBLES = [(BASE_X, BASE_Y, 1, BASE_X * BASE_Y % P)]
for _ in range(255):
    DOUBLES.append(ed_add(DOUBLES[-1], DOUBLES[-1]))


def ed_base_times(n):
    """n times the base point, as a point is written."""
    point = (0, 1, 1, 0)
    for bit, double in enumerate(DOUBLES):
        if n >> bit & 1:
            point = ed_add(point, double)
    x, y = (coordinate * pow(point[2], -1, P) % P for coordinate in point[:2])
    return (y | (x & 1) << 255).to_bytes(32, "little")


def ed_challenge(r, public, message):
    return int.from_bytes(sha512(r + public + message).digest(), "little") % L


class Ed25519:
    alg = -19

    def __init__(self, name, issuer=None):
        digest = sha512(sha256(name.encode()).digest()).digest()
        self.secret = int.from_bytes(digest[:32], "little") & (1 << 254) - 8 | 1 << 254
        self.prefix, self.public, self.issuer = digest[32:], ed_base_times(self.secret), issuer
        self.cose_key = {1: 1, -1: 6, -2: self.public}
        self.kid = sha256(cbor(self.cose_key)).digest()[:4]  # of the RFC 9679 thumbprint

    def sign(self, message):
        nonce = int.from_bytes(sha512(self.prefix + message).digest(), "little") % L
        r = ed_base_times(nonce)
        return r + ((nonce + ed_challenge(r, self.public, message) * self.secret) % L).to_bytes(32, "little")


class WeakKey:
    """A point of small order, or none. A lenient verifier takes what it "signs": 8 times such a point is nothing."""

    alg = -19

    def __init__(self, y):
        self.public = y.to_bytes(32, "little")
        self.cose_key = {1: 1, -1: 6, -2: self.public}

    def sign(self, message):
        for nonce in count(1):
            r = ed_base_times(nonce)
            if ed_challenge(r, self.public, message) % 8 == 0:
                return r + nonce.to_bytes(32, "little")


# ---- ECDSA with P-256 and SHA-256 (FIPS 186-5; SP 800-186, 3.2.1.3)

Q = 2**256 - 2**224 + 2**192 + 2**96 - 1
N = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
G = (0x6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296,
     0x4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5)


def p256_add(p, q):
    if p is None or q is None:
        return p or q
    if p[0] == q[0] and p != q:
        return None
    slope = (3 * p[0]**2 - 3) * pow(2 * p[1], -1, Q) if p == q else (q[1] - p[1]) * pow(q[0] - p[0], -1, Q)
    x = (slope**2 - p[0] - q[0]) % Q
    return x, (slope * (p[0] - x) - p[1]) % Q


def p256_base_times(n):
    point, double = None, G
    while n:
        point = p256_add(point, double) if n & 1 else point
        double, n = p256_add(double, double), n >> 1
    return point


class P256:
    alg = -9

    def __init__(self, name, high_s=False):
        self.secret, self.high_s = int.from_bytes(sha256(name.encode()).digest(), "big") % N, high_s
        x, y = p256_base_times(self.secret)
        self.cose_key = {1: 2, -1: 1, -2: x.to_bytes(32, "big"), -3: y % 2 == 1}

    def sign(self, message):
        digest = sha256(message).digest()
        nonce = int.from_bytes(sha256(self.secret.to_bytes(32, "big") + digest).digest(), "big") % N
        r = p256_base_times(nonce)[0] % N
        s = (int.from_bytes(digest, "big") + r * self.secret) * pow(nonce, -1, N) % N
        s = max(s, N - s) if self.high_s else min(s, N - s)
        return r.to_bytes(32, "big") + s.to_bytes(32, "big")


# ---- Passes: COSE_Sign1 (RFC 9052, 4.2 and 4.4) with the profile's headers and claims

def sign1_array(protected, payload, signature):
    return [protected, {}, payload, signature]


def sign1_tagged(protected, payload, signature):
    return Tag(18, sign1_array(protected, payload, signature))


def to_be_signed(protected, payload):
    return cbor(["Signature1", protected, b"", payload])


def sign1(header, payload, key, frame=sign1_tagged):
    protected, payload = cbor(header), cbor(payload)
    return frame(protected, payload, key.sign(to_be_signed(protected, payload)))


def changed(base, changes):
    """`base` with other members, `None` for none; or what a function makes of all of it."""
    if callable(changes):
        return changes(base)
    return {key: value for key, value in {**base, **changes}.items() if value is not None}


HANBIT = Ed25519("issuer", "hanbit")
HOLDER = Ed25519("holder")
REFERENCE = bytes(range(8))
DOORS = {"entry": ("E", {1: TODAY}), "adult": ("A", {2: TODAY}), "store": ("S", {3: REFERENCE})}
NUMBERS = (f"7K{n:05}" for n in count())


@dataclass
class Pass:
    kind: str
    number: str
    issuer: str
    door: str  # the service that it is made for
    token: bytes
    text: str


def made(kind, claims, key, door, token):
    token = cbor(token)
    number = claims.get(2) if isinstance(claims, dict) else None
    return Pass(kind, number, key.issuer, door, token, "MJ1:" + base45(token))


def status(idx=5, uri="k:3.12"):
    return {"status_list": {"idx": idx, "uri": uri}}


def printed(door="entry", key=HANBIT, claims={}, header={}, frame=sign1_tagged):
    base = {2: next(NUMBERS), 4: EXP, 5: NBF, 65535: status(), -65537: DOORS[door][1]}
    claims = changed(base, claims)
    token = sign1(changed({1: -19, 4: key.kid, 16: 61}, header), claims, key, frame)
    return made("printed", claims, key, door, token)


def live(door="entry", key=HANBIT, claims={}, header={}, frame=sign1_tagged,
         holder=HOLDER, iat=NOW, payload={}, top={}, outer=sign1_tagged):
    """`claims`, `header`, `frame`: of the credential. `payload`, `top`, `outer`: the same of the presentation."""
    base = {2: next(NUMBERS), 4: EXP, 8: {1: holder.cose_key}, 65535: status(), -65537: DOORS[door][1]}
    claims = changed(base, claims)
    credential = sign1(changed({1: -19, 4: key.kid, 16: 293}, header), claims, key, frame)
    top = changed({1: holder.alg, 13: credential, 16: 294}, top)
    token = sign1(top, changed({3: DOORS[door][0], 6: iat}, payload), holder, outer)
    return made("live", claims, key, door, token)


def worked_example():
    """The profile's own example, live and printed, compared byte by byte."""
    claims = {2: "7KQ2M9F", 65535: status(654321)}
    pass_live, pass_printed = live("adult", claims=claims), printed("adult", claims=claims)
    assert HANBIT.kid.hex() == "c464d8b4"
    assert pass_live.token.hex() == (
        "d28458c7a301320dd2844da301320444c464d8b410190125a0586aa50267374b51324d3946041a6b2be1f008a101a301012006215820daba8d7195"
        "004c1efda2b54e8b8f009cde5e2dadab5ef7b75daa5b60d832fefe19ffffa16b7374617475735f6c697374a2636964781a0009fbf163757269666b"
        "3a332e31323a00010000a10219512d58402680aba3ea4dcc96af279abbd826f93624749c1844ad589d4484d12545d2db420e66f5cf2c4854a87732"
        "a58f5d7b5c1df9f63e30cf99a422f5f79f323e57f90e10190126a04aa2036141061a6b0463005840e01aae741188c3a5ad6a8fefc46c7f269c176c"
        "29360c94f71fc5b79e67e3b533222d0f896b314b9395d3be31ac48cc2da400b6c58baf8f2913bbf376dbebdc0b")
    assert len(pass_live.text) == 426 and pass_live.text.startswith("MJ1:RRQ2ABERKXE6RRQU 9 60CO0B$O")
    signed = to_be_signed(pass_live.token[4:203], pass_live.token[205:215])
    assert sha256(signed).hexdigest()[:32] == "e05f8cb94d12e904074080a270f9b4f1"  # the replay id
    assert pass_printed.token.hex() == (
        "d2844ca301320444c464d8b410183da05845a50267374b51324d3946041a6b2be1f0051a6b0454f019ffffa16b7374617475735f6c697374a26369"
        "64781a0009fbf163757269666b3a332e31323a00010000a10219512d5840ee59cf740c4e284047d60a50004f0a3af9b7944af94bc19e2ffb376cd3"
        "7312bfa4234d16efd80dbe43295c9fa27626e2b8dd696c0c053cbae4731c5b1bb0f20c")
    return pass_live, pass_printed


# ---- What is trusted: status lists (Token Status List, CWT form) and a TUF repository

def status_list(uri, bits, entries, statuses, key=HANBIT, iat=LISTED, more={}):
    """What `issuers.json` says of a list, and the list. The lowest index stands in the lowest bits."""
    inflated = bytearray(entries * bits // 8)
    for idx, value in statuses.items():
        inflated[idx * bits // 8] |= value << idx * bits % 8
    header = {1: -19, 4: key.kid, 16: "application/statuslist+cwt"}
    claims = {2: uri, 6: iat, 65533: {"bits": bits, "lst": zlib.compress(inflated)}, **more}
    return {"uri": uri, "bits": bits, "entries": entries}, cbor(sign1(header, claims, key))


def repository(folder, issuers, lists):
    """Writes the TUF repository, root with two of three keys, everything else with one; gives the trust anchor."""
    def canonical(value):  # OLPC's canonical JSON is this, as long as there are no control characters
        return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

    def tuf_key(key):
        return {"keytype": "ed25519", "scheme": "ed25519", "keyval": {"public": key.public.hex()}}

    def keyid(key):
        return sha256(canonical(tuf_key(key))).hexdigest()

    def write(name, content):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return {"length": len(content), "hashes": {"sha256": sha256(content).hexdigest()}}

    def role(kind, signers, **members):
        signed = {"_type": kind, "spec_version": "1.0.0", "version": 1, "expires": "2036-11-24T00:00:00Z", **members}
        signatures = [{"keyid": keyid(key), "sig": key.sign(canonical(signed)).hex()} for key in signers]
        return json.dumps({"signed": signed, "signatures": signatures}, indent=1).encode()

    roots, online = [Ed25519(f"root {n}") for n in range(3)], Ed25519("online")
    roles = {name: {"keyids": [keyid(online)], "threshold": 1} for name in ["targets", "snapshot", "timestamp"]}
    roles["root"] = {"keyids": list(map(keyid, roots)), "threshold": 2}
    keys = {keyid(key): tuf_key(key) for key in [*roots, online]}
    root = role("root", roots[:2], consistent_snapshot=False, keys=keys, roles=roles)
    write("metadata/root.json", root)
    targets = {"issuers.json": json.dumps(issuers, ensure_ascii=False).encode()}
    targets |= {f"status/{uri.replace(':', '_')}.cwt": token for uri, token in lists.items()}
    targets = {name: write(f"targets/{name}", content) for name, content in targets.items()}
    meta = write("metadata/targets.json", role("targets", [online], targets=targets))
    meta = write("metadata/snapshot.json", role("snapshot", [online], meta={"targets.json": {"version": 1, **meta}}))
    write("metadata/timestamp.json", role("timestamp", [online], meta={"snapshot.json": {"version": 1, **meta}}))
    return root

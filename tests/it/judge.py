#!/usr/bin/env python3
"""A door without the product: what has to be said of a text, by the profile's own rules. Standard library only.

usage: judge.py vectors FILE           judges the vectors for implementers and names those whose reason is another one
usage: judge.py cases FOLDER SEED MANY makes passes by chance, right and wrong ones, and judges them: root.json, repo, cases.json
"""

import json, random, sys, zlib
from hashlib import sha256
from pathlib import Path

from mj1 import *
from mj1 import ed_add, ed_challenge, p256_add

CROCKFORD = set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")
WINDOW, SKEW = 25, 10
GRACE = {"entry": None, "adult": 7 * DAY, "store": 3 * DAY}
NUMBER = {"entry": 1, "adult": 2, "store": 3}
LETTER = {"entry": "E", "adult": "A", "store": "S"}


class Refused(Exception):
    """With the reason."""


def need(condition, reason="malformed"):
    if not condition:
        raise Refused(reason)


# ---- Reading

def decode(data, tags=False, strict=True):
    """One item that fills `data`. Maps become lists of pairs: for Python, True is 1. `tags`: "outer", or "kcwt" for label 13."""
    at = 0

    def item(depth, tag):
        nonlocal at
        need(at < len(data))
        major, low = data[at] >> 5, data[at] & 31
        at += 1
        need(low < 28)
        n = low
        if low >= 24:
            size = 1 << low - 24
            need(at + size <= len(data))
            n = int.from_bytes(data[at:at + size], "big")
            at += size
            need(not strict or major == 7 or n >= (24 if size == 1 else 1 << 4 * size))
        if major < 2:
            need(n < 1 << 53 if major == 0 else n < (1 << 53) - 1)
            return n if major == 0 else -1 - n
        if major < 4:
            need(at + n <= len(data))
            content = data[at:at + n]
            at += n
            try:
                return content if major == 2 else content.decode()
            except UnicodeDecodeError:
                raise Refused("malformed")
        if major == 7:
            need(low in (20, 21) or not strict and low == 22)
            return low == 21
        need(depth < 8)
        if major == 4:
            need(n <= len(data))
            return [item(depth + 1, None) for _ in range(n)]
        if major == 5:
            need(n <= len(data))
            pairs, last = Pairs(), None
            for _ in range(n):
                begin = at
                key = item(depth + 1, None)
                written = data[begin:at]
                if strict:
                    need(last is None or last < written)
                else:
                    need(all(type(other) is not type(key) or other != key for other, _ in pairs))
                last = written
                kcwt = tag == "kcwt" and type(key) is int and key == 13
                pairs.append((key, item(depth + 1, "outer" if kcwt else None)))
            return pairs
        need(n == 18 and tag == "outer")
        return Tag(18, item(depth + 1, None))

    value = item(0, tags or None)
    need(at == len(data))
    return value


def members(pairs, needed=(), allowed=None):
    """A map with integer keys."""
    need(isinstance(pairs, Pairs) and all(type(key) is int for key, _ in pairs))
    found = dict(pairs)
    need(all(key in found for key in needed))
    need(allowed is None or all(key in allowed for key in found))
    return found


def is_uint(value):
    return type(value) is int and value >= 0


def sign1(item, kcwt=False):
    need(isinstance(item, Tag))
    parts = item.item
    need(type(parts) is list and len(parts) == 4)
    protected, unprotected, payload, signature = parts
    need(isinstance(unprotected, Pairs) and not unprotected)
    need(all(type(part) is bytes for part in (protected, payload, signature)) and len(signature) == 64)
    return decode(protected, "kcwt" if kcwt else False), payload, cbor(["Signature1", protected, b"", payload]), signature


def read_credential(item):
    header, payload, signed, signature = sign1(item)
    header = members(header, {1, 4, 16}, {1, 4, 16})
    need(type(header[1]) is int and header[1] == -19 and type(header[4]) is bytes and len(header[4]) == 4)
    need(type(header[16]) is int and header[16] in (293, 61))
    kind = "live" if header[16] == 293 else "printed"
    claims = members(decode(payload), {2, 4, 65535, -65537} | ({8} if kind == "live" else {5}))
    need(type(claims[2]) is str and len(claims[2]) in (7, 8) and set(claims[2]) <= CROCKFORD)
    need(is_uint(claims[4]) and (5 not in claims or is_uint(claims[5])))
    need(kind == "live" or 8 not in claims)
    if kind == "live":
        cnf = members(claims[8], {1}, {1})
        key = members(cnf[1], {1, -1, -2}, {1, -1, -2, -3})
        need(type(key[1]) is int and type(key[-1]) is int and type(key[-2]) is bytes and len(key[-2]) == 32)
        if (key[1], key[-1]) == (1, 6):
            need(-3 not in key)
        else:
            need((key[1], key[-1]) == (2, 1) and type(key.get(-3)) is bool)
        claims[8] = key
    place = claims[65535]
    need(isinstance(place, Pairs) and [key for key, _ in place] == ["status_list"])
    place = place[0][1]
    need(isinstance(place, Pairs) and [key for key, _ in place] == ["idx", "uri"])
    claims[65535] = {"idx": place[0][1], "uri": place[1][1]}
    need(is_uint(place[0][1]) and type(place[1][1]) is str and 0 < len(place[1][1].encode()) <= 7)
    services = members(claims[-65537])
    for number, value in services.items():
        need(number >= 32 or number in (1, 2, 3))
        if number in (1, 2):
            need(type(value) is int)
        if number == 3:
            need(type(value) is bytes and len(value) == 8)
    claims[-65537] = services
    return kind, header[4], claims, signed, signature


def read(text):
    need(text.startswith("MJ1:"), "not_a_pass")
    need(len(text.encode()) <= 484)
    token = read_base45(text[4:])
    need(len(token) <= 320)
    item = decode(token, "outer")
    header, payload, signed, signature = sign1(item, kcwt=True)
    need(isinstance(header, Pairs))
    if not any(type(key) is int and key == 13 for key, _ in header):
        need(not any(isinstance(value, Tag) for _, value in header))
        credential = read_credential(item)
        need(credential[0] == "printed")
        return credential, None
    header = members(header, {1, 13, 16}, {1, 13, 16})
    credential = read_credential(header[13])
    need(credential[0] == "live")
    key = credential[2][8]
    need(type(header[1]) is int and header[1] == (-19 if key[1] == 1 else -9))
    need(type(header[16]) is int and header[16] == 294)
    payload = members(decode(payload), {3, 6})
    need(type(payload[3]) is str and is_uint(payload[6]))
    service, *venue = payload[3].split(":", 1)
    need(service in ("E", "A", "S"))
    need(not venue or 1 <= len(venue[0]) <= 6 and set(venue[0]) <= CROCKFORD)
    need(39 not in payload or type(payload[39]) is bytes and len(payload[39]) == 8)
    return credential, (payload[6], service, venue[0] if venue else None, signed, signature)


def read_base45(text):
    values = [ALPHABET.find(letter) for letter in text]
    need(-1 not in values and len(values) % 3 != 1)
    out = bytearray()
    for at in range(0, len(values), 3):
        group = values[at:at + 3]
        n = sum(value * 45**place for place, value in enumerate(group))
        size = len(group) - 1
        need(n < 1 << 8 * size)
        out += n.to_bytes(size, "big")
    return bytes(out)


# ---- Signatures

def ed_point(written):
    y = int.from_bytes(written, "little")
    sign, y = y >> 255, (y & (1 << 255) - 1) % P
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    x = P - x if x and x % 2 != sign else x
    return x, y, 1, x * y % P


def ed_times(n, point):
    result = 0, 1, 1, 0
    while n:
        result = ed_add(result, point) if n & 1 else result
        point, n = ed_add(point, point), n >> 1
    return result


def is_small(point):
    x, _, z, _ = eight = ed_times(8, point)
    return x % P == 0 and (eight[1] - z) % P == 0


def ed_signed(public, message, signature):
    """As strictly as a door has to: keys and R of small order are no one's."""
    key, r, s = ed_point(public), ed_point(signature[:32]), int.from_bytes(signature[32:], "little")
    if key is None or r is None or s >= L or is_small(key) or is_small(r):
        return False
    h = ed_challenge(signature[:32], public, message)
    minus = (P - key[0]) % P, key[1], 1, (P - key[3]) % P
    x, y, z, _ = ed_add(ed_times(s, DOUBLES[0]), ed_times(h, minus))
    x, y = x * pow(z, -1, P) % P, y * pow(z, -1, P) % P
    return (y | (x & 1) << 255).to_bytes(32, "little") == signature[:32]


def p256_times(n, point):
    result = None
    while n:
        result = p256_add(result, point) if n & 1 else result
        point, n = p256_add(point, point), n >> 1
    return result


def p256_signed(x, odd, message, signature):
    x = int.from_bytes(x, "big")
    square = (x**3 - 3 * x + 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B) % Q
    y = pow(square, (Q + 1) // 4, Q)
    r, s = int.from_bytes(signature[:32], "big"), int.from_bytes(signature[32:], "big")
    if x >= Q or (y * y - square) % Q or not (0 < r < N and 0 < s < N):
        return False
    y = Q - y if y % 2 != odd else y
    inverse = pow(s, -1, N)
    digest = int.from_bytes(sha256(message).digest(), "big")
    point = p256_add(p256_times(digest * inverse % N, G), p256_times(r * inverse % N, (x, y)))
    return point is not None and point[0] % N == r


def holder_signed(key, message, signature):
    if key[1] == 1:
        return ed_signed(key[-2], message, signature)
    return p256_signed(key[-2], key[-3], message, signature)


# ---- Deciding

class Trusted:
    def __init__(self, issuers, lists):
        self.keys, self.lists = issuers["keys"], {}
        for announced in issuers["lists"]:
            token = decode(lists[announced["uri"]], "outer", strict=False)
            claims = decode(token.item[2], strict=False)
            lst = dict(next(value for key, value in claims if key == 65533))
            exp = next((value for key, value in claims if key == 4), None)
            iat = next(value for key, value in claims if key == 6)
            self.lists[announced["uri"]] = announced["bits"], zlib.decompress(lst["lst"]), iat, exp

    def status(self, uri, idx, now, grace):
        if uri not in self.lists:
            return 3
        bits, inflated, iat, exp = self.lists[uri]
        if idx * bits // 8 >= len(inflated) or exp is not None and now >= exp or grace is not None and now - iat > grace:
            return 3
        return inflated[idx * bits // 8] >> idx * bits % 8 & (1 << bits) - 1


def judge(text, trusted, service, venue, now):
    """Reason, and what is known then: kind, number, issuer."""
    kind = number = issuer = None
    try:
        (kind, kid, claims, signed, signature), shown = read(text)
        known = [key for key in trusted.keys if bytes.fromhex(key["kid"]) == kid]
        need(known, "unknown_issuer")

        def may(key):
            day = None if 5 not in claims else (claims[5] + SEOUL) // DAY
            return (kind in key["kinds"] and service in key["services"] and now < key["verify_until"]
                    and "distrusted_at" not in key and (day is None or key["first_issue_day"] <= day <= key["last_issue_day"]))

        known = [key for key in known if may(key)]
        need(known, "key_not_allowed")
        key = next((key for key in known if ed_signed(bytes.fromhex(key["public_key"]), signed, signature)), None)
        need(key, "bad_signature")
        number, issuer = claims[2], key["issuer"]
        need(now >= claims.get(5, 0), "not_yet_valid")
        need(now < claims[4], "expired")
        if shown:
            need(shown[1] == LETTER[service] and shown[2] in (None, venue), "wrong_service")
        services = {number: claims[-65537][number] for number in (1, 2, 3) if number in claims[-65537]}
        day = services.get(NUMBER[service])
        if service == "store":
            need(day is not None, "wrong_service")
        else:
            need(services, "too_young")
            need(day is not None, "wrong_service")
            need((now + SEOUL) // DAY >= day, "too_young")
        place = claims[65535]
        value = 3
        if place["uri"] in key["status_uris"]:
            value = trusted.status(place["uri"], place["idx"], now, GRACE[service])
        need(value == 0, {1: "revoked", 2: "suspended"}.get(value, "status_unknown"))
        if shown:
            need(holder_signed(claims[8], shown[3], shown[4]), "bad_signature")
            need(shown[0] >= now - WINDOW, "stale")
            need(shown[0] <= now + SKEW, "from_future")
        need(kind == "live" or service == "entry", "printed_not_allowed")
        reason = "granted"
    except Refused as refused:
        reason = str(refused)
    return reason, kind if reason not in ("not_a_pass", "malformed") else None, number, issuer


# ---- By chance

def by_chance(chance, passes):
    """A pass whose parts, bytes or letters were drawn; the door it is shown at."""
    door = chance.choice(["entry", "entry", "adult", "store"])
    key = chance.choice([HANBIT] * 12 + [passes.MIRAE, passes.LISTER, passes.ONE_DAY, passes.ENDING, passes.DISTRUSTED, *passes.TWINS,
                                         passes.STRANGER])
    claims = {}
    if chance.random() < 0.3:
        uri = chance.choice(["k:3.12", "k:two", "k:exp", "k:old", "k:lax", "k:none", "m:1"])
        claims[65535] = status(chance.choice([chance.randrange(12), chance.randrange(1 << 21)]), uri)
    if chance.random() < 0.15:
        claims[4] = NOW + chance.choice([-DAY, -1, 0, 1, DAY])
    if chance.random() < 0.15:
        claims[5] = NOW + chance.choice([-40 * DAY, -DAY, -1, 0, 1, DAY])
    if chance.random() < 0.2:
        claims[-65537] = {number: TODAY + chance.randrange(-1, 2) for number in (1, 2) if chance.random() < 0.6}
        claims[-65537] |= {chance.choice([3, 31, 32, 99]): REFERENCE} if chance.random() < 0.4 else {}
    if chance.random() < 0.1:
        claims[chance.choice([1, 7, 99, -1, 2**53 - 1, 2**53])] = chance.choice([True, b"x", "y", [], {}, {1: {2: 3}}, -9])
    if chance.random() < 0.3:
        shown = printed(door, key=key, claims=claims)
    else:
        holder = chance.choice([HOLDER, HOLDER, P256("holder"), P256("holder", high_s=True), Ed25519("another")])
        signer = holder if chance.random() < 0.93 else chance.choice([Ed25519("thief"), P256("thief")])
        payload = {3: chance.choice([LETTER[door]] * 9 + ["E", "A:SH0P1", LETTER[door] + ":SH0P1"])}
        iat = NOW + chance.choice([0] * 6 + [-26, -25, -5, 10, 11])
        claims = {8: {1: holder.cose_key}} | claims
        shown = live(door, key=key, claims=claims, holder=signer, iat=iat, payload=payload)
    text, token = shown.text, bytearray(shown.token)
    match chance.randrange(10):
        case 0: token[chance.randrange(len(token))] ^= 1 << chance.randrange(8)
        case 1: del token[chance.randrange(len(token))]
        case 2: token.insert(chance.randrange(len(token) + 1), chance.randrange(256))
        case 3:
            at = chance.randrange(len(text))
            return text[:at] + chance.choice(ALPHABET) + text[at + 1:], door
        case _: return text, door
    return "MJ1:" + base45(bytes(token)), door


def cases(folder, seed, many):
    import passes

    folder.mkdir(parents=True, exist_ok=True)
    chance = random.Random(seed)
    issuers = {"format": 1, "issuers": passes.ISSUERS, "keys": passes.KEYS, "lists": [announced for announced, _ in passes.LISTS]}
    lists = {announced["uri"]: token for announced, token in passes.LISTS}
    (folder / "root.json").write_bytes(repository(folder / "repo", issuers, lists))
    trusted, made = Trusted(issuers, lists), []
    for at in range(many):
        text, door = by_chance(chance, passes)
        venue = chance.choice([None, None, "SH0P1"])
        reason, kind, number, issuer = judge(text, trusted, door, venue, NOW)
        made.append({"name": f"{at} of {seed}", "service": door, "venue": venue, "at": "2026-11-23T16:00:00Z", "text": text,
                     "alone": False, "reason": reason, "kind": kind, "pass": number, "issuer": issuer})
    (folder / "cases.json").write_text(json.dumps(made, ensure_ascii=False, indent=1), encoding="utf-8")


def vectors(file):
    content = json.loads(file.read_text(encoding="utf-8"))
    trusted = Trusted(content["issuers"], {uri: bytes.fromhex(token) for uri, token in content["lists"].items()})
    wrong = 0
    for case in content["passes"]:
        reason, _, number, issuer = judge(case["text"], trusted, case["service"], case["venue"], case["at"])
        if (reason, number, issuer) != (case["reason"], case["number"], case["issuer"]):
            print(f"{case['name']}: {reason}, not {case['reason']}")
            wrong += 1
    print(f"{len(content['passes'])} judged")
    return wrong


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["vectors", file]: sys.exit(1 if vectors(Path(file)) else 0)
        case ["cases", folder, seed, many]: cases(Path(folder), int(seed), int(many))
        case _: sys.exit(__doc__)

#!/usr/bin/env python3
"""What `munjigi check` is given, and what it has to say: passes of every kind, made without the product (`mj1.py`).

usage: passes.py FOLDER
Writes FOLDER/root.json (the trust anchor), FOLDER/repo (the trust repository) and FOLDER/cases.json.
"""

import sys
from dataclasses import replace
from datetime import datetime, timezone
from pathlib import Path

from malformed import EC2, KEY, passes_of_wrong_form, texts_of_wrong_form
from mj1 import *

# ---- What is trusted

PASSES, ALL = ["live", "printed"], ["entry", "adult", "store"]

MIRAE = Ed25519("mirae", "mirae")  # live passes for entry only
LISTER = Ed25519("lister", "mirae")  # status lists only
ONE_DAY = Ed25519("one day", "mirae")  # passes of one day of issue
ENDING = Ed25519("ending", "mirae")  # 100 seconds left to verify
DISTRUSTED = Ed25519("distrusted", "mirae")
IDLE = Ed25519("idle", "mirae")  # for no service
TWINS = Ed25519("twin 17212", "hanbit"), Ed25519("twin 62361", "mirae")  # one kid, found among the first 62362
STRANGER = Ed25519("stranger")  # not trusted
assert TWINS[0].kid == TWINS[1].kid


def trusted(key, kinds, services, uris, first=20454, last=21183, until=1861887600, **more):
    return {"kid": key.kid.hex(), "public_key": key.public.hex(), "issuer": key.issuer, "kinds": kinds, "services": services,
            "first_issue_day": first, "last_issue_day": last, "verify_until": until, "status_uris": uris, **more}


KEYS = [
    trusted(HANBIT, PASSES + ["status"], ALL, ["k:3.12", "k:two", "k:exp", "k:old", "k:lax", "k:none"]),
    trusted(MIRAE, ["live"], ["entry"], ["m:1"]),
    trusted(LISTER, ["status"], ALL, ["m:1"]),
    trusted(ONE_DAY, PASSES, ALL, ["k:3.12"], first=TODAY, last=TODAY),
    trusted(ENDING, PASSES, ALL, ["k:3.12"], until=NOW + 100),
    trusted(DISTRUSTED, PASSES, ALL, ["k:3.12"], distrusted_at=NOW + 1000 * DAY),
    trusted(IDLE, PASSES, [], ["k:3.12"]),
    trusted(TWINS[0], PASSES, ["entry", "adult"], ["k:3.12"]),
    trusted(TWINS[1], PASSES, ["entry"], ["m:1"]),
]


def lax_status_list():
    """As another library may write it: members in any order, longer integers, members of its own."""
    lst = Pairs([("lst", zlib.compress(b"\x08", 0)), ("bits", Raw(b"\x19\x00\x01")), ("aggregation_uri", "k:all")])
    claims = Pairs([(65533, lst), (Raw(b"\x18\x06"), LISTED), (99, [1, Raw(b"\xf6")]), (Raw(b"\x19\x00\x02"), "k:lax")])
    header = Pairs([(16, "application/statuslist+cwt"), (4, HANBIT.kid), (Raw(b"\x18\x01"), Raw(b"\x38\x12"))])
    return {"uri": "k:lax", "bits": 1, "entries": 8}, cbor(sign1(header, claims, HANBIT))


ISSUERS = {"hanbit": {"name": {"ko": "한빛", "en": "Hanbit"}}, "mirae": {"name": {"ko": "미래"}}}
LISTS = [
    status_list("k:3.12", 1, 1 << 20, {7: 1, 8: 1, (1 << 20) - 1: 1}),
    status_list("k:two", 2, 64, {1: 1, 2: 2, 3: 3, 63: 2}, more={65534: 1}),  # ttl, a hint only
    status_list("k:exp", 1, 64, {9: 1}, more={4: NOW + 1000}),
    status_list("k:old", 1, 64, {9: 1}, iat=NOW - 400 * DAY),
    lax_status_list(),
    status_list("m:1", 1, 64, {9: 1}, key=LISTER),
]


# ---- Cases

CASES = []
NOTHING, KIND, PASS = range(3)
# What is established when a check fails: the kind once the form was read, pass and issuer by the issuer's signature.
KNOWN = {"not_a_pass": NOTHING, "malformed": NOTHING, "unknown_issuer": KIND, "key_not_allowed": KIND}


def case(name, shown, reason, venue=None, at=NOW, known=PASS, alone=False, long=False):
    """`alone`: the bytes are all that the program gets, not a line among others; the text is then hexadecimal."""
    if isinstance(shown, str):
        shown = Pass(None, None, None, "entry", shown.encode(), shown)
    known = min(known, KNOWN.get(reason, PASS))
    # What is too long is malformed whatever else it is, and would show nothing.
    assert long or alone or len(shown.text) <= 484, name
    CASES.append({
        "name": f"{reason}: {name}", "service": shown.door, "venue": venue,
        "at": datetime.fromtimestamp(at, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "text": shown.token.hex() if alone else shown.text, "alone": alone, "reason": reason,
        "kind": shown.kind if known >= KIND else None,
        "pass": shown.number if known >= PASS else None, "issuer": shown.issuer if known >= PASS else None})


def signed_at(make, second):
    """A live pass is signed at the moment at which it is judged; a printed one has no such moment."""
    return {"iat": second} if make is live else {}


def in_one_line(make):
    """Bytes are read line by line too: a pass without the byte that ends one. Each has another number."""
    return next(shown for _ in count() if b"\n" not in (shown := make()).token)


def of_length(length):
    """A good pass of so many bytes, filled up with a claim of no meaning."""
    return next(shown for n in count() if len((shown := live(claims={99: bytes(n)})).token) == length)


def longest_of_guests():
    """What still fits the code of a phone: a window to come, 23 visits, P-256, a venue and a nonce."""
    claims = {5: NBF, 65535: status(65534, "k:3.12"), -65537: {1: TODAY, 86: 23}}
    shown = live(holder=P256("a"), claims=claims, payload={3: "E:GATE12", 39: bytes(8)})
    assert len(shown.token) == 309 and len(shown.text) == 468
    return shown


def cases_of_granted():
    example_live, example_printed = worked_example()
    case("the worked example", example_live, "granted")
    case("the worked example", example_printed, "printed_not_allowed")
    for door in DOORS:
        everything = {-65537: {1: TODAY, 2: TODAY, 3: REFERENCE}}
        case(f"live, {door}", live(door), "granted")
        case(f"live, {door}, P-256 with low s", live(door, holder=P256(door)), "granted")
        case(f"live, {door}, P-256 with high s", live(door, holder=P256(door, high_s=True)), "granted")
        case(f"live, {door}, every service's number", live(door, claims=everything), "granted")
    for name in "abcdef":  # both signs of y
        case(f"live, P-256 key {name}", live(holder=P256(name)), "granted")
    ignored = {1: "iss", 7: b"", 99: [{}, "é", b"x", -1, True, False], -1: {"b": 1, "aa": {1: False}}}
    largest = {2**53 - 1: 2**53 - 1, -2**53 + 1: -2**53 + 1}
    deep = {"arrays": {99: Raw(b"\x81" * 6 + b"\x80")}, "maps": {99: Raw(b"\xa1\x00" * 6 + b"\xa0")}}
    for make in [live, printed]:
        kind = make.__name__
        case(f"{kind}, sub of 8", make(claims={2: "ABCDEFGH"}), "granted")
        case(f"{kind}, ignored claims", make(claims=ignored), "granted")
        case(f"{kind}, the largest integers", make(claims={4: 2**53 - 1, **largest}), "granted")
        for name, claims in deep.items():
            case(f"{kind}, {name} to a depth of 8", make(claims=claims), "granted")
        case(f"{kind}, services beyond 31", make(claims={-65537: {1: TODAY, 32: "x", 999: [1]}}), "granted")
        # Visits are counted where entries are recorded; what is no number of visits is ignored.
        for visits in [1, 23, 24, 255, 0, 256, -1, "1", b"\x01", [1], True]:
            case(f"{kind}, {visits!r} visits", make(claims={-65537: {1: TODAY, 86: visits}}), "granted")
        case(f"{kind}, a day long ago", make(claims={-65537: {1: -9999}}), "granted")
        for idx, uri in [((1 << 20) - 2, "k:3.12"), (63, "k:old"), (0, "k:two"), (62, "k:two"), (0, "k:exp"), (7, "k:lax")]:
            case(f"{kind}, index {idx} of {uri}", make(claims={65535: status(idx, uri)}), "granted")
        case(f"{kind}, nbf now", make(claims={5: NOW}), "granted")
        case(f"{kind}, the second before exp", make(**signed_at(make, EXP - 1)), "granted", at=EXP - 1)
        for venue in ["S", "SH0P12"]:
            case(f"{kind}, for every venue, at {venue}", make(), "granted", venue=venue)
        case(f"{kind}, CR LF at the end", replace(shown := make(), text=shown.text + "\r"), "granted")
        case(f"{kind}, no line end", replace(shown := make(), token=shown.text.encode()), "granted", alone=True)
        case(f"{kind}, bytes", in_one_line(make), "granted", alone=True)
        case(f"{kind}, a key that shares its kid", make(key=TWINS[0]), "granted")
    case("live, ignored claims of the presentation", live(payload=ignored), "granted")
    case("live, the largest integers in the presentation", live(payload=largest), "granted")
    for name, payload in deep.items():
        case(f"live, {name} to a depth of 8 in the presentation", live(payload=payload), "granted")
    case("live, a nonce that was not asked for", live(payload={39: bytes(8)}), "granted")
    case("live, nbf", live(claims={5: NBF}), "granted")
    for venue in ["S", "SH0P12"]:
        case(f"live, aud names the venue {venue}", live(payload={3: f"E:{venue}"}), "granted", venue=venue)
    case("live, the longest guest's pass", longest_of_guests(), "granted", venue="GATE12")
    case("live, 484 characters", of_length(320), "granted")
    case("live, 320 bytes", in_one_line(lambda: of_length(320)), "granted", alone=True)
    for key in [MIRAE, TWINS[1]]:
        case(f"live, {key.kid.hex()} of mirae", live(key=key, claims={65535: status(5, "m:1")}), "granted")
    case("live, a key that shares its kid, the other not for adult", live("adult", key=TWINS[0]), "granted")
    for second in [TODAY * DAY - SEOUL, (TODAY + 1) * DAY - SEOUL - 1]:
        shown = printed(key=ONE_DAY, claims={5: second})
        case(f"printed, issued in second {second} of the only day", shown, "granted", at=second)
    case("live, a key of one day of issue, no nbf", live(key=ONE_DAY, iat=NOW + DAY), "granted", at=NOW + DAY)
    case("live, a key's last second", live(key=ENDING, iat=NOW + 99), "granted", at=NOW + 99)


def cases_of_other_texts():
    text = live().text
    for name, other in {
        "empty": "", "a line end alone": "\r", "URL": "https://example.org/" + text, "lower case": text.lower(),
        "lower prefix": "mj1:" + text[4:], "mixed prefix": "Mj1:" + text[4:], "leading space": " " + text,
        "byte order mark": "\ufeff" + text, "NUL": "\0" + text, "cut prefix": text[1:], "no colon": "MJ1" + text[4:],
        "part of the prefix": "MJ1", "another profile": "MJ2:" + text[4:], "challenge": "MJQ1:" + text[4:],
        "no prefix": text[4:], "another pass": "HC1:" + text[4:], "485 characters": "A" * 485, "5000 characters": "0" * 5000,
        "not ASCII": "문지기", "full-width prefix": "ＭＪ１：" + text[4:],
    }.items():
        case(name, other, "not_a_pass", long=True)
    for name, shown in [*passes_of_wrong_form(), *texts_of_wrong_form()]:
        case(name, shown, "malformed")
    # With the prefix, too long is malformed; without it, no pass.
    for length in [485, 486, 4097, 100000]:
        case(f"{length} characters", (text + "0" * length)[:length], "malformed", long=True)
    case("a token of 321", of_length(321), "malformed", long=True)
    case("321 bytes", in_one_line(lambda: of_length(321)), "malformed", alone=True)
    token = in_one_line(printed).token
    for name, token in {"a byte more": token + b"\0", "a byte less": token[:-1], "the head alone": b"\xd2\x84"}.items():
        case(f"bytes, {name}", Pass(None, None, None, "entry", token, None), "malformed", alone=True)


def cases_of_keys():
    for make in [live, printed]:
        kind = make.__name__
        for door in DOORS:
            case(f"{kind}, {door}", make(door, key=STRANGER), "unknown_issuer")
        case(f"{kind}, one bit of the kid", make(header={4: bytes([HANBIT.kid[0] ^ 1]) + HANBIT.kid[1:]}), "unknown_issuer")
        for key, name in [(LISTER, "for lists only"), (IDLE, "for no service"), (DISTRUSTED, "distrusted")]:
            case(f"{kind}, a key {name}", make(key=key), "key_not_allowed")
        for second in [TODAY * DAY - SEOUL - 1, (TODAY + 1) * DAY - SEOUL]:
            case(f"{kind}, issued in second {second}", make(key=ONE_DAY, claims={5: second}), "key_not_allowed")
        for at in [NOW + 100, NOW + 101]:
            case(f"{kind}, verify_until over at {at}", make(key=ENDING, **signed_at(make, at)), "key_not_allowed", at=at)
        for door in ["adult", "store"]:
            case(f"{kind}, a key not for {door}", make(door, key=MIRAE), "key_not_allowed")
        case(f"{kind}, neither key of that kid for the store", make("store", key=TWINS[0]), "key_not_allowed")
    case("printed, a key for live passes", printed(key=MIRAE), "key_not_allowed")


def signed_otherwise(sign):
    """A frame with another signature."""
    return lambda p, m, s: sign1_tagged(p, m, sign(p, m, s))


def flipped(at):
    return signed_otherwise(lambda p, m, s: s[:at] + bytes([s[at] ^ 1]) + s[at + 1:])


def with_larger_s(p, m, s):
    """The same number modulo L."""
    return s[:32] + (int.from_bytes(s[32:], "little") + L).to_bytes(32, "little")


def with_small_r(key):
    """R is the neutral point, of small order; a lenient verifier takes it."""
    def sign(p, m, s):
        r = bytes([1]) + bytes(31)
        return r + (ed_challenge(r, key.public, to_be_signed(p, m)) * key.secret % L).to_bytes(32, "little")
    return signed_otherwise(sign)


ZEROS = signed_otherwise(lambda p, m, s: bytes(64))


def cases_of_issuer_signatures():
    def bad(name, shown):
        case(name, shown, "bad_signature", known=KIND)

    for make in [live, printed]:
        kind = make.__name__
        for at in [0, 31, 32, 63]:
            bad(f"{kind}, a bit of byte {at}", make(frame=flipped(at)))
        bad(f"{kind}, another number", make(frame=lambda p, m, s: sign1_tagged(p, m.replace(b"7K", b"7M"), s)))
        bad(f"{kind}, zeros", make(frame=ZEROS))
        bad(f"{kind}, s of L more", make(frame=signed_otherwise(with_larger_s)))
        bad(f"{kind}, R of small order", make(frame=with_small_r(HANBIT)))
        bad(f"{kind}, over the payload alone", make(frame=signed_otherwise(lambda p, m, s: HANBIT.sign(m))))
        context = signed_otherwise(lambda p, m, s: HANBIT.sign(cbor(["Signature", p, b"", b"", m])))
        bad(f"{kind}, of another context", make(frame=context))
        for name, key in [("a stranger's", STRANGER), ("another issuer's", MIRAE)]:
            bad(f"{kind}, {name}", make(key=key, header={4: HANBIT.kid}))
        bad(f"{kind}, a stranger's with a kid that two keys share", make(key=STRANGER, header={4: TWINS[0].kid}))
    thief = Ed25519("thief")
    exchanged = lambda p, m, s: sign1_tagged(p, m.replace(HOLDER.public, thief.public), s)
    bad("live, exchanged cnf", live(holder=thief, claims={8: {1: KEY}}, frame=exchanged))


def cases_of_holder_signatures():
    def bad(name, **changes):
        case(f"holder, {name}", live(**changes), "bad_signature")

    for name, holder in [("a thief", Ed25519("thief")), ("the issuer", HANBIT)]:
        bad(name, holder=holder, claims={8: {1: KEY}})
    bad("a thief with P-256", holder=P256("thief"), claims={8: {1: EC2}})
    bad("y of the other sign", holder=P256("holder"), claims={8: {1: {**EC2, -3: not EC2[-3]}}})
    for name, holder in [("Ed25519", HOLDER), ("P-256", P256("holder")), ("P-256 with high s", P256("holder", high_s=True))]:
        for at in [0, 31, 32, 63]:
            bad(f"{name}, a bit of byte {at}", holder=holder, outer=flipped(at))
        bad(f"{name}, zeros", holder=holder, outer=ZEROS)
        bad(f"{name}, s of 0", holder=holder, outer=signed_otherwise(lambda p, m, s: s[:32] + bytes(32)))
        bad(f"{name}, the largest", holder=holder, outer=signed_otherwise(lambda p, m, s: b"\xff" * 64))
        bad(f"{name}, halves exchanged", holder=holder, outer=signed_otherwise(lambda p, m, s: s[32:] + s[:32]))
        bad(f"{name}, over the payload alone", holder=holder, outer=signed_otherwise(lambda p, m, s: holder.sign(m)))
        bad(f"{name}, of another iat", holder=holder, outer=lambda p, m, s: sign1_tagged(p, cbor({3: "E", 6: NOW + 1}), s))
    bad("s of L more", outer=signed_otherwise(with_larger_s))
    bad("R of small order", outer=with_small_r(HOLDER))
    # Small order in every spelling that a lenient reader knows, and y = 2, which is on no point.
    order8 = int.from_bytes(bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little")
    for y in [1, P - 1, 0, 1 << 255, order8, order8 | 1 << 255, P - order8, P, P + 1, 1 | 1 << 255, 2]:
        bad(f"weak key {y:x}", holder=WeakKey(y))
    for x in [Q, 2**256 - 1, 1]:  # beyond the field, and 1, which is on no point of P-256
        bad(f"no point of P-256 at {x:x}", holder=P256("holder"), claims={8: {1: {**EC2, -2: x.to_bytes(32, "big")}}})


def cases_of_claims_and_status():
    for make in [live, printed]:
        kind = make.__name__
        for nbf in [NOW + 1, NOW + DAY, 21183 * DAY]:
            case(f"{kind}, nbf {nbf}", make(claims={5: nbf}), "not_yet_valid")
        for at in [EXP, EXP + 1, EXP + 365 * DAY]:
            case(f"{kind}, {at}", make(**signed_at(make, at)), "expired", at=at)
        case(f"{kind}, exp 0", make(claims={4: 0}), "expired")
        for door, other in [("entry", "adult"), ("adult", "entry"), ("entry", "store"), ("store", "adult"), ("adult", "store")]:
            case(f"{kind}, only {other}'s number at {door}", make(door, claims={-65537: DOORS[other][1]}), "wrong_service")
        for door in ["entry", "adult"]:
            for services in [{}, {32: 1}, {1: TODAY + 1, 2: TODAY + 1}, {1: 2**53 - 1, 2: 2**53 - 1}]:
                case(f"{kind}, {services} at {door}", make(door, claims={-65537: services}), "too_young")
        for idx in [7, 8, (1 << 20) - 1]:
            case(f"{kind}, index {idx}", make(claims={65535: status(idx)}), "revoked")
        for idx, uri in [(1, "k:two"), (9, "k:exp"), (9, "k:old"), (3, "k:lax")]:
            case(f"{kind}, {uri}", make(claims={65535: status(idx, uri)}), "revoked")
        for idx in [2, 63]:
            case(f"{kind}, index {idx}", make(claims={65535: status(idx, "k:two")}), "suspended")
        unknown = {"no list": status(5, "k:none"), "no list and not named": status(5, "k:other"), "value 3": status(3, "k:two"),
                   "another issuer's list": status(5, "m:1"), "revoked in another issuer's list": status(9, "m:1"),
                   "first index out of range": status(1 << 20), "first index out of 2 bits": status(64, "k:two"),
                   "first index out of a byte": status(8, "k:lax"), "index 2^32": status(1 << 32),
                   "index 2^32 + 5": status((1 << 32) + 5), "largest index": status(2**53 - 1),
                   "another case": status(5, "K:3.12"), "part of a URI": status(5, "k:3.1")}
        for name, place in unknown.items():
            case(f"{kind}, {name}", make(claims={65535: place}), "status_unknown")
        other = make(key=TWINS[0], claims={65535: status(5, "m:1")})
        case(f"{kind}, the list of the key with the same kid", other, "status_unknown")
        for at, reason in [(NOW + 999, "granted"), (NOW + 1000, "status_unknown"), (NOW + 1001, "status_unknown")]:
            shown = make(claims={65535: status(5, "k:exp")}, **signed_at(make, at))
            case(f"{kind}, a list with exp, at {at}", shown, reason, at=at)
    for door, grace in [("adult", 7 * DAY), ("store", 3 * DAY)]:
        at = LISTED + grace
        case(f"{door}, a list from after now", live(door, iat=LISTED - 9), "granted", at=LISTED - 9)
        case(f"{door}, a list as old as its grace", live(door, iat=at), "granted", at=at)
        case(f"{door}, a list older than its grace", live(door, iat=at + 1), "status_unknown", at=at + 1)
        case(f"{door}, a list of last year", live(door, claims={65535: status(5, "k:old")}), "status_unknown")
    midnight = (TODAY + 1) * DAY - SEOUL
    for door, number in [("entry", 1), ("adult", 2)]:
        for at, reason in [(midnight - 1, "too_young"), (midnight, "granted")]:
            case(f"{door}, day {TODAY + 1} at {at}", live(door, claims={-65537: {number: TODAY + 1}}, iat=at), reason, at=at)
    for door, aud in [("entry", "A"), ("entry", "S"), ("adult", "E"), ("store", "E"), ("store", "A:SH0P1")]:
        shown = live(door, claims={-65537: {1: TODAY, 2: TODAY, 3: REFERENCE}}, payload={3: aud})
        case(f"aud {aud} at {door}", shown, "wrong_service")
    for aud, venue in [("E:SH0P1", None), ("E:SH0P1", "SH0P2"), ("E:SH0P1", "SH0P"), ("E:SH0P", "SH0P1"), ("A:SH0P1", "SH0P1")]:
        case(f"aud {aud} at {venue}", live(payload={3: aud}), "wrong_service", venue=venue)


def cases_of_freshness_and_policy():
    for name, holder in [("Ed25519", HOLDER), ("P-256", P256("holder"))]:
        for iat, reason in [(NOW - 25, "granted"), (NOW - 26, "stale"), (0, "stale"),
                            (NOW + 10, "granted"), (NOW + 11, "from_future"), (2**53 - 1, "from_future")]:
            case(f"{name}, iat {iat}", live(iat=iat, holder=holder), reason)
    case("a nonce does not help", live(iat=NOW - 26, payload={39: bytes(8)}), "stale")
    case("a nonce does not help", live(iat=NOW + 11, payload={39: bytes(8)}), "from_future")
    for door in ["adult", "store"]:
        case(door, printed(door), "printed_not_allowed")
        case(f"{door}, at its venue", printed(door), "printed_not_allowed", venue="SH0P1")


def cases_of_order():
    """Two checks fail; the first in the order of the profile names the reason."""
    old, young = {4: NOW}, {-65537: {1: TODAY + 1}}
    revoked, suspended, unknown = {65535: status(7)}, {65535: status(2, "k:two")}, {65535: status(5, "k:none")}
    unsigned, unsure = {"frame": ZEROS}, {"outer": ZEROS}
    elsewhere, late, early = {3: "A"}, {6: NOW - 99}, {6: NOW + 99}
    for name, shown, reason, *known in [
        ("form of the credential, kid", live(key=STRANGER, claims={2: "7"}), "malformed"),
        ("form of the presentation, kid", live(key=STRANGER, payload={6: -1}), "malformed"),
        ("form of a printed pass, kid", printed(key=STRANGER, claims={8: {1: KEY}}), "malformed"),
        ("form, usage", printed(key=DISTRUSTED, header={99: 1}), "malformed"),
        ("form, issuer signature", live(claims={99: Raw(b"\xf6")}, **unsigned), "malformed"),
        ("form, exp", live(claims={**old, -65537: {4: 1}}), "malformed"),
        ("form of the presentation, issuer signature", live(payload={"x": 1}, **unsigned), "malformed"),
        ("kid, issuer signature", live(key=STRANGER, **unsigned), "unknown_issuer"),
        ("kid, exp", printed(key=STRANGER, claims=old), "unknown_issuer"),
        ("kid, printed at adult", printed("adult", key=STRANGER), "unknown_issuer"),
        ("kid, weak holder key", live(key=STRANGER, holder=WeakKey(1)), "unknown_issuer"),
        ("usage, issuer signature", live(key=DISTRUSTED, **unsigned), "key_not_allowed"),
        ("usage, exp", live(key=IDLE, claims=old), "key_not_allowed"),
        ("usage, nbf", live(key=ONE_DAY, claims={5: NOW + DAY}), "key_not_allowed"),
        ("usage, status", printed(key=DISTRUSTED, claims=revoked), "key_not_allowed"),
        ("usage, aud", live(key=LISTER, payload=elsewhere), "key_not_allowed"),
        ("usage, printed at adult", printed("adult", key=LISTER), "key_not_allowed"),
        ("issuer signature, nbf", live(claims={5: NOW + 1}, **unsigned), "bad_signature", KIND),
        ("issuer signature, exp", printed(claims=old, **unsigned), "bad_signature", KIND),
        ("issuer signature, aud", live(payload=elsewhere, **unsigned), "bad_signature", KIND),
        ("issuer signature, threshold", live(claims=young, **unsigned), "bad_signature", KIND),
        ("issuer signature, status", printed(claims=revoked, **unsigned), "bad_signature", KIND),
        ("issuer signature, holder signature", live(**unsigned, **unsure), "bad_signature", KIND),
        ("issuer signature, freshness", live(payload=late, **unsigned), "bad_signature", KIND),
        ("issuer signature, printed at adult", printed("adult", **unsigned), "bad_signature", KIND),
        ("nbf, exp", printed(claims={4: NOW - 1, 5: NOW + 1}), "not_yet_valid"),
        ("nbf, aud", live(claims={5: NOW + 1}, payload=elsewhere), "not_yet_valid"),
        ("nbf, status", live(claims={5: NOW + 1, **revoked}), "not_yet_valid"),
        ("exp, aud", live(claims=old, payload=elsewhere), "expired"),
        ("exp, threshold", printed(claims=old | young), "expired"),
        ("exp, status", live(claims=old | revoked), "expired"),
        ("exp, no list", printed(claims=old | unknown), "expired"),
        ("exp, holder signature", live(claims=old, **unsure), "expired"),
        ("exp, printed at adult", printed("adult", claims=old), "expired"),
        ("aud, threshold", live(claims=young, payload=elsewhere), "wrong_service"),
        ("aud, status", live(claims=revoked, payload=elsewhere), "wrong_service"),
        ("aud, holder signature", live(payload=elsewhere, **unsure), "wrong_service"),
        ("aud, freshness", live(payload=elsewhere | late), "wrong_service"),
        ("service, status", printed("adult", claims={-65537: {1: TODAY}, **revoked}), "wrong_service"),
        ("service, no list", printed("store", claims={-65537: {1: TODAY}, **unknown}), "wrong_service"),
        ("service, printed at adult", printed("adult", claims={-65537: {1: TODAY}}), "wrong_service"),
        ("threshold, status", live(claims=young | revoked), "too_young"),
        ("threshold, no list", printed(claims=young | unknown), "too_young"),
        ("threshold, holder signature", live(claims=young, **unsure), "too_young"),
        ("threshold, freshness", live(claims=young, payload=early), "too_young"),
        ("threshold, printed at adult", printed("adult", claims={-65537: {2: TODAY + 1}}), "too_young"),
        ("revoked, holder signature", live(claims=revoked, **unsure), "revoked"),
        ("revoked, weak holder key", live(claims=revoked, holder=WeakKey(1)), "revoked"),
        ("revoked, freshness", live(claims=revoked, payload=late), "revoked"),
        ("revoked, printed at adult", printed("adult", claims=revoked), "revoked"),
        ("suspended, holder signature", live(claims=suspended, **unsure), "suspended"),
        ("suspended, freshness", live(claims=suspended, payload=early), "suspended"),
        ("suspended, printed at store", printed("store", claims=suspended), "suspended"),
        ("no list, holder signature", live(claims=unknown, **unsure), "status_unknown"),
        ("no list, freshness", live(claims=unknown, payload=late), "status_unknown"),
        ("no list, printed at adult", printed("adult", claims=unknown), "status_unknown"),
        ("holder signature, stale", live(payload=late, **unsure), "bad_signature"),
        ("holder signature, from the future", live(payload=early, **unsure), "bad_signature"),
    ]:
        case(f"before the other: {name}", shown, reason, known=known[0] if known else PASS)


def main(folder):
    folder.mkdir(parents=True, exist_ok=True)
    worked_example()
    issuers = {"format": 1, "issuers": ISSUERS, "keys": KEYS, "lists": [announced for announced, _ in LISTS]}
    root = repository(folder / "repo", issuers, {announced["uri"]: token for announced, token in LISTS})
    (folder / "root.json").write_bytes(root)
    for cases in [cases_of_granted, cases_of_other_texts, cases_of_keys, cases_of_issuer_signatures, cases_of_holder_signatures,
                  cases_of_claims_and_status, cases_of_freshness_and_policy, cases_of_order]:
        cases()
    assert len({case["name"] for case in CASES}) == len(CASES)
    (folder / "cases.json").write_text(json.dumps(CASES, ensure_ascii=False, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))

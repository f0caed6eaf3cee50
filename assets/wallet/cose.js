// The presentation of profile MJ1: a COSE_Sign1 (RFC 9052) by the holder that carries the credential.
//
// No CBOR library: the wallet writes two maps of fixed form and embeds the credential byte for byte, so a general encoder
// would only add ways to write something that is not deterministic (RFC 8949, 4.2.1).

/** Algorithm numbers of RFC 9864. */
export const ED25519 = -19;
export const ESP256 = -9;

/** The most that fits a code of version 11, level L, behind `MJ1:` in Base45. */
export const LONGEST = 309;

const KB_CWT = 294;
const SIGNATURE = 64;

// The head of a data item: major type and argument in its shortest form.
function head(major, n) {
  if (n < 24) return [(major << 5) | n];
  if (n < 0x100) return [(major << 5) | 24, n];
  if (n < 0x10000) return [(major << 5) | 25, n >> 8, n & 0xff];
  return [(major << 5) | 26, n >>> 24, (n >> 16) & 0xff, (n >> 8) & 0xff, n & 0xff];
}

const int = (n) => (n < 0 ? head(1, -1 - n) : head(0, n));
const bstr = (bytes) => [...head(2, bytes.length), ...bytes];
const tstr = (text) => [...head(3, text.length), ...new TextEncoder().encode(text)];
const map = (...entries) => [...head(5, entries.length), ...entries.flat()];

/**
 * Signs a presentation of `credential` (bytes of a tagged COSE_Sign1) and returns its bytes.
 *
 * `aud` is ASCII, `iat` in seconds since 1970, `cnonce` 8 bytes or absent; `sign` takes the bytes to be signed and
 * returns 64 bytes (a promise).
 */
export async function present({ credential, alg, aud, iat, cnonce, sign }) {
  const header = bstr(map([...int(1), ...int(alg)], [...int(13), ...credential], [...int(16), ...int(KB_CWT)]));
  const claims = [
    [...int(3), ...tstr(aud)],
    [...int(6), ...int(iat)],
  ];
  if (cnonce) claims.push([...int(39), ...bstr(cnonce)]);
  const payload = bstr(map(...claims));
  const signed = [0x84, ...tstr("Signature1"), ...header, 0x40, ...payload];
  const signature = await sign(new Uint8Array(signed));
  return new Uint8Array([0xd2, 0x84, ...header, 0xa0, ...payload, ...bstr(signature)]);
}

/** The length of the longest presentation that a kiosk can ask of this credential: with a venue and a challenge. */
export async function longest(credential, alg, aud) {
  const token = await present({
    credential,
    alg,
    aud: `${aud.split(":")[0]}:000000`,
    iat: 0xffffffff,
    cnonce: new Uint8Array(8),
    sign: () => new Uint8Array(SIGNATURE),
  });
  return token.length;
}

/** Reads a challenge `{3: aud, 39: bstr .size 8}`; null when the bytes are of any other form. */
export function readChallenge(bytes) {
  const length = bytes[2] - 0x60;
  if (!(length >= 1 && length <= 8) || bytes.length !== length + 14) return null;
  const aud = String.fromCharCode(...bytes.slice(3, 3 + length));
  const cnonce = bytes.slice(-8);
  if (!/^[EAS](:[0-9A-HJKMNP-TV-Z]{1,6})?$/.test(aud)) return null;
  const expected = map([...int(3), ...tstr(aud)], [...int(39), ...bstr(cnonce)]);
  return expected.every((byte, i) => byte === bytes[i]) ? { aud, cnonce } : null;
}

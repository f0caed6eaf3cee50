// The holder's keys: made and kept by the browser, never readable by this page.

import * as cards from "./cards.js";
import { ED25519, ESP256 } from "./cose.js";

// P-256 is for browsers without Ed25519, or that cannot keep one.
const kinds = [{ name: "Ed25519" }, { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }];

/** This browser cannot make, keep or use a key: private window, in-app browser, blocked site data. */
export class NoKeys extends Error {}

/**
 * The key for one enrolment: the one kept for this code earlier, or a new one. It was stored, read back, and has signed
 * something before this returns, because a code must not be spent on a key that is gone tomorrow.
 */
export async function prepare(code) {
  const id = `pending/${code}`;
  let failure;
  try {
    const kept = await cards.key(id);
    if (kept && (await works(kept))) return kept;
  } catch (error) {
    failure = error;
  }
  for (const kind of kinds) {
    try {
      await cards.keepPending(id, await crypto.subtle.generateKey(kind, false, ["sign", "verify"]));
      const kept = await cards.key(id);
      if (await works(kept)) return kept;
    } catch (error) {
      failure = error;
    }
  }
  throw new NoKeys("no key could be made, kept and used", { cause: failure });
}

/** Whether the pair can sign what it can verify. */
export async function works(pair) {
  try {
    const text = crypto.getRandomValues(new Uint8Array(32));
    const kind = kindOf(pair);
    return await crypto.subtle.verify(kind, pair.publicKey, await sign(pair, text), text);
  } catch {
    return false;
  }
}

/** Signs bytes: 64 bytes, for P-256 r and s. */
export async function sign(pair, bytes) {
  return new Uint8Array(await crypto.subtle.sign(kindOf(pair), pair.privateKey, bytes));
}

/** The COSE algorithm of the pair. */
export function alg(pair) {
  return kindOf(pair).name === "Ed25519" ? ED25519 : ESP256;
}

/** The public key as the issuer takes it: `ed25519:HEX64` or `p256:HEX66` (compressed point). */
export async function holder(pair) {
  const raw = new Uint8Array(await crypto.subtle.exportKey("raw", pair.publicKey));
  if (alg(pair) === ED25519) return `ed25519:${hex(raw)}`;
  const parity = raw[64] & 1 ? "03" : "02";
  return `p256:${parity}${hex(raw.slice(1, 33))}`;
}

function kindOf(pair) {
  return kinds.find((kind) => kind.name === pair.privateKey.algorithm.name);
}

function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

// What the wallet asks of a credential; whether it is true is for kiosks to judge.

import { LONGEST, longest } from "./cose.js";
import { alg, holder } from "./keys.js";

/** Whether it is a tagged COSE_Sign1 bound to this key; a kiosk refuses any other. */
export async function isFor(credential, pair) {
  const key = (await holder(pair)).split(":")[1].slice(-64); // of a compressed point, the x coordinate
  const text = hex(credential);
  return text.startsWith("d284") && text.includes(key);
}

/** The issuer's key: `kid` in the header `{1: -19, 4: kid, 16: typ}`. */
export const kid = (credential) => hex(credential.slice(8, 12));

const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether every presentation of it fits the code. */
export async function fits(credential, pair, aud) {
  return (await longest(credential, alg(pair), aud)) <= LONGEST;
}

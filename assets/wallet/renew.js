// Renewal: a card asks for a later credential by itself, long before it ends, and also afterwards.

import * as cards from "./cards.js";
import * as issuer from "./issuer.js";
import { fits, isFor } from "./credential.js";
import { sign } from "./keys.js";

const PAUSE = 3 * 3600;

// What an issuer says about the pass itself; everything else passes by.
const lasting = ["pass_revoked", "pass_suspended", "pass_ended", "pass_unknown"];

/** Whether it is time to ask. */
export function due(card, now) {
  if (card.renewAfter === null || card.trouble === "pass_revoked" || !navigator.onLine) return false;
  return now >= card.renewAfter && Math.abs(now - (card.renewTried ?? 0)) >= PAUSE;
}

/** Asks for a later credential; resolves to whether the card has changed. */
export async function renew(card, pair, now) {
  const before = { exp: card.exp, trouble: card.trouble };
  try {
    const answer = await issuer.renew(card.pass, async (text) =>
      issuer.base64url(await sign(pair, new TextEncoder().encode(text))),
    );
    const credential = issuer.fromBase64url(answer.credential);
    if ((await isFor(credential, pair)) && (await fits(credential, pair, answer.aud))) {
      const { pass, aud, exp } = answer;
      Object.assign(card, { pass, aud, exp, credential, renewAfter: answer.renew_after, trouble: undefined });
    }
  } catch (error) {
    if (error.problem === "offline") return false;
    if (lasting.includes(error.problem)) card.trouble = error.problem;
  }
  card.renewTried = now;
  await cards.update(card);
  return card.exp !== before.exp || card.trouble !== before.trouble;
}

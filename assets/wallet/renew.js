// Renewal: a card asks for a later credential by itself, long before it ends, and also afterwards.

import * as cards from "./cards.js";
import * as issuer from "./issuer.js";
import { fits, isFor, kid } from "./credential.js";
import { recall, remember } from "./kept.js";
import { sign } from "./keys.js";

const PAUSE = 3 * 3600;
const QUARTER = 6 * 3600;

// What an issuer says about the pass itself; everything else passes by.
const lasting = ["pass_revoked", "pass_suspended", "pass_ended", "pass_unknown"];

/** Whether it is time to ask; at once where no door takes passes of the card's key (`gone`) any more. */
export function due(card, now, gone = new Set()) {
  if (card.renewAfter === null || card.trouble === "pass_revoked" || !navigator.onLine) return false;
  const time = now >= card.renewAfter || gone.has(kid(card.credential));
  return time && Math.abs(now - (card.renewTried ?? 0)) >= PAUSE;
}

/** The kids of keys that the issuer trusts no more. It is asked four times a day. */
export async function distrusted(now) {
  const [asked, ...kids] = (recall("distrusted") ?? "0").split(" ");
  if (!navigator.onLine || Math.abs(now - Number(asked)) < QUARTER) return new Set(kids);
  const told = await issuer.distrusted().catch(() => kids);
  remember("distrusted", [now, ...told].join(" "));
  return new Set(told);
}

/** Asks for a later credential; resolves to whether the card has changed. */
export async function renew(card, pair, now) {
  const before = { exp: card.exp, key: kid(card.credential), trouble: card.trouble };
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
  return card.exp !== before.exp || kid(card.credential) !== before.key || card.trouble !== before.trouble;
}

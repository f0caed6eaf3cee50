// Enrolment: from a code to a card.

import * as cards from "./cards.js";
import * as issuer from "./issuer.js";
import { Problem } from "./issuer.js";
import { grouped, read } from "./code.js";
import { fits, isFor } from "./credential.js";
import { button, element } from "./element.js";
import { holder, NoKeys, prepare, sign } from "./keys.js";
import { lastOf, moment, named, t } from "./language.js";
import { announce, heading, linkToCopy, notice, show, showLater, shows, waiting } from "./page.js";

// After these the code is of no more use.
const spent = ["link_unknown", "link_used", "link_expired"];

/** What the code gives, to be taken or left; or what is wrong. `finished` gets the new card. */
export async function enrolment(text, finished) {
  const code = read(text);
  if (!code) return failure(new Problem("link_unknown"));
  const again = () => showLater(() => enrolment(text, finished));
  try {
    const [offer, { id, name }, pair] = await Promise.all([issuer.offer(code), issuer.issuer(), prepare(code)]);
    return offered({ code, offer, issuer: { id, name }, pair, finished });
  } catch (error) {
    return failure(error, again);
  }
}

/** The address that leads to this enrolment in another browser. */
export const linkOf = (code) => `${location.href.split("#")[0]}#enrol/${grouped(code)}`;

/** Takes the code out of the address bar, and with it out of what is shared or restored. */
export const forget = () => history.replaceState(null, "", location.pathname + location.search);

function offered(enrolment) {
  const { code, offer, issuer, finished } = enrolment;
  const accept = async () => {
    const progress = waiting("accepting");
    show(progress);
    try {
      const card = await take(enrolment);
      forget();
      announce(t("accepted"));
      if (shows(progress)) finished(card);
    } catch (error) {
      if (shows(progress)) show(failure(error, accept));
    }
  };
  const special = inApp || onIphone;
  return {
    draw: () => [
      element(
        "div",
        { class: "offer" },
        heading(t("offer_title", { issuer: named(issuer) })),
        element("p", { class: "lead" }, t("offer_lead")),
        facts([
          [t("offer_service"), t(`${offer.service}_about`)],
          [t("offer_pass_until"), validity(offer.window, offer.pass_until)],
          offer.visits && [t("offer_use"), uses(offer.visits)],
          [t("offer_until"), t("until", { until: moment(offer.until) })],
        ]),
        special && place(code),
      ),
      element(
        "div",
        { class: "actions" },
        !special && element("p", { class: "small" }, t("private_note")),
        button("primary", t("accept"), accept),
      ),
    ],
  };
}

/** From when until when a pass may be used. */
export function validity(window, exp) {
  return window
    ? t("from_to", { from: moment(window.from), to: lastOf(window.to) })
    : t("until", { until: lastOf(exp) });
}

/** How often a pass may be used. */
export const uses = (visits) => t(visits === 1 ? "once" : "times", { visits });

/** Names and values in two columns. */
export function facts(rows) {
  const row = ([name, value]) => element("div", {}, element("dt", {}, name), element("dd", {}, value));
  return element("dl", {}, rows.filter(Boolean).map(row));
}

// Where a pass would be lost sooner than people expect: another app's window, and Safari outside the home screen.
const inApp = /KAKAOTALK|NAVER\(inapp|DaumApps|Line\/|FBA[NV]\/|Instagram|; wv\)/i.test(navigator.userAgent);
const onIphone = /iPhone|iPad/.test(navigator.userAgent) && !navigator.standalone;

function place(code) {
  return element(
    "section",
    { class: "banner" },
    element("h2", {}, t(inApp ? "in_app_title" : "ios_title")),
    element("p", {}, t(inApp ? "in_app_next" : "ios_next", { code: grouped(code) })),
    inApp && linkToCopy(linkOf(code)),
  );
}

async function take({ code, offer, pair }) {
  const text = new TextEncoder();
  const answer = await issuer.enrol(code, await holder(pair), async (proof) =>
    issuer.base64url(await sign(pair, text.encode(proof))),
  );
  const credential = issuer.fromBase64url(answer.credential);
  if (!(await isFor(credential, pair))) throw new Problem("wrong_credential");
  if (!(await fits(credential, pair, answer.aud))) throw new Problem("too_large");
  const card = {
    // A guest's pass does not take the place of one that lasts.
    id: `${answer.issuer.id}/${answer.service}${offer.visits || offer.window ? "/guest" : ""}`,
    link: await cards.linkHash(code),
    pass: answer.pass,
    service: answer.service,
    credential,
    aud: answer.aud,
    exp: answer.exp,
    renewAfter: answer.renew_after,
    issuer: answer.issuer,
    visits: offer.visits,
    window: offer.window,
    added: Date.now(),
  };
  await cards.keep(card, pair).catch(() => {
    throw new Problem("not_kept"); // the same key gets the same answer again for a few minutes
  });
  await navigator.storage?.persist?.().catch(() => false);
  return card;
}

/** The screen for an error; `again` tries once more. */
export function failure(error, again) {
  const code = read(location.hash);
  const here = code ? linkOf(code) : location.href.split("#")[0];
  if (error instanceof NoKeys) {
    return notice("no_keys", { more: () => linkToCopy(here), actions: () => [button("secondary", t("retry"), again)] });
  }
  const name = error.problem ?? "server";
  if (spent.includes(name)) forget();
  const known = t(`${name}_title`) !== t("server_title");
  return notice(known ? name : "server", {
    back: "#",
    actions: () => [
      spent.includes(name)
        ? button("primary", t("other_code"), "#add")
        : again && button("primary", t("retry"), again),
      button("quiet", t("to_passes"), "#"),
    ],
  });
}

// The screen of a card: its live code, or why there is none.

import { button, element } from "./element.js";
import { facts, uses, validity } from "./enrol.js";
import { lastOf, moment, named, t } from "./language.js";
import { liveCode } from "./live.js";
import { heading, mark, show } from "./page.js";

const PERIOD = 5;
const DAY = 86400;
const WARNED_BEFORE = 7 * DAY;

/** Why a card has no code, or undefined when it has one. */
export function hindrance(card, pair, now) {
  if (!pair) return "key_gone";
  if (now >= card.exp) return "expired";
  if (card.trouble === "pass_revoked" || card.trouble === "pass_suspended") return card.trouble;
}

/** The screen of `card` among `cards`; `choose` shows another, `check` asks the issuer again, `again` looks anew. */
export function cardScreen({ cards, card, pair, now, choose, check, again }) {
  const keyGone = () => show(cardScreen({ cards, card, now, choose, check, again }));
  const label = () => t("code_picture", { service: t(card.service) });
  const why = hindrance(card, pair, now);
  let code;
  return {
    brand: () => named(card.issuer),
    draw() {
      code = why ? undefined : liveCode({ card, pair, seconds: PERIOD, label: label(), ended: again, failed: keyGone });
      return [
        cards.length > 1 && tabs(cards, card, choose),
        element("div", { class: "card" }, code ? shown(card, code, now) : hindered(why, check), footer(card, !why)),
      ].filter(Boolean);
    },
    start: () => code?.start(),
    stop: () => code?.stop(),
  };
}

function shown(card, code, now) {
  return [
    code.panel,
    element(
      "div",
      { class: "beside" },
      heading(t(card.service)),
      element(
        "div",
        { class: "lasting" },
        code.ring,
        element("p", {}, element("strong", {}, t("brightness")), element("span", {}, t("changes"))),
      ),
      warning(card, now),
    ),
  ];
}

function hindered(why, check) {
  return element(
    "div",
    { class: "notice" },
    mark(),
    heading(t(`${why}_title`)),
    element("p", {}, t(`${why}_next`)),
    why === "pass_suspended"
      ? button("primary", t("check_again"), check)
      : button("primary", t("enter_new_code"), "#add"),
  );
}

function footer(card, usable) {
  return element(
    "div",
    { class: "actions" },
    usable && button("secondary", t("kiosk_asks"), "#kiosk"),
    element(
      "a",
      { class: "row", href: "#pass", "aria-label": `${t("details")}, ${t("number")} ${card.pass}` },
      element("span", {}, card.pass),
      element("span", {}, t("until", { until: lastOf(card.window?.to ?? card.exp) })),
    ),
  );
}

function tabs(cards, card, choose) {
  const tab = (other) =>
    element(
      "button",
      { type: "button", "aria-pressed": String(other === card), onclick: () => choose(other) },
      tabName(cards, other),
    );
  return element("nav", { class: "tabs", "aria-label": t("passes") }, cards.map(tab));
}

// The service is enough, unless two issuers give the same one, or one gives two.
function tabName(cards, card) {
  const alike = cards.filter((other) => other !== card && other.service === card.service);
  const own = alike.some((other) => other.issuer.id === card.issuer.id);
  const guest = own && (card.visits || card.window) && t("guest");
  const others = alike.some((other) => other.issuer.id !== card.issuer.id) && named(card.issuer);
  return [t(card.service), others, guest].filter(Boolean).join(" · ");
}

function warning(card, now) {
  const notes = [];
  const renews = card.renewAfter !== null && !card.trouble;
  if (card.window && now < card.window.from) notes.push(t("begins", { from: moment(card.window.from) }));
  if (card.visits) notes.push(t(card.visits === 1 ? "single_use" : "limited_use", { visits: card.visits }));
  else if (card.exp - now <= WARNED_BEFORE && !card.window) {
    const days = Math.floor((card.exp - now) / DAY);
    notes.push(days < 1 ? t("ends_today") : t("ends_soon", { days }));
    notes.push(t(renews ? "renews_itself" : "new_one_needed"));
  }
  return notes.length > 0 && element("p", { class: "banner" }, notes.join(" "));
}

/** Everything about a card, and what can be done with it. */
export function details(card, install) {
  return {
    back: "#",
    draw: () => [
      element(
        "div",
        { class: "offer" },
        heading(t("details")),
        facts([
          [t("offer_service"), t(`${card.service}_about`)],
          [t("number"), card.pass],
          [t("expiry"), validity(card.window, card.exp)],
          card.visits && [t("offer_use"), uses(card.visits)],
          [t("issued_by"), named(card.issuer)],
        ]),
      ),
      element(
        "div",
        { class: "actions" },
        install && button("secondary", t("install"), install),
        button("secondary", t("add"), "#add"),
        button("danger", t("remove"), "#delete"),
      ),
    ],
  };
}

/** Asks once more before a card is deleted. */
export function removal(card, remove) {
  return {
    back: "#pass",
    draw: () => [
      element(
        "div",
        { class: "notice" },
        mark(),
        heading(t("remove_title")),
        element("p", {}, `${t(card.service)} · ${card.pass} · ${named(card.issuer)}`),
        element("p", {}, t("remove_lead")),
      ),
      element("div", { class: "actions" }, button("primary", t("remove_no"), "#pass"), button("danger", t("remove_yes"), remove)),
    ],
  };
}

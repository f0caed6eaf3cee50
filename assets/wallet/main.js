// The wallet page: start, and one line for every place in it.

import * as cards from "./cards.js";
import { cardScreen, details, hindrance, removal } from "./card.js";
import { enrolment, forget } from "./enrol.js";
import { issuer } from "./issuer.js";
import { recall, remember } from "./kept.js";
import { works } from "./keys.js";
import { t } from "./language.js";
import { registerWorker } from "./offline.js";
import { announce, linkToCopy, show, waiting } from "./page.js";
import { due, renew } from "./renew.js";
import { codeEntry, help, insecure, noStorage } from "./start.js";

const places = {
  "": home,
  enrol: (code) => (show(waiting()), enrolment(code, arrived)),
  start: async (service) => (await import("./apply.js")).application(service),
  add: () => entry(false),
  help,
  pass: async () => withCard((card) => details(card, install)),
  delete: async () => withCard((card) => removal(card, () => remove(card))),
  kiosk: async () => withCard(answering),
};

let install; // asks the browser to install the page, where it offers that
let walked = 0;

const seconds = () => Math.floor(Date.now() / 1000);

// Shows the place that the address names, unless the person has gone on before it is ready.
async function go() {
  const walk = ++walked;
  const [name, ...rest] = location.hash.slice(1).split("/");
  let screen;
  try {
    screen = await (places[name] ?? home)(rest.join("/"));
  } catch {
    screen = noStorage(() => linkToCopy(location.href), go);
  }
  if (walk === walked) show(screen);
}

async function home() {
  return withCard(async (card, pair, all) => {
    const now = seconds();
    const usable = pair && (await works(pair)) ? pair : undefined;
    if (usable && !hindrance(card, usable, now) && due(card, now)) void renewed(card, usable);
    return cardScreen({
      cards: all,
      card,
      pair: usable,
      now,
      choose: arrived,
      check: async () => {
        await renew(card, usable, seconds());
        if (card.trouble) announce(t("still_suspended"));
        go();
      },
      lost: go,
    });
  });
}

// The chosen card, or the newest; without one, where to get one.
async function withCard(place) {
  const all = await cards.all();
  const card = all.find((one) => one.id === recall("card")) ?? all.at(-1);
  if (!card) return entry(true);
  return place(card, await cards.key(card.id), all);
}

async function answering(card, pair) {
  if (hindrance(card, pair, seconds())) return home();
  const { challenge } = await import("./challenge.js");
  return challenge(card, pair);
}

async function renewed(card, pair) {
  const changed = await renew(card, pair, seconds());
  if (changed && location.hash.length < 2) go();
}

function entry(first) {
  const self = issuer().then(
    (issuer) => issuer.self_service,
    () => false,
  );
  return codeEntry({ first, self });
}

function arrived(card) {
  remember("card", card.id);
  go();
}

async function remove(card) {
  await cards.remove(card.id);
  forget();
  announce(t("removed"));
  go();
}

addEventListener("hashchange", go);
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install = () => {
    install = undefined; // a browser asks once
    event.prompt();
  };
});

if (isSecureContext) {
  void go();
  registerWorker();
} else {
  show(insecure());
}

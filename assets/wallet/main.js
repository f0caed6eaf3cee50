// The wallet page: start, and one line for every place in it.

import * as cards from "./cards.js";
import { cardScreen, details, hindrance, removal } from "./card.js";
import { read } from "./code.js";
import { enrolment, failure, forget } from "./enrol.js";
import { issuer, Problem } from "./issuer.js";
import { recall, remember } from "./kept.js";
import { works } from "./keys.js";
import { t } from "./language.js";
import { registerWorker } from "./offline.js";
import { announce, linkToCopy, show, waiting } from "./page.js";
import { distrusted, due, renew } from "./renew.js";
import { codeEntry, help, insecure, noStorage } from "./start.js";

const places = {
  "": home,
  enrol: async (code) => (await opened(code)) ?? (show(waiting()), enrolment(code, arrived)),
  start: async (service) => (await import("./apply.js")).application(service),
  add: () => entry(false),
  help,
  pass: async () => withCard((card) => details(card, install)),
  delete: async () => withCard((card) => removal(card, () => remove(card))),
  kiosk: async () => withCard(answering),
};

let install; // asks the browser to install the page, where it offers that
let walked = 0;
let renewing = false;

const seconds = () => Math.floor(Date.now() / 1000);

// Shows the place that the address names, unless the person has gone on before it is ready.
async function go() {
  const walk = ++walked;
  const [name, ...rest] = location.hash.slice(1).split("/");
  let screen;
  try {
    screen = await (places[name] ?? home)(rest.join("/"));
  } catch (error) {
    const storage = error instanceof DOMException;
    screen = storage ? noStorage(() => linkToCopy(location.href), go) : failure(new Problem("offline"), go);
  }
  if (walk === walked) show(screen);
}

async function home() {
  return withCard(async (card, pair, all) => {
    const now = seconds();
    const usable = pair && (await works(pair)) ? pair : undefined;
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
      again: go,
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

// A link that gave a card of this phone leads to it, without asking the issuer, who would take it for misuse.
async function opened(text) {
  const code = read(text);
  const card = code && (await cards.ofLink(code).catch(() => undefined));
  if (!card) return undefined;
  forget();
  remember("card", card.id);
  return home();
}

async function answering(card, pair) {
  if (hindrance(card, pair, seconds())) return home();
  const { challenge } = await import("./challenge.js");
  return challenge(card, pair);
}

// Renews every card that is due, once at a time: at the start, and when the page or the network comes back.
async function renewDue() {
  if (renewing || document.hidden) return;
  renewing = true;
  let changed = false;
  try {
    const all = await cards.all();
    const gone = all.length > 0 ? await distrusted(seconds()) : undefined;
    for (const card of all.filter((card) => due(card, seconds(), gone))) {
      const pair = await cards.key(card.id);
      if (pair && (await renew(card, pair, seconds()))) changed = true;
    }
  } catch {
    // Nothing can be read or written here; the screens say so.
  }
  renewing = false;
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
  void go().then(renewDue);
}

async function remove(card) {
  await cards.remove(card.id);
  forget();
  announce(t("removed"));
  go();
}

addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  install = () => {
    install = undefined; // a browser asks once
    event.prompt();
  };
});

if (isSecureContext) {
  void go().then(renewDue);
  void registerWorker();
  addEventListener("hashchange", go);
  addEventListener("online", renewDue);
  document.addEventListener("visibilitychange", renewDue);
} else {
  show(insecure());
}

// Keeps every file of the page, so that it works without a network; nothing else is ever kept.

// Changes with every file below: tests/wallet asserts it, and prints the right one.
const version = "e055f2fbe211";

const files = [
  "./",
  "apply.js",
  "base45.js",
  "card.js",
  "cards.js",
  "challenge.js",
  "code.js",
  "cose.js",
  "credential.js",
  "element.js",
  "enrol.js",
  "icon-192.png",
  "icon.svg",
  "issuer.js",
  "kept.js",
  "keys.js",
  "language.js",
  "lib/jsqr.js",
  "lib/lean-qr.js",
  "live.js",
  "main.js",
  "manifest.webmanifest",
  "offline.js",
  "page.js",
  "picture.js",
  "renew.js",
  "start.js",
  "style.css",
  "text.js",
];

// Pages in two folders of one host share the caches.
const home = self.registration.scope;
const prefix = `munjigi-wallet ${home} `;
const ours = prefix + version;
const kept = new Set(files.map((file) => new URL(file, home).href));

self.addEventListener("install", (event) => {
  const load = async () => (await caches.open(ours)).addAll([...kept].map((url) => new Request(url, { cache: "no-cache" })));
  event.waitUntil(load());
});

self.addEventListener("activate", (event) => {
  const tidy = async () => {
    const old = (await caches.keys()).filter((name) => name.startsWith(prefix) && name !== ours);
    await Promise.all(old.map((name) => caches.delete(name)));
    await self.clients.claim();
  };
  event.waitUntil(tidy());
});

self.addEventListener("message", (event) => {
  if (event.data === "take over") void self.skipWaiting();
});

// From the cache first. The service's own paths (api, owner, trust) are left to the network.
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  url.hash = url.search = "";
  if (url.href === new URL("index.html", home).href) url.href = home;
  if (event.request.method !== "GET" || !kept.has(url.href)) return;
  const answer = async () => (await (await caches.open(ours)).match(url.href)) ?? fetch(event.request);
  event.respondWith(answer());
});

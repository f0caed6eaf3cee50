// The cards and their keys, in IndexedDB: one of each per service and issuer, and one more for a guest's pass.
//
// Keys have a store of their own, since a browser may lose what it cannot clone and keep the rest: then a card says so.

// Pages in two folders of one host are two wallets.
const name = () => `munjigi${new URL(".", document.baseURI).pathname.slice(0, -1)}`;

let opened;

function open() {
  opened ??= new Promise((resolve, reject) => {
    if (!globalThis.indexedDB) throw new DOMException("no IndexedDB", "NotSupportedError");
    const request = indexedDB.open(name(), 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("cards", { keyPath: "id" });
      request.result.createObjectStore("keys");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  opened.catch(() => (opened = undefined));
  return opened;
}

// Runs `work` in one transaction; resolves to the result of the request it returns, once everything is written.
async function transact(mode, work) {
  const database = await open();
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(["cards", "keys"], mode);
    const request = work(transaction.objectStore("cards"), transaction.objectStore("keys"));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

/** Every card, the newest last. */
export async function all() {
  const cards = await transact("readonly", (cards) => cards.getAll());
  return cards.sort((a, b) => a.added - b.added);
}

/** The card that the link with this code gave, or undefined. */
export async function ofLink(code) {
  const link = await linkHash(code);
  return (await all()).find((card) => card.link === link);
}

/** By what a card remembers its link: SHA-256 of the code, as the issuer does. */
export async function linkHash(code) {
  const hash = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(code));
  return [...new Uint8Array(hash)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The key pair kept under this name, or undefined. */
export function key(id) {
  return transact("readonly", (_, keys) => keys.get(id));
}

/** Keeps a key for an enrolment that has begun, in place of any that was never finished. */
export function keepPending(id, pair) {
  return transact("readwrite", (_, keys) => {
    keys.delete(pending);
    keys.put(pair, id);
  });
}

/** Keeps a new card together with its key, in place of the one it had for this service and issuer. */
export function keep(card, pair) {
  return transact("readwrite", (cards, keys) => {
    cards.put(card);
    keys.put(pair, card.id);
    keys.delete(pending);
  });
}

/** Writes a changed card; a card that was deleted meanwhile stays deleted. */
export function update(card) {
  return transact("readwrite", (cards) => {
    cards.getKey(card.id).onsuccess = (event) => {
      if (event.target.result !== undefined) cards.put(card);
    };
  });
}

/** Deletes a card and its key. */
export function remove(id) {
  return transact("readwrite", (cards, keys) => {
    cards.delete(id);
    keys.delete(id);
  });
}

// The names of keys that wait for their card.
const pending = typeof IDBKeyRange === "undefined" ? undefined : IDBKeyRange.bound("pending/", "pending0", false, true);

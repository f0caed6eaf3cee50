// The parts of the wallet page that need no browser.

import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { test } from "node:test";
import { decode, encode } from "../../assets/wallet/base45.js";
import { grouped, normalise, read } from "../../assets/wallet/code.js";
import { ED25519, ESP256, longest, present, readChallenge } from "../../assets/wallet/cose.js";
import * as texts from "../../assets/wallet/text.js";

const page = new URL("../../assets/wallet/", import.meta.url);
const bytes = (hex) => Uint8Array.from(Buffer.from(hex, "hex"));
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const ascii = (text) => new TextEncoder().encode(text);

// The worked example of profile MJ1.
const seed = "6e45386daeb0b86da1ac4c609001d1e973f90314f0b709175264865c42dc6ba7";
const live = `
  d28458c7a301320dd2844da301320444c464d8b410190125a0586aa50267374b51324d3946041a6b2be1f008a101a301012006215820daba8d719500
  4c1efda2b54e8b8f009cde5e2dadab5ef7b75daa5b60d832fefe19ffffa16b7374617475735f6c697374a2636964781a0009fbf163757269666b3a33
  2e31323a00010000a10219512d58402680aba3ea4dcc96af279abbd826f93624749c1844ad589d4484d12545d2db420e66f5cf2c4854a87732a58f5d
  7b5c1df9f63e30cf99a422f5f79f323e57f90e10190126a04aa2036141061a6b0463005840e01aae741188c3a5ad6a8fefc46c7f269c176c29360c94
  f71fc5b79e67e3b533222d0f896b314b9395d3be31ac48cc2da400b6c58baf8f2913bbf376dbebdc0b`.replace(/\s/g, "");
const credential = bytes(live).slice(8, 8 + 191);

test("the worked example of the profile comes out byte for byte", async () => {
  const pkcs8 = bytes(`302e020100300506032b657004220420${seed}`);
  const key = await webcrypto.subtle.importKey("pkcs8", pkcs8, "Ed25519", false, ["sign"]);
  const sign = async (signed) => new Uint8Array(await webcrypto.subtle.sign("Ed25519", key, signed));
  const token = await present({ credential, alg: ED25519, aud: "A", iat: 1795449600, sign });
  assert.equal(hex(token), live);
  const text = `MJ1:${encode(token)}`;
  assert.equal(text.length, 426);
  assert.ok(text.startsWith("MJ1:RRQ2ABERKXE6RRQU 9 60CO0B$O"));
});

test("a presentation for a challenge carries the nonce, and the other algorithm its own number", async () => {
  const cnonce = bytes("0102030405060708");
  const sign = async () => new Uint8Array(64);
  const token = hex(await present({ credential, alg: ESP256, aud: "A:GATE1", iat: 10, cnonce, sign }));
  assert.ok(token.startsWith("d28458c7a301280dd284"));
  assert.ok(token.includes("a057" + "a3" + "0367413a4741544531" + "060a" + "1827480102030405060708" + "5840"));
});

test("the longest presentation is counted with a venue and a challenge", async () => {
  // 281 bytes; a venue adds 7, a nonce 11, and the payload's head one more.
  assert.equal(await longest(credential, ED25519, "A"), 300);
  assert.equal(await longest(credential, ED25519, "A:1"), 300);
});

test("a challenge is read in its one form only", () => {
  const good = "a2036141182748" + "0102030405060708";
  assert.deepEqual(readChallenge(bytes(good)), { aud: "A", cnonce: bytes("0102030405060708") });
  assert.equal(readChallenge(bytes("a20367533a473132334b182748" + "0102030405060708")).aud, "S:G123K");
  const bad = [
    "",
    "a2",
    good.slice(0, -2),
    `${good}00`,
    good.replace("a203", "a303"),
    good.replace("6141", "6142"),
    good.replace("1827", "1828"),
    good.replace("2748", "2749"),
  ];
  for (const challenge of bad) assert.equal(readChallenge(bytes(challenge)), null, challenge);
});

test("Base45 is that of RFC 9285, both ways", () => {
  const known = [
    ["AB", "BB8"],
    ["Hello!!", "%69 VD92EX0"],
    ["base-45", "UJCLQE7W581"],
    ["ietf!", "QED8WEX0"],
    ["", ""],
  ];
  for (const [plain, text] of known) {
    assert.equal(encode(ascii(plain)), text);
    assert.deepEqual(decode(text), ascii(plain));
  }
  for (const bad of ["A", "::", "V5", "GGW", ":::", "ab", "BB8B"]) assert.equal(decode(bad), null, bad);
});

test("a code is read however it is typed", () => {
  const typed = [
    "7KQ2M9FX3T0A",
    "7KQ2-M9FX-3T0A",
    "7kq2 m9fx 3t0a",
    " 7kq2m9fx-3tOa ",
    "7KQ2–M9FX–3T0A",
    "https://issuer.example/#enrol/7KQ2-M9FX-3T0A",
    "7KQ2%2DM9FX-3T0A",
  ];
  for (const text of typed) assert.equal(read(text), "7KQ2M9FX3T0A", text);
  assert.equal(normalise("oOiIlL111111"), "001111111111");
  for (const text of ["", "7KQ2M9FX3T0", "7KQ2M9FX3T0AA", "7KQ2M9FX3T0U", "7KQ2M9FX3T0가", "%"]) assert.equal(read(text), null, text);
  assert.equal(grouped("7KQ2M9FX3T0A"), "7KQ2-M9FX-3T0A");
});

test("both languages have the same texts, and fill in the same things", () => {
  assert.deepEqual(Object.keys(texts.ko), Object.keys(texts.en));
  const holes = (text) => [...text.matchAll(/\{(\w+)\}/g)].map(([hole]) => hole).sort();
  for (const key of Object.keys(texts.ko)) {
    assert.ok(texts.ko[key] && texts.en[key], key);
    assert.deepEqual(holes(texts.ko[key]), holes(texts.en[key]), key);
  }
});

test("every failure of the service has words", () => {
  const enrolment = ["link_unknown", "link_used", "link_expired", "too_many", "nonce_expired", "bad_proof", "bad_request"];
  const passes = ["pass_revoked", "pass_suspended", "expired", "key_gone"];
  for (const name of [...enrolment, ...passes, "ticket_unknown", "off", "offline", "server"]) {
    assert.ok(texts.ko[`${name}_title`] && texts.ko[`${name}_next`], name);
  }
});

test("the service worker keeps every file, under a version that changes with them", async () => {
  const worker = await readFile(new URL("sw.js", page), "utf8");
  const kept = [...worker.match(/const files = \[(.*?)\]/s)[1].matchAll(/"(.+?)"/g)].map(([, file]) => file);
  const served = await readdir(page, { recursive: true });
  // Never asked for by a page: texts for people, the worker itself, the icon that only installing needs.
  const left = served.filter((file) => /\.\w+$/.test(file) && !/\.(md|txt)$/.test(file) && !["sw.js", "icon-512.png"].includes(file));
  assert.deepEqual(kept.map((file) => (file === "./" ? "index.html" : file)).sort(), left.sort());
  const hash = createHash("sha256");
  for (const file of kept) hash.update(file).update(await readFile(new URL(file === "./" ? "index.html" : file, page)));
  const version = hash.digest("hex").slice(0, 12);
  assert.ok(worker.includes(`const version = "${version}";`), `sw.js should say: const version = "${version}";`);
});

test("the page up to the first code is under 100 KB", async () => {
  const index = await readFile(new URL("index.html", page), "utf8");
  const files = [...index.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, file]) => file);
  let total = Buffer.byteLength(index);
  for (const file of files) total += (await readFile(new URL(file, page))).length;
  assert.ok(total < 100_000, `${total} bytes`);
});

test("every text has a contrast of 4.5:1", async () => {
  const style = await readFile(new URL("style.css", page), "utf8");
  const theme = Object.fromEntries([...style.matchAll(/--([a-z-]+): (#[0-9a-f]+);/g)].map(([, name, colour]) => [name, colour]));
  const luminance = (colour) => {
    const long = colour.length === 4 ? colour.replace(/[0-9a-f]/g, "$&$&") : colour;
    const [r, g, b] = [1, 3, 5].map((i) => {
      const c = parseInt(long.slice(i, i + 2), 16) / 255;
      return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const pairs = ["ink ground", "quiet ground", "refused ground", "ink paper", "quiet paper", "hint paper", "refused paper", "paper ink", "warning warning-ground"];
  for (const pair of pairs) {
    const [light, dark] = pair.split(" ").map((name) => luminance(theme[name])).sort((a, b) => b - a);
    assert.ok((light + 0.05) / (dark + 0.05) >= 4.5, `${pair}: ${(light + 0.05) / (dark + 0.05)}`);
  }
});

// The wallet page in a browser, from a link to a verdict.

import assert from "node:assert/strict";
import { rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { decode, encode } from "../../assets/wallet/base45.js";
import { en, ko } from "../../assets/wallet/text.js";
import { startIssuer } from "./issuer.mjs";
import { enrol, film, phone, scan, shown, startBrowser, verdict } from "./wallet.mjs";

let browser;
let issuer;
let kiosk;

before(async () => {
  issuer = await startIssuer();
  kiosk = await issuer.kiosk();
  browser = await startBrowser(["--host-resolver-rules=MAP shop.example 127.0.0.1"]);
});

after(async () => {
  await browser?.close();
  await issuer?.remove();
});

// A test with a phone of its own, whose console must stay clean.
function onPhone(name, options, body) {
  test(name, { timeout: 60_000 }, async () => {
    const own = await phone(browser, options);
    try {
      await body(own.page, own);
      const failures = /the server responded with a status of|net::ERR_/; // of requests that a test lets fail
      assert.deepEqual(own.errors.filter((error) => !failures.test(error)), []);
    } finally {
      await own.context.close();
    }
  });
}

const heading = (page, text) => page.getByRole("heading", { level: 1, name: text, exact: true }).waitFor();

onPhone("a link becomes a pass that a kiosk grants, and the code is new after 5 seconds", {}, async (page) => {
  const asked = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.goto(`${issuer.origin}/#enrol/${issuer.link()}`);
  await heading(page, "한빛 이용증");
  await page.getByText(ko.entry_about).waitFor();
  await page.getByRole("button", { name: ko.accept }).click();
  await shown(page);
  assert.equal(page.url(), `${issuer.origin}/`, "the code stays in no address");
  const box = await page.locator("canvas").boundingBox();
  const first = await scan(page);
  assert.match(await verdict(kiosk, first), /granted/);
  await page.waitForTimeout(5200);
  const second = await scan(page);
  assert.notEqual(second, first);
  assert.match(await verdict(kiosk, second), /granted/);
  assert.deepEqual(await page.locator("canvas").boundingBox(), box, "the picture does not jump");
  for (const url of asked) assert.equal(new URL(url).origin, issuer.origin);
});

for (const [width, height, deviceScaleFactor] of [[320, 568, 1], [360, 740, 3], [412, 915, 2.625], [740, 360, 3], [1280, 800, 1]]) {
  onPhone(`the code is black on white in whole pixels at ${width}x${height}x${deviceScaleFactor}`, { width, height, deviceScaleFactor }, async (page) => {
    await enrol(page, issuer);
    const { side, module, levels, quiet } = await page.locator("canvas").evaluate((canvas) => {
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      const at = (x, y) => data[4 * (y * canvas.width + x)];
      const module = canvas.width / 69;
      let quiet = true;
      for (let i = 0; i < canvas.width; i++) for (let j = 0; j < 4 * module; j++) quiet &&= at(i, j) === 255 && at(j, i) === 255;
      return { side: canvas.getBoundingClientRect().width * devicePixelRatio, module, levels: [...new Set(data)], quiet };
    });
    assert.ok(Number.isInteger(module) && module >= 3, `${module} pixels a module`);
    assert.ok(Math.abs(side - 69 * module) < 0.1, "one pixel of the canvas is one of the screen");
    assert.deepEqual(levels.sort(), [0, 255]);
    assert.ok(quiet);
    assert.match(await verdict(kiosk, await scan(page)), /granted/);
  });
}

onPhone("without a network the page loads and shows codes, and asks for nothing", {}, async (page, { context }) => {
  await enrol(page, issuer);
  await page.evaluate(() => navigator.serviceWorker.ready);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await page.reload();
  await shown(page);
  await page.waitForTimeout(500);
  const before = issuer.requests.filter((line) => !line.endsWith("/sw.js")).length;
  await context.setOffline(true);
  const asked = [];
  page.on("requestfailed", (request) => asked.push(request.url()));
  page.on("response", (response) => response.fromServiceWorker() || asked.push(response.url()));
  await page.reload();
  await shown(page);
  assert.match(await verdict(kiosk, await scan(page)), /granted/);
  await page.getByRole("link", { name: ko.help }).click();
  await heading(page, ko.help_title);
  await page.getByText(ko.help_private, { exact: true }).waitFor();
  await page.goto(`${issuer.origin}/#kiosk`);
  await page.getByRole("heading", { level: 1 }).waitFor();
  assert.deepEqual(asked, []);
  assert.equal(issuer.requests.filter((line) => !line.endsWith("/sw.js")).length, before);
});

onPhone("a newer version of the page takes over at the next visit", {}, async (page, { context }) => {
  await page.goto(issuer.origin);
  await page.waitForFunction(() => navigator.serviceWorker.controller);
  await context.route("**/sw.js", async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: (await response.text()).replace(/version = ".*"/, 'version = "next"') });
  });
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration()).update());
  await page.waitForFunction(async () => (await navigator.serviceWorker.getRegistration()).waiting);
  await Promise.all([page.waitForEvent("framenavigated"), page.reload().catch(() => {})]);
  await page.waitForFunction(async () => (await caches.keys()).join() === "munjigi-wallet-next");
  await heading(page, ko.start_title);
});

onPhone("a browser without Ed25519 uses P-256", {}, async (page) => {
  await page.addInitScript(() => {
    const generate = crypto.subtle.generateKey.bind(crypto.subtle);
    crypto.subtle.generateKey = async (kind, ...rest) => {
      if (kind.name === "Ed25519") throw new DOMException("no such algorithm", "NotSupportedError");
      return generate(kind, ...rest);
    };
  });
  await enrol(page, issuer);
  const text = await scan(page);
  assert.equal(decode(text.slice(4))[6], 0x28, "the algorithm is ESP256");
  assert.match(await verdict(kiosk, text), /granted/);
});

onPhone("a browser that cannot keep keys says so before the code is spent, and shows the link", {}, async (page) => {
  await page.addInitScript(() => {
    crypto.subtle.generateKey = async () => {
      throw new DOMException("no", "NotSupportedError");
    };
  });
  const code = issuer.link();
  await page.goto(`${issuer.origin}/#enrol/${code}`);
  await heading(page, ko.no_keys_title);
  const link = await page.getByLabel(ko.link).inputValue();
  const other = await phone(browser);
  await other.page.goto(link);
  await heading(other.page, "한빛 이용증");
  await other.context.close();
});

onPhone("blocked site data is told plainly", {}, async (page) => {
  await page.addInitScript(() => {
    indexedDB.open = () => {
      throw new DOMException("blocked", "SecurityError");
    };
    Object.defineProperty(globalThis, "localStorage", {
      get() {
        throw new DOMException("blocked", "SecurityError");
      },
    });
  });
  await page.goto(`${issuer.origin}/`);
  await heading(page, ko.no_keys_title);
  await page.goto(`${issuer.origin}/#enrol/${issuer.link()}`);
  await heading(page, ko.no_keys_title);
});

onPhone("the private key cannot be read", {}, async (page) => {
  await enrol(page, issuer);
  const kept = await page.evaluate(async () => {
    const { all, key } = await import("/cards.js");
    const [card] = await all();
    const { privateKey } = await key(card.id);
    const read = await crypto.subtle.exportKey("pkcs8", privateKey).then(() => "read", (error) => error.name);
    return { extractable: privateKey.extractable, read };
  });
  assert.deepEqual(kept, { extractable: false, read: "InvalidAccessError" });
});

onPhone("a card whose key is gone leads to a new code, and takes one", {}, async (page) => {
  await enrol(page, issuer);
  await page.evaluate(async () => {
    const { all } = await import("/cards.js");
    const [card] = await all();
    const request = indexedDB.open("munjigi");
    await new Promise((done) => (request.onsuccess = done));
    const change = request.result.transaction("keys", "readwrite");
    change.objectStore("keys").delete(card.id);
    await new Promise((done) => (change.oncomplete = done));
  });
  await page.reload();
  await heading(page, ko.key_gone_title);
  await page.getByRole("link", { name: ko.enter_new_code }).click();
  const code = issuer.link();
  await page.getByLabel(ko.code).fill(` ${code.slice(0, 5).toLowerCase()} ${code.slice(5).replaceAll("0", "o").replaceAll("1", "l")}`);
  await page.getByRole("button", { name: ko.code_next }).click();
  await page.getByRole("button", { name: ko.accept }).click();
  await shown(page);
  assert.match(await verdict(kiosk, await scan(page)), /granted/);
});

onPhone("a code that is none is told where it is typed", {}, async (page) => {
  await page.goto(`${issuer.origin}/`);
  await heading(page, ko.start_title);
  await page.getByLabel(ko.code).fill("7KQ2-M9FX");
  await page.getByRole("button", { name: ko.code_next }).click();
  await page.getByRole("alert").getByText(ko.code_wrong).waitFor();
});

onPhone("every failure of enrolment is told in words", {}, async (page) => {
  const open = async (code) => {
    await page.goto("about:blank");
    await page.goto(`${issuer.origin}/#enrol/${code}`);
  };
  const used = issuer.link();
  const other = await phone(browser);
  await other.page.goto(`${issuer.origin}/#enrol/${used}`);
  await other.page.getByRole("button", { name: ko.accept }).click();
  await shown(other.page);
  await other.context.close();
  await open(used);
  await heading(page, ko.link_used_title);
  assert.equal(page.url(), `${issuer.origin}/`);
  await open("7KQ2M9FX3T0A");
  await heading(page, ko.link_unknown_title);
  await open(issuer.link({ valid: -1 }));
  await heading(page, ko.link_expired_title);
  await open("HELLO");
  await heading(page, ko.link_unknown_title);

  await open(issuer.link());
  await heading(page, "한빛 이용증");
  const failures = [[429, "too_many"], [409, "nonce_expired"], [403, "bad_proof"], [400, "bad_request"], [500, "no_such_name"]];
  try {
    for (const [status, name] of failures) {
      issuer.service.fail = [status, name];
      await page.locator(".button.primary").click();
      await heading(page, ko[`${name}_title`] ?? ko.server_title);
    }
  } finally {
    issuer.service.fail = undefined;
  }
  await page.route("**/api/**", (route) => route.abort());
  await page.getByRole("button", { name: ko.retry }).click();
  await heading(page, ko.offline_title);
  await page.unroute("**/api/**");
  await page.getByRole("button", { name: ko.retry }).click();
  await shown(page);
});

onPhone("an answer that was lost comes again", {}, async (page) => {
  const link = `${issuer.origin}/#enrol/${issuer.link({ again: true })}`;
  await page.goto(link);
  await page.route("**/api/v1/enrol", async (route) => {
    await route.fetch();
    await route.abort();
  });
  await page.getByRole("button", { name: ko.accept }).click();
  await heading(page, ko.offline_title);
  await page.unroute("**/api/v1/enrol");
  await page.reload();
  await page.getByRole("button", { name: ko.accept }).click();
  await shown(page);
});

onPhone("a pass that would not fit the code is refused at enrolment", {}, async (page) => {
  await page.route("**/api/v1/enrol", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.credential += Buffer.alloc(12).toString("base64url");
    await route.fulfill({ response, json: answer });
  });
  await page.goto(`${issuer.origin}/#enrol/${issuer.link()}`);
  await page.getByRole("button", { name: ko.accept }).click();
  await heading(page, ko.too_large_title);
});

onPhone("a credential for another key is refused at enrolment", {}, async (page) => {
  await page.route("**/api/v1/enrol", async (route) => {
    const response = await route.fetch();
    const answer = await response.json();
    answer.credential = Buffer.from(answer.credential, "base64url").fill(0, 50, 60).toString("base64url");
    await route.fulfill({ response, json: answer });
  });
  await page.goto(`${issuer.origin}/#enrol/${issuer.link()}`);
  await page.getByRole("button", { name: ko.accept }).click();
  await heading(page, ko.wrong_credential_title);
});

onPhone("the language follows the browser until the button changes it", { locale: "en-US" }, async (page) => {
  await enrol(page, issuer);
  assert.equal(await page.locator("html").getAttribute("lang"), "en");
  await page.getByText(en.brightness).waitFor();
  await page.getByRole("button", { name: en.other_language }).click();
  await page.getByText(ko.brightness).waitFor();
  assert.equal(await page.locator("html").getAttribute("lang"), "ko");
  await shown(page);
  await page.reload();
  await page.getByText(ko.brightness).waitFor();
});

onPhone("the screen is kept awake, and again when the page comes back", { reducedMotion: "reduce" }, async (page) => {
  await page.addInitScript(() => {
    globalThis.locks = { asked: 0, held: 0 };
    const request = async () => {
      locks.asked++;
      locks.held++;
      return { release: async () => void locks.held-- };
    };
    Object.defineProperty(navigator, "wakeLock", { value: { request } });
  });
  await enrol(page, issuer);
  assert.deepEqual(await page.evaluate("locks"), { asked: 1, held: 1 });
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
  assert.deepEqual(await page.evaluate("locks"), { asked: 2, held: 1 });
  assert.equal(await page.evaluate(() => document.getAnimations().length), 0, "nothing moves where motion is unwanted");
  await page.getByRole("link", { name: ko.help }).click();
  await heading(page, ko.help_title);
  assert.equal((await page.evaluate("locks")).held, 0);
});

onPhone("several cards have a row of tabs, one for each service, and can be deleted", {}, async (page) => {
  await enrol(page, issuer);
  await enrol(page, issuer, { service: "adult" });
  await enrol(page, issuer, { service: "store" });
  await enrol(page, issuer, { service: "store" });
  const tabs = page.getByRole("navigation", { name: ko.passes }).getByRole("button");
  assert.deepEqual(await tabs.allTextContents(), [ko.entry, ko.adult, ko.store]);
  await tabs.getByText(ko.adult).click();
  await heading(page, ko.adult);
  await shown(page);
  assert.match(await verdict(kiosk, await scan(page), "adult"), /granted/);
  await page.getByRole("link", { name: ko.details }).click();
  await page.getByRole("link", { name: ko.remove }).click();
  await heading(page, ko.remove_title);
  await page.getByRole("button", { name: ko.remove_yes }).click();
  await heading(page, ko.store);
  assert.deepEqual(await tabs.allTextContents(), [ko.entry, ko.store]);
});

onPhone("a link that gave a card of this phone leads to it, and the issuer is not asked", {}, async (page) => {
  const [first, other] = [issuer.link(), issuer.link({ service: "adult" })];
  for (const code of [first, other]) {
    await page.goto(`${issuer.origin}/#enrol/${code}`);
    await page.getByRole("button", { name: ko.accept }).click();
    await shown(page);
  }
  await heading(page, ko.adult);
  const before = issuer.requests.filter((line) => line.includes("/api/")).length;
  for (const typed of [first, `${first.slice(0, 4)}-${first.slice(4)}`.toLowerCase()]) {
    await page.goto("about:blank");
    await page.goto(`${issuer.origin}/#enrol/${typed}`);
    await heading(page, ko.entry);
    await shown(page);
    assert.equal(page.url(), `${issuer.origin}/`);
  }
  assert.equal(issuer.requests.filter((line) => line.includes("/api/")).length, before);
});

onPhone("a guest's pass does not take the place of one that lasts", {}, async (page) => {
  await enrol(page, issuer);
  await enrol(page, issuer, { visits: 1 });
  await page.getByText(ko.single_use).waitFor();
  const tabs = page.locator("nav.tabs button");
  assert.deepEqual(await tabs.allTextContents(), [ko.entry, `${ko.entry} · ${ko.guest}`]);
  await page.locator("a.row").click();
  await page.getByText(ko.once, { exact: true }).waitFor();
  await page.goBack();
  await tabs.first().click();
  await page.getByText(ko.single_use).waitFor({ state: "detached" });
  await shown(page);
  // The next guest's pass takes the place of the last one's.
  await enrol(page, issuer, { visits: 3 });
  await page.getByText(ko.limited_use.replace("{visits}", "3")).waitFor();
  assert.equal(await tabs.count(), 2);
});

onPhone("a card warns a week before its end, and has no code after it", {}, async (page) => {
  await enrol(page, issuer, { days: 6 });
  await page.getByText(ko.new_one_needed).waitFor();
  await page.clock.setSystemTime(Date.now() + 8 * 86400e3);
  await page.reload();
  await heading(page, ko.expired_title);
  assert.equal(await page.locator("canvas").count(), 0);
  await page.goto(`${issuer.origin}/#kiosk`);
  await heading(page, ko.expired_title);
});

onPhone("a card renews itself, once", {}, async (page) => {
  await enrol(page, issuer, { days: 6, renewAfter: 1 });
  await page.waitForFunction((text) => !document.body.textContent.includes(text), ko.renews_itself);
  await shown(page);
  assert.match(await verdict(kiosk, await scan(page)), /granted/);
  await page.reload();
  await shown(page);
  await page.waitForTimeout(300);
  assert.equal(issuer.requests.filter((line) => line === "POST /api/v1/renew").length, 1);
});

onPhone("an expired card that the issuer renews comes back, whichever card is shown", {}, async (page, { context }) => {
  await enrol(page, issuer, { days: 6, renewAfter: Math.floor(Date.now() / 1000) + 86400 });
  await enrol(page, issuer, { service: "adult" });
  await page.clock.setSystemTime(Date.now() + 8 * 86400e3);
  await context.setOffline(true);
  await page.reload();
  await page.getByRole("button", { name: ko.entry }).click();
  await heading(page, ko.expired_title);
  await context.setOffline(false);
  await heading(page, ko.entry);
  await shown(page);
});

onPhone("a pass that ends while it is shown goes dark", {}, async (page) => {
  await page.clock.install();
  await enrol(page, issuer, { days: 1 });
  await page.clock.fastForward(3 * 86400e3);
  await heading(page, ko.expired_title);
});

onPhone("a suspended card says so, and comes back; a revoked one leads to a new code", {}, async (page) => {
  await page.route("**/api/v1/renew", (route) => route.abort());
  await enrol(page, issuer, { renewAfter: 1 });
  const pass = (await page.locator(".row span").first().textContent()).trim();
  issuer.trouble(pass, "pass_suspended");
  await page.unroute("**/api/v1/renew");
  await page.reload();
  await heading(page, ko.pass_suspended_title);
  await page.getByRole("button", { name: ko.check_again }).click();
  await page.getByText(ko.still_suspended).waitFor();
  issuer.trouble(pass, "pass_revoked");
  await page.getByRole("button", { name: ko.check_again }).click();
  await heading(page, ko.pass_revoked_title);
});

onPhone("an in-app browser is told to open the link elsewhere", { userAgent: "Mozilla/5.0 (Linux; Android 15; wv) Chrome/150 Mobile Safari/537.36;KAKAOTALK" }, async (page) => {
  await page.goto(`${issuer.origin}/#enrol/${issuer.link()}`);
  await page.getByText(ko.in_app_title).waitFor();
  await page.getByRole("button", { name: ko.copy }).waitFor();
});

onPhone("an address without https explains itself", {}, async (page) => {
  await page.goto(`${issuer.origin.replace("127.0.0.1", "shop.example")}/`);
  await heading(page, ko.insecure_title);
  await page.evaluate(() => (location.hash = "#add"));
  await heading(page, ko.insecure_title);
  assert.equal(await page.locator("input, a").count(), 0);
});

onPhone("self-service ends with an offer", {}, async (page) => {
  issuer.service.self = true;
  try {
    await page.goto(`${issuer.origin}/`);
    await page.getByRole("link", { name: ko.self_start }).click();
    await heading(page, "한빛 이용증");
  } finally {
    issuer.service.self = false;
  }
});

onPhone("everything that is pressed is 48 pixels high, and nothing is wider than 320", { width: 320, height: 640 }, async (page) => {
  const measure = async () => {
    const { wide, small } = await page.evaluate(() => ({
      wide: document.documentElement.scrollWidth,
      small: [...document.querySelectorAll("button, a, input")]
        .filter((node) => node.offsetParent && node.getBoundingClientRect().height < 48)
        .map((node) => node.outerHTML),
    }));
    assert.ok(wide <= 320, `${page.url()} is ${wide} wide`);
    assert.deepEqual(small, []);
  };
  await page.goto(`${issuer.origin}/`);
  for (const language of ["ko", "en"]) {
    for (const place of ["", "#help", "#add", `#enrol/${issuer.link()}`, "#enrol/X"]) {
      await page.goto(`${issuer.origin}/${place}`);
      await page.locator("h1").waitFor();
      await page.waitForTimeout(150);
      await measure();
    }
    await enrol(page, issuer, { service: "store" });
    await enrol(page, issuer, { service: "adult" });
    await enrol(page, issuer);
    await measure();
    for (const place of ["#pass", "#delete"]) {
      await page.goto(`${issuer.origin}/${place}`);
      await page.locator("h1").waitFor();
      await measure();
    }
    if (language === "ko") await page.locator("#language").click();
  }
});

// A camera that sees a kiosk's challenge, or something else.
async function withCamera(text, options, body) {
  const file = join(tmpdir(), `munjigi-film-${process.pid}.y4m`);
  await writeFile(file, film(text));
  const camera = await startBrowser(["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", `--use-file-for-fake-video-capture=${file}`]);
  try {
    const { page, errors } = await phone(camera, options);
    await body(page);
    assert.deepEqual(errors, []);
  } finally {
    await camera.close();
    await rm(file);
  }
}

const cnonce = Buffer.from("0102030405060708", "hex");
const challenge = (aud) => `MJQ1:${encode(Buffer.concat([Buffer.from([0xa2, 3, 0x60 + aud.length]), Buffer.from(aud), Buffer.from([0x18, 39, 0x48]), cnonce]))}`;

test("a kiosk's challenge is read with the camera and answered", { timeout: 60_000 }, async () => {
  await withCamera(challenge("E:GATE1"), {}, async (page) => {
    await enrol(page, issuer);
    await page.getByRole("link", { name: ko.kiosk_asks }).click();
    await heading(page, ko.answer_title);
    await shown(page);
    const token = Buffer.from(decode((await scan(page)).slice(4)));
    assert.ok(token.includes(Buffer.from("67453a4741544531", "hex")), "it is for the door that asked");
    assert.ok(token.includes(Buffer.concat([Buffer.from([0x18, 39, 0x48]), cnonce])), "it carries the nonce");
    await page.getByRole("button", { name: ko.other_language }).click();
    await heading(page, en.answer_title);
    await page.getByRole("button", { name: en.other_language }).click();
    await page.getByRole("link", { name: ko.answer_done }).click();
    await heading(page, ko.entry);
  });
});

test("a challenge for another service, and any other code, are told", { timeout: 60_000 }, async () => {
  for (const [text, words] of [[challenge("A"), ko.other_service.replace("{service}", ko.adult)], ["MENU", ko.not_a_challenge]]) {
    await withCamera(text, {}, async (page) => {
      await enrol(page, issuer);
      await page.getByRole("link", { name: ko.kiosk_asks }).click();
      await page.getByText(words).waitFor();
    });
  }
});

test("an answer is good for a minute, then the card comes back", { timeout: 60_000 }, async () => {
  await withCamera(challenge("E"), {}, async (page) => {
    await page.clock.install();
    await enrol(page, issuer);
    await page.getByRole("link", { name: ko.kiosk_asks }).click();
    await heading(page, ko.answer_title);
    await page.clock.fastForward(59_000);
    await heading(page, ko.answer_title);
    await page.clock.fastForward(3_000);
    await page.getByText(ko.answer_expired).waitFor();
    await heading(page, ko.entry);
  });
});

onPhone("a phone without a camera, or that may not use it, is told", {}, async (page) => {
  await enrol(page, issuer);
  for (const [name, words] of [["NotFoundError", "camera_none"], ["NotAllowedError", "camera_denied"], ["NotReadableError", "camera_busy"]]) {
    await page.evaluate((name) => {
      navigator.mediaDevices.getUserMedia = async () => {
        throw new DOMException("no", name);
      };
    }, name);
    if (name === "NotFoundError") await page.getByRole("link", { name: ko.kiosk_asks }).click();
    else await page.getByRole("button", { name: ko.retry }).click();
    await heading(page, ko[`${words}_title`]);
  }
});

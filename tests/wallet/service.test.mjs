// The whole way with the real service, the real page and a real kiosk: from the owner's code to the door.

import assert from "node:assert/strict";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, before, test } from "node:test";
import { ko } from "../../assets/wallet/text.js";
import { munjigi } from "./issuer.mjs";
import { startKiosk, startService } from "./service.mjs";
import { film, phone, scan, shown, startBrowser, verdict } from "./wallet.mjs";

const CODE = "hanbit-7731";
const STALE = 40_000;

let browser;
let service;
let owner;

before(async () => {
  browser = await startBrowser();
  service = await startService();
  owner = (await phone(browser, { width: 900, height: 1000, deviceScaleFactor: 1 })).page;
  await owner.goto(service.setup);
  await owner.locator("input[name=code]").fill(CODE);
  await owner.locator("input[name=again]").fill(CODE);
  await owner.locator("main button").click();
  await picture(owner, "owner-today");
});

after(async () => {
  await browser?.close();
  await service?.remove();
});

/** Keeps a picture of a step where WALLET_SHOTS names a folder. */
async function picture(page, name) {
  const folder = process.env.WALLET_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}

/** The owner makes a link on his page. */
async function link(kind = "entry", once = false) {
  await owner.goto(`${service.origin}/owner/issue`);
  await owner.locator(`input[name=service][value=${kind}]`).check();
  await owner.locator("input[name=why][value=seen]").check();
  await owner.locator("input[name=once]").setChecked(once);
  await owner.locator("main form button").click();
  await picture(owner, `owner-link-${kind}`);
  return owner.locator("main a").first().getAttribute("href");
}

async function take(page, address, name) {
  await page.goto(address);
  await page.locator(".actions .button.primary").waitFor();
  await picture(page, `${name}-offer`);
  await page.locator(".actions .button.primary").click();
  await shown(page);
  await picture(page, `${name}-card`);
}

/** Holds the phone before the kiosk's camera until it decides: what the page shows is what the drawn phone shows. */
async function hold(page, kiosk, patience = 60_000) {
  const end = Date.now() + patience;
  let decided;
  const entry = kiosk.next((event) => event.event === "entry", patience).then((event) => (decided = event));
  while (!decided && Date.now() < end) {
    await kiosk.show(await scan(page));
    await Promise.race([entry, new Promise((done) => setTimeout(done, 1000))]);
  }
  return entry;
}

const withoutEd25519 = () => {
  const { generateKey } = crypto.subtle;
  crypto.subtle.generateKey = function (algorithm, ...rest) {
    const name = algorithm.name ?? algorithm;
    if (name === "Ed25519") return Promise.reject(new DOMException("not here", "NotSupportedError"));
    return generateKey.call(this, algorithm, ...rest);
  };
};

for (const kind of ["ed25519", "p256"]) {
  test(`a link, a pass, no network, and the door opens: ${kind}`, { timeout: 240_000 }, async () => {
    const visitor = await phone(browser);
    if (kind === "p256") await visitor.context.addInitScript(withoutEd25519);
    await take(visitor.page, await link(), kind);
    const data = await service.trusted();
    const kiosk = await startKiosk(data);
    try {
      await visitor.context.setOffline(true);
      await visitor.page.reload();
      await shown(visitor.page);
      await picture(visitor.page, `${kind}-offline`);
      const granted = await hold(visitor.page, kiosk);
      assert.deepEqual([granted.verdict, granted.reason, granted.kind], ["granted", "granted", "live"]);

      // The same film half a minute later.
      const old = await scan(visitor.page);
      await kiosk.gone();
      await new Promise((done) => setTimeout(done, STALE));
      await kiosk.show(old);
      const refused = await kiosk.next((event) => event.event === "entry");
      assert.equal(refused.verdict, "refused");
      assert.match(refused.reason, /^(stale|replayed)$/);
      await kiosk.gone();

      await owner.goto(`${service.origin}/owner/passes?q=${granted.pass}`);
      await owner.locator("details.sure summary").click();
      await owner.locator("details.sure button").click();
      await owner.locator(".state.revoked").waitFor();
      await picture(owner, `owner-revoked-${kind}`);
      // Published a moment later; the owner carries it to the door, which looks for new trust every few seconds.
      for (let left = 20; ; left--) {
        const other = await service.trusted().catch(() => undefined);
        const verdict = other && (await munjigi(["check", "--data", other, "--service", "entry"], `${await scan(visitor.page)}\n`));
        if (verdict?.includes("revoked")) break;
        assert.ok(left > 0, verdict);
        await new Promise((done) => setTimeout(done, 500));
      }
      await munjigi(["trust", "import", "--data", data, service.repository]);
      await kiosk.next((event) => event.event === "trust" && event.state === "loaded");
      const revoked = await hold(visitor.page, kiosk);
      assert.equal(revoked.reason, "revoked");
      await visitor.context.setOffline(false);
    } finally {
      await kiosk.remove();
      await visitor.context.close();
    }
  });
}

test("a pass for one visit opens the door once", { timeout: 240_000 }, async () => {
  const visitor = await phone(browser);
  await take(visitor.page, await link("entry", true), "once");
  await visitor.page.getByText(ko.single_use).waitFor();
  const kiosk = await startKiosk(await service.trusted());
  try {
    const granted = await hold(visitor.page, kiosk);
    assert.equal(granted.reason, "granted");
    await kiosk.gone();
    // The code that opened the door would be refused as replayed: the next one is another visit.
    const last = await scan(visitor.page);
    while ((await scan(visitor.page)) === last) await new Promise((done) => setTimeout(done, 250));
    const refused = await hold(visitor.page, kiosk);
    assert.deepEqual([refused.verdict, refused.reason, refused.pass], ["refused", "used_up", granted.pass]);
    await owner.goto(`${service.origin}/owner/passes?q=${granted.pass}`);
    await picture(owner, "owner-passes");
  } finally {
    await kiosk.remove();
    await visitor.context.close();
  }
});

test("a pass whose key is trusted no more comes back by another key", { timeout: 120_000 }, async () => {
  const issuer = (command, ...more) => munjigi(["issuer", ...command.split(" "), "--data", dirname(service.repository), ...more]);
  const visitor = await phone(browser);
  try {
    await take(visitor.page, await link(), "distrusted");
    const keys = (await issuer("keys show", "--json")).trim().split("\n").map((line) => JSON.parse(line));
    const { kid } = keys.find((key) => key.state === "signs");
    await issuer("distrust", kid);
    // The service sees what the command line did, and publishes it.
    let kiosk;
    for (let left = 40; ; left--) {
      kiosk = await service.trusted();
      const said = await verdict(kiosk, await scan(visitor.page));
      if (said.includes("key_not_allowed")) break;
      assert.ok(left > 0, said);
      await new Promise((done) => setTimeout(done, 500));
    }
    // The page asks four times a day what doors are told: it is as if that were some hours ago.
    await visitor.page.evaluate(() => localStorage.removeItem("distrusted"));
    await visitor.page.reload();
    for (let left = 40; ; left--) {
      await shown(visitor.page);
      const said = await verdict(kiosk, await scan(visitor.page));
      if (/^granted/.test(said)) break;
      assert.ok(left > 0, said);
      await new Promise((done) => setTimeout(done, 250));
    }
  } finally {
    await visitor.context.close();
  }
});

test("the owner is asked for what applies, without a script", { timeout: 60_000 }, async () => {
  const { context, page } = await phone(browser, { width: 900, height: 1000, deviceScaleFactor: 1, javaScriptEnabled: false });
  try {
    await page.goto(`${service.origin}/owner/login`);
    await page.locator("input[name=code]").fill(CODE);
    await page.locator("main button").click();
    await page.goto(`${service.origin}/owner/issue`);
    const seen = async () => {
      const asked = {};
      for (const name of ["reference", "why", "count", "card", "days", "once", "note"]) {
        asked[name] = await page.locator(`[name=${name}]`).first().isVisible();
      }
      return Object.keys(asked).filter((name) => asked[name]).join(" ");
    };
    assert.equal(await seen(), "why days once note");
    await picture(page, "owner-issue");
    await page.locator("[name=how][value=paper]").check();
    assert.equal(await seen(), "why count card days once note");
    await picture(page, "owner-issue-paper");
    await page.locator("[name=how][value=link]").check();
    await page.locator("[name=service][value=store]").check();
    assert.equal(await seen(), "reference days once note");
    await picture(page, "owner-issue-store");
    // What is hidden does not keep the form from being sent.
    await page.locator("[name=note]").fill("파란 모자, 화요일");
    await page.locator("main form button").click();
    await page.locator(".ready").waitFor();
  } finally {
    await context.close();
  }
});

test("a kiosk whose clock is not to be trusted asks, and the phone answers", { timeout: 240_000 }, async () => {
  const file = join(tmpdir(), `munjigi-challenge-${process.pid}.y4m`);
  const camera = await startBrowser([
    ...["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"],
    `--use-file-for-fake-video-capture=${file}`,
  ]);
  const visitor = await phone(camera, { permissions: ["camera"] });
  const address = await link();
  await service.publishLater();
  const kiosk = await startKiosk(await service.trusted());
  try {
    await take(visitor.page, address, "challenge");
    const unknown = await hold(visitor.page, kiosk);
    assert.equal(unknown.reason, "clock_unknown");
    const { text } = await kiosk.next((event) => event.event === "challenge");
    await writeFile(file, film(text));
    await visitor.page.getByRole("link", { name: ko.kiosk_asks }).click();
    await visitor.page.getByRole("heading", { level: 1, name: ko.answer_title, exact: true }).waitFor();
    await shown(visitor.page);
    await picture(visitor.page, "challenge-answer");
    await kiosk.show(await scan(visitor.page));
    const granted = await kiosk.next((event) => event.event === "entry");
    assert.deepEqual([granted.verdict, granted.reason], ["granted", "granted"]);
  } finally {
    await kiosk.remove();
    await camera.close();
    await rm(file, { force: true });
  }
});

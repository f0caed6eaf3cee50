// The wallet page on another host than the issuer's service, in a folder, as munjigi issuer wallet writes it.

import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startHost } from "./host.mjs";
import { munjigi } from "./issuer.mjs";
import { startService } from "./service.mjs";
import { phone, scan, shown, startBrowser, verdict } from "./wallet.mjs";

const CODE = "hanbit-7731";
const DAY = 86_400_000;

let browser;
let folder;
let host;
let service;
let owner;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "munjigi-host-"));
  host = await startHost(folder, "/pass/");
  service = await startService(["--wallet", host.address]);
  await munjigi(["issuer", "wallet", "--out", folder, "--service", service.origin]);
  browser = await startBrowser();
  owner = (await phone(browser, { width: 900, height: 1000, deviceScaleFactor: 1 })).page;
  await owner.goto(service.setup);
  for (const name of ["code", "again"]) await owner.locator(`input[name=${name}]`).fill(CODE);
  await owner.locator("main button").click();
});

after(async () => {
  await browser?.close();
  await service?.remove();
  await host?.stop();
  await rm(folder, { recursive: true });
});

async function link() {
  await owner.goto(`${service.origin}/owner/issue`);
  await owner.locator("input[name=why][value=seen]").check();
  await owner.locator("main form button").click();
  return owner.locator("main a").first().getAttribute("href");
}

test("a page on another host gets a pass, works offline, and renews it", { timeout: 120_000 }, async () => {
  const address = await link();
  assert.ok(address.startsWith(`${host.address}#enrol/`), address);
  const { context, page, errors } = await phone(browser);
  try {
    await page.goto(address);
    await page.locator(".actions .button.primary").click();
    await shown(page);
    assert.equal(page.url(), host.address);
    await page.evaluate(() => navigator.serviceWorker.ready);
    // Another origin than the two is out of reach, whoever asks.
    const other = await startHost(folder, "/");
    const reached = await page.evaluate((to) => fetch(to).then(() => "yes", () => "no"), other.address);
    await other.stop();
    assert.equal(reached, "no");
    assert.deepEqual(other.requests, []);
    errors.length = 0; // the browser complained about that one

    await context.setOffline(true);
    const before = host.requests.length;
    await page.reload();
    await shown(page);
    assert.equal(host.requests.length, before, "nothing is asked for");
    const kiosk = await service.trusted();
    assert.match(await verdict(kiosk, await scan(page)), /^granted/);
    if (process.env.WALLET_SHOTS) {
      await mkdir(process.env.WALLET_SHOTS, { recursive: true });
      await page.screenshot({ path: join(process.env.WALLET_SHOTS, "host-offline.png") });
    }
    await context.setOffline(false);

    // Long after half of its time, by the phone's clock.
    const renewed = page.waitForResponse((response) => response.url() === `${service.origin}/api/v1/renew`);
    await page.clock.setFixedTime(Date.now() + 20 * DAY);
    await page.reload();
    assert.equal((await renewed).status(), 200);
    assert.deepEqual(errors, []);
  } finally {
    await context.close();
  }
});

test("two wallets of one host keep their cards and files apart", { timeout: 60_000 }, async () => {
  const address = await link();
  const { context, page } = await phone(browser);
  const second = join(folder, "second");
  await munjigi(["issuer", "wallet", "--out", second, "--service", "https://other.example"]);
  try {
    await page.goto(address);
    await page.locator(".actions .button.primary").click();
    await shown(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    const other = await context.newPage();
    await other.goto(`${host.address}second/`);
    await other.locator("#code").waitFor(); // it has no card
    await other.waitForFunction(() => navigator.serviceWorker.controller?.scriptURL.endsWith("/second/sw.js"));
    await context.setOffline(true);
    for (const [one, ready] of [[page, "canvas[role=img]"], [other, "#code"]]) {
      await one.reload();
      await one.locator(ready).waitFor();
    }
  } finally {
    await context.close();
  }
});

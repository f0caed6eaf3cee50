// What the browser tests share: Chromium, a phone's page, and the code on its screen read by the real scanner.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chromium } from "playwright-core";
import { generate, mode } from "../../assets/wallet/lib/lean-qr.js";
import { munjigi } from "./issuer.mjs";

const quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** Starts Chromium; `more` are further arguments. */
export function startBrowser(more = []) {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", ...quiet, ...more],
  });
}

/** A phone of its own, with nothing stored; `errors` collects what its console complains about. */
export async function phone(browser, { width = 360, height = 740, deviceScaleFactor = 2, locale = "ko-KR", ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor, locale, ...more });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(String(error)));
  return { context, page, errors };
}

/** Opens a link, takes what it offers, and waits for the live code. */
export async function enrol(page, issuer, what = {}) {
  await page.goto(`${issuer.origin}/#enrol/${issuer.link(what)}`);
  await page.locator(".actions .button.primary").click();
  await shown(page);
}

/** Waits until a code is drawn. */
export function shown(page) {
  return page.waitForFunction(() => {
    const canvas = document.querySelector("canvas[role=img]");
    if (!canvas) return false;
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return data.some((value, i) => i % 4 === 0 && value === 0);
  });
}

/** The text of the code on the screen, read from a screenshot as a kiosk reads it. */
export async function scan(page) {
  const folder = await mkdtemp(join(tmpdir(), "munjigi-scan-"));
  try {
    const file = join(folder, "screen.png");
    await writeFile(file, await page.screenshot());
    return JSON.parse(await munjigi(["scan", "--json", file])).texts[0];
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** What a kiosk says to a text. */
export async function verdict(kiosk, text, service = "entry") {
  return (await munjigi(["check", "--data", kiosk, "--service", service], `${text}\n`)).trim();
}

/** A film for Chromium's drawn camera (YUV4MPEG2, grey): one code in the middle, for ever. */
export function film(text, width = 640, height = 480, module = 10) {
  const code = generate(mode.alphaNumeric(text));
  const luma = Buffer.alloc(width * height, 200);
  const [left, top] = [width, height].map((side) => Math.floor((side - code.size * module) / 2));
  for (let y = -4 * module; y < (code.size + 4) * module; y++) {
    for (let x = -4 * module; x < (code.size + 4) * module; x++) {
      const dark = code.get(Math.floor(x / module), Math.floor(y / module));
      luma[(top + y) * width + left + x] = dark ? 30 : 225;
    }
  }
  const chroma = Buffer.alloc((width * height) / 2, 128);
  const frame = [Buffer.from("FRAME\n"), luma, chroma];
  return Buffer.concat([Buffer.from(`YUV4MPEG2 W${width} H${height} F10:1 Ip A1:1 C420jpeg\n`), ...frame, ...frame]);
}

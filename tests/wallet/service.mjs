// The real service and a real kiosk as processes, for the tests of the whole way.

import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { munjigi, program } from "./issuer.mjs";

/** Starts `munjigi issuer serve` for a new issuer; `more` are further arguments. */
export async function startService(more = []) {
  const folder = await mkdtemp(join(tmpdir(), "munjigi-service-"));
  const data = join(folder, "issuer");
  await munjigi(["issuer", "init", "--data", data, "--id", "hanbit", "--name-ko", "한빛", "--name-en", "Hanbit", "--entries", "65536"]);
  const server = spawn(program, ["issuer", "serve", "--data", data, "--listen", "127.0.0.1:0", ...more], { stdio: ["ignore", "pipe", "inherit"] });
  const lines = [];
  for await (const line of createInterface(server.stdout)) {
    lines.push(line.trim());
    if (line.includes("/owner/setup")) break;
  }
  const origin = new URL(lines.find((line) => line.startsWith("Kiosks:")).split(" ").at(-1)).origin;

  return {
    origin,
    setup: lines.at(-1),
    repository: join(data, "repository"),
    /** A kiosk's data folder that trusts this issuer. */
    async trusted() {
      const kiosk = join(folder, `kiosk-${randomBytes(4).toString("hex")}`);
      await munjigi(["trust", "add", "--data", kiosk, "--root", join(data, "root.json"), join(data, "repository")]);
      return kiosk;
    },
    /** Lets a later day sign the list: a kiosk that takes it knows that its own clock is wrong. */
    publishLater: () => munjigi(["issuer", "publish", "--data", data, join(data, "repository")], "", ["faketime", "+3 days"]),
    async remove() {
      server.kill();
      await new Promise((done) => server.once("exit", done));
      await rm(folder, { recursive: true });
    },
  };
}

/** Starts a kiosk whose webcam sees a drawn phone; `show` decides what is on the phone. */
export async function startKiosk(data) {
  const folder = await mkdtemp(join(tmpdir(), "munjigi-kiosk-"));
  const script = { acts: [{ show: "file", path: "phone.txt", seconds: 600, grade: "medium" }], fps: 10, seed: 7, loop: true };
  await writeFile(join(folder, "script.json"), JSON.stringify(script));
  await writeFile(
    join(folder, "kiosk.toml"),
    `data = ${JSON.stringify(data)}\n[camera]\nsource = "phone"\npath = "script.json"\n[door]\ndriver = "simulated"\nunlock_seconds = 1\n`,
  );
  const kiosk = spawn(program, ["kiosk", "--headless", "--config", join(folder, "kiosk.toml")], { stdio: ["ignore", "pipe", "inherit"] });
  const seen = [];
  let wake = () => {};
  createInterface(kiosk.stdout).on("line", (line) => {
    seen.push(JSON.parse(line));
    wake();
  });
  const show = (text) => writeFile(join(folder, "phone.txt"), text);

  return {
    show,
    /** The next event that `wanted` likes, of those not asked for before. */
    async next(wanted, patience = 30_000) {
      const end = Date.now() + patience;
      for (;;) {
        while (seen.length > 0) {
          const event = seen.shift();
          if (wanted(event)) return event;
        }
        if (Date.now() > end) throw new Error("waited in vain for an event");
        await new Promise((done) => {
          wake = done;
          setTimeout(done, 200);
        });
      }
    },
    /** Nobody is there until the last code counts as gone. */
    async gone() {
      await show("");
      await new Promise((done) => setTimeout(done, 4500));
      seen.length = 0;
    },
    async remove() {
      kiosk.kill();
      await new Promise((done) => kiosk.once("exit", done));
      await rm(folder, { recursive: true });
    },
  };
}

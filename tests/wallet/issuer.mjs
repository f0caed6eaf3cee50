// A small issuer service for the tests: the HTTP API of the wallet page, with credentials made by the real program.

import { execFile } from "node:child_process";
import { createHash, createPublicKey, randomBytes, verify } from "node:crypto";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../../", import.meta.url));
const page = join(root, "assets/wallet");
export const program = process.env.MUNJIGI ?? join(root, "target/debug/munjigi");

const DAY = 86400;
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; worker-src 'self'; " +
  "manifest-src 'self'; media-src 'self' blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
export const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
};
const proven = { entry: ["--over-14"], adult: ["--adult"], store: ["--reference", "0011223344556677"] };
const auds = { entry: "E", adult: "A", store: "S" };

class Problem extends Error {
  constructor(status, name) {
    super(name);
    this.status = status;
  }
}

/** Runs the program, under another one if `under` names it; resolves to its standard output. `input` goes to its standard input. */
export function munjigi(args, input, under = []) {
  const [command, ...before] = [...under, program];
  const running = promisify(execFile)(command, [...before, ...args]);
  running.child.stdin.on("error", () => {}).end(input);
  return running.then(
    ({ stdout }) => stdout,
    (error) => {
      if (error.stdout) return error.stdout; // a refusal is an answer too
      throw error;
    },
  );
}

/**
 * Starts an issuer. The tests need of it: `origin`, `link(what)` to make a code, `kiosk()` to make a data folder that
 * trusts it, `requests` (what was asked, as `METHOD path`), `stop()`.
 */
export async function startIssuer({ port = 0, name = { ko: "한빛", en: "Hanbit" }, id = "hanbit" } = {}) {
  const folder = await mkdtemp(join(tmpdir(), "munjigi-wallet-"));
  const data = join(folder, "issuer");
  await munjigi(["issuer", "init", "--data", data, "--id", id, "--name-ko", name.ko, "--name-en", name.en]);

  const links = new Map();
  const passes = new Map();
  const nonces = new Map();
  const requests = [];
  const service = { fail: undefined, self: false, delay: 0 };

  const now = () => Math.floor(Date.now() / 1000);

  async function issue({ service, days }, holder) {
    const out = join(folder, randomBytes(8).toString("hex"));
    const args = ["--service", service, ...proven[service], "--days", String(days), "--holder", holder, "--out", out];
    const [pass] = (await munjigi(["issuer", "issue", "--data", data, ...args])).split(" ");
    const credential = await readFile(out);
    const exp = credential.readUInt32BE(credential.indexOf(pass) + pass.length + 2);
    return { pass, credential, exp };
  }

  function spend(nonce) {
    if (!(nonces.get(nonce) > now())) throw new Problem(409, "nonce_expired");
    nonces.delete(nonce);
  }

  function link(code) {
    const found = links.get(code);
    if (!found) throw new Problem(404, "link_unknown");
    if (found.until < now()) throw new Problem(410, "link_expired");
    return found;
  }

  const answer = (link) => ({
    ...{ pass: link.pass, service: link.service, aud: auds[link.service], exp: link.exp },
    ...{ renew_after: link.renewAfter ?? null, issuer: { id, name }, credential: link.credential.toString("base64url") },
  });

  const api = {
    issuer: () => ({ id, name, self_service: service.self }),
    nonce() {
      const nonce = randomBytes(16).toString("base64url");
      nonces.set(nonce, now() + 120);
      return { nonce };
    },
    offer({ code }) {
      const found = link(code);
      if (found.pass && !found.again) throw new Problem(410, "link_used");
      const { service, until, days, visits, window } = found;
      return { service, until, pass_until: found.passUntil ?? now() + days * DAY, visits, window };
    },
    async enrol({ code, holder, nonce, signature }) {
      const found = link(code);
      if (found.pass && found.holder !== holder) throw new Problem(410, "link_used");
      spend(nonce);
      if (!signed(holder, `munjigi enrol v1\n${code}\n${holder}\n${nonce}`, signature)) throw new Problem(403, "bad_proof");
      if (!found.pass) Object.assign(found, { holder }, await issue(found, holder));
      passes.set(found.pass, found);
      return answer(found);
    },
    async renew({ pass, nonce, signature }) {
      const found = passes.get(pass);
      if (!found) throw new Problem(404, "pass_unknown");
      spend(nonce);
      if (!signed(found.holder, `munjigi renew v1\n${pass}\n${nonce}`, signature)) throw new Problem(403, "bad_proof");
      if (found.trouble) throw new Problem(403, found.trouble);
      // The program has no command that issues the same number again, so the pass gets a new one here.
      Object.assign(found, await issue({ ...found, days: 30 }, found.holder), { renewAfter: null });
      passes.set(found.pass, found);
      return answer(found);
    },
    start: () => ({ ticket: "dGlja2V0", go: `${origin}/owner/check`, poll_seconds: 0.2 }),
    ticket: () => ({ state: "done", code: makeLink({}) }),
  };

  const server = createServer(async (request, response) => {
    const { pathname } = new URL(request.url, "http://issuer");
    requests.push(`${request.method} ${pathname}`);
    const send = (status, type, body, headers = {}) =>
      response.writeHead(status, { "content-type": type, ...headers }).end(body);
    if (service.delay) await new Promise((done) => setTimeout(done, service.delay));
    // What doors are told: here no key was ever stolen.
    if (pathname === "/trust/targets/issuers.json") return send(200, "application/json", JSON.stringify({ keys: [] }));
    if (!pathname.startsWith("/api/v1/")) {
      const file = normalize(pathname).endsWith("/") ? "/index.html" : normalize(pathname);
      const bytes = await readFile(join(page, file)).catch(() => undefined);
      if (!bytes) return send(404, "text/plain", "");
      const etag = `"${createHash("sha256").update(bytes).digest("hex").slice(0, 16)}"`;
      if (request.headers["if-none-match"] === etag) return send(304, "text/plain", "", { etag });
      return send(200, types[extname(file)], bytes, { etag, "content-security-policy": policy });
    }
    try {
      const name = pathname.slice("/api/v1/".length);
      if (service.fail) throw new Problem(...service.fail);
      let text = "";
      for await (const chunk of request) text += chunk;
      send(200, "application/json", JSON.stringify(await api[name](text && JSON.parse(text))));
    } catch (error) {
      const type = `urn:munjigi:problem:${error.status ? error.message : "internal"}`;
      const status = error.status ?? 500;
      send(status, "application/problem+json", JSON.stringify({ type, title: error.message, status }));
    }
  });
  await new Promise((done) => server.listen(port, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${server.address().port}`;

  function makeLink({ service = "entry", days = 30, valid = DAY, visits = null, window = null, ...more }) {
    const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    const code = [...randomBytes(12)].map((byte) => alphabet[byte % 32]).join("");
    links.set(code, { service, days, until: now() + valid, visits, window, ...more });
    return code;
  }

  return {
    origin,
    requests,
    service,
    link: (what = {}) => makeLink(what),
    trouble: (pass, name) => (passes.get(pass).trouble = name),
    async kiosk() {
      const [repository, kiosk] = [join(folder, "repository"), join(folder, `kiosk-${randomBytes(4).toString("hex")}`)];
      await munjigi(["issuer", "publish", "--data", data, repository]);
      await munjigi(["trust", "add", "--data", kiosk, "--root", join(data, "root.json"), repository]);
      return kiosk;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
    async remove() {
      await this.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function signed(holder, text, signature) {
  const [kind, hex] = holder.split(":");
  const prefix = {
    ed25519: "302a300506032b6570032100",
    p256: "3039301306072a8648ce3d020106082a8648ce3d030107032200",
  }[kind];
  const key = createPublicKey({ key: Buffer.from(prefix + hex, "hex"), format: "der", type: "spki" });
  const how = kind === "ed25519" ? { hash: null, key } : { hash: "sha256", key: { key, dsaEncoding: "ieee-p1363" } };
  return verify(how.hash, Buffer.from(text), how.key, Buffer.from(signature, "base64url"));
}

// As a program of its own: an issuer to try the page with, and a link for each service.
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const issuer = await startIssuer({ port: Number(process.env.PORT ?? 8460) });
  for (const service of ["entry", "adult", "store"]) console.log(`${issuer.origin}/#enrol/${issuer.link({ service })}`);
}

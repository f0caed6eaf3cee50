// The issuer's service, version 1: JSON over HTTPS at the origin that this page came from, or at the one that it names
// (`munjigi issuer wallet` writes that).

/** A failure with the name of its problem type (RFC 9457), or `offline` or `server`. */
export class Problem extends Error {
  constructor(name, detail) {
    super(detail ?? name);
    this.problem = name;
  }
}

/** Where the service is. */
export const service = globalThis.document?.querySelector('meta[name="munjigi-service"]')?.content ?? globalThis.document?.baseURI;

const PATIENCE = 15_000;
const prefix = "urn:munjigi:problem:";

async function ask(path, body) {
  let response;
  try {
    response = await fetch(new URL(`api/v1/${path}`, service), {
      method: body ? "POST" : "GET",
      headers: body ? { "content-type": "application/json" } : {},
      body: body && JSON.stringify(body),
      cache: "no-store",
      credentials: "omit",
      redirect: "error",
      signal: AbortSignal.timeout?.(PATIENCE),
    });
  } catch {
    throw new Problem("offline");
  }
  const answer = await response.json().catch(() => undefined);
  if (response.ok && answer) return answer;
  const type = answer?.type;
  throw new Problem(type?.startsWith(prefix) ? type.slice(prefix.length) : "server", answer?.detail);
}

/** Who issues here: `{id, name, self_service}`. */
export const issuer = () => ask("issuer");

/** What a code gives, before a key is made. */
export const offer = (code) => ask("offer", { code });

/** Takes what a code gives for the key `holder`; `sign` signs text with it. */
export const enrol = (code, holder, sign) =>
  fresh(async (nonce) =>
    ask("enrol", { code, holder, nonce, signature: await sign(`munjigi enrol v1\n${code}\n${holder}\n${nonce}`) }),
  );

/** The kids of keys whose passes no door takes any more, from what is published for doors. */
export async function distrusted() {
  const url = new URL("trust/targets/issuers.json", service);
  const response = await fetch(url, { credentials: "omit", redirect: "error", signal: AbortSignal.timeout?.(PATIENCE) });
  if (!response.ok) throw new Problem("server");
  const { keys } = await response.json();
  return keys.filter((key) => "distrusted_at" in key).map((key) => key.kid);
}

/** A later credential for the same pass. */
export const renew = (pass, sign) =>
  fresh(async (nonce) => ask("renew", { pass, nonce, signature: await sign(`munjigi renew v1\n${pass}\n${nonce}`) }));

/** Begins self-service: where the person has to go, and a ticket to ask with. */
export const start = (service) => ask("start", { service });

/** How far self-service has come. */
export const ticket = (ticket) => ask("ticket", { ticket });

// A nonce lives for two minutes: a phone that slept in between gets a second one.
async function fresh(request) {
  for (let attempt = 1; ; attempt++) {
    const { nonce } = await ask("nonce");
    try {
      return await request(nonce);
    } catch (error) {
      if (error.problem !== "nonce_expired" || attempt === 2) throw error;
    }
  }
}

/** Base64url without padding. */
export function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes))
    .replace(/\+/g, "-")
    .replace(/\//g, "_")
    .replace(/=/g, "");
}

/** The bytes of base64url text. */
export function fromBase64url(text) {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (c) => c.charCodeAt(0));
}

// The language of the page: the browser's, until a person chooses.

import { recall, remember } from "./kept.js";
import * as texts from "./text.js";

let current = texts[recall("language")] ? recall("language") : ofBrowser();

function ofBrowser() {
  return navigator.language.toLowerCase().startsWith("ko") ? "ko" : "en";
}

/** `ko` or `en`. */
export const language = () => current;

/** Changes to the other language and remembers it. */
export function switchLanguage() {
  current = current === "ko" ? "en" : "ko";
  remember("language", current);
}

/** The text of `key`, with `{name}` taken from `values`. */
export function t(key, values = {}) {
  const text = texts[current][key] ?? texts[current].server_title;
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/** The name of an issuer, which may be missing in one language or in both. */
export function named({ id, name }) {
  return name?.[current] || name?.ko || name?.en || id;
}

// Passes end in the issuer's civil time, wherever the phone is.
const zone = { timeZone: "Asia/Seoul" };

/** A moment (seconds since 1970) as date and time. */
export function moment(seconds) {
  return date(seconds, { hour: "numeric", minute: "2-digit" });
}

/** The last day, or the last moment, of what ends at `exp`. */
export function lastOf(exp) {
  const midnight = (exp + 9 * 3600) % 86400 === 0;
  return midnight ? date(exp - 1) : moment(exp);
}

function date(seconds, more = {}) {
  const then = new Date(seconds * 1000);
  const year = (when) => new Intl.DateTimeFormat("en", { ...zone, year: "numeric" }).format(when);
  const form = { ...zone, month: "long", day: "numeric", ...more };
  if (year(then) !== year(new Date())) form.year = "numeric";
  return new Intl.DateTimeFormat(current === "ko" ? "ko-KR" : "en-GB", form).format(then);
}

// The frame around every screen: header, main part, status line.
//
// A screen is `{draw, start, stop, brand, back, noHelp}`: `draw` returns the nodes of the main part and is called again when
// the language changes, `start` runs once they are in the page, `stop` ends what `start` began.

import { button, drawing, element } from "./element.js";
import { language, switchLanguage, t } from "./language.js";

const ANNOUNCED = 4000;

let current;
let silence;

/** Shows a screen in place of the current one. */
export function show(screen) {
  const first = !current;
  current?.stop?.();
  current = screen;
  draw();
  if (first) return;
  scrollTo(0, 0);
  document.querySelector("h1")?.focus({ preventScroll: true });
}

/** Shows the screen that `make` resolves to, and meanwhile a wait, unless the person goes elsewhere. */
export async function showLater(make) {
  const wait = waiting();
  show(wait);
  const screen = await make();
  if (shows(wait)) show(screen);
}

/** Whether this screen is the one shown, and not one that a person has left meanwhile. */
export const shows = (screen) => current === screen;

/** Says in a line below, also to screen readers, what has happened. */
export function announce(text) {
  const status = document.querySelector("#status");
  status.textContent = text;
  clearTimeout(silence);
  silence = setTimeout(() => (status.textContent = ""), ANNOUNCED);
}

/** A heading that takes the focus when its screen appears. */
export const heading = (text) => element("h1", { tabindex: -1 }, text);

/** The screen for a wait. */
export const waiting = (key = "loading") => ({
  draw: () => [element("div", { class: "notice", "aria-busy": "true" }, spinner(), heading(t(key)))],
});

/** A screen that says what is wrong and what to do: texts `NAME_title` and `next`, with buttons below. */
export function notice(name, { next = `${name}_next`, more = () => [], actions = () => [], ...screen } = {}) {
  return {
    ...screen,
    draw: () => [
      element("div", { class: "notice" }, mark(), heading(t(`${name}_title`)), element("p", {}, t(next)), more()),
      element("div", { class: "actions" }, actions()),
    ],
  };
}

/** A link to carry into another browser. */
export function linkToCopy(address) {
  const field = element("input", { readonly: true, value: address, "aria-label": t("link"), class: "link" });
  field.addEventListener("focus", () => field.select());
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      announce(t("copied"));
    } catch {
      field.focus();
      announce(t("not_copied"));
    }
  };
  return element("div", { class: "copy" }, field, button("secondary", t("copy"), copy));
}

/** The exclamation mark of a notice. */
export function mark() {
  return drawing(
    "svg",
    { class: "mark", viewBox: "0 0 64 64", "aria-hidden": "true" },
    drawing("circle", { cx: 32, cy: 32, r: 29 }),
    drawing("path", { d: "M32 17v19M32 46v.5" }),
  );
}

function spinner() {
  return drawing(
    "svg",
    { class: "spinner", viewBox: "0 0 64 64", "aria-hidden": "true" },
    drawing("circle", { cx: 32, cy: 32, r: 28 }),
    drawing("path", { d: "M32 4a28 28 0 0 1 28 28" }),
  );
}

function draw() {
  document.documentElement.lang = language();
  document.title = t("app");
  document.querySelector("header").replaceChildren(...header());
  document.querySelector("main").replaceChildren(...current.draw());
  current.start?.();
}

function header() {
  const other = language() === "ko" ? "en" : "ko";
  const turn = () => {
    switchLanguage();
    current.stop?.();
    draw();
    document.querySelector("#language").focus();
  };
  const arrow = drawing("svg", { viewBox: "0 0 24 24", "aria-hidden": "true" }, drawing("path", { d: "M15 5l-7 7 7 7" }));
  return [
    current.back !== undefined && element("a", { href: current.back, class: "back", "aria-label": t("back") }, arrow),
    element("p", { class: "brand" }, current.brand?.() ?? t("app")),
    element("button", { type: "button", id: "language", lang: other, onclick: turn }, t("other_language")),
    !current.noHelp && element("a", { href: "#help" }, t("help")),
  ].filter(Boolean);
}

// A code on the screen, and the ring with the seconds that it lasts.

import { encode } from "./base45.js";
import { present } from "./cose.js";
import { drawing, element } from "./element.js";
import { alg, sign } from "./keys.js";
import { draw } from "./picture.js";

const CIRCUMFERENCE = 100;

/**
 * A code of `card`, signed anew every `seconds`, or only once if `once`.
 *
 * `ended` is called when the pass, or a code that is shown once, is over; `failed` when the key cannot sign.
 */
export function liveCode({ card, pair, aud = card.aud, cnonce, seconds, once, label, ended, failed }) {
  const canvas = element("canvas", { role: "img", "aria-label": label });
  const panel = element("div", { class: "code" }, canvas);
  const ring = countdown();
  let text;
  let timer;
  let running = false;

  const turn = async () => {
    clearTimeout(timer);
    if (!running) return;
    const iat = Math.floor(Date.now() / 1000);
    if (iat >= card.exp || (once && text)) return ended();
    if (document.hidden) return;
    timer = setTimeout(turn, seconds * 1000);
    try {
      const token = await present({
        credential: card.credential,
        alg: alg(pair),
        aud,
        iat,
        cnonce,
        sign: (bytes) => sign(pair, bytes),
      });
      text = `MJ1:${encode(token)}`;
    } catch {
      return running && failed();
    }
    if (!running) return;
    redraw();
    ring.begin(seconds);
  };
  const redraw = () => text && draw(canvas, text, panel.clientWidth);
  const seen = () => {
    keepAwake();
    if (!once || !text) void turn();
  };

  return {
    panel,
    ring: ring.node,
    start() {
      running = true;
      addEventListener("resize", redraw);
      document.addEventListener("visibilitychange", seen);
      keepAwake();
      void turn();
    },
    stop() {
      running = false;
      clearTimeout(timer);
      ring.end();
      removeEventListener("resize", redraw);
      document.removeEventListener("visibilitychange", seen);
      letSleep();
    },
  };
}

function countdown() {
  const track = drawing("circle", { cx: 28, cy: 28, r: 24 });
  const arc = drawing("circle", { class: "arc", cx: 28, cy: 28, r: 24, pathLength: CIRCUMFERENCE });
  const number = element("span");
  const node = element(
    "div",
    { class: "ring", "aria-hidden": "true" },
    drawing("svg", { viewBox: "0 0 56 56" }, track, arc),
    number,
  );
  arc.setAttribute("stroke-dasharray", CIRCUMFERENCE);
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  let animation;
  let ticking;
  const end = () => {
    clearInterval(ticking);
    animation?.cancel();
  };
  const begin = (seconds) => {
    end();
    const began = performance.now();
    const tick = () => {
      const left = Math.max(0, Math.ceil(seconds - (performance.now() - began) / 1000));
      number.textContent = left;
      if (calm) arc.setAttribute("stroke-dashoffset", CIRCUMFERENCE * (1 - left / seconds));
    };
    tick();
    ticking = setInterval(tick, 200);
    if (calm) return;
    const frames = [{ strokeDashoffset: 0 }, { strokeDashoffset: CIRCUMFERENCE }];
    animation = arc.animate(frames, { duration: seconds * 1000, fill: "forwards" });
  };
  return { node, begin, end };
}

// A phone that dims while it is held to the kiosk cannot be read. The lock is lost whenever the page is hidden.
let awake;

async function keepAwake() {
  if (document.hidden) return;
  letSleep();
  const lock = navigator.wakeLock?.request("screen");
  awake = lock;
  await lock?.catch(() => {}); // battery saving: the phone decides
}

function letSleep() {
  awake?.then((lock) => lock.release()).catch(() => {});
  awake = undefined;
}

// Answering a kiosk that shows a challenge: its code is read with the camera, then one presentation is shown.

import { decode } from "./base45.js";
import { readChallenge } from "./cose.js";
import { button, element } from "./element.js";
import { t } from "./language.js";
import { liveCode } from "./live.js";
import { announce, heading, notice, show } from "./page.js";

const PREFIX = "MJQ1:";
const VALID = 60;
const PAUSE = 120; // milliseconds between two looks: a phone also has to draw the picture
const LONGEST_SIDE = 800; // pixels looked at: a kiosk's code is small and near

const failures = { NotAllowedError: "camera_denied", NotFoundError: "camera_none", OverconstrainedError: "camera_none" };
const services = { E: "entry", A: "adult", S: "store" };

/** The camera view; once a challenge for `card` is read, the answer. */
export function challenge(card, pair) {
  let video;
  let hint;
  let stop = () => {};

  const found = (text) => {
    const { hindrance, ...asked } = judge(text, card);
    if (hindrance) hint.textContent = hindrance();
    else show(answer(card, pair, asked));
  };
  return {
    back: "#",
    draw() {
      video = element("video", { playsinline: true, "aria-label": t("camera_view") });
      video.muted = true;
      hint = element("p", { class: "problem", role: "alert" });
      return [
        element(
          "div",
          { class: "camera" },
          heading(t("camera_title")),
          element("div", { class: "view" }, video),
          element("p", {}, t("camera_lead")),
          hint,
        ),
      ];
    },
    start() {
      const looking = new AbortController();
      stop = () => looking.abort();
      look(video, found, looking.signal).catch((error) => {
        if (!looking.signal.aborted) show(unavailable(failures[error.name] ?? "camera_busy", card, pair));
      });
    },
    stop: () => stop(),
  };
}

/** What a scanned text asks of this card, or a hindrance in words. */
export function judge(text, card) {
  const bytes = text.startsWith(PREFIX) && decode(text.slice(PREFIX.length));
  const asked = bytes && readChallenge(bytes);
  if (!asked) return { hindrance: () => t("not_a_challenge") };
  const [service] = asked.aud.split(":");
  const [own, venue] = card.aud.split(":");
  if (service !== own) return { hindrance: () => t("other_service", { service: t(services[service]) }) };
  if (venue && asked.aud !== card.aud) return { hindrance: () => t("other_door") };
  return asked;
}

function answer(card, pair, { aud, cnonce }) {
  const ended = () => {
    announce(t("answer_expired"));
    location.hash = "";
  };
  const until = Date.now() + VALID * 1000;
  let code;
  return {
    back: "#",
    draw() {
      code = liveCode({
        card,
        pair,
        aud,
        cnonce,
        seconds: Math.ceil((until - Date.now()) / 1000),
        once: true,
        label: t("answer_picture"),
        ended,
        failed: () => (location.hash = ""),
      });
      return [
        element(
          "div",
          { class: "card" },
          code.panel,
          element(
            "div",
            { class: "beside" },
            heading(t("answer_title")),
            element("div", { class: "lasting" }, code.ring, element("p", {}, element("strong", {}, t("brightness")), element("span", {}, t("answer_lead")))),
          ),
          element("div", { class: "actions" }, button("secondary", t("answer_done"), "#")),
        ),
      ];
    },
    start: () => code.start(),
    stop: () => code.stop(),
  };
}

function unavailable(name, card, pair) {
  return notice(name, {
    back: "#",
    actions: () => [button("primary", t("retry"), () => show(challenge(card, pair))), button("quiet", t("to_passes"), "#")],
  });
}

// Opens the camera and gives every text seen to `found`, until the signal ends it.
async function look(video, found, signal) {
  if (!navigator.mediaDevices) throw new DOMException("no media devices", "NotFoundError");
  const wanted = { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } };
  const [read, stream] = await Promise.all([reader(), navigator.mediaDevices.getUserMedia({ video: wanted })]);
  const close = () => stream.getTracks().forEach((track) => track.stop());
  if (signal.aborted) return close();
  signal.addEventListener("abort", close);
  video.srcObject = stream;
  await video.play();
  while (!signal.aborted) {
    const text = await read(video);
    if (text && !signal.aborted) found(text);
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

// A function that reads the code in a video's picture: the browser's own reader, else jsQR.
async function reader() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (!formats.includes("qr_code")) return jsQrReader();
  const detector = new BarcodeDetector({ formats: ["qr_code"] });
  let other;
  return async (video) => {
    if (other) return other(video);
    try {
      return (await detector.detect(video))[0]?.rawValue;
    } catch {
      other = await jsQrReader(); // some phones promise a reader that they do not have
    }
  };
}

async function jsQrReader() {
  await import("./lib/jsqr.js"); // sets a global, being older than modules
  const canvas = element("canvas");
  const context = canvas.getContext("2d", { willReadFrequently: true });
  return (video) => {
    const scale = Math.min(1, LONGEST_SIDE / Math.max(video.videoWidth, video.videoHeight));
    const width = Math.round(video.videoWidth * scale);
    const height = Math.round(video.videoHeight * scale);
    if (!width || !height) return undefined;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.drawImage(video, 0, 0, width, height);
    return globalThis.jsQR(context.getImageData(0, 0, width, height).data, width, height)?.data;
  };
}

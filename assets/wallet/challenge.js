// Answering a kiosk that shows a challenge: its code is read with the camera, then one presentation is shown.

import { decode } from "./base45.js";
import { readChallenge } from "./cose.js";
import { button, element } from "./element.js";
import { t } from "./language.js";
import { liveCode } from "./live.js";
import { announce, heading, notice, show, shows } from "./page.js";

const PREFIX = "MJQ1:";
const VALID = 60;
const PAUSE = 120; // milliseconds between two looks: a phone also has to draw the picture
const LONGEST_SIDE = 800; // pixels looked at: a kiosk's code is small and near

const failures = { NotAllowedError: "camera_denied", NotFoundError: "camera_none", OverconstrainedError: "camera_none" };
const services = { E: "entry", A: "adult", S: "store" };

/** The camera view; once a challenge for `card` is read, the answer. */
export function challenge(card, pair) {
  const video = element("video", { playsinline: true, muted: true, "aria-label": t("camera_view") });
  video.muted = true;
  const hint = element("p", { class: "problem", role: "alert" });
  let stream;
  let running = false;

  const found = (text) => {
    const { hindrance, ...asked } = judge(text, card);
    if (hindrance) hint.textContent = hindrance();
    else show(answer(card, pair, asked));
  };
  const screen = {
    back: "#",
    draw: () => [
      element(
        "div",
        { class: "camera" },
        heading(t("camera_title")),
        element("div", { class: "view" }, video),
        element("p", {}, t("camera_lead")),
        hint,
      ),
    ],
    async start() {
      running = true;
      try {
        const [read, opened] = await Promise.all([reader(), stream ?? openCamera()]);
        stream = opened;
        if (!running) return screen.stop();
        video.srcObject = stream;
        await video.play();
        while (running) {
          const text = await read(video);
          if (running && text) found(text);
          await new Promise((done) => setTimeout(done, PAUSE));
        }
      } catch (error) {
        if (running && shows(screen)) show(unavailable(failures[error.name] ?? "camera_busy", card, pair));
      }
    },
    stop() {
      running = false;
      stream?.getTracks().forEach((track) => track.stop());
      stream = undefined;
    },
  };
  return screen;
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
  let code;
  return {
    back: "#",
    draw() {
      code ??= liveCode({
        card,
        pair,
        aud,
        cnonce,
        seconds: VALID,
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

async function openCamera() {
  if (!navigator.mediaDevices) throw new DOMException("no media devices", "NotFoundError");
  return navigator.mediaDevices.getUserMedia({
    video: { facingMode: "environment", width: { ideal: 1280 }, height: { ideal: 720 } },
  });
}

// A function that reads the code in a video's picture: the browser's own reader, else jsQR.
async function reader() {
  const formats = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  if (formats.includes("qr_code")) {
    const detector = new BarcodeDetector({ formats: ["qr_code"] });
    return async (video) => (await detector.detect(video))[0]?.rawValue;
  }
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

// The picture of a code: always of one size, so that it does not jump when it changes.

import { correction, generate, mode } from "./lib/lean-qr.js";

const VERSION = 11;
const MODULES = 61;
const QUIET = 4;

/**
 * Draws `text` (alphanumeric mode) on the canvas, as large as fits into `space` CSS pixels with a whole number of device
 * pixels a module: a camera reads even modules from farther away.
 */
export function draw(canvas, text, space) {
  const code = generate(mode.alphaNumeric(text), {
    minVersion: VERSION,
    maxVersion: VERSION,
    minCorrectionLevel: correction.L,
    maxCorrectionLevel: correction.L,
  });
  const side = MODULES + 2 * QUIET;
  const module = Math.max(1, Math.floor((space * devicePixelRatio) / side));
  const pixels = side * module;
  if (canvas.width !== pixels) {
    canvas.width = canvas.height = pixels;
  }
  canvas.style.width = canvas.style.height = `${pixels / devicePixelRatio}px`;
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "#fff";
  context.fillRect(0, 0, pixels, pixels);
  context.fillStyle = "#000";
  for (let y = 0; y < MODULES; y++) {
    for (let x = 0; x < MODULES; x++) {
      if (code.get(x, y)) context.fillRect((x + QUIET) * module, (y + QUIET) * module, module, module);
    }
  }
}

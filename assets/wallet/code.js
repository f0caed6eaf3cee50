// Enrolment codes: 12 characters of Crockford base32, as people type them.

const form = /^[0-9A-HJKMNP-TV-Z]{12}$/;

/** The code in its one form (upper case, no separators, O as 0, I and L as 1), or null when it is no code. */
export function normalise(text) {
  const code = text
    .toUpperCase()
    .replace(/[\s\-–—_.]/g, "")
    .replace(/O/g, "0")
    .replace(/[IL]/g, "1");
  return form.test(code) ? code : null;
}

/** In groups of four, as a person reads it. */
export function grouped(code) {
  return code.replace(/(.{4})(?=.)/g, "$1-");
}

/** The code in what was typed or pasted: the code alone, or the whole link. */
export function read(text) {
  const fragment = text.split("#enrol/")[1] ?? text;
  try {
    return normalise(decodeURIComponent(fragment));
  } catch {
    return normalise(fragment);
  }
}

// Small choices that the page remembers; where site data is blocked they last as long as the page.

const here = new Map();

/** The value remembered under this name, or null. */
export function recall(name) {
  try {
    return localStorage.getItem(name);
  } catch {
    return here.get(name) ?? null;
  }
}

/** Remembers a value. */
export function remember(name, value) {
  here.set(name, value);
  try {
    localStorage.setItem(name, value);
  } catch {
    // Kept above.
  }
}

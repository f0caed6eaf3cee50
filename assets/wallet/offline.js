// The service worker, which keeps the page for use without a network.

/** Registers the worker once the page is loaded, and lets a newer version take over between two visits. */
export async function registerWorker() {
  const worker = navigator.serviceWorker;
  if (!worker) return;
  try {
    // A page in the folder above may have one that is in charge of this folder too.
    const registrations = await worker.getRegistrations();
    const kept = registrations.find(({ scope }) => scope === new URL(".", document.baseURI).href);
    if (kept?.waiting) {
      worker.addEventListener("controllerchange", () => location.reload(), { once: true });
      kept.waiting.postMessage("take over");
    }
    if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
    if (!kept) await worker.register("sw.js");
  } catch {
    // Site data is blocked; the page says so where it matters.
  }
}

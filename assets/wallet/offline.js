// The service worker, which keeps the page for use without a network.

/** Registers the worker once the page is loaded, and lets a newer version take over between two visits. */
export async function registerWorker() {
  const worker = navigator.serviceWorker;
  if (!worker) return;
  try {
    const kept = await worker.getRegistration();
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

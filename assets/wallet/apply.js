// Self-service: the issuer names a page that checks the person, and then gives a code.

import { button, element } from "./element.js";
import { failure } from "./enrol.js";
import * as issuer from "./issuer.js";
import { Problem } from "./issuer.js";
import { t } from "./language.js";
import { heading, notice, show, showLater, shows } from "./page.js";

/** Begins an application for a pass of this service. */
export async function application(service = "entry") {
  const again = () => showLater(() => application(service));
  try {
    const { ticket, go, poll_seconds: pause } = await issuer.start(service || "entry");
    if (new URL(go).protocol !== "https:" && new URL(go).origin !== new URL(issuer.service).origin) throw new Problem("server");
    return applied(ticket, go, pause, again);
  } catch (error) {
    return failure(error, again);
  }
}

function applied(ticket, go, pause, again) {
  let timer;
  const poll = async () => {
    try {
      const { state, code } = await issuer.ticket(ticket);
      if (!shows(screen)) return;
      if (state === "done") return (location.hash = `#enrol/${code}`);
      if (state === "refused") return show(notice("self_refused", { back: "#" }));
    } catch (error) {
      // Without a connection there may be one again in a moment.
      if (error.problem !== "offline") return shows(screen) && show(failure(error, again));
    }
    timer = setTimeout(poll, pause * 1000);
  };
  const screen = {
    back: "#",
    draw: () => [
      element(
        "div",
        { class: "offer" },
        heading(t("self_title")),
        element("p", { class: "lead" }, t("self_lead_go")),
        element("p", { class: "small" }, t("self_waiting")),
      ),
      element(
        "div",
        { class: "actions" },
        element("a", { class: "button primary", href: go, target: "_blank", rel: "noopener noreferrer" }, t("self_go")),
      ),
    ],
    start: () => (timer = setTimeout(poll, pause * 1000)),
    stop: () => clearTimeout(timer),
  };
  return screen;
}

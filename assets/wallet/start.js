// The pages around the cards: typing a code, help, and a connection that is not secure.

import { read } from "./code.js";
import { button, element } from "./element.js";
import { t } from "./language.js";
import { heading, notice } from "./page.js";

/** Where a code is typed; `self` resolves to whether the issuer takes applications. */
export function codeEntry({ first, self }) {
  return {
    back: first ? undefined : "#",
    draw() {
      const problem = element("p", { class: "problem", id: "problem", role: "alert" });
      const input = element("input", {
        id: "code",
        name: "code",
        autocomplete: "off",
        enterkeyhint: "go",
        autocapitalize: "characters",
        spellcheck: "false",
        placeholder: "0000-0000-0000",
        "aria-describedby": "problem",
      });
      const submit = (event) => {
        event.preventDefault();
        const code = read(input.value);
        problem.textContent = code ? "" : t("code_wrong");
        input.setAttribute("aria-invalid", String(!code));
        if (code) location.hash = `#enrol/${code}`;
        else input.focus();
      };
      const apply = element("p", { class: "self", hidden: true }, t("self_lead"), " ", element("a", { href: "#start" }, t("self_start")));
      void self.then((open) => (apply.hidden = !open));
      return [
        element(
          "form",
          { class: "entry", onsubmit: submit, novalidate: true },
          element("div", {}, heading(t(first ? "start_title" : "add_title")), element("p", { class: "lead" }, t("start_lead"))),
          element("div", { class: "field" }, element("label", { for: "code" }, t("code")), input, problem),
          element("div", { class: "actions" }, element("button", { class: "button primary" }, t("code_next"))),
        ),
        apply,
        first && element("section", { class: "banner quiet" }, element("h2", {}, t("help_title")), element("p", {}, t("help_phone"))),
      ].filter(Boolean);
    },
  };
}

/** What a person should know about where passes live. */
export function help() {
  const part = (name) => [element("h2", {}, t(`help_${name}_title`)), element("p", {}, t(`help_${name}`))];
  return {
    back: "#",
    noHelp: true,
    draw: () => [
      element(
        "div",
        { class: "help" },
        heading(t("help_title")),
        element("p", { class: "lead" }, t("help_phone")),
        ["offline", "private", "in_app", "deleted", "reading"].map(part),
      ),
    ],
  };
}

/** Where the browser gives no keys at all. */
export const insecure = () => notice("insecure", { noHelp: true });

/** Where cards cannot even be read. */
export function noStorage(more, again) {
  return notice("no_keys", { next: "no_storage_next", more, actions: () => [button("secondary", t("retry"), again)] });
}

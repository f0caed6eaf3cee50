// Elements of the page. Text only ever becomes text nodes, so nothing that an issuer sends is read as HTML.

/** Makes an element: attributes, `on...` listeners, `class`; children are nodes or text, and falsy ones are left out. */
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

/** The same for SVG. */
export function drawing(name, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", name), attributes, children);
}

/** A link that looks like a button, or a button: `primary`, `secondary`, `quiet` or `danger`. */
export function button(kind, text, action) {
  const target = typeof action === "string" ? { href: action } : { type: "button", onclick: action };
  return element(target.href ? "a" : "button", { class: `button ${kind}`, ...target }, text);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value !== undefined) node.setAttribute(name, value);
  }
  node.append(...children.flat(Infinity).filter(Boolean));
  return node;
}

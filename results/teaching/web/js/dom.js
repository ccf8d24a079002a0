/** Making elements: the page is built by these few functions, and holds no template language. */

const SVG = "http://www.w3.org/2000/svg";

/** Give an element its attributes: `on…` are listeners, false and null leave an attribute out, true sets it bare. */
function dressed(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? "" : String(value));
  }
  return node;
}

/** An HTML element. Children are nodes, texts, or lists of them; null and false are left out. */
export function h(tag, attributes = {}, ...children) {
  return added(dressed(document.createElement(tag), attributes), children);
}

/** An SVG element, dressed by presentation attributes alone, so that an exported drawing needs no style sheet. */
export function s(tag, attributes = {}, ...children) {
  return added(dressed(document.createElementNS(SVG, tag), attributes), children);
}

function added(node, children) {
  for (const child of children.flat(Number.POSITIVE_INFINITY)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

/** Empty an element and fill it anew. */
export function fill(node, ...children) {
  node.replaceChildren();
  return added(node, children);
}

let counted = 0;

/** An id that nothing else on the page has. */
export function fresh(stem) {
  counted += 1;
  return `${stem}-${counted}`;
}

/** Whether the reader asked for little motion. */
export function calm() {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

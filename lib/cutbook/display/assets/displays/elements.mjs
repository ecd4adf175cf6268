/* Elements made, and the texts of those that a page has. */
import { tidy } from "./text.mjs";

export const ROOTS = ".display, .headline";
export const OWN_DISPLAYS = ".display:not(.cb-panel)";
const MARKS = "b, del";

export const isLab = () => "jpThemeLight" in document.body.dataset;

/* JupyterLab and browsers lay out in the frame after a change, and measure in the one after that. */
export const whenLaidOut = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

export function make(tag, attributes, ...children) {
  const node = document.createElement(tag);
  Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
  node.append(...children);
  return node;
}

export function button(text, attributes, act) {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", act);
  return made;
}

/* The text of a node without that of some of the elements in it. */
export function read(node, skipped) {
  if (!node.firstElementChild) { return node.textContent; }
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) { text += child.data; }
    if (child.nodeType === Node.ELEMENT_NODE && !child.matches(skipped)) { text += read(child, skipped); }
  }
  return text;
}

export const label = (heading) => tidy(read(heading, "small, b"));

/* The words of a column: its heading after those that stand over it. */
export const columnLabel = (path) => path.map(label).filter(Boolean).join(" ");
export const valueText = (cell) => read(cell, MARKS);
export const shown = (cell) => tidy(valueText(cell));

export function titleOf(node) {
  const display = node.closest(OWN_DISPLAYS);
  const title = display?.querySelector(":scope > h3, :scope > summary");
  return title ? label(title) : display?.getAttribute("aria-label") ?? "Records";
}

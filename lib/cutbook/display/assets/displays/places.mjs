/* Places that links lead to: found by id, opened, and scrolled to. */
import { whenLaidOut } from "./elements.mjs";

/* The element with an id: the one in the same display first, because a notebook may hold a display twice. */
function locate(id, near) {
  const found = document.getElementById(id);
  if (!near || !found || near.contains(found)) { return found; }
  return [...near.querySelectorAll("[id]")].find((node) => node.id === id) ?? found;
}

export const idIn = (hash) => decodeURIComponent(hash.slice(1));

export const targetOf = (link) => locate(idIn(link.hash), link.closest(".display"));

export function reveal(target) {
  for (let node = target; node; node = node.parentElement) {
    if (node.tagName === "DETAILS") { node.open = true; }
  }
  target.closest("tr")?.removeAttribute("hidden");
}

/* JupyterLab can be set to lay out only the cells in view: scroll towards the target until it is among them. */
export function scrollLabTo(target, turns = 500) {
  const notebook = target.closest(".jp-WindowedPanel-outer");
  if (notebook && turns && !target.getClientRects().length) {
    const inView = [...notebook.querySelectorAll(".jp-Cell")].find((cell) => cell.getClientRects().length);
    const isBelow = inView?.compareDocumentPosition(target) & Node.DOCUMENT_POSITION_FOLLOWING;
    notebook.scrollTop += (isBelow ? 1 : -1) * notebook.clientHeight;
    whenLaidOut(() => scrollLabTo(target, turns - 1));
  } else {
    target.scrollIntoView();
  }
}

/* The panel beside the page: it shows one view at a time, goes back through them, and gives the focus back. */
import { button, isLab, make, whenLaidOut } from "./elements.mjs";
import { equip } from "./tools.mjs";

const NARROW = "(max-width: 64rem)";
let panel = null;
let origin = null;
let views = [];

export const isPanelOpen = () => Boolean(panel?.open);
export const isPanelModal = () => Boolean(panel?.matches(":modal"));
export const closePanel = () => panel.close();

function madePanel() {
  if (panel?.isConnected) { return; }
  panel = make("dialog", { class: "display cb-panel", "aria-labelledby": "cb-panel-title" });
  panel.addEventListener("close", onClose);
  document.body.append(panel);
}

function unmark() {
  document.querySelectorAll(".cb-open").forEach((cell) => cell.classList.remove("cb-open"));
}

function onClose() {
  document.documentElement.classList.remove("cb-has-panel");
  unmark();
  views = [];
  if (origin?.isConnected) { origin.focus({ preventScroll: true }); }
  origin = null;
}

function partOf({ title, table, name }) {
  const place = make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": title || "Records" }, table);
  const part = make("section", {}, ...(title ? [make("h3", {}, title)] : []), place);
  equip(table, name);
  return part;
}

function draw(view) {
  const title = make("h2", { id: "cb-panel-title", tabindex: "-1" }, view.heading);
  const back = button("Back", {}, () => { views.pop(); draw(views.at(-1)); });
  const bar = make("div", { class: "cb-bar" }, ...(views.length > 1 ? [back] : []), button("Close", {}, closePanel));
  panel.replaceChildren(
    bar,
    make("p", { class: "cb-above" }, view.above),
    title,
    ...view.lines.filter(Boolean).map((line) => make("p", {}, line)),
    ...view.parts.map(partOf),
    ...(view.nodes ?? []),
    ...(view.hint ? [make("p", { class: "cb-hint" }, view.hint)] : []),
    ...(view.place ? [make("p", {}, make("a", { class: "cb-place", href: view.place.href }, view.place.text))] : []),
  );
  panel.scrollTop = 0;
  title.focus();
}

/* On which side a panel leaves a cell uncovered: at the right, at the left, or below a cell that needs both. */
export function sideOf(cell, width, whole) {
  if (cell.right <= whole - width) { return "right"; }
  return cell.left >= width ? "left" : "below";
}

/* A page makes room for the panel and keeps what the reader looks at in its place; JupyterLab cannot, so the panel stands
   where the cell is not. */
function makeRoom(link) {
  const top = link.getBoundingClientRect().top;
  const isModal = matchMedia(NARROW).matches;
  if (isModal) { panel.showModal(); } else { panel.show(); }
  document.documentElement.classList.add("cb-has-panel");
  if (!isLab()) { scrollBy(0, link.getBoundingClientRect().top - top); }
  stand(isLab() && !isModal ? link : null);
}

function stand(link) {
  panel.classList.remove("cb-left", "cb-below");
  const cell = (link?.closest("td, th") ?? link)?.getBoundingClientRect();
  const side = cell ? sideOf(cell, panel.getBoundingClientRect().width, innerWidth) : "right";
  if (side !== "right") { panel.classList.add(`cb-${side}`); }
  return side;
}

export function openPanel(view, link) {
  const isInside = Boolean(link.closest(".cb-panel"));
  views = isInside ? [...views, view] : [view];
  madePanel();
  if (!isInside) {
    unmark();
    link.closest("td, th")?.classList.add("cb-open");
    origin = link;
  }
  if (!panel.open) { makeRoom(link); } else if (isLab() && !isInside && !isPanelModal()) { stand(link); }
  draw(view);
  const block = panel.classList.contains("cb-below") ? "center" : "nearest";
  if (!isInside) { whenLaidOut(() => link.scrollIntoView({ block, inline: "nearest" })); }
}

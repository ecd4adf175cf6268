/* What happens in a page or notebook: displays get their tools when they come near, links open what they count. */
import { isLab, OWN_DISPLAYS, ROOTS } from "./elements.mjs";
import { csvOf } from "./csv.mjs";
import { marked, toggle } from "./filtering.mjs";
import { closePanel, isPanelModal, isPanelOpen, openPanel } from "./panel.mjs";
import { reveal, scrollLabTo, targetOf } from "./places.mjs";
import { recordsOf } from "./records.mjs";
import { equipWithin } from "./tools.mjs";
import { viewOf } from "./views.mjs";

const STYLED = `${OWN_DISPLAYS}, .headline, .banner`;
const LAB_STYLE = "jp-RenderedHTMLCommon";

/* JupyterLab styles the tables and lists of every output by a class; displays bring their own style. */
function leaveLabStyle(root) {
  const own = root.matches?.(STYLED) ? [root] : root.querySelectorAll(STYLED);
  own.forEach((node) => node.closest(`.${LAB_STYLE}`)?.classList.remove(LAB_STYLE));
}

function watch(root, arrivals) {
  if (isLab()) { leaveLabStyle(root); }
  if (root.matches?.(OWN_DISPLAYS)) { arrivals.observe(root); }
  root.querySelectorAll(OWN_DISPLAYS).forEach((display) => arrivals.observe(display));
}

function follow(event) {
  const link = event.target.closest?.('a[href^="#"]');
  const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
  if (!link || !isPlain || !link.closest(ROOTS)) { return; }
  const target = targetOf(link);
  const view = viewOf(link);
  if (view) { openPanel(view, link); }
  if (!view && isPanelModal()) { closePanel(); }
  if (!view && target) { reveal(target); }
  if (!view && target && isLab()) { scrollLabTo(target); }
  if (view || isLab()) {
    event.preventDefault();
    event.stopPropagation();
  }
}

function onKey(event) {
  if (event.key === "Escape" && isPanelOpen() && !isPanelModal() && !event.defaultPrevented) { closePanel(); }
}

/* JupyterLab takes Enter and Space for itself unless they stop before they reach it. */
function keepKeys(event) {
  const isKey = event.key === "Enter" || event.key === " ";
  const isOurs = event.target.matches?.(":is(.display, .headline) :is(a, button, summary, [role='button'])");
  if (isKey && isOurs && isLab()) { event.stopPropagation(); }
}

function start() {
  const arrivals = new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
    if (!isIntersecting) { return; }
    arrivals.unobserve(target);
    equipWithin(target);
  }), { rootMargin: "50% 0px" });
  document.addEventListener("click", follow, true);
  document.addEventListener("keydown", onKey);
  window.addEventListener("keydown", keepKeys, true);
  document.addEventListener("toggle", ({ target }) => {
    if (target.open && target.matches?.("details.display, .display details")) { equipWithin(target); }
  }, true);
  new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
    if (node.nodeType === Node.ELEMENT_NODE && node.tagName !== "TR") { watch(node, arrivals); }
  }))).observe(document.body, { childList: true, subtree: true });
  watch(document.body, arrivals);
}

/* A notebook may bring the script again with each of its outputs; the first one stays. */
if (!window.cutbook) {
  window.cutbook = { reveal, recordsOf, csvOf, marked, toggle };
  start();
}

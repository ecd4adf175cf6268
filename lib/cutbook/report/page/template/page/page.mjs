/* What a report page does: the current section in the contents, places that open when linked to, and finding text. */
import { isTooShort, lastAbove, MOST_HITS, searchable, spans, stepped, told } from "./finding.mjs";
import { isAway } from "./scrolling.mjs";

const main = document.querySelector("main");
const strip = document.querySelector(".strip");
const root = document.documentElement;
const contents = document.querySelector(".contents");

const links = [...document.querySelectorAll(".contents a")];
const place = (hash) => document.getElementById(decodeURIComponent(hash.slice(1)));
const targets = links.map((link) => place(link.hash));
let current = null;

function markCurrent() {
  const line = strip.offsetHeight + 96;
  const link = links[lastAbove(targets.map((target) => target?.getBoundingClientRect().top), line)] ?? null;
  if (link === current) { return; }
  current?.removeAttribute("aria-current");
  current = link;
  if (!link) { return; }
  link.setAttribute("aria-current", "true");
  const list = link.closest("nav");
  const isSeen = link.offsetTop >= list.scrollTop + 40 && link.offsetTop <= list.scrollTop + list.clientHeight - 60;
  if (!isSeen) { list.scrollTop = link.offsetTop - list.clientHeight / 3; }
}

/* On a narrow screen the strip makes way for what is read; the menu below it needs it. */
let height = scrollY;
function hideStrip() {
  const hides = isAway({ was: height, now: scrollY, isHidden: root.classList.contains("cb-away"), strip: strip.offsetHeight });
  root.classList.toggle("cb-away", hides && !contents?.classList.contains("cb-unfolded"));
  height = scrollY;
}

let isWaiting = false;
function onScroll() {
  if (isWaiting) { return; }
  isWaiting = true;
  requestAnimationFrame(() => { isWaiting = false; hideStrip(); markCurrent(); });
}

function unfold() {
  const target = location.hash && place(location.hash);
  if (!target) { return; }
  window.cutbook.reveal(target);
  target.scrollIntoView();
}

function measureStrip() {
  root.style.setProperty("--strip-height", `${strip.offsetHeight}px`);
  onScroll();
}

const UNSEARCHED = "b > i, .cb-tools, [hidden], svg";
let hits = [];
let at = -1;

const hitsIn = (node, wanted) => spans(node.data, wanted)
  .map(([from, to]) => ({ startContainer: node, startOffset: from, endContainer: node, endOffset: to }));

function find(wanted) {
  const skip = (node) => (node.nodeType === Node.ELEMENT_NODE && node.matches(UNSEARCHED)
    ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT);
  const walker = document.createTreeWalker(main, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT, skip);
  const found = [];
  while (walker.nextNode() && found.length < MOST_HITS) {
    if (walker.currentNode.nodeType === Node.TEXT_NODE) { found.push(...hitsIn(walker.currentNode, wanted)); }
  }
  return found;
}

function paint() {
  if (!CSS.highlights) { return; }
  CSS.highlights.set("cb-hit", new Highlight(...hits.map((hit) => new StaticRange(hit))));
  CSS.highlights.set("cb-current", new Highlight(...hits.slice(at, at + 1).map((hit) => new StaticRange(hit))));
  CSS.highlights.get("cb-current").priority = 1;
}

function go(step) {
  if (!hits.length) { return; }
  at = stepped(at, step, hits.length);
  const { startContainer, startOffset, endOffset } = hits[at];
  const hit = startContainer.parentElement;
  const show = () => hit.scrollIntoView({ block: "center", inline: "nearest" });
  window.cutbook.reveal(hit);
  show();
  // A table that comes into view gets its tools, and perhaps a height of its own: show the hit in it again.
  setTimeout(() => { if (hits[at]?.startContainer === startContainer) { show(); } }, 100);
  if (CSS.highlights) { paint(); } else { getSelection().setBaseAndExtent(startContainer, startOffset, startContainer, endOffset); }
  tell();
}

const box = document.createElement("input");
const count = document.createElement("output");

function tell() {
  count.textContent = told(box.value, at, hits.length);
}

function look() {
  const wanted = searchable(box.value.trim()).plain;
  hits = isTooShort(wanted) ? [] : find(wanted);
  at = -1;
  paint();
  if (hits.length) { go(1); } else { tell(); }
}

let delay = 0;
function onType() {
  clearTimeout(delay);
  delay = setTimeout(look, 150);
}

function clear() {
  box.value = "";
  look();
  box.blur();
}

function onBoxKey(event) {
  if (event.key === "Escape") { event.stopPropagation(); clear(); }
  if (event.key !== "Enter") { return; }
  event.preventDefault();
  clearTimeout(delay);
  if (at < 0) { look(); } else { go(event.shiftKey ? -1 : 1); }
}

function onKey(event) {
  const isTyping = event.target.matches?.("input, textarea, select, [contenteditable]");
  if (event.key !== "/" || isTyping || event.ctrlKey || event.metaKey || event.altKey) { return; }
  event.preventDefault();
  box.focus();
  box.select();
}

function button(text, name, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = text;
  if (name) { made.setAttribute("aria-label", name); }
  made.addEventListener("click", act);
  return made;
}

function onOff(text, turn) {
  const made = button(text, "", () => {
    const isOn = made.getAttribute("aria-pressed") !== "true";
    made.setAttribute("aria-pressed", String(isOn));
    turn(isOn);
  });
  made.setAttribute("aria-pressed", "false");
  return made;
}

const pageSwitch = (text, name) => onOff(text, (isOn) => {
  window.cutbook.marked(main).forEach((table) => window.cutbook.toggle(table, name, isOn));
});

/* What is closed is printed only when this is on. */
const printSwitch = () => onOff("Print everything", (isOn) => document.documentElement.classList.toggle("cb-all", isOn));

function addSwitches() {
  const made = document.createElement("div");
  made.className = "switches";
  if (main.querySelector(".marked b > i")) { made.append(pageSwitch("Previous values", "was")); }
  if (main.querySelector("table.marked")) { made.append(pageSwitch("Only what changed", "changed")); }
  if (main.querySelector("details.display")) { made.append(printSwitch()); }
  if (made.children.length) { (contents?.querySelector("p") ?? main.firstChild)?.after(made); }
}

/* On a narrow screen the contents open below the strip, by a button in it, and close when one is chosen. */
function menuButton() {
  const made = button("Contents", "", () => show(!contents.classList.contains("cb-unfolded")));
  const show = (isOpen) => {
    contents.classList.toggle("cb-unfolded", isOpen);
    made.setAttribute("aria-expanded", String(isOpen));
  };
  made.className = "menu";
  contents.classList.add("cb-menu");
  contents.addEventListener("click", (event) => { if (event.target.closest("a")) { show(false); } });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") { show(false); } });
  show(false);
  return made;
}

function addFinder() {
  const finder = document.createElement("div");
  const steps = [button("‹", "Previous hit", () => go(-1)), button("›", "Next hit", () => go(1))];
  steps.forEach((step) => step.classList.add("step"));
  finder.className = "finder";
  Object.assign(box, { type: "search", placeholder: "Find  /" });
  box.setAttribute("aria-label", "Find in this report");
  box.addEventListener("input", onType);
  box.addEventListener("keydown", onBoxKey);
  finder.append(box, count, ...steps);
  if (contents) { finder.prepend(menuButton()); }
  strip.append(finder);
}

addFinder();
addSwitches();
new ResizeObserver(measureStrip).observe(strip);
addEventListener("scroll", onScroll, { passive: true });
addEventListener("resize", onScroll);
addEventListener("hashchange", unfold);
document.addEventListener("keydown", onKey);
unfold();
markCurrent();

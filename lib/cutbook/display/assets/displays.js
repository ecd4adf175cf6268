/* What a display does in a browser: the records behind a count, sorting, filtering, CSV, and change since the last cut. */
(() => {
  "use strict";
  if (window.cutbook) { return; }

  const ROOTS = ".display, .headline";
  const STYLED = ".display:not(.cb-panel), .headline, .banner";
  const LAB_STYLE = "jp-RenderedHTMLCommon";
  const TABLES = "table.stat, table.listing";
  const NARROW = "(max-width: 64rem)";
  const SMALLEST_FILTERED = 10;
  const SHOWN_AT_ONCE = 60;
  const ROWS_AT_ONCE = 300;
  const states = new WeakMap();
  const isLab = () => "jpThemeLight" in document.body.dataset;

  /* Text ------------------------------------------------------------------------------------------------------- */

  const UNTIDY = /[\u2007\u2008\u2212]|[^\S ]|\s\s|^\s|\s$/;
  const tidy = (text) => (UNTIDY.test(text)
    ? text.replace(/[\u2007\u2008]/g, "").replace(/\u2212/g, "-").replace(/\s+/g, " ").trim() : text);

  function read(node, skipped) {
    if (!node.firstElementChild) { return node.textContent; }
    let text = "";
    for (const child of node.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) { text += child.data; }
      if (child.nodeType === Node.ELEMENT_NODE && !child.matches(skipped)) { text += read(child, skipped); }
    }
    return text;
  }

  const label = (heading) => tidy(read(heading, "small, b"));
  const NOT_VALUE = "b, del";
  const shown = (cell) => tidy(read(cell, NOT_VALUE));
  const counted = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

  function make(tag, attributes, ...children) {
    const node = document.createElement(tag);
    Object.entries(attributes).forEach(([name, value]) => node.setAttribute(name, value));
    node.append(...children);
    return node;
  }

  function button(text, attributes, act) {
    const made = make("button", { type: "button", ...attributes }, text);
    made.addEventListener("click", act);
    return made;
  }

  function titleOf(node) {
    const display = node.closest(".display:not(.cb-panel)");
    const title = display?.querySelector(":scope > h3, :scope > summary");
    return title ? label(title) : display?.getAttribute("aria-label") ?? "Records";
  }

  /* Tables ----------------------------------------------------------------------------------------------------- */

  /* Every column as its heading cells from top to bottom, row and column spans resolved. */
  function headings(table) {
    const grid = Array.from(table.tHead?.rows ?? [], () => []);
    grid.forEach((line, y) => {
      let x = 0;
      for (const cell of table.tHead.rows[y].cells) {
        while (line[x]) { x += 1; }
        for (let dy = 0; dy < cell.rowSpan && y + dy < grid.length; dy += 1) {
          for (let dx = 0; dx < cell.colSpan; dx += 1) { grid[y + dy][x + dx] = cell; }
        }
        x += cell.colSpan;
      }
    });
    return (grid.at(-1) ?? []).map((_, x) => [...new Set(grid.map((line) => line[x]))]);
  }

  const isHead = (row) => row.classList.contains("head");
  const levelOf = (row) => (isHead(row) ? -1 : Number(/\blevel-(\d)/.exec(row.className)?.[1] ?? 0));

  /* Rows as a tree: a head holds the rows up to the next head, a row holds the deeper rows below it. */
  function grow(rows) {
    const path = [{ level: -2, children: [], row: null }];
    for (const row of rows) {
      const node = { row, level: levelOf(row), children: [] };
      while (path.at(-1).level >= node.level) { path.pop(); }
      path.at(-1).children.push(node);
      path.push(node);
    }
    return path[0];
  }

  function stateOf(table) {
    if (!states.has(table)) {
      const rows = Array.from(table.tBodies, (body) => [...body.rows]);
      states.set(table, {
        rows, order: rows, left: new Set(), filter: "", texts: null, toggles: {}, column: -1, direction: 0,
        show() {}, finish() {},
      });
    }
    return states.get(table);
  }

  const placeOf = (table) => table.closest(".scroll") ?? table;

  /* Put the rows in their order and hide those left out: the first ones at once, the others soon after, so that a
     long table answers without delay. */
  function arrange(table) {
    const state = stateOf(table);
    const queue = state.order.flatMap((rows, index) => rows.map((row) => ({ row, body: table.tBodies[index] })));
    const own = state.turn = Symbol("turn");
    let at = 0;
    let last = null;
    const place = (upTo, mostShown) => {
      for (let count = 0; at < upTo && at < queue.length && count < mostShown; at += 1) {
        const { row, body } = queue[at];
        const next = last?.parentElement === body ? last.nextElementSibling : body.firstElementChild;
        if (next !== row) { body.insertBefore(row, next); }
        if (row.hidden !== state.left.has(row)) { row.hidden = !row.hidden; }
        count += row.hidden ? 0 : 1;
        last = row;
      }
    };
    const more = () => {
      if (state.turn !== own) { return; }
      place(at + ROWS_AT_ONCE, SHOWN_AT_ONCE);
      if (at < queue.length) { requestAnimationFrame(() => setTimeout(more)); }
    };
    state.finish = () => place(queue.length, queue.length);
    more();
  }

  /* Sorting ---------------------------------------------------------------------------------------------------- */

  const collator = new Intl.Collator("en", { numeric: true });
  const NUMBER_FIRST = /^[<>≤≥]?\s*([+-]?\d[\d,]*(?:\.\d+)?(?:e[+-]?\d+)?)(?![\w-]|\.\d)/i;

  /* How a text sorts: numbers, then words, then what has no value. */
  function sortKey(text) {
    if (/^[–—-]?$|^N[ACE]$/.test(text)) { return { kind: 2 }; }
    const number = NUMBER_FIRST.exec(text);
    return number ? { kind: 0, value: Number(number[1].replace(/,/g, "")) } : { kind: 1, value: text };
  }

  function compare(one, other, direction) {
    if (one.kind !== other.kind) { return one.kind - other.kind; }
    if (one.kind === 2) { return 0; }
    return direction * (one.kind ? collator.compare(one.value, other.value) : one.value - other.value);
  }

  function collect(node, column, direction, sorted) {
    const keyed = node.children.map((child) => {
      const cell = child.row.cells[column];
      return { child, key: isHead(child.row) || !cell ? { kind: 2 } : sortKey(shown(cell)) };
    });
    keyed.sort((one, other) => compare(one.key, other.key, direction));
    for (const { child } of keyed) {
      sorted.push(child.row);
      collect(child, column, direction, sorted);
    }
    return sorted;
  }

  function sort(table, column) {
    const state = stateOf(table);
    const next = { 0: 1, 1: -1, [-1]: 0 };
    state.direction = state.column === column ? next[state.direction] : 1;
    state.column = column;
    state.order = state.direction
      ? state.rows.map((rows) => collect(grow(rows), column, state.direction, []))
      : state.rows;
    arrange(table);
    headings(table).forEach((path, index) => {
      const order = index === column ? { 1: "ascending", [-1]: "descending" }[state.direction] : null;
      if (order) { path.at(-1).setAttribute("aria-sort", order); } else { path.at(-1).removeAttribute("aria-sort"); }
    });
  }

  /* A heading is no button element: printed tables repeat their headings without the text of those. */
  function addSorting(table) {
    headings(table).forEach((path, column) => {
      const heading = path.at(-1);
      if (heading.colSpan > 1 || !label(heading)) { return; }
      const words = [...heading.childNodes].filter((node) => !["SMALL", "B"].includes(node.nodeName));
      const made = make("span", { class: "cb-sort", role: "button", tabindex: "0" }, ...words);
      made.addEventListener("click", () => sort(table, column));
      made.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" && event.key !== " ") { return; }
        event.preventDefault();
        sort(table, column);
      });
      heading.prepend(made);
    });
  }

  /* Filter and what changed ------------------------------------------------------------------------------------ */

  const isChanged = (row) =>
    row.matches(".new, .changed, .withdrawn") || Boolean(row.querySelector("b:not(.total), ins, del"));

  function textsOf(table) {
    const state = stateOf(table);
    const textOf = (row) => tidy(Array.from(row.cells, (cell) => read(cell, NOT_VALUE)).join(" ")).toLowerCase();
    state.texts ??= new Map(state.rows.flat().map((row) => [row, textOf(row)]));
    return state.texts;
  }

  function sift(node, isWanted, above, found) {
    const text = node.row ? `${above} ${textsOf(found.table).get(node.row)}` : "";
    const isRow = node.row && !isHead(node.row);
    let isKept = Boolean(isRow && isWanted(text, node.row));
    found.total += isRow ? 1 : 0;
    found.kept += isKept ? 1 : 0;
    for (const child of node.children) { isKept = sift(child, isWanted, text, found) || isKept; }
    if (node.row && !isKept) { found.left.add(node.row); }
    return isKept;
  }

  function refresh(table) {
    const state = stateOf(table);
    const found = { table, total: 0, kept: 0, left: new Set() };
    const isWanted = (text, row) => text.includes(state.filter) && (!state.toggles.changed || isChanged(row));
    state.rows.forEach((rows) => sift(grow(rows), isWanted, "", found));
    state.left = found.left;
    arrange(table);
    const isLess = found.kept < found.total || state.filter || state.toggles.changed;
    state.show(isLess ? `${found.kept} of ${counted(found.total, "row")}` : "");
  }

  /* Switch "was" (previous values) or "changed" (only what changed) of one table. */
  function toggle(table, name, isOn) {
    const state = stateOf(table);
    if (Boolean(state.toggles[name]) === isOn) { return; }
    state.toggles[name] = isOn;
    state.buttons?.[name]?.setAttribute("aria-pressed", String(isOn));
    if (name === "was") { table.classList.toggle("cb-was", isOn); } else { refresh(table); }
  }

  const marked = (root) => root.querySelectorAll("table.marked");

  /* CSV -------------------------------------------------------------------------------------------------------- */

  const PLAIN_NUMBER = /^[+-]?\d+(\.\d+)?(e[+-]?\d+)?$/i;

  /* One field as RFC 4180 has it; a text that a spreadsheet would take for a formula gets an apostrophe. */
  function field(text) {
    const isFormula = /^\s*[=+\-@＝＋－＠]/.test(text) && !PLAIN_NUMBER.test(text);
    const safe = isFormula ? `'${text}` : text;
    return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
  }

  function columnName(path) {
    return path.map((cell) => {
      const note = tidy(cell.querySelector("small.note")?.textContent ?? "");
      return label(cell) + (note ? ` (${note})` : "");
    }).filter(Boolean).join(" / ");
  }

  const changeOf = (cell) => tidy(Array.from(cell.querySelectorAll("b"), (mark) => read(mark, "i")).join(" "));

  function previousOf(cell) {
    const removed = Array.from(cell.querySelectorAll("del"), (node) => node.textContent);
    return tidy(cell.querySelector("b > i")?.textContent ?? removed.join(" "));
  }

  /* The rows in view, each with the names of the rows that it stands under. */
  function lines(table) {
    const found = [];
    stateOf(table).finish();
    const walk = (node, names) => node.children.forEach((child) => {
      if (!isHead(child.row) && !child.row.hidden) { found.push({ row: child.row, names }); }
      walk(child, [...names, shown(child.row.cells[0])]);
    });
    for (const body of table.tBodies) { walk(grow(body.rows), []); }
    return found;
  }

  function csvOf(table) {
    const columns = headings(table);
    const rows = lines(table);
    const isNested = rows.some(({ names }) => names.length);
    const hasChange = columns.map((_, x) => rows.some(({ row }) => row.cells[x]?.querySelector("b, del, ins")));
    const spread = (x, value, change, previous) => (hasChange[x] ? [value, change, previous] : [value]);
    const first = columns.flatMap((path, x) => {
      const name = columnName(path);
      return spread(x, name, `${name} change`, `${name} previous`);
    });
    const body = rows.map(({ row, names }) => {
      const cells = columns.flatMap((_, x) => {
        const cell = row.cells[x];
        return cell ? spread(x, shown(cell), changeOf(cell), previousOf(cell)) : spread(x, "", "", "");
      });
      return isNested ? [names.join(" / "), ...cells] : cells;
    });
    const all = [isNested ? ["Section", ...first] : first, ...body];
    return all.map((line) => `${line.map(field).join(",")}\r\n`).join("");
  }

  function saveCsv(table, name) {
    const address = URL.createObjectURL(new Blob([csvOf(table)], { type: "text/csv;charset=utf-8" }));
    make("a", { href: address, download: `${name}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  /* Tools of a table ------------------------------------------------------------------------------------------- */

  function filterBox(table, status) {
    const box = make("input", { type: "search", "aria-label": "Filter rows", placeholder: "Filter rows" });
    box.addEventListener("input", () => {
      stateOf(table).filter = tidy(box.value).toLowerCase();
      refresh(table);
    });
    box.addEventListener("focus", () => textsOf(table), { once: true });
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !box.value) { return; }
      event.stopPropagation();
      box.value = "";
      box.dispatchEvent(new Event("input"));
    });
    return [box, status];
  }

  function switches(table) {
    const state = stateOf(table);
    const one = (name, text) => {
      const isOn = String(Boolean(state.toggles[name]));
      return button(text, { "aria-pressed": isOn }, () => toggle(table, name, !state.toggles[name]));
    };
    state.buttons = { changed: one("changed", "Only what changed"), was: one("was", "Previous values") };
    if (!table.querySelector("b > i")) { return [state.buttons.changed]; }
    return [state.buttons.was, state.buttons.changed];
  }

  const fitting = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    const isWide = target.scrollWidth > target.clientWidth + 1;
    target.classList.toggle("wide", isWide);
    target.classList.toggle("fits", !isWide);
  }));

  function equip(table, name) {
    const state = stateOf(table);
    const place = placeOf(table);
    if (state.isEquipped) { return; }
    state.isEquipped = true;
    fitting.observe(place);
    const count = state.rows.flat().filter((row) => !isHead(row)).length;
    const status = make("output", { class: "cb-status" });
    state.show = (text) => { status.textContent = text; };
    const tools = make("div", { class: "cb-tools", role: "group", "aria-label": `Tools: ${titleOf(table)}` });
    const isMarked = table.classList.contains("marked");
    if (count > SMALLEST_FILTERED || isMarked) {
      tools.append(...(count > SMALLEST_FILTERED ? filterBox(table, status) : [status]));
    }
    if (isMarked) { tools.append(...switches(table)); }
    tools.append(button("CSV", { "aria-label": `CSV of ${titleOf(table)}` }, () => saveCsv(table, name)));
    linkCounts(table);
    if (count > 1) { addSorting(table); }
    const before = place.previousElementSibling;
    (before?.matches(".population") ? before : place).before(tools);
    if (state.toggles.changed) { refresh(table); }
  }

  const isFolded = (node) => Boolean(node.closest("details:not([open])"));

  function equipWithin(root) {
    for (const table of root.querySelectorAll(TABLES)) {
      if (isFolded(table)) { continue; }
      const block = table.closest(".records") ?? table.closest(".display");
      equip(table, block?.id || "table");
    }
  }

  /* A figure as a file: the picture that the page shows, beside its data. */
  function addPicture(display) {
    const image = display.querySelector(":scope > figure img");
    const tools = display.querySelector(":scope > .tools");
    if (!image || !tools || tools.querySelector("[download$='.png']")) { return; }
    tools.append(" · ", make("a", { download: `${display.id}.png`, href: image.src }, "Picture (PNG)"));
  }

  const arrivals = new IntersectionObserver((entries) => entries.forEach(({ isIntersecting, target }) => {
    if (!isIntersecting) { return; }
    arrivals.unobserve(target);
    addPicture(target);
    equipWithin(target);
  }), { rootMargin: "50% 0px" });

  /* JupyterLab styles the tables and lists of every output by a class; displays bring their own style. */
  function leaveLabStyle(root) {
    const own = root.matches?.(STYLED) ? [root] : root.querySelectorAll(STYLED);
    own.forEach((node) => node.closest(`.${LAB_STYLE}`)?.classList.remove(LAB_STYLE));
  }

  function watch(root) {
    if (isLab()) { leaveLabStyle(root); }
    if (root.matches?.(".display:not(.cb-panel)")) { arrivals.observe(root); }
    root.querySelectorAll(".display:not(.cb-panel)").forEach((display) => arrivals.observe(display));
  }

  /* Finding and showing places --------------------------------------------------------------------------------- */

  /* The element with an id: the one in the same display first, because a notebook may hold a display twice. */
  function locate(id, near) {
    const found = document.getElementById(id);
    if (!near || !found || near.contains(found)) { return found; }
    return [...near.querySelectorAll("[id]")].find((node) => node.id === id) ?? found;
  }

  const targetOf = (link) => locate(decodeURIComponent(link.hash.slice(1)), link.closest(".display"));

  function reveal(target) {
    for (let node = target; node; node = node.parentElement) {
      if (node.tagName === "DETAILS") { node.open = true; }
    }
    target.closest("tr")?.removeAttribute("hidden");
  }

  /* Records behind a number ------------------------------------------------------------------------------------ */

  function numbersOf(text) {
    const numbers = new Set();
    for (const [, from, to] of text.matchAll(/(\d+)(?:\s*[–-]\s*(\d+))?/g)) {
      for (let number = Number(from); number <= Number(to ?? from); number += 1) { numbers.add(number); }
    }
    return numbers;
  }

  /* The names of the group that a cell counts: of its row where that names one, else of its column. */
  function groupsOf(cell, isByRow) {
    const row = cell.closest("tr");
    if (row.dataset.g) { return [row.dataset.g]; }
    const path = headings(cell.closest("table"))[cell.cellIndex] ?? [];
    return isByRow ? [label(row.cells[0])] : path.map(label).reverse();
  }

  function holds(body, groups) {
    return !("g" in body.dataset) || groups.some((group) => body.dataset.g.split("|").includes(group));
  }

  const recordsIn = (table) => [...table.querySelectorAll("tbody tr")].filter((row) => !isHead(row));

  /* The record rows of an entry: those of its own block, or those that the page lists in one place. */
  function entryRecords(entry, cell, only) {
    const numbers = numbersOf(entry.querySelector("span")?.textContent ?? "");
    const own = [...entry.closest(".records").querySelectorAll(TABLES)].flatMap(recordsIn);
    const rows = own.length ? own.filter((row) => numbers.has(Number(shown(row.cells[0]))))
      : Array.from(numbers, (number) => document.getElementById(`R.${number}`)).filter(Boolean);
    const groups = groupsOf(cell, false);
    const tables = new Map();
    for (const row of rows.filter(({ parentElement }) => only === "all" || holds(parentElement, groups))) {
      const table = row.closest(TABLES);
      tables.set(table, [...(tables.get(table) ?? []), row]);
    }
    return Array.from(tables, ([table, theirs]) => ({ table, rows: theirs, columns: null }));
  }

  /* The rows of a grid with a value in one column; a change needs a value in the first column as well. */
  function gridRecords(heading, cell, only) {
    const table = heading.closest("table");
    const column = headings(table).findIndex((path) => path.includes(heading));
    const isBelow = (text) => text.startsWith("BLQ");
    const isWanted = {
      change: (row) => shown(row.cells[1]) !== "",
      blq: (row) => isBelow(shown(row.cells[column])),
      value: (row) => !isBelow(shown(row.cells[column])),
    }[only] ?? (() => true);
    const groups = groupsOf(cell, true);
    const theirs = recordsIn(table).filter((row) => holds(row.parentElement, groups));
    const rows = theirs.filter((row) => row.cells[column] && shown(row.cells[column]) && isWanted(row));
    return [{ table, rows, columns: [...new Set(only === "change" ? [0, 1, column] : [0, column])] }];
  }

  /* The records behind the number of a link: parts of a table, its rows and the columns to show; null for other links. */
  function recordsOf(link) {
    const target = targetOf(link);
    const cell = link.closest("td, th");
    if (!cell || !target || isHead(cell.parentElement) || link.closest(".cb-panel")) { return null; }
    if (target.matches(".entries > li")) { return entryRecords(target, cell, link.dataset.only); }
    if (target.matches(".grid thead th")) { return gridRecords(target, cell, link.dataset.only); }
    return cell.closest("table.stat") && target.matches(".records, #L-R") ? [] : null;
  }

  /* Counts of values name their grid column by row and heading; each becomes a link when its table is first seen. */
  function linkCounts(table) {
    headings(table).forEach((path, column) => {
      const { opens } = path.at(-1).dataset;
      let grid = "";
      for (const row of opens === undefined ? [] : table.querySelectorAll("tbody tr")) {
        grid = isHead(row) ? row.querySelector("a[href^='#']")?.hash.slice(1) ?? "" : grid;
        const text = row.cells[column]?.firstChild;
        const place = row.dataset.c ?? grid;
        if (isHead(row) || !place || text?.nodeType !== Node.TEXT_NODE || !/[1-9]/.test(text.data)) { continue; }
        text.replaceWith(make("a", { href: `#${place}`, "data-only": opens }, text.data));
      }
    });
  }

  const anchor = (name) => name.replace(/[^A-Za-z0-9.-]/g, (sign) => `_${sign.codePointAt(0).toString(16)}.`);

  /* The address of the participant of a row, who is named by a link, or in a grid by the heading of the row. */
  function personOf(row) {
    const link = row.querySelector('a[href^="#P."]');
    return link ? link.getAttribute("href") : row.closest(".grid") ? `#P.${anchor(shown(row.cells[0]))}` : null;
  }

  /* A table of copies of some rows, with some columns or all that hold facts and no links to displays, under the names of their groups where there are several. */
  function excerpt({ table, rows, columns }) {
    const all = headings(table);
    const isPlain = (x) => !rows[0].cells[x]?.querySelector('a:not([href^="#P."])');
    const kept = columns ?? all.map((_, x) => x).filter(isPlain);
    const first = make("tr", {}, ...kept.map((x) => make("th", { scope: "col" }, label(all[x].at(-1)))));
    const copy = make("table", { class: "listing" }, make("thead", {}, first));
    const bodies = [...new Set(rows.map((row) => row.parentElement))];
    for (const body of bodies) {
      const part = make("tbody", {});
      const head = [...body.rows].find(isHead);
      if (bodies.length > 1 && head) { part.append(headRow(shown(head.cells[0]), kept.length)); }
      rows.filter((row) => row.parentElement === body).forEach((row) => part.append(copyRow(row, kept)));
      copy.append(part);
    }
    return copy;
  }

  function headRow(text, width) {
    return make("tr", { class: "head" }, make("th", { scope: "rowgroup", colspan: String(width) }, text));
  }

  function copyRow(row, columns) {
    const copy = make("tr", { class: row.className });
    columns.forEach((x) => { if (row.cells[x]) { copy.append(row.cells[x].cloneNode(true)); } });
    copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    const person = row.closest(".grid") && columns[0] === 0 ? personOf(row) : null;
    if (person) { copy.cells[0].replaceChildren(make("a", { href: person }, shown(row.cells[0]))); }
    return copy;
  }

  function scrolling(table, name) {
    return make("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": name }, table);
  }

  const placeFor = (node) => node.closest(".records") ?? node.closest(".display");

  function recordsView(link, found) {
    const cell = link.closest("td, th");
    const target = targetOf(link);
    const block = target.closest(".records");
    const rows = found.flatMap((part) => part.rows);
    const people = new Set(rows.map(personOf).filter(Boolean)).size;
    const was = cell.querySelector("b > i")?.textContent;
    const isGrid = Boolean(block?.matches(".grid"));
    const amount = isGrid ? counted(rows.length, "participant")
      : `${counted(rows.length, "record")} of ${counted(people, "participant")}`;
    const rule = link.closest(".display").querySelector(".records > .rule")?.textContent ?? "";
    const place = found.length ? placeFor(found[0].table) : target;
    const name = `${link.closest(".display").id}.records`;
    return {
      heading: [shown(cell), ...namesOf(cell, isGrid)].join(" · "),
      above: titleOf(cell),
      lines: [was ? `Previous cut: ${tidy(was)}` : "", rows.length ? amount : tidy(rule)],
      parts: found.map((part) => ({ title: found.length > 1 ? titleOf(part.table) : "", table: excerpt(part), name })),
      notes: found.flatMap(({ table, rows: own }) => rulesOf(table, own)),
      hint: people ? "Choose a participant to see their other records." : "",
      place: { href: `#${place.id}`, text: place === block ? "All records behind this table" : titleOf(place) },
    };
  }

  /* The rules that some records name by number, in words. */
  function rulesOf(table, rows) {
    const column = headings(table).findIndex((path) => label(path.at(-1)) === "Rule");
    const used = new Set(rows.map((row) => (row.cells[column] ? shown(row.cells[column]) : "")));
    const rules = [...(table.closest(".display")?.querySelectorAll(".rules > li") ?? [])];
    return rules.filter((rule) => used.has(rule.id.split(".rule").at(-1)))
      .map((rule) => `Rule ${rule.id.split(".rule").at(-1)}: ${tidy(rule.textContent)}`);
  }

  /* What a count is about: its row, its group, and in a table by visit its column and the heading above. */
  function namesOf(cell, isGrid) {
    const row = cell.closest("tr");
    if (!isGrid) { return [...new Set([label(row.cells[0]), groupsOf(cell, false)[0]])].filter(Boolean); }
    let head = row.previousElementSibling;
    while (head && !isHead(head)) { head = head.previousElementSibling; }
    const above = head ? label(head.cells[0]) : "";
    const group = groupsOf(cell, true)[0];
    const column = label(headings(cell.closest("table"))[cell.cellIndex].at(-1));
    const names = [column === "n" ? "" : column, label(row.cells[0]), above.includes(group) ? "" : group, above];
    return [...new Set(names)].filter(Boolean);
  }

  function participantView(link) {
    const person = link.getAttribute("href");
    const own = document.getElementById(decodeURIComponent(person.slice(1)))?.closest("tr");
    const parts = new Map();
    for (const table of document.querySelectorAll(".display:not(.cb-panel) table.listing")) {
      const rows = recordsIn(table).filter((row) => row === own || personOf(row) === person);
      if (rows.length) { parts.set(table, rows); }
    }
    const rows = [...parts.values()].flat().filter((row) => row !== own);
    return {
      heading: tidy(link.textContent),
      above: "Participant",
      lines: [`${counted(rows.length, "record")} on this page`],
      parts: Array.from(parts, ([table, found]) => participantPart(table, found, person)),
      notes: Array.from(parts, ([table, found]) => rulesOf(table, found)).flat(),
      hint: "",
      place: own ? { href: person, text: "This participant in the list of all" } : null,
    };
  }

  function participantPart(table, rows, person) {
    const isName = (cell) => cell?.querySelector("a")?.getAttribute("href") === person;
    const columns = headings(table).map((_, x) => x).filter((x) => !isName(rows[0].cells[x]));
    const shownColumns = table.closest(".grid") ? columns.slice(1) : columns;
    const name = `${decodeURIComponent(person.slice(1))}.records`;
    return { title: titleOf(table), table: excerpt({ table, rows, columns: shownColumns }), name };
  }

  /* The panel -------------------------------------------------------------------------------------------------- */

  let panel = null;
  let origin = null;
  let views = [];

  function madePanel() {
    if (panel?.isConnected) { return panel; }
    panel = make("dialog", { class: "display cb-panel", "aria-labelledby": "cb-panel-title" });
    panel.addEventListener("close", left);
    document.body.append(panel);
    return panel;
  }

  function left() {
    document.documentElement.classList.remove("cb-has-panel");
    document.querySelectorAll(".cb-open").forEach((cell) => cell.classList.remove("cb-open"));
    views = [];
    if (origin?.isConnected) { origin.focus({ preventScroll: true }); }
    origin = null;
  }

  function panelPart({ title, table, name }) {
    const part = make("section", {}, ...(title ? [make("h3", {}, title)] : []), scrolling(table, title || "Records"));
    equip(table, name);
    return part;
  }

  function draw(view) {
    const title = make("h2", { id: "cb-panel-title", tabindex: "-1" }, view.heading);
    const back = button("Back", {}, () => { views.pop(); draw(views.at(-1)); });
    const bar = make("div", { class: "cb-bar" }, ...(views.length > 1 ? [back] : []));
    bar.append(button("Close", {}, () => panel.close()));
    panel.replaceChildren(
      bar,
      make("p", { class: "cb-above" }, view.above),
      title,
      ...view.lines.filter(Boolean).map((line) => make("p", {}, line)),
      ...view.parts.map(panelPart),
      ...view.notes.map((note) => make("p", { class: "cb-note" }, note)),
      ...(view.hint ? [make("p", { class: "cb-hint" }, view.hint)] : []),
      ...(view.place ? [make("p", {}, make("a", { class: "cb-place", href: view.place.href }, view.place.text))] : []),
    );
    panel.scrollTop = 0;
    title.focus();
  }

  const whenLaidOut = (act) => requestAnimationFrame(() => requestAnimationFrame(act));

  /* Keeps what the reader looks at in its place while the page makes room for the panel. */
  function openPanel(view, link) {
    const isInside = Boolean(link.closest(".cb-panel"));
    views = isInside ? [...views, view] : [view];
    madePanel();
    if (!isInside) {
      document.querySelectorAll(".cb-open").forEach((cell) => cell.classList.remove("cb-open"));
      link.closest("td, th")?.classList.add("cb-open");
      origin = link;
    }
    if (!panel.open) {
      const top = link.getBoundingClientRect().top;
      if (matchMedia(NARROW).matches) { panel.showModal(); } else { panel.show(); }
      document.documentElement.classList.add("cb-has-panel");
      if (!isLab()) { scrollBy(0, link.getBoundingClientRect().top - top); }
    }
    draw(view);
    if (!isInside) { whenLaidOut(() => link.scrollIntoView({ block: "nearest", inline: "nearest" })); }
  }

  /* Events ----------------------------------------------------------------------------------------------------- */

  function viewOf(link) {
    const records = recordsOf(link);
    if (records) { return recordsView(link, records); }
    const isPerson = link.matches('[href^="#P."]') && !link.matches(".cb-place");
    return isPerson ? participantView(link) : null;
  }

  /* JupyterLab can be set to lay out only the cells in view: scroll towards the target until it is among them. */
  function scrollLabTo(target, turns = 500) {
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

  function follow(event) {
    const link = event.target.closest?.('a[href^="#"]');
    const isPlain = !(event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey);
    if (!link || !isPlain || !link.closest(ROOTS)) { return; }
    const target = targetOf(link);
    const view = viewOf(link);
    if (view) { openPanel(view, link); }
    if (!view && panel?.matches(":modal")) { panel.close(); }
    if (!view && target) { reveal(target); }
    if (!view && target && isLab()) { scrollLabTo(target); }
    if (view || isLab()) {
      event.preventDefault();
      event.stopPropagation();
    }
  }

  function onKey(event) {
    if (event.key === "Escape" && panel?.open && !panel.matches(":modal") && !event.defaultPrevented) { panel.close(); }
  }

  /* JupyterLab takes Enter and Space for itself unless they stop before they reach it. */
  function keepKeys(event) {
    const isKey = event.key === "Enter" || event.key === " ";
    const isOurs = event.target.matches?.(":is(.display, .headline) :is(a, button, summary, [role='button'])");
    if (isKey && isOurs && isLab()) { event.stopPropagation(); }
  }

  function start() {
    document.addEventListener("click", follow, true);
    document.addEventListener("keydown", onKey);
    window.addEventListener("keydown", keepKeys, true);
    document.addEventListener("toggle", ({ target }) => {
      if (target.open && target.matches?.("details.display, .display details")) { equipWithin(target); }
    }, true);
    new MutationObserver((changes) => changes.forEach(({ addedNodes }) => addedNodes.forEach((node) => {
      if (node.nodeType === Node.ELEMENT_NODE && node.tagName !== "TR") { watch(node); }
    }))).observe(document.body, { childList: true, subtree: true });
    watch(document.body);
  }

  window.cutbook = { reveal, recordsOf, csvOf, marked, toggle };
  start();
})();

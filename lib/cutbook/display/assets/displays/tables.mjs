/* Tables as columns with all their headings and rows as a tree, and the rows that are shown in their order. */

export const TABLES = "table.stat, table.listing";
export const HEAD = -1;
const SHOWN_AT_ONCE = 60;
const ROWS_AT_ONCE = 300;
const states = new WeakMap();

/* The columns of some rows of headings: each as its cells from top to bottom, row and column spans resolved. */
export function columnsOf(rows) {
  const grid = rows.map(() => []);
  grid.forEach((line, y) => {
    let x = 0;
    for (const cell of rows[y]) {
      while (line[x]) { x += 1; }
      for (let dy = 0; dy < cell.rowSpan && y + dy < grid.length; dy += 1) {
        for (let dx = 0; dx < cell.colSpan; dx += 1) { grid[y + dy][x + dx] = cell; }
      }
      x += cell.colSpan;
    }
  });
  return (grid.at(-1) ?? []).map((_, x) => [...new Set(grid.map((line) => line[x]))]);
}

export const headings = (table) => columnsOf(Array.from(table.tHead?.rows ?? [], (row) => [...row.cells]));

/* How deep a row stands, by its classes: heads hold the rows below them, and levels count from 0. */
export const levelIn = (classes) => (/(?:^|\s)head(?:\s|$)/.test(classes)
  ? HEAD : Number(/(?:^|\s)level-(\d)/.exec(classes)?.[1] ?? 0));

export const isHead = (row) => levelIn(row.className) === HEAD;

/* Rows as a tree: a head holds the rows up to the next head, a row holds the deeper rows below it. */
export function grow(rows) {
  const path = [{ level: HEAD - 1, children: [], row: null }];
  for (const row of rows) {
    const node = { row, level: levelIn(row.className), children: [] };
    while (path.at(-1).level >= node.level) { path.pop(); }
    path.at(-1).children.push(node);
    path.push(node);
  }
  return path[0];
}

/* The rows that are not heads, each with the names of the rows that it stands under. */
export function namedRows(root, nameOf) {
  const found = [];
  const walk = (node, names) => node.children.forEach((child) => {
    if (child.level !== HEAD) { found.push({ row: child.row, names }); }
    walk(child, [...names, nameOf(child.row)]);
  });
  walk(root, []);
  return found;
}

export const recordsIn = (table) => [...table.querySelectorAll("tbody tr")].filter((row) => !isHead(row));

export function stateOf(table) {
  if (!states.has(table)) {
    const rows = Array.from(table.tBodies, (body) => [...body.rows]);
    states.set(table, {
      rows, order: rows, left: new Set(), filter: "", texts: null, toggles: {}, column: -1, direction: 0,
      show() {}, finish() {},
    });
  }
  return states.get(table);
}

export const placeOf = (table) => table.closest(".scroll") ?? table;

/* Put the rows in their order and hide those left out: the first ones at once, the others soon after, so that a
   long table answers without delay. */
export function arrange(table) {
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

/* Finding text in a report: what is searched, where it is found, and what is said about it. */

export const MOST_HITS = 1000;
const SHORTEST = 2;

/* Text as it is searched, and where each of its characters stands in the text as it is written. */
export function searchable(text) {
  const plain = text.replace(/\u2212/g, "-").replace(/[\u00a0\n]/g, " ").toLowerCase();
  if (!/[\u2007\u2008]/.test(plain)) { return { plain, places: null }; }
  const places = Array.from(plain, (_, index) => index).filter((index) => !/[\u2007\u2008]/.test(plain[index]));
  return { plain: plain.replace(/[\u2007\u2008]/g, ""), places };
}

/* Where a searchable text stands in another text: from a character to before another. */
export function spans(text, wanted) {
  const { plain, places } = searchable(text);
  const found = [];
  for (let start = plain.indexOf(wanted); start >= 0; start = plain.indexOf(wanted, start + wanted.length)) {
    const last = start + wanted.length - 1;
    const [from, to] = places ? [places[start], places[last] + 1] : [start, last + 1];
    found.push([from, Math.min(to, text.length)]);
  }
  return found;
}

export const isTooShort = (text) => text.trim().length < SHORTEST;

/* The next hit in a direction; after the last one comes the first. */
export const stepped = (at, step, count) => (at + step + count) % count;

export function told(text, at, count) {
  if (isTooShort(text)) { return ""; }
  return count ? `${at + 1} of ${count}${count >= MOST_HITS ? "+" : ""}` : "not found";
}

/* The last of some places that begins at or above a line; -1 when none does. Places that are not there have no top. */
export const lastAbove = (tops, line) => tops.findLastIndex((top) => top !== undefined && top <= line);

/* Texts without what only makes them look well, and the numbers and names that they hold. */

const UNTIDY = /[\u2007\u2008\u2212]|[^\S ]|\s\s|^\s|\s$/;

/* A text as it reads: padding left out, a minus as the keyboard has it, one blank between words. */
export const tidy = (text) => (UNTIDY.test(text)
  ? text.replace(/[\u2007\u2008]/g, "").replace(/\u2212/g, "-").replace(/\s+/g, " ").trim() : text);

export const counted = (count, word) => `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;

/* The whole numbers that a text of ranges names: "3, 7–9". */
export function numbersOf(text) {
  const numbers = new Set();
  for (const [, from, to] of text.matchAll(/(\d+)(?:\s*[–-]\s*(\d+))?/g)) {
    for (let number = Number(from); number <= Number(to ?? from); number += 1) { numbers.add(number); }
  }
  return numbers;
}

/* A name as part of an id, as the pages write it: signs other than letters, digits, "." and "-" by their number. */
export const anchor = (name) => name.replace(/[^A-Za-z0-9.-]/gu, (sign) => `_${sign.codePointAt(0).toString(16)}.`);

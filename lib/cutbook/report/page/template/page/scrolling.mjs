/* Whether the strip at the top of a narrow page makes way while the page is scrolled. */

const LEAST = 8;

/* Down hides it once it would be out of view anyway; up shows it again; a small step changes nothing. */
export function isAway({ was, now, isHidden, strip }) {
  if (now <= strip) { return false; }
  return Math.abs(now - was) < LEAST ? isHidden : now > was;
}

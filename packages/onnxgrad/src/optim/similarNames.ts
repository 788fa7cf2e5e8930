/** Up to `count` of the names, those first that share the most three-letter pieces with `wanted`; for messages. */
export function similarNames(wanted: string, names: Iterable<string>, count = 3): string[] {
  const pieces = piecesOf(wanted);
  return [...names]
    .map((name) => ({ name, shared: sharedPieces(pieces, piecesOf(name)) }))
    .sort((a, b) => b.shared - a.shared)
    .slice(0, count)
    .map(({ name }) => name);
}

/** For each of `wanted` the name that is most like it, where one has half of the three-letter pieces in common with it. */
export function closestNames(wanted: Iterable<string>, names: Iterable<string>): Map<string, string> {
  const known = Array.from(names, (name) => ({ name, pieces: piecesOf(name) }));
  const closest = new Map<string, string>();
  for (const one of wanted) {
    const pieces = piecesOf(one);
    let most = 0.5;
    for (const { name, pieces: others } of known) {
      const shared = sharedPieces(pieces, others);
      if (shared <= most) continue;
      most = shared;
      closest.set(one, name);
    }
  }
  return closest;
}

/** Letters, digits and `_` only: what a regular expression and the name it was meant for have in common. */
function piecesOf(text: string): Set<string> {
  const letters = text.replace(/\W/g, '').toLowerCase();
  return new Set(Array.from({ length: Math.max(0, letters.length - 2) }, (_, i) => letters.slice(i, i + 3)));
}

/** Dice's coefficient: 1 for the same pieces, 0 for none in common. */
const sharedPieces = (a: Set<string>, b: Set<string>): number =>
  (2 * a.intersection(b).size) / Math.max(1, a.size + b.size);

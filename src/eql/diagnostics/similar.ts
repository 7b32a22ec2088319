/**
 * Names close to one that is not there, for "did you mean". The distance is Damerau-Levenshtein (optimal string alignment) without
 * regard to ASCII case, given up as soon as it exceeds its bound.
 */

/** Longest name that is compared; longer ones have no suggestions. */
const MAX_LENGTH = 200;

/** The distance, or `bound + 1` where it is greater than the bound. */
export function editDistance(a: string, b: string, bound: number): number {
  if (Math.abs(a.length - b.length) > bound) return bound + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row: number[] = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a.charCodeAt(i - 1) === b.charCodeAt(j - 1);
      let cost = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (same ? 0 : 1));
      const swapped = i > 1 && j > 1 && a.charCodeAt(i - 1) === b.charCodeAt(j - 2) && a.charCodeAt(i - 2) === b.charCodeAt(j - 1);
      if (swapped) cost = Math.min(cost, before[j - 2]! + 1);
      row.push(cost);
      if (cost < least) least = cost;
    }
    // A swap looks back two rows, so both have to be beyond the bound.
    if (least > bound && Math.min(...previous) > bound) return bound + 1;
    before = previous;
    previous = row;
  }
  return Math.min(previous[b.length]!, bound + 1);
}

/** The nearest of the names within the bound, at most three, in order of the alphabet; by default a third of the length may differ. */
export function similarNames(
  name: string,
  names: Iterable<string>,
  bound = Math.min(4, Math.max(1, Math.floor(name.length / 3))),
): string[] {
  if (name.length > MAX_LENGTH) return [];
  const wanted = name.toLowerCase();
  const pieces = piecesOf(wanted, 2 * bound + 1);
  let best = bound;
  let found: string[] = [];
  for (const candidate of names) {
    // Most names are told apart by their length alone.
    if (Math.abs(candidate.length - wanted.length) > best) continue;
    const folded = candidate.toLowerCase();
    if (!pieces.some((piece) => folded.includes(piece))) continue;
    const distance = editDistance(wanted, folded, best);
    if (distance > best) continue;
    if (distance < best) found = [];
    best = distance;
    found.push(candidate);
  }
  return found.sort().slice(0, 3);
}

/**
 * A text in so many pieces. An edit changes one, a swap of neighbours at most two: of `2 n + 1` pieces, one is left whole by `n` edits.
 * A text that is too short for that has the empty piece, which is in any text.
 */
function piecesOf(text: string, count: number): string[] {
  if (text.length < count) return [""];
  return Array.from({ length: count }, (_, at) =>
    text.slice(Math.floor((at * text.length) / count), Math.floor(((at + 1) * text.length) / count)),
  );
}

/** ``Did you mean `x`?``, of the nearest of the names; null where none is near. */
export function suggestion(name: string, names: Iterable<string>): string | null {
  const [similar] = similarNames(name, names);
  return similar === undefined ? null : meant(similar);
}

/** The same of a name that is known to be meant. */
export function meant(name: string): string {
  return `Did you mean \`${name}\`?`;
}

/** Elasticsearch's way to say it, to be put behind the message; empty where there is nothing to suggest. */
export function didYouMean(names: readonly string[]): string {
  if (names.length === 0) return "";
  return names.length === 1 ? `, did you mean [${names[0]!}]?` : `, did you mean any of [${names.join(", ")}]?`;
}

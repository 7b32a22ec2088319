import { foldedOf } from "./folded.ts";
import { LiteralSearch } from "./literal-search.ts";
import type { WildcardTest } from "./match-wildcard.ts";

/** With fewer wildcards than this each is tested: a test may be over at the first unit, a search reads the whole text. */
const WORTH_A_SEARCH = 4;
/** Literals shorter than this are in most texts. */
const SHORT = 4;

/**
 * Many wildcards over one text: one pass finds the literals that the text holds, and only the wildcards behind them are tested.
 * Of each wildcard the literal is taken that the fewest others hold.
 */
export class WildcardSearch {
  readonly #wildcards: readonly WildcardTest[];
  readonly #search: LiteralSearch | null;
  /** Of each literal, the places of its wildcards. */
  readonly #byLiteral: readonly (readonly number[])[];
  /** Those without a literal, or all where they are few. */
  readonly #rest: readonly number[];
  readonly #found: Int32Array;
  #tests = 0;

  constructor(wildcards: readonly WildcardTest[]) {
    this.#wildcards = wildcards;
    const uses = usesOfLiterals(wildcards);
    const byLiteral = new Map<string, number[]>();
    const rest: number[] = [];
    wildcards.forEach((wildcard, place) => {
      const literal = wildcards.length < WORTH_A_SEARCH ? "" : tellingLiteral(wildcard, uses);
      const known = byLiteral.get(literal);
      if (literal === "") rest.push(place);
      else if (known === undefined) byLiteral.set(literal, [place]);
      else known.push(place);
    });
    this.#search = byLiteral.size === 0 ? null : new LiteralSearch([...byLiteral.keys()]);
    this.#byLiteral = [...byLiteral.values()];
    this.#rest = rest;
    this.#found = new Int32Array(byLiteral.size);
  }

  /** Steps of the search and tests of single wildcards so far, for tests of linear time. */
  get steps(): number {
    return this.#tests + (this.#search?.steps ?? 0);
  }

  /** Adds the places of the wildcards that the text matches to `matched`. `folded` is the text folded. */
  matches(text: string, folded: string, matched: number[]): void {
    const rest = this.#rest;
    for (let i = 0; i < rest.length; i++) if (this.#test(rest[i]!, text, folded)) matched.push(rest[i]!);
    if (this.#search === null) return;
    const found = this.#found;
    const count = this.#search.search(folded, found);
    for (let i = 0; i < count; i++) {
      const places = this.#byLiteral[found[i]!]!;
      for (let n = 0; n < places.length; n++) if (this.#testFound(places[n]!, text, folded)) matched.push(places[n]!);
    }
  }

  /** Whether the text matches one of them. */
  matchesAny(text: string, folded: string): boolean {
    const rest = this.#rest;
    for (let i = 0; i < rest.length; i++) if (this.#test(rest[i]!, text, folded)) return true;
    if (this.#search === null) return false;
    const found = this.#found;
    const count = this.#search.search(folded, found);
    for (let i = 0; i < count; i++) {
      const places = this.#byLiteral[found[i]!]!;
      for (let n = 0; n < places.length; n++) if (this.#testFound(places[n]!, text, folded)) return true;
    }
    return false;
  }

  #test(place: number, text: string, folded: string): boolean {
    this.#tests++;
    const { insensitive, test } = this.#wildcards[place]!;
    return test(insensitive ? folded : text);
  }

  /** The same where its literal was found: where the case does not count, that is all there is to `*literal*`. */
  #testFound(place: number, text: string, folded: string): boolean {
    const { shape, insensitive } = this.#wildcards[place]!;
    return (insensitive && shape === "contains") || this.#test(place, text, folded);
  }
}

/** Of each literal how many wildcards hold it. */
function usesOfLiterals(wildcards: readonly WildcardTest[]): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  for (const { literals } of wildcards)
    for (const literal of literals) {
      const folded = foldedOf(literal);
      uses.set(folded, (uses.get(folded) ?? 0) + 1);
    }
  return uses;
}

/**
 * The literal that the fewest wildcards hold, of those the longest: what many ask for is common in texts too. Literals of a few
 * units are in most texts, and come last.
 */
function tellingLiteral(wildcard: WildcardTest, uses: ReadonlyMap<string, number>): string {
  let best = "";
  for (const literal of wildcard.literals) {
    const folded = foldedOf(literal);
    const better =
      folded.length < SHORT || best.length < SHORT
        ? folded.length - best.length
        : uses.get(best)! - uses.get(folded)! || folded.length - best.length;
    if (better > 0) best = folded;
  }
  return best;
}

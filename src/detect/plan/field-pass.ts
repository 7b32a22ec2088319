import { foldedOf, plainText, WildcardSearch, type Forms, type Scalar, type WildcardTest } from "../../eql/index.ts";

/** Values remembered at a time, and the UTF-16 units of their texts together. */
const MEMO_ENTRIES = 8_192;
const MEMO_UNITS = 2_000_000;
/** The longest time that a field goes without the memo, in values. */
const LONGEST_PAUSE = 1_000_000;
/** A longer text is not remembered. */
const MEMO_LONGEST = 65_536;
const NONE = new Int32Array(0);

/**
 * All predicates over one field at once: a value gives the numbers of those it satisfies. Equalities are two hash look-ups
 * however many there are, wildcards one pass for their longest literals; the rest is tested one by one. Values repeat, so
 * what one gave is remembered.
 */
export class FieldPass {
  /** UTF-16 units of the values that were not remembered: what the pass costs. */
  units = 0;
  readonly #exact = new Map<string, number[]>();
  readonly #folded = new Map<string, number[]>();
  readonly #wildcards: WildcardSearch | null;
  /** Of each wildcard, its predicate. */
  readonly #ofWildcard: readonly number[];
  /** Tests of other kinds. */
  readonly #rest: readonly { readonly predicate: number; readonly test: (value: Scalar) => boolean }[];
  /** No shorter text satisfies any of them, in UTF-16 units. */
  readonly #shortest: number;
  readonly #matched: number[] = [];
  readonly #result: number[] = [];
  readonly #entries: number;
  readonly #memo = new Map<Scalar, Int32Array>();
  #memoUnits = 0;
  /** Look-ups and hits since the last judgement; a field whose values do not repeat goes without the memo for a while. */
  #lookups = 0;
  #hits = 0;
  #pause = 0;
  #nextPause = 0;

  /** How often a test had a fault so far. */
  readonly #faults: () => number;

  /**
   * @param predicates by number, each as how a value passes it. @param entries values that are remembered at a time.
   * @param faults how often a test had a fault so far: a value on which one has is not remembered, so that it has it each time.
   */
  constructor(
    predicates: readonly { readonly predicate: { readonly forms: Forms }; readonly number: number }[],
    entries = MEMO_ENTRIES,
    faults: () => number = () => 0,
  ) {
    this.#entries = entries;
    this.#faults = faults;
    const wildcards: WildcardTest[] = [];
    const ofWildcard: number[] = [];
    const rest: { readonly predicate: number; readonly test: (value: Scalar) => boolean }[] = [];
    for (const { predicate, number } of predicates) {
      const { forms } = predicate;
      for (const text of forms.exact) push(this.#exact, text, number);
      for (const text of forms.folded) push(this.#folded, text, number);
      for (const wildcard of forms.wildcards) {
        wildcards.push(wildcard);
        ofWildcard.push(number);
      }
      if (forms.other !== null) rest.push({ predicate: number, test: forms.other });
    }
    this.#wildcards = wildcards.length === 0 ? null : new WildcardSearch(wildcards);
    this.#ofWildcard = ofWildcard;
    this.#rest = rest;
    let shortest = rest.length > 0 ? 0 : Infinity;
    for (const text of [...this.#exact.keys(), ...this.#folded.keys()]) shortest = Math.min(shortest, text.length);
    for (const { literals } of wildcards)
      shortest = Math.min(
        shortest,
        literals.reduce((sum, literal) => sum + literal.length, 0),
      );
    this.#shortest = shortest;
  }

  /**
   * The numbers of the predicates that this value satisfies, some perhaps more than once; to be read before the next call. A
   * value that is remembered gives the same array again.
   */
  satisfied(value: Scalar): Int32Array {
    const units = typeof value === "string" ? value.length : 8;
    if (units < this.#shortest && typeof value === "string") return NONE;
    if (this.#pause > 0 || units > MEMO_LONGEST) {
      if (this.#pause > 0) this.#pause--;
      return this.#compute(value, units);
    }
    this.#lookups++;
    const known = this.#memo.get(value);
    if (known !== undefined) {
      this.#hits++;
      return known;
    }
    if (this.#memo.size >= this.#entries || this.#memoUnits > MEMO_UNITS) {
      // Each time that it did not pay the next pause is longer.
      this.#nextPause = this.#hits * 5 < this.#lookups ? Math.min(this.#nextPause * 2 + this.#memo.size * 4, LONGEST_PAUSE) : 0;
      this.#pause = this.#nextPause;
      this.#memo.clear();
      this.#memoUnits = 0;
      this.#lookups = 0;
      this.#hits = 0;
    }
    const faults = this.#faults();
    const result = this.#compute(value, units);
    if (this.#faults() !== faults) return result;
    this.#memo.set(value, result);
    this.#memoUnits += units;
    return result;
  }

  #compute(value: Scalar, units: number): Int32Array {
    this.units += units;
    const result = this.#result;
    result.length = 0;
    const text = plainText(value);
    // A look-up hashes the whole text: none in an empty map.
    const exact = this.#exact.size > 0 ? this.#exact.get(text) : undefined;
    if (exact !== undefined) for (let i = 0; i < exact.length; i++) result.push(exact[i]!);
    if (this.#folded.size > 0 || this.#wildcards !== null) {
      const folded = foldedOf(text);
      const equal = this.#folded.size > 0 ? this.#folded.get(folded) : undefined;
      if (equal !== undefined) for (let i = 0; i < equal.length; i++) result.push(equal[i]!);
      if (this.#wildcards !== null) {
        const matched = this.#matched;
        matched.length = 0;
        this.#wildcards.matches(text, folded, matched);
        for (let i = 0; i < matched.length; i++) result.push(this.#ofWildcard[matched[i]!]!);
      }
    }
    const rest = this.#rest;
    for (let i = 0; i < rest.length; i++) if (rest[i]!.test(value)) result.push(rest[i]!.predicate);
    return result.length === 0 ? NONE : Int32Array.from(result);
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

import { foldedOf, plainText, type FieldPredicate, type Scalar, type WildcardTest } from "../eql/index.ts";
import { LiteralSearch } from "./literals.ts";

/** Values of one field remembered at a time, and the longest text among them. */
const MEMO_ENTRIES = 8_192;
const MEMO_LONGEST = 1_024;
/** Longer literals are looked for by their first units only. */
const LONGEST_LITERAL = 32;
const NONE = new Int32Array(0);

interface Entry {
  readonly wildcard: WildcardTest;
  readonly predicate: number;
  /** Finding the literal is all there is to it: 1 anywhere, 2 at the start, 3 at the end, 0 not enough. */
  readonly decided: 0 | 1 | 2 | 3;
}

/**
 * All predicates over one field at once: a value gives the numbers of those it satisfies. Equalities are two hash look-ups
 * however many there are, wildcards one pass for their longest literals; the rest is tested one by one. Values repeat, so
 * what one gave is remembered.
 */
export class FieldPass {
  readonly #exact = new Map<string, number[]>();
  readonly #folded = new Map<string, number[]>();
  readonly #search: LiteralSearch | null;
  /** Of each literal, its wildcards. */
  readonly #byLiteral: readonly (readonly Entry[])[];
  /** Wildcards without a literal, and tests of other kinds. */
  readonly #rest: readonly { readonly predicate: number; readonly test: (value: Scalar) => boolean }[];
  readonly #found = new Int32Array(512);
  readonly #result: number[] = [];
  readonly #memo = new Map<Scalar, Int32Array>();
  /** Look-ups and hits since the last judgement; a field whose values do not repeat goes without the memo for a while. */
  #lookups = 0;
  #hits = 0;
  #pause = 0;

  constructor(predicates: readonly { readonly predicate: FieldPredicate; readonly number: number }[]) {
    const entries = new Map<string, Entry[]>();
    const rest: { readonly predicate: number; readonly test: (value: Scalar) => boolean }[] = [];
    for (const { predicate, number } of predicates) {
      const { forms } = predicate;
      for (const text of forms.exact) push(this.#exact, text, number);
      for (const text of forms.folded) push(this.#folded, text, number);
      for (const wildcard of forms.wildcards) {
        const literal = foldedOf(wildcard.literal).slice(0, LONGEST_LITERAL);
        if (literal === "") rest.push({ predicate: number, test: testWildcard(wildcard) });
        else push(entries, literal, { wildcard, predicate: number, decided: decidedBy(wildcard) });
      }
      if (forms.other !== null) rest.push({ predicate: number, test: forms.other });
    }
    this.#search = entries.size === 0 ? null : new LiteralSearch([...entries.keys()]);
    this.#byLiteral = [...entries.values()];
    this.#rest = rest;
  }

  /** The numbers of the predicates that this value satisfies; to be read before the next call. */
  satisfied(value: Scalar): Int32Array {
    if (this.#pause > 0) {
      this.#pause--;
      return this.#compute(value);
    }
    if (typeof value === "string" && value.length > MEMO_LONGEST) return this.#compute(value);
    this.#lookups++;
    const known = this.#memo.get(value);
    if (known !== undefined) {
      this.#hits++;
      return known;
    }
    if (this.#memo.size >= MEMO_ENTRIES) {
      if (this.#hits * 5 < this.#lookups) this.#pause = MEMO_ENTRIES * 4;
      this.#memo.clear();
      this.#lookups = 0;
      this.#hits = 0;
    }
    const result = this.#compute(value);
    this.#memo.set(value, result);
    return result;
  }

  #compute(value: Scalar): Int32Array {
    const result = this.#result;
    result.length = 0;
    const text = plainText(value);
    const exact = this.#exact.get(text);
    if (exact !== undefined) for (let i = 0; i < exact.length; i++) result.push(exact[i]!);
    if (this.#folded.size > 0 || this.#search !== null) {
      const folded = foldedOf(text);
      const equal = this.#folded.get(folded);
      if (equal !== undefined) for (let i = 0; i < equal.length; i++) result.push(equal[i]!);
      if (this.#search !== null) this.#wildcards(text, folded, this.#search);
    }
    const rest = this.#rest;
    for (let i = 0; i < rest.length; i++) if (rest[i]!.test(value)) result.push(rest[i]!.predicate);
    return result.length === 0 ? NONE : Int32Array.from(result);
  }

  #wildcards(text: string, folded: string, search: LiteralSearch): void {
    const found = this.#found;
    const count = search.search(folded, found);
    if (count < 0) {
      // More finds than there is room for: the text is odd, and every wildcard is tested.
      for (let i = 0; i < this.#byLiteral.length; i++)
        for (const entry of this.#byLiteral[i]!) if (passes(entry, text, folded)) this.#result.push(entry.predicate);
      return;
    }
    for (let i = 0; i < count; i += 2) {
      const literal = found[i]!;
      const end = found[i + 1]!;
      const entries = this.#byLiteral[literal]!;
      const seen = seenBefore(found, i);
      for (let n = 0; n < entries.length; n++) {
        const entry = entries[n]!;
        if (entry.decided === 0 || entry.decided === 1) {
          if (!seen && (entry.decided === 1 || passes(entry, text, folded))) this.#result.push(entry.predicate);
        } else if (entry.decided === 2 ? end === entry.wildcard.literal.length : end === text.length) this.#result.push(entry.predicate);
      }
    }
  }
}

/** Whether the literal at `index` of the finds was found before it. Finds are few. */
function seenBefore(found: Int32Array, index: number): boolean {
  for (let i = 0; i < index; i += 2) if (found[i] === found[index]) return true;
  return false;
}

function passes(entry: Entry, text: string, folded: string): boolean {
  return entry.wildcard.test(entry.wildcard.insensitive ? folded : text);
}

function testWildcard(wildcard: WildcardTest): (value: Scalar) => boolean {
  return wildcard.insensitive ? (value) => wildcard.test(foldedOf(plainText(value))) : (value) => wildcard.test(plainText(value));
}

function decidedBy(wildcard: WildcardTest): Entry["decided"] {
  if (!wildcard.insensitive || wildcard.literal.length > LONGEST_LITERAL) return 0;
  return wildcard.shape === "contains" ? 1 : wildcard.shape === "starts" ? 2 : wildcard.shape === "ends" ? 3 : 0;
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

import { foldedOf } from "../values/folded.ts";
import { LiteralSearch } from "../values/literal-search.ts";
import { Fault } from "../values/values.ts";
import type { RegexTest } from "./prepare.ts";

/**
 * Whether a text matches one of many expressions. One pass finds which of the texts that they require are there; only the
 * expressions behind these are run, and those that require none. An expression that is too complex for the text (a fault) counts
 * where none of the others matches.
 */
export class RegexList {
  readonly #regexes: readonly RegexTest[];
  readonly #search: LiteralSearch | null;
  /** Of each required text, the places of its expressions. */
  readonly #byText: readonly (readonly number[])[];
  readonly #rest: readonly number[];
  readonly #found: Int32Array;
  /** Of each expression the number of the last text it was run on: it may require several that are there. */
  readonly #ranOn: Int32Array;
  #texts = 0;

  constructor(regexes: readonly RegexTest[]) {
    this.#regexes = regexes;
    const byText = new Map<string, number[]>();
    const rest: number[] = [];
    regexes.forEach(({ required }, place) => {
      if (required.length === 0) rest.push(place);
      for (const text of required) {
        const known = byText.get(text);
        if (known === undefined) byText.set(text, [place]);
        else known.push(place);
      }
    });
    this.#search = byText.size === 0 ? null : new LiteralSearch([...byText.keys()]);
    this.#byText = [...byText.values()];
    this.#rest = rest;
    this.#found = new Int32Array(byText.size);
    this.#ranOn = new Int32Array(regexes.length);
  }

  get size(): number {
    return this.#regexes.length;
  }

  /** Steps so far, those of the expressions too, for tests of linear time. */
  get steps(): number {
    return this.#regexes.reduce((sum, regex) => sum + regex.steps(), this.#search?.steps ?? 0);
  }

  /** Throws the fault of an expression where no other matches. */
  test(text: string): boolean {
    if (this.#texts === 0x7fffffff) {
      this.#texts = 0;
      this.#ranOn.fill(0);
    }
    this.#texts++;
    let fault: Fault | null = null;
    const count = this.#search === null ? 0 : this.#search.search(foldedOf(text), this.#found);
    for (let i = -1; i < count; i++) {
      const places = i < 0 ? this.#rest : this.#byText[this.#found[i]!]!;
      for (let n = 0; n < places.length; n++) {
        const place = places[n]!;
        if (this.#ranOn[place] === this.#texts) continue;
        this.#ranOn[place] = this.#texts;
        try {
          if (this.#regexes[place]!.test(text)) return true;
        } catch (error) {
          if (!(error instanceof Fault)) throw error;
          fault = error;
        }
      }
    }
    if (fault !== null) throw fault;
    return false;
  }
}

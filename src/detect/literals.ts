/**
 * Finds many literals in a text in one pass (Aho and Corasick), as a dense automaton in one Int32Array: a step per UTF-16 unit,
 * however many literals there are.
 */
export class LiteralSearch {
  /** `row + class` -> row of the next state; its complement where literals end there. */
  readonly #next: Int32Array;
  /** Class of each unit below 256; of those above, `#wide`. Class 0 is every unit that no literal holds. */
  readonly #classes = new Uint8Array(256);
  readonly #wide = new Map<number, number>();
  readonly #width: number;
  /** Of each state where its literals lie in `#ends`; the last of them is the state's end. */
  readonly #endsFrom: Int32Array;
  readonly #ends: Int32Array;
  /** Distinct literals, in the order given. */
  readonly size: number;

  /** @param literals none empty. The same literal twice gets the number of the first. */
  constructor(literals: readonly string[]) {
    const numbers = new Map<string, number>();
    for (const literal of literals) if (!numbers.has(literal)) numbers.set(literal, numbers.size);
    this.size = numbers.size;
    this.#width = this.#assignClasses(numbers.keys());
    const width = this.#width;

    // The trie, one row of `width` per state, then the automaton over it, breadth first.
    let states = 1;
    for (const literal of numbers.keys()) states += literal.length;
    const next = new Int32Array(states * width);
    const own: number[] = [-1];
    states = 1;
    for (const [literal, number] of numbers) {
      let state = 0;
      for (let i = 0; i < literal.length; i++) {
        const at = state * width + this.#classOf(literal.charCodeAt(i));
        if (next[at] === 0) {
          own[states] = -1;
          next[at] = states++;
        }
        state = next[at]!;
      }
      own[state] = number;
    }
    const fail = new Int32Array(states);
    const queue = new Int32Array(states);
    let tail = 0;
    const endsOf: number[][] = [[]];
    for (let c = 0; c < width; c++) if (next[c]! > 0) queue[tail++] = next[c]!;
    for (let head = 0; head < tail; head++) {
      const state = queue[head]!;
      const back = fail[state]!;
      const inherited = endsOf[back]!;
      endsOf[state] = own[state]! >= 0 ? [own[state]!, ...inherited] : inherited;
      for (let c = 0; c < width; c++) {
        const at = state * width + c;
        const child = next[at]!;
        const fallback = next[back * width + c]!;
        if (child === 0) next[at] = fallback;
        else {
          fail[child] = fallback;
          queue[tail++] = child;
        }
      }
    }
    const ends: number[] = [];
    this.#endsFrom = new Int32Array(states + 1);
    for (let state = 0; state < states; state++) {
      this.#endsFrom[state] = ends.length;
      for (const number of endsOf[state]!) ends.push(number);
    }
    this.#endsFrom[states] = ends.length;
    this.#ends = Int32Array.from(ends);
    for (let i = 0; i < states * width; i++) {
      const state = next[i]!;
      next[i] = endsOf[state]!.length > 0 ? ~(state * width) : state * width;
    }
    this.#next = next.slice(0, states * width);
  }

  #assignClasses(literals: Iterable<string>): number {
    let width = 1;
    for (const literal of literals) {
      for (let i = 0; i < literal.length; i++) {
        const unit = literal.charCodeAt(i);
        if (this.#classOf(unit) !== 0) continue;
        // A class is a byte for the units below 256: of those there are fewer than 256 besides class 0 unless all occur.
        if (unit < 256 && width < 256) this.#classes[unit] = width++;
        else this.#wide.set(unit, width++);
      }
    }
    return width;
  }

  #classOf(unit: number): number {
    if (unit < 256) {
      const known = this.#classes[unit]!;
      return known !== 0 || this.#wide.size === 0 ? known : (this.#wide.get(unit) ?? 0);
    }
    return this.#wide.get(unit) ?? 0;
  }

  /**
   * Writes what the text holds into `found`: number of the literal, offset behind it, again and again; a literal may come more
   * than once. Returns the entries written; what does not fit is left out, and the result is then -1.
   */
  search(text: string, found: Int32Array): number {
    const next = this.#next;
    const classes = this.#classes;
    const wide = this.#wide.size > 0;
    let row = 0;
    let count = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      row = next[row + (unit < 256 && !wide ? classes[unit]! : this.#classOf(unit))]!;
      if (row >= 0) continue;
      row = ~row;
      const state = row / this.#width;
      for (let at = this.#endsFrom[state]!; at < this.#endsFrom[state + 1]!; at++) {
        if (count + 2 > found.length) return -1;
        found[count++] = this.#ends[at]!;
        found[count++] = i + 1;
      }
    }
    return count;
  }
}

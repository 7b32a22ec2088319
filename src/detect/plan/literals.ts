/** Units of the gram by which a literal is found; shorter literals are looked for one by one. */
const GRAM = 3;
/** With fewer literals than this the engine's own search for each is faster than one pass for all. */
const WORTH_A_PASS = 5;
const SLOTS = 1 << 15;

/**
 * Finds which of many literals a text holds. Of each literal the gram (three units) that the fewest others share is hashed; one
 * pass over the text hashes its grams, and only where one is known are the literals behind it compared. Building takes time and
 * room in proportion to the literals; a search is a step per unit of the text and a comparison for each literal whose gram occurs.
 */
export class LiteralSearch {
  /** Distinct literals, in the order given. */
  readonly literals: readonly string[];
  /** Looked for by themselves: few, or shorter than a gram. */
  readonly #alone: Int32Array;
  /** Of each hash 1 + the first literal behind it, 0: none; `#next` goes on, and ends with 0. */
  readonly #first: Int32Array | null;
  readonly #next: Int32Array;
  /** Hashes that are known, as bytes, so that the pass stays in the cache. */
  readonly #known: Uint8Array;
  /** Where in the literal its gram ends. */
  readonly #gramEnd: Int32Array;
  /** Number of the last search that found the literal. */
  readonly #foundIn: Int32Array;
  #searches = 0;

  /** @param literals none empty. The same literal twice gets the number of the first. */
  constructor(literals: readonly string[]) {
    this.literals = [...new Set(literals)];
    const alone: number[] = [];
    const hashed: number[] = [];
    this.literals.forEach((literal, number) => (literal.length < GRAM ? alone : hashed).push(number));
    if (hashed.length < WORTH_A_PASS) alone.push(...hashed.splice(0));
    this.#alone = Int32Array.from(alone);
    this.#next = new Int32Array(this.literals.length);
    this.#gramEnd = new Int32Array(this.literals.length);
    this.#foundIn = new Int32Array(this.literals.length);
    this.#known = new Uint8Array(hashed.length === 0 ? 0 : SLOTS);
    this.#first = hashed.length === 0 ? null : new Int32Array(SLOTS);
    if (this.#first === null) return;
    // A gram that many literals share is likely to be common in texts too.
    const shared = new Int32Array(SLOTS);
    for (const number of hashed) eachGram(this.literals[number]!, (hash) => void shared[hash]!++);
    for (const number of hashed) {
      let rarest = 0;
      let fewest = Infinity;
      eachGram(this.literals[number]!, (hash, end) => {
        if (shared[hash]! >= fewest) return;
        fewest = shared[hash]!;
        rarest = hash;
        this.#gramEnd[number] = end;
      });
      this.#next[number] = this.#first[rarest]!;
      this.#first[rarest] = number + 1;
      this.#known[rarest] = 1;
    }
  }

  /** Writes the numbers of the literals that the text holds into `found`, each once, and returns how many there are. */
  search(text: string, found: Int32Array): number {
    let count = 0;
    const { literals } = this;
    const alone = this.#alone;
    for (let i = 0; i < alone.length; i++) if (text.includes(literals[alone[i]!]!)) found[count++] = alone[i]!;
    const first = this.#first;
    if (first === null || text.length < GRAM) return count;
    if (this.#searches === 0x7fffffff) {
      this.#searches = 0;
      this.#foundIn.fill(0);
    }
    const search = ++this.#searches;
    const known = this.#known;
    let hash = step(step(0, text.charCodeAt(0)), text.charCodeAt(1));
    for (let i = 2; i < text.length; i++) {
      hash = step(hash, text.charCodeAt(i));
      if (known[hash] === 0) continue;
      for (let link: number = first[hash]!; link !== 0; link = this.#next[link - 1]!) {
        const number = link - 1;
        if (this.#foundIn[number] === search || !text.startsWith(literals[number]!, i + 1 - this.#gramEnd[number]!)) continue;
        this.#foundIn[number] = search;
        found[count++] = number;
      }
    }
    return count;
  }
}

/** Three steps, and what came before has left the hash. */
function step(hash: number, unit: number): number {
  return ((hash << 5) ^ unit) & (SLOTS - 1);
}

function eachGram(literal: string, visit: (hash: number, end: number) => void): void {
  let hash = 0;
  for (let i = 0; i < literal.length; i++) {
    hash = step(hash, literal.charCodeAt(i));
    if (i >= GRAM - 1) visit(hash, i + 1);
  }
}

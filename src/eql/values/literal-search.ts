/** With fewer literals than this the engine's own search for each is faster than one pass for all. */
const WORTH_A_PASS = 5;
/** Places of the table in which the states nearest the root have all their transitions: 512 kB. */
const TABLE_PLACES = 1 << 17;
/** A state with more children than this is searched by halves. */
const FEW_CHILDREN = 4;

/**
 * Finds which of many literals a text holds, in one pass: the automaton of A. V. Aho and M. J. Corasick (Efficient string
 * matching, CACM 18, 1975). Building takes time and room in proportion to the literals together; a search is at most two
 * transitions per unit of the text, and one step for each literal that it holds.
 *
 * States are numbered breadth first, so the children of a state follow each other and need no pointers. The states nearest the
 * root, where nearly all of a search is spent, have a complete table of transitions; the others know their children and fall back.
 */
export class LiteralSearch {
  /** Distinct literals, in the order given. */
  readonly literals: readonly string[];
  /** Transitions taken and literals reported so far, for tests of linear time. */
  steps = 0;
  /** Null where the literals are few, and looked for one by one. */
  readonly #automaton: Automaton | null;
  /** Number of the last search that found the literal. */
  readonly #foundIn: Int32Array;
  #searches = 0;

  /** @param literals none empty. The same literal twice gets the number of the first. */
  constructor(literals: readonly string[]) {
    this.literals = [...new Set(literals)];
    this.#automaton = this.literals.length < WORTH_A_PASS ? null : buildAutomaton(this.literals);
    this.#foundIn = new Int32Array(this.literals.length);
  }

  /** Writes the numbers of the literals that the text holds into `numbers`, each once, and returns how many there are. */
  search(text: string, numbers: Int32Array): number {
    let count = 0;
    if (this.#automaton === null) {
      const { literals } = this;
      for (let i = 0; i < literals.length; i++) if (text.includes(literals[i]!)) numbers[count++] = i;
      this.steps += literals.length * text.length;
      return count;
    }
    const { classes, table, tabled, firstChild, units, fallback, literalOf, reporting } = this.#automaton;
    const known = classes.length;
    const rows = table.length;
    const width = rows / tabled;
    const search = this.#nextSearch();
    let at = 0;
    let detours = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      let move = -1;
      while (at >= rows) {
        const state = at - rows + tabled;
        const child = childOf(firstChild, units, state, unit);
        // Children of states beyond the table are beyond it too.
        if (child !== 0) {
          move = ((rows + child - tabled) << 1) | (reporting[child] === 0 ? 0 : 1);
          break;
        }
        const suffix = fallback[state]!;
        at = suffix < tabled ? suffix * width : rows + suffix - tabled;
        detours++;
      }
      if (move < 0) move = table[at + (unit < known ? classes[unit]! : 0)]!;
      at = move >> 1;
      if ((move & 1) === 0) continue;
      // What a reported state's literal ends in was reported with it.
      for (let state = reporting[at < rows ? at / width : at - rows + tabled]!; state !== 0; state = reporting[fallback[state]!]!) {
        const number = literalOf[state]! - 1;
        if (this.#foundIn[number] === search) break;
        this.#foundIn[number] = search;
        numbers[count++] = number;
      }
    }
    this.steps += text.length + detours + count;
    return count;
  }

  #nextSearch(): number {
    if (this.#searches === 0x7fffffff) {
      this.#searches = 0;
      this.#foundIn.fill(0);
    }
    return ++this.#searches;
  }
}

interface Automaton {
  /** Of each UTF-16 unit its column in the table; 0, and beyond the end: no literal has it. */
  readonly classes: Uint16Array;
  /**
   * The rows of the states below `tabled`, one after the other: of each unit's column where it leads. A place in the search is the
   * start of a row, or for states without one their number counted on from the table's end; here it is doubled, and odd where
   * something is reported.
   */
  readonly table: Int32Array;
  readonly tabled: number;
  /** The children of a state are those from `firstChild[state]` to before `firstChild[state + 1]`, ascending by unit. */
  readonly firstChild: Int32Array;
  /** The unit that leads to the state. */
  readonly units: Uint16Array;
  /** The state of the longest proper suffix. */
  readonly fallback: Int32Array;
  /** 1 + the number of the literal that ends in the state, 0: none. */
  readonly literalOf: Int32Array;
  /** The state itself or the nearest of its suffixes where a literal ends, 0: none. */
  readonly reporting: Int32Array;
}

function childOf(firstChild: Int32Array, units: Uint16Array, state: number, unit: number): number {
  let low = firstChild[state]!;
  let high = firstChild[state + 1]!;
  while (high - low > FEW_CHILDREN) {
    const middle = (low + high) >> 1;
    if (units[middle]! <= unit) low = middle;
    else high = middle;
  }
  for (; low < high; low++) if (units[low] === unit) return low;
  return 0;
}

function buildAutomaton(literals: readonly string[]): Automaton {
  const order = literals.map((_, number) => number).sort((a, b) => (literals[a]! < literals[b]! ? -1 : 1));
  const most = 1 + literals.reduce((sum, literal) => sum + literal.length, 0);
  let firstChild = new Int32Array(most + 1);
  let units = new Uint16Array(most);
  let fallback = new Int32Array(most);
  let literalOf = new Int32Array(most);
  let reporting = new Int32Array(most);
  // Of each state the literals (places in `order`) that begin with its text.
  const from = new Int32Array(most);
  const to = new Int32Array(most);
  to[0] = order.length;
  let count = 1;
  let depth = 0;
  let endOfDepth = 1;
  firstChild[0] = 1;
  for (let state = 0; state < count; state++) {
    if (state === endOfDepth) {
      depth++;
      endOfDepth = count;
    }
    firstChild[state] = count;
    let at = from[state]!;
    const end = to[state]!;
    if (literals[order[at]!]!.length === depth) literalOf[state] = order[at++]! + 1;
    if (state > 0) reporting[state] = literalOf[state] === 0 ? reporting[fallback[state]!]! : state;
    while (at < end) {
      const unit = literals[order[at]!]!.charCodeAt(depth);
      const child = count++;
      units[child] = unit;
      from[child] = at;
      while (at < end && literals[order[at]!]!.charCodeAt(depth) === unit) at++;
      to[child] = at;
      if (state === 0) continue;
      let suffix = fallback[state]!;
      let next = childOf(firstChild, units, suffix, unit);
      while (next === 0 && suffix !== 0) {
        suffix = fallback[suffix]!;
        next = childOf(firstChild, units, suffix, unit);
      }
      fallback[child] = next;
    }
    firstChild[state + 1] = count;
  }
  firstChild = firstChild.slice(0, count + 1);
  units = units.slice(0, count);
  fallback = fallback.slice(0, count);
  literalOf = literalOf.slice(0, count);
  reporting = reporting.slice(0, count);
  return { ...tableOf(firstChild, units, fallback, reporting), firstChild, units, fallback, literalOf, reporting };
}

function tableOf(
  firstChild: Int32Array,
  units: Uint16Array,
  fallback: Int32Array,
  reporting: Int32Array,
): Pick<Automaton, "classes" | "table" | "tabled"> {
  let highest = 0;
  for (let state = 1; state < units.length; state++) highest = Math.max(highest, units[state]!);
  const classes = new Uint16Array(highest + 1);
  let width = 1;
  for (let state = 1; state < units.length; state++) if (classes[units[state]!] === 0) classes[units[state]!] = width++;
  const tabled = Math.min(units.length, Math.max(1, Math.floor(TABLE_PLACES / width)));
  const table = new Int32Array(tabled * width);
  for (let state = 0; state < tabled; state++) {
    // A suffix is shorter, so its row is complete by now.
    if (state > 0) table.copyWithin(state * width, fallback[state]! * width, (fallback[state]! + 1) * width);
    for (let child = firstChild[state]!; child < firstChild[state + 1]!; child++) {
      const place = child < tabled ? child * width : table.length + child - tabled;
      table[state * width + classes[units[child]!]!] = (place << 1) | (reporting[child] === 0 ? 0 : 1);
    }
  }
  return { classes, table, tabled };
}

import { NEWLINE, WORD, has, type CharSet } from "./char-set.ts";
import { NodeTable, TooComplex, type Anchor, type RegexNode } from "./node.ts";

/**
 * Runs an expression over a text: a DFA whose states are the expression's derivatives, made the first time they are met and kept
 * up to a cap. One step per code point, whatever the pattern.
 */
export class Automaton {
  readonly #pattern: (table: NodeTable) => RegexNode;
  readonly #search: boolean;
  readonly #maxStates: number;
  /** Of each code point its class: code points that the expression cannot tell apart are one. */
  readonly #classOfLatin = new Uint16Array(256);
  readonly #bounds: Uint32Array;
  readonly #classOfRange: Uint16Array;
  /** A code point of each class. */
  readonly #example: readonly number[];
  readonly #kindOfClass: readonly Around[];
  #table: NodeTable;
  #states: State[] = [];
  #known = new Map<number, number>();
  /** `state * classes + class` -> state + 1; 0 is not made yet. */
  #next = new Int32Array(0);
  #derived = new Map<number, RegexNode>();
  /** Steps after which the present run is given up. */
  #budget = 0;
  /** Code points read and derivative nodes made since the start, for the tests of linear time. */
  steps = 0;

  /**
   * @param pattern builds the expression in a table (again after the cap was reached).
   * @param search found anywhere in the text (true) or only as the whole text.
   */
  constructor(pattern: (table: NodeTable) => RegexNode, search: boolean, maxStates = 2_000) {
    this.#pattern = pattern;
    this.#search = search;
    this.#maxStates = maxStates;
    this.#table = new NodeTable(MAX_NODES);
    const root = pattern(this.#table);
    const sets: CharSet[] = [];
    const anchors = collect(root, sets, new Set());
    if (anchors) sets.push(WORD, NEWLINE);
    const starts = new Set<number>([0]);
    for (const set of sets) {
      for (let i = 0; i < set.length; i += 2) {
        starts.add(set[i]!);
        starts.add(set[i + 1]! + 1);
      }
    }
    const bounds = [...starts].filter((start) => start <= 0x10ffff).sort((a, b) => a - b);
    const signatures = new Map<string, number>();
    const example: number[] = [];
    const unique = [...new Set(sets)];
    const members = unique.map((set) => new Set(bounds.filter((start) => has(set, start))));
    this.#classOfRange = Uint16Array.from(bounds, (start) => {
      const signature = members.map((member) => (member.has(start) ? "1" : "0")).join("");
      let known = signatures.get(signature);
      if (known === undefined) {
        known = example.length;
        signatures.set(signature, known);
        example.push(start);
      }
      return known;
    });
    this.#bounds = Uint32Array.from(bounds);
    this.#example = example;
    this.#kindOfClass = example.map((code) => (anchors ? around(code) : OTHER));
    for (let code = 0; code < 256; code++) this.#classOfLatin[code] = this.#rangeClass(code);
    this.#reset(root);
  }

  /** Whether the text matches. Throws `TooComplex` where the derivatives outgrow their bound. */
  test(text: string): boolean {
    this.#budget = this.steps + STEPS_PER_CHARACTER * text.length + FREE_STEPS;
    try {
      return this.#run(text);
    } catch (error) {
      // Half-made states may not stay.
      this.#table = new NodeTable(MAX_NODES);
      this.#reset(this.#pattern(this.#table));
      throw error;
    }
  }

  #run(text: string): boolean {
    let state = 0;
    const classes = this.#example.length;
    for (let i = 0; i < text.length; i++) {
      const at = this.#states[state]!;
      if (at.verdict !== 0) return at.verdict > 0;
      let code = text.charCodeAt(i);
      let charClass: number;
      if (code < 256) charClass = this.#classOfLatin[code]!;
      else {
        if (code >= 0xd800 && code <= 0xdbff && i + 1 < text.length) {
          code = text.codePointAt(i)!;
          if (code > 0xffff) i++;
        }
        charClass = this.#rangeClass(code);
      }
      this.steps++;
      const next = this.#next[state * classes + charClass]!;
      state = next > 0 ? next - 1 : this.#step(state, charClass);
    }
    const at = this.#states[state]!;
    if (at.verdict !== 0) return at.verdict > 0;
    return this.#nullable(at.node, at.before, END);
  }

  #rangeClass(code: number): number {
    const bounds = this.#bounds;
    let low = 0;
    let high = bounds.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (bounds[middle]! <= code) low = middle;
      else high = middle - 1;
    }
    return this.#classOfRange[low]!;
  }

  #reset(root: RegexNode): void {
    this.#states = [];
    this.#known.clear();
    this.#derived.clear();
    this.#next = new Int32Array(16 * this.#example.length);
    this.#state(startOf(root, this.#table, this.#search), START);
  }

  #state(node: RegexNode, before: Around): number {
    const key = node.id * AROUNDS + before;
    let index = this.#known.get(key);
    if (index === undefined) {
      index = this.#states.length;
      this.#known.set(key, index);
      // In a search, a match found is final; `never` and `all` do not change any more either.
      const all = node.kind === "not" && node.operand.kind === "never";
      const found = this.#search && node.nullable === true;
      this.#states.push({ node, before, verdict: found || all ? 1 : node.kind === "never" ? -1 : 0 });
      const size = this.#example.length;
      if ((index + 1) * size > this.#next.length) {
        const grown = new Int32Array(this.#next.length * 2 + size);
        grown.set(this.#next);
        this.#next = grown;
      }
    }
    return index;
  }

  #step(state: number, charClass: number): number {
    const { node, before } = this.#states[state]!;
    if (this.steps > this.#budget) throw new TooComplex();
    if (this.#states.length >= this.#maxStates || this.#table.count > MAX_NODES / 2) {
      state = this.#restart(node, before);
    }
    return this.#advance(state, charClass);
  }

  #advance(state: number, charClass: number): number {
    const { node, before } = this.#states[state]!;
    const kind = this.#kindOfClass[charClass]!;
    let next: number;
    if (this.#search && node.nullable === "depends" && this.#nullable(node, before, kind)) next = this.#state(this.#table.all(), kind);
    else next = this.#state(this.#derive(node, before, charClass), kind);
    this.#next[state * this.#example.length + charClass] = next + 1;
    return next;
  }

  /** The cap is reached: forget every state but the one the run stands in. */
  #restart(node: RegexNode, before: Around): number {
    this.#table = new NodeTable(MAX_NODES);
    const copied = this.#copy(node, new Map());
    this.#reset(this.#pattern(this.#table));
    return this.#state(copied, before);
  }

  #copy(node: RegexNode, done: Map<number, RegexNode>): RegexNode {
    let copy = done.get(node.id);
    if (copy === undefined) {
      const table = this.#table;
      switch (node.kind) {
        case "never":
          copy = table.never;
          break;
        case "empty":
          copy = table.empty;
          break;
        case "set":
          copy = table.set(node.set);
          break;
        case "anchor":
          copy = table.anchor(node.anchor);
          break;
        case "concat":
          copy = table.concat(this.#copy(node.left, done), this.#copy(node.right, done));
          break;
        case "or":
          copy = table.or(node.operands.map((o) => this.#copy(o, done)));
          break;
        case "and":
          copy = table.and(node.operands.map((o) => this.#copy(o, done)));
          break;
        case "not":
          copy = table.not(this.#copy(node.operand, done));
          break;
        case "repeat":
          copy = table.repeat(this.#copy(node.operand, done), node.min, node.max);
          break;
      }
      done.set(node.id, copy);
    }
    return copy;
  }

  /** What must follow once a code point of `charClass` was read (Brzozowski's derivative). */
  #derive(node: RegexNode, before: Around, charClass: number): RegexNode {
    const table = this.#table;
    switch (node.kind) {
      case "never":
      case "empty":
      case "anchor":
        return table.never;
      case "set":
        return has(node.set, this.#example[charClass]!) ? table.empty : table.never;
      default: {
        const key = (node.id * AROUNDS + before) * this.#example.length + charClass;
        let derived = this.#derived.get(key);
        if (derived === undefined) {
          this.steps++;
          derived = this.#deriveNew(node, before, charClass);
          this.#derived.set(key, derived);
        }
        return derived;
      }
    }
  }

  #deriveNew(node: Exclude<RegexNode, { kind: "never" | "empty" | "anchor" | "set" }>, before: Around, charClass: number): RegexNode {
    const table = this.#table;
    switch (node.kind) {
      case "concat": {
        const left = this.#derive(node.left, before, charClass);
        const moved = left.kind === "or" ? table.or(left.operands.map((o) => table.concat(o, node.right))) : table.concat(left, node.right);
        if (!this.#nullable(node.left, before, this.#kindOfClass[charClass]!)) return moved;
        return table.or([moved, this.#derive(node.right, before, charClass)]);
      }
      case "or":
        return table.or(node.operands.map((o) => this.#derive(o, before, charClass)));
      case "and":
        return table.and(node.operands.map((o) => this.#derive(o, before, charClass)));
      case "not":
        return table.not(this.#derive(node.operand, before, charClass));
      case "repeat": {
        const rest = table.repeat(node.operand, Math.max(node.min - 1, 0), node.max === null ? null : node.max - 1);
        const once = this.#derive(node.operand, before, charClass);
        const moved = once.kind === "or" ? table.or(once.operands.map((o) => table.concat(o, rest))) : table.concat(once, rest);
        // An operand that an anchor may make empty here can be skipped to a later turn.
        if (node.operand.nullable !== "depends" || node.min === 0 || !this.#nullable(node.operand, before, this.#kindOfClass[charClass]!))
          return moved;
        return table.or([moved, this.#derive(table.repeat(node.operand, 0, node.max), before, charClass)]);
      }
    }
  }

  #nullable(node: RegexNode, before: Around, after: Around): boolean {
    if (node.nullable !== "depends") return node.nullable;
    switch (node.kind) {
      case "anchor":
        return holds(node.anchor, before, after);
      case "concat":
        return this.#nullable(node.left, before, after) && this.#nullable(node.right, before, after);
      case "or":
        return node.operands.some((o) => this.#nullable(o, before, after));
      case "and":
        return node.operands.every((o) => this.#nullable(o, before, after));
      case "not":
        return !this.#nullable(node.operand, before, after);
      case "repeat":
        return this.#nullable(node.operand, before, after);
      default:
        return false;
    }
  }
}

interface State {
  readonly node: RegexNode;
  readonly before: Around;
  /** 1 matches whatever follows, -1 never will, 0 undecided. */
  readonly verdict: number;
}

/** What a run begins with: a search finds the expression behind anything. Throws `TooComplex`. */
export function startOf(root: RegexNode, table: NodeTable, search: boolean): RegexNode {
  return search ? table.concat(table.all(), root) : root;
}

/** Nodes of one table; half of them for one run's states before it starts over. */
export const MAX_NODES = 60_000;
/** Work allowed for a text: so many derivatives per character, and some for the start. */
const STEPS_PER_CHARACTER = 64;
const FREE_STEPS = 200_000;

/** What lies on one side of a position, as far as anchors care. */
type Around = 0 | 1 | 2 | 3 | 4;
const START = 0;
const END = 1;
const LINE_BREAK = 2;
const WORD_CHARACTER = 3;
const OTHER = 4;
const AROUNDS = 5;

function around(code: number): Around {
  return code === 10 ? LINE_BREAK : has(WORD, code) ? WORD_CHARACTER : OTHER;
}

function holds(anchor: Anchor, before: Around, after: Around): boolean {
  switch (anchor) {
    case "text-start":
      return before === START;
    case "text-end":
      return after === END;
    case "line-start":
      return before === START || before === LINE_BREAK;
    case "line-end":
      return after === END || after === LINE_BREAK;
    case "boundary":
      return (before === WORD_CHARACTER) !== (after === WORD_CHARACTER);
    case "not-boundary":
      return (before === WORD_CHARACTER) === (after === WORD_CHARACTER);
  }
}

/** Gathers the character sets below `node`; true where there is an anchor. */
function collect(node: RegexNode, sets: CharSet[], seen: Set<number>): boolean {
  if (seen.has(node.id)) return false;
  seen.add(node.id);
  switch (node.kind) {
    case "set":
      sets.push(node.set);
      return false;
    case "anchor":
      return true;
    case "concat": {
      const left = collect(node.left, sets, seen);
      return collect(node.right, sets, seen) || left;
    }
    case "or":
    case "and":
      return node.operands.map((o) => collect(o, sets, seen)).some(Boolean);
    case "not":
    case "repeat":
      return collect(node.operand, sets, seen);
    default:
      return false;
  }
}

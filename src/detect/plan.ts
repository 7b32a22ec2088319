import {
  lowerFilter,
  lowerOptions,
  type CompileOptions,
  type Condition,
  type EventDocument,
  type EventFilter,
  type FieldAccess,
  type FieldPredicate,
  type FieldValue,
  type Predicate,
} from "../eql/index.ts";
import { chooseAnchors, guessedFrequency } from "./anchors.ts";
import { FieldPass } from "./field-pass.ts";

/** Events after which anchors are chosen again, by what was seen. */
const RETUNE_AT = [500, 10_000];

/**
 * Many filters (event rules, items of sequences) run over an event together. Equal predicates of different filters are one; each
 * field's value is looked at once for all of them; and a filter is evaluated only when one of its anchors (predicates one of
 * which must hold) does. The verdicts are those of each filter alone.
 *
 * Values come by field: `match` reads them from a document, `matchValues` from wherever the caller has them.
 */
export class Plan {
  /** The fields that are read, in the order in which `matchValues` asks for them by number. */
  readonly fields: readonly string[];
  /** After `match`: the numbers of the filters that matched, ascending, as many as it returned. */
  readonly matches: Int32Array;
  /** Filters that no anchor guards: pure negations. They are evaluated on every event. */
  readonly unanchored: readonly number[];
  readonly #accesses: readonly FieldAccess[];
  readonly #passes: readonly FieldPass[];
  /** Of each field the predicate "it exists" (-1: none), and those that hold where it is missing. */
  readonly #exists: Int32Array;
  readonly #whenMissing: readonly Int32Array[];
  readonly #predicates: readonly Predicate[];
  readonly #fieldOf: Int32Array;
  readonly #conditions: readonly Condition[];
  readonly #numbers: Map<string, number>;
  readonly #evaluate: readonly (() => boolean)[];
  readonly #always: readonly number[];
  /** `truth[p]` is the number of the last event on which predicate p held. No clearing between events. */
  readonly #truth: Int32Array;
  /** Number of the last event on which the field was looked at, or the event predicate computed. */
  readonly #fieldSeen: Int32Array;
  readonly #predicateSeen: Int32Array;
  readonly #candidate: Int32Array;
  readonly #candidates: Int32Array;
  readonly #hits: Float64Array;
  #anchored: readonly (Int32Array | null)[] = [];
  #anchorFields: Int32Array = new Int32Array(0);
  #candidateCount = 0;
  #now = 0;
  #events = 0;
  #event: EventDocument = {};
  #read: ((field: number) => FieldValue) | null = null;

  /** @param options as for `compileFilter`. A fault is told of once per value, not once per event: values are remembered. */
  constructor(filters: readonly EventFilter[], options: CompileOptions = {}) {
    const lowering = lowerOptions(options);
    this.#conditions = filters.map((filter) => lowerFilter(filter, lowering));
    const predicates: Predicate[] = [];
    this.#numbers = new Map();
    const gather = (condition: Condition): void => {
      if (condition.kind === "predicate") {
        const { predicate } = condition;
        if (this.#numbers.has(predicate.key)) return;
        this.#numbers.set(predicate.key, predicates.length);
        predicates.push(predicate);
      } else if (condition.kind === "not") gather(condition.operand);
      else if (condition.kind !== "constant") for (const operand of condition.operands) gather(operand);
    };
    for (const condition of this.#conditions) gather(condition);
    this.#predicates = predicates;
    const fields = new Map<string, number>();
    this.#fieldOf = Int32Array.from(predicates, (predicate) => {
      if (predicate.kind === "event") return -1;
      if (!fields.has(predicate.field)) fields.set(predicate.field, fields.size);
      return fields.get(predicate.field)!;
    });
    this.fields = [...fields.keys()];
    this.#accesses = this.fields.map((field) => lowering.access(field));
    const byField: { readonly predicate: FieldPredicate; readonly number: number }[][] = this.fields.map(() => []);
    const whenMissing: number[][] = this.fields.map(() => []);
    this.#exists = new Int32Array(this.fields.length).fill(-1);
    predicates.forEach((predicate, number) => {
      const field = this.#fieldOf[number]!;
      if (predicate.kind === "exists") this.#exists[field] = number;
      else if (predicate.kind === "field") {
        byField[field]!.push({ predicate, number });
        if (predicate.whenMissing) whenMissing[field]!.push(number);
      }
    });
    this.#passes = byField.map((list) => new FieldPass(list));
    this.#whenMissing = whenMissing.map((list) => Int32Array.from(list));
    this.#truth = new Int32Array(predicates.length);
    this.#predicateSeen = new Int32Array(predicates.length);
    this.#fieldSeen = new Int32Array(this.fields.length);
    this.#hits = new Float64Array(predicates.length);
    this.#candidate = new Int32Array(filters.length);
    this.#candidates = new Int32Array(filters.length);
    this.matches = new Int32Array(filters.length);
    this.#evaluate = this.#conditions.map((condition) => this.#close(condition));
    const anchors = this.#conditions.map((condition) => chooseAnchors(condition, guessedFrequency));
    this.#always = anchors.flatMap((chosen, number) => (chosen === null ? [number] : []));
    this.unanchored = this.#always.filter((number) => this.#conditions[number]!.kind !== "constant");
    this.#setAnchors(anchors);
  }

  /** How many different predicates the filters have together. */
  get predicateCount(): number {
    return this.#predicates.length;
  }

  /** Runs the filters over a document; returns how many matched, `matches` says which. */
  match(event: EventDocument): number {
    this.#event = event;
    this.#read = null;
    return this.#run();
  }

  /**
   * The same over values that the caller has taken apart: `read` gives the value of the field with that number in `fields`. The
   * document is asked for only by predicates over several fields.
   */
  matchValues(read: (field: number) => FieldValue, event: EventDocument): number {
    this.#event = event;
    this.#read = read;
    return this.#run();
  }

  #run(): number {
    if (this.#now === 0x7fffffff) {
      this.#now = 0;
      for (const stamps of [this.#truth, this.#fieldSeen, this.#predicateSeen, this.#candidate]) stamps.fill(0);
    }
    this.#now++;
    this.#candidateCount = 0;
    const always = this.#always;
    for (let i = 0; i < always.length; i++) this.#candidates[this.#candidateCount++] = always[i]!;
    const fields = this.#anchorFields;
    for (let i = 0; i < fields.length; i++) if (this.#fieldSeen[fields[i]!] !== this.#now) this.#look(fields[i]!);
    // Looking at further fields while evaluating cannot add candidates: every anchor's field was looked at.
    const count = this.#candidateCount;
    let matched = 0;
    for (let i = 0; i < count; i++) {
      const number = this.#candidates[i]!;
      if (this.#evaluate[number]!()) this.matches[matched++] = number;
    }
    if (matched > 1) this.matches.subarray(0, matched).sort();
    this.#events++;
    if (this.#events === RETUNE_AT[0] || this.#events === RETUNE_AT[1]) this.#retune();
    return matched;
  }

  /** Finds the predicates over one field that hold. */
  #look(field: number): void {
    this.#fieldSeen[field] = this.#now;
    const value = this.#read === null ? this.#accesses[field]!(this.#event) : this.#read(field);
    if (value === undefined) {
      this.#hold(this.#whenMissing[field]!);
      return;
    }
    const exists = this.#exists[field]!;
    if (exists >= 0) this.#holdOne(exists);
    const pass = this.#passes[field]!;
    if (typeof value === "object") for (let i = 0; i < value.length; i++) this.#hold(pass.satisfied(value[i]!));
    else this.#hold(pass.satisfied(value));
  }

  #hold(numbers: Int32Array): void {
    for (let i = 0; i < numbers.length; i++) this.#holdOne(numbers[i]!);
  }

  #holdOne(predicate: number): void {
    const now = this.#now;
    if (this.#truth[predicate] === now) return;
    this.#truth[predicate] = now;
    this.#hits[predicate]!++;
    const filters = this.#anchored[predicate]!;
    if (filters === null) return;
    for (let i = 0; i < filters.length; i++) {
      const filter = filters[i]!;
      if (this.#candidate[filter] === now) continue;
      this.#candidate[filter] = now;
      this.#candidates[this.#candidateCount++] = filter;
    }
  }

  #holds(predicate: number): boolean {
    const field = this.#fieldOf[predicate]!;
    if (this.#fieldSeen[field] !== this.#now) this.#look(field);
    return this.#truth[predicate] === this.#now;
  }

  /** Predicates over several fields are computed when they are asked for. */
  #holdsEvent(predicate: number, test: (event: EventDocument) => boolean): boolean {
    if (this.#predicateSeen[predicate] !== this.#now) {
      this.#predicateSeen[predicate] = this.#now;
      if (test(this.#event)) this.#truth[predicate] = this.#now;
    }
    return this.#truth[predicate] === this.#now;
  }

  #close(condition: Condition): () => boolean {
    switch (condition.kind) {
      case "constant": {
        const { value } = condition;
        return () => value;
      }
      case "predicate": {
        const { predicate } = condition;
        const number = this.#numbers.get(predicate.key)!;
        if (predicate.kind !== "event") return () => this.#holds(number);
        const { test } = predicate;
        return () => this.#holdsEvent(number, test);
      }
      case "not": {
        const inner = this.#close(condition.operand);
        return () => !inner();
      }
      case "and":
      case "or": {
        const cheapFirst = [...condition.operands].sort((a, b) => evaluationCost(a) - evaluationCost(b));
        const tests = cheapFirst.map((operand) => this.#close(operand));
        const decisive = condition.kind === "or";
        return () => {
          for (let i = 0; i < tests.length; i++) if (tests[i]!() === decisive) return decisive;
          return !decisive;
        };
      }
    }
  }

  /** Chooses anchors anew by the frequencies seen so far. */
  #retune(): void {
    const events = this.#events;
    const seen = this.#hits;
    // Fields that were never looked at as a whole have only been counted on some events; a guess stays a lower bound for them.
    const eager = new Set(this.#anchorFields);
    const frequency = (predicate: Predicate): number => {
      const number = this.#numbers.get(predicate.key)!;
      const observed = (seen[number]! + 0.5) / events;
      return eager.has(this.#fieldOf[number]!) ? observed : Math.max(observed, guessedFrequency(predicate));
    };
    this.#setAnchors(this.#conditions.map((condition) => chooseAnchors(condition, frequency)));
  }

  #setAnchors(chosen: readonly (readonly Predicate[] | null)[]): void {
    const anchored: (number[] | null)[] = this.#predicates.map(() => null);
    const fields = new Set<number>();
    chosen.forEach((predicates, filter) => {
      for (const predicate of predicates ?? []) {
        const number = this.#numbers.get(predicate.key)!;
        (anchored[number] ??= []).push(filter);
        fields.add(this.#fieldOf[number]!);
      }
    });
    this.#anchored = anchored.map((filters) => (filters === null ? null : Int32Array.from(new Set(filters))));
    this.#anchorFields = Int32Array.from(fields);
  }
}

/** What asking costs once fields are looked at: predicates over the whole event dear, all else a comparison each. */
function evaluationCost(condition: Condition): number {
  switch (condition.kind) {
    case "constant":
      return 0;
    case "predicate":
      return condition.predicate.kind === "event" ? condition.predicate.cost : 1;
    case "not":
      return evaluationCost(condition.operand);
    default:
      return condition.operands.reduce((sum, operand) => sum + evaluationCost(operand), 0);
  }
}

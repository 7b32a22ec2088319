import {
  lowerOptions,
  someValue,
  type CompiledFieldPredicate,
  type CompileOptions,
  type EventDocument,
  type EventFilter,
  type FieldAccess,
  type FieldValue,
  type Scalar,
} from "../../eql/index.ts";
import { chooseAnchors, guessedFrequency, type Weights } from "./anchors.ts";
import type { ConditionNode } from "./condition-nodes.ts";
import { FieldPass } from "./field-pass.ts";
import type { Clock } from "../sampled-times.ts";
import { FilterTimes } from "./filter-times.ts";
import { LogSources } from "./log-source.ts";
import { PlanFilters, type FilterFaults } from "./plan-filters.ts";
import { makeProgram, type Program, type ProgramParts } from "./program.ts";
import { Programs } from "./programs.ts";

/** Looks at a field, or tests of a predicate, that are enough to go by. */
const ENOUGH = 64;
/** A test that costs more than this (tens of nanoseconds) is made only where a filter asks for it. */
const COSTLY = 30;
/** Values that a costly predicate remembers by itself. */
const ALONE_ENTRIES = 2_048;
/** Predicates over one field asked for on one event before the field is looked at as a whole. */
const MAX_SINGLE_TESTS = 4;
/** Stands for an event of which only values are known. */
const NO_EVENT: EventDocument = {};

interface PassPredicate {
  readonly predicate: CompiledFieldPredicate;
  readonly number: number;
}

/**
 * Many filters (event rules, items of sequences) run over an event together. Equal predicates of different filters are one. The
 * log source of an event is found first: what its category, code, provider and their like say of every filter is worked out once
 * per log source, and leaves a program of what remains to be asked. There each field's value is looked at once for all, and a
 * filter is evaluated only when one of its anchors (predicates one of which must hold) does. The verdicts are those of each
 * filter alone.
 *
 * Values come by field: `match` reads them from a document, `matchValues` from wherever the caller has them.
 */
export class Plan {
  /** The fields that are read, in the order in which `matchValues` asks for them by number. */
  readonly fields: readonly string[];
  /** No filter reads any other field: `match` may be given events that have these alone. False for keywords, which are looked for everywhere. */
  readonly namesAllFields: boolean;
  /** After `match`: the numbers of the filters that matched, ascending, as many as it returned. */
  readonly matches: Int32Array;
  readonly #accesses: readonly FieldAccess[];
  readonly #filters: PlanFilters;
  readonly #fieldOf: readonly number[];
  /** Of each field what its pass is made of, and the pass once it was needed. */
  readonly #passPredicates: readonly PassPredicate[][];
  readonly #passes: (FieldPass | null)[];
  /** Of each field the units of earlier passes. */
  readonly #units: Float64Array;
  /** Of each field the predicate "it exists" (-1: none), and those that hold where it is missing. */
  readonly #exists: Int32Array;
  readonly #whenMissing: Int32Array[];
  /** Of each costly predicate that no pass finds, its own memory of values. */
  readonly #alonePasses: (FieldPass | null)[] = [];
  /** What holds of any value of an event, whatever its field, and the pass for it once it was needed. */
  readonly #anywherePredicates: { readonly predicate: Pick<CompiledFieldPredicate, "forms">; readonly number: number }[] = [];
  #anywhere: FieldPass | null = null;
  /** Number of the last event whose values were looked at whatever their fields. */
  #anywhereOn = 0;
  /** Predicates below it are in the passes. */
  #known = 0;
  readonly #weights: Weights;
  readonly #evaluate: ((() => boolean) | null)[];
  /**
   * The closures of whole conditions, of filters with predicates that may have a fault. When one is asked depends on the event alone, not on how
   * the plan was tuned, and so do the faults.
   */
  readonly #confirm: ((() => boolean) | null)[];
  #faults = 0;

  readonly #sources: LogSources;
  #guards: Uint8Array;
  readonly #looseGuards: Uint8Array;
  readonly #programs = new Programs({
    open: (guards) => this.#open(guards),
    make: (open, guards) => makeProgram(this.#parts(open), guards, this.#weights),
  });
  #program: Program;

  /** Of each predicate whether no pass finds it. */
  #alone = new Uint8Array(0);
  /** `truth[p]` is the number of the last event on which predicate p held. No clearing between events. */
  #truth = new Int32Array(0);
  /** Number of the last event on which the predicate was tested by itself; the field was looked at, its value read. */
  #tested = new Int32Array(0);
  readonly #scanned: Int32Array;
  readonly #read: Int32Array;
  /** Of each field the last event on which single predicates of it were tested, and how many. */
  readonly #requestedOn: Int32Array;
  readonly #requests: Int32Array;
  readonly #values: FieldValue[];
  readonly #candidate: Int32Array;
  readonly #candidates: Int32Array;
  readonly #guesses: number[] = [];
  /** Since the beginning: times a predicate held, was tested by itself as an anchor, and a field was looked at. */
  #hits = new Float64Array(0);
  #tests = new Float64Array(0);
  readonly #scans: Float64Array;
  #candidateCount = 0;
  #now = 0;
  #event: EventDocument = {};
  #reader: ((field: number) => FieldValue) | null = null;
  /** The event itself was asked for where only values of its fields were given. */
  #asksForEvent = false;
  /** Faults are counted, and not reported. */
  #isMuted = false;
  readonly #times: FilterTimes | null;

  /**
   * @param options as for `compileFilter`.
   * @param clock where given, the time that each filter takes is estimated.
   * @param onFault called with each filter that a predicate is a part of, when the predicate cannot be computed on a value: once
   * an event, however many filters ask, and whatever events came before.
   */
  constructor(filters: readonly EventFilter[], options: CompileOptions = {}, clock: Clock | null = null, onFault: FilterFaults = ignore) {
    const lowering = lowerOptions(options);
    this.#filters = new PlanFilters(
      filters,
      {
        ...lowering,
        onFault: (...fault) => {
          this.#faults++;
          if (!this.#isMuted) lowering.onFault(...fault);
        },
      },
      // Whoever wants to know what is wrong with a filter is told now.
      options.onDiagnostic !== undefined,
      (filter, code) => {
        if (this.#isMuted) return;
        // Of the log source of the event, whichever filters events before it have made ready.
        if (this.#now === 0 || this.#filters.isOpen(filter, this.#guards)) onFault(filter, code);
      },
    );
    const { fields, guardCount, sourceFields, predicates, fieldOf } = this.#filters;
    this.fields = fields;
    this.namesAllFields = this.#filters.namesAllFields;
    this.#fieldOf = fieldOf;
    this.#accesses = fields.map((field) => lowering.access(field));
    this.#times = clock === null ? null : new FilterTimes(filters.length, fieldOf, fields.length, clock);
    this.#passPredicates = fields.map(() => []);
    this.#passes = fields.map(() => null);
    this.#units = new Float64Array(fields.length);
    this.#exists = new Int32Array(fields.length).fill(-1);
    this.#whenMissing = fields.map(() => new Int32Array(0));
    this.#scanned = new Int32Array(fields.length);
    this.#read = new Int32Array(fields.length);
    this.#requestedOn = new Int32Array(fields.length);
    this.#requests = new Int32Array(fields.length);
    this.#values = fields.map(() => undefined);
    this.#scans = new Float64Array(fields.length);
    this.#candidate = new Int32Array(filters.length);
    this.#candidates = new Int32Array(filters.length);
    this.matches = new Int32Array(filters.length);
    this.#evaluate = filters.map(() => null);
    this.#confirm = filters.map(() => null);
    this.#weights = {
      frequency: (predicate) => this.#frequency(predicate),
      fieldOf: (predicate) => (predicate < guardCount ? -1 : fieldOf[predicate]!),
      fieldCost: (field) => this.#fieldCost(field),
    };
    this.#learnPredicates();
    this.#looseGuards = new Uint8Array(guardCount);
    this.#guards = this.#looseGuards;
    const guards = predicates.slice(0, guardCount).map((predicate, number) => ({ predicate, number, field: fieldOf[number]! }));
    this.#sources = new LogSources(
      fields.slice(0, sourceFields).map((_, field) => {
        const ofField = guards.filter((guard) => guard.field === field);
        const tests = ofField.flatMap(({ predicate, number }) => (predicate.kind === "field" ? [{ predicate, number }] : []));
        return {
          pass: new FieldPass(tests),
          exists: ofField.find(({ predicate }) => predicate.kind === "exists")?.number ?? -1,
          whenMissing: tests.flatMap(({ predicate, number }) => (predicate.whenMissing ? [number] : [])),
        };
      }),
      guardCount,
    );
    this.#program = makeProgram(this.#parts([]), null, this.#weights);
  }

  /** Filters that no anchor guards: pure negations. They are evaluated on every event of the log sources they are for. */
  get unanchored(): readonly number[] {
    const open = this.#open(null);
    const conditions = open.map((number) => this.#filters.filter(number).condition);
    const anywhere = chooseAnchors(conditions, { ...this.#weights, fieldOf: (predicate) => this.#fieldOf[predicate]! });
    return anywhere.flatMap((anchors, i) => {
      const { condition, whole } = this.#filters.filter(open[i]!);
      return anchors === null && (condition.kind !== "constant" || whole !== null) ? [open[i]!] : [];
    });
  }

  /** How many different predicates the filters have together. */
  get predicateCount(): number {
    this.#open(null);
    return this.#filters.predicates.length;
  }

  /** The filters that the log source does not rule out, ready to run. */
  #open(guards: Uint8Array | null): number[] {
    const open = this.#filters.open(guards);
    this.#learnPredicates();
    return open;
  }

  #parts(open: readonly number[]): ProgramParts {
    const filters = this.#filters;
    return {
      open,
      filters: filters.count,
      condition: (number) => filters.filter(number).condition,
      nodes: filters.nodes.count,
      predicates: this.#truth.length,
      alone: this.#alone,
    };
  }

  /** Makes room for predicates that are known since the last time, and sorts them into the passes. */
  #learnPredicates(): void {
    const { predicates, guardCount, waiting } = this.#filters;
    if (this.#truth.length < predicates.length) this.#makeRoom(waiting === 0 ? predicates.length : 2 * predicates.length + 4 * waiting);
    for (; this.#known < predicates.length; this.#known++) {
      const number = this.#known;
      this.#alonePasses.push(null);
      if (number < guardCount) continue;
      const predicate = predicates[number]!;
      const field = this.#fieldOf[number]!;
      if (predicate.kind === "event") {
        if (predicate.anyValue === undefined || predicate.mayFault) continue;
        this.#anywherePredicates.push({ predicate: { forms: predicate.anyValue }, number });
        this.#anywhere = null;
      } else if (predicate.kind === "exists") this.#exists[field] = number;
      else if (predicate.mayFault || (predicate.forms.other !== null && predicate.cost >= COSTLY)) this.#alone[number] = 1;
      else {
        this.#passPredicates[field]!.push({ predicate, number });
        this.#units[field]! += this.#passes[field]?.units ?? 0;
        this.#passes[field] = null;
        if (predicate.whenMissing) this.#whenMissing[field] = Int32Array.of(...this.#whenMissing[field]!, number);
      }
    }
  }

  #makeRoom(predicates: number): void {
    const ofOld = <T extends Uint8Array<ArrayBuffer> | Int32Array<ArrayBuffer> | Float64Array<ArrayBuffer>>(grown: T, old: T): T => {
      grown.set(old);
      return grown;
    };
    this.#alone = ofOld(new Uint8Array(predicates), this.#alone);
    this.#truth = ofOld(new Int32Array(predicates), this.#truth);
    this.#tested = ofOld(new Int32Array(predicates), this.#tested);
    this.#hits = ofOld(new Float64Array(predicates), this.#hits);
    this.#tests = ofOld(new Float64Array(predicates), this.#tests);
    this.#programs.widen(predicates);
  }

  /** Runs the filters over a document; returns how many matched, `matches` says which. */
  match(event: EventDocument): number {
    this.#event = event;
    this.#reader = null;
    return this.#run();
  }

  /**
   * The same over values that the caller has taken apart: `read` gives the value of the field with that number in `fields`. The
   * document is asked for only by predicates over several fields.
   */
  matchValues(read: (field: number) => FieldValue, event: EventDocument): number {
    this.#event = event;
    this.#reader = read;
    return this.#run();
  }

  /**
   * Whether a filter may match, or have a fault on, an event of which the values of `fields` are known and nothing else: false is certain.
   * Nothing is reported.
   */
  mayMatch(read: (field: number) => FieldValue): boolean {
    this.#event = NO_EVENT;
    this.#reader = read;
    this.#asksForEvent = false;
    this.#isMuted = true;
    const faults = this.#faults;
    const count = this.#run();
    this.#isMuted = false;
    return count > 0 || this.#asksForEvent || this.#faults !== faults;
  }

  #run(): number {
    if (this.#now === 0x7fffffff) {
      this.#now = 0;
      this.#anywhereOn = 0;
      for (const stamps of [this.#truth, this.#scanned, this.#read, this.#tested, this.#requestedOn, this.#candidate]) stamps.fill(0);
    }
    this.#now++;
    const source = this.#findSource();
    const program = this.#programs.of(source, this.#guards, this.#sources.generation);
    this.#program = program;
    const { matches } = this;
    const { certain, always, fields, singles, needs } = program;
    let matched = 0;
    for (let i = 0; i < certain.length; i++) matches[matched++] = certain[i]!;
    this.#candidateCount = 0;
    if (this.#times?.next() === true) return this.#runTimed(program, matched, this.#times);
    for (let i = 0; i < fields.length; i++) if (this.#scanned[fields[i]!] !== this.#now) this.#scan(fields[i]!);
    for (let i = 0; i < singles.length; i++) this.#testAnchor(singles[i]!);
    // Looking at further fields while evaluating cannot add candidates: every anchor was looked at.
    const count = this.#candidateCount;
    for (let i = 0; i < always.length; i++) if (this.#satisfied(always[i]!)) matches[matched++] = always[i]!;
    for (let i = 0; i < count; i++) {
      const filter = this.#candidates[i]!;
      const need = needs[filter]!;
      if (need >= 0 && !this.#holds(need)) continue;
      if (this.#satisfied(filter)) matches[matched++] = filter;
    }
    if (matched > 1) sortFirst(matches, matched);
    return this.#confirmed(matched, null);
  }

  /** Of the filters that match if no fault stands against it, those that do. */
  #confirmed(count: number, times: FilterTimes | null): number {
    const { matches } = this;
    let confirmed = 0;
    for (let i = 0; i < count; i++) {
      const filter = matches[i]!;
      const { whole } = this.#filters.filter(filter);
      const holds = whole === null || (this.#confirm[filter] ??= this.#close(whole))();
      if (whole !== null) times?.ofFilter(filter);
      if (holds) matches[confirmed++] = filter;
    }
    return confirmed;
  }

  /** The rest of `#run`, timed. */
  #runTimed(program: Program, certain: number, times: FilterTimes): number {
    const { matches } = this;
    const { always, fields, singles, needs, places, lists } = program;
    let matched = certain;
    // Making them is no cost of this event.
    for (const field of fields) this.#pass(field);
    times.start();
    for (const field of fields) {
      if (this.#scanned[field] !== this.#now) this.#scan(field);
      times.ofField(program, field);
    }
    for (const single of singles) {
      this.#testAnchor(single);
      times.ofFilters(lists[places[single]! - 1]!);
    }
    const evaluate = (filter: number): void => {
      const need = needs[filter]!;
      if ((need < 0 || this.#holds(need)) && this.#satisfied(filter)) matches[matched++] = filter;
      times.ofFilter(filter);
    };
    const count = this.#candidateCount;
    for (const filter of always) evaluate(filter);
    for (let i = 0; i < count; i++) evaluate(this.#candidates[i]!);
    if (matched > 1) sortFirst(matches, matched);
    return this.#confirmed(matched, times);
  }

  /** Milliseconds that each filter took, an estimate from a sample of the events; null without a clock. */
  filterMillis(): Float64Array | null {
    return this.#times?.totals() ?? null;
  }

  /** Finds what the log source fields say: the log source's number, -1 where it is too odd to have one. */
  #findSource(): number {
    const sources = this.#sources;
    sources.begin();
    let source = 0;
    const count = this.#filters.sourceFields;
    for (let field = 0; field < count; field++) source = sources.after(source, field, this.#value(field));
    if (source >= 0) {
      this.#guards = sources.guards(source);
      return source;
    }
    this.#guards = this.#looseGuards;
    this.#looseGuards.fill(0);
    for (let field = 0; field < count; field++) sources.mark(field, this.#value(field), this.#looseGuards);
    return -1;
  }

  #value(field: number): FieldValue {
    if (this.#read[field] === this.#now) return this.#values[field];
    this.#read[field] = this.#now;
    return (this.#values[field] = this.#reader === null ? this.#accesses[field]!(this.#event) : this.#reader(field));
  }

  #pass(field: number): FieldPass {
    return (this.#passes[field] ??= new FieldPass(this.#passPredicates[field]!));
  }

  /** Finds the predicates over one field that hold. */
  #scan(field: number): void {
    this.#scanned[field] = this.#now;
    this.#scans[field]!++;
    const value = this.#value(field);
    if (value === undefined) {
      this.#hold(this.#whenMissing[field]!);
      return;
    }
    const exists = this.#exists[field]!;
    if (exists >= 0) this.#holdOne(exists);
    const pass = this.#passes[field] ?? this.#pass(field);
    if (typeof value === "object") for (let i = 0; i < value.length; i++) this.#hold(pass.satisfied(value[i]!));
    else this.#hold(pass.satisfied(value));
  }

  #hold(numbers: Int32Array): void {
    for (let i = 0; i < numbers.length; i++) this.#holdOne(numbers[i]!);
  }

  #holdOne(predicate: number): void {
    if (this.#truth[predicate] === this.#now) return;
    this.#truth[predicate] = this.#now;
    this.#hits[predicate]!++;
    const place = this.#program.places[predicate]!;
    if (place !== 0) this.#nominate(this.#program.lists[place - 1]!);
  }

  #nominate(filters: Int32Array): void {
    for (let i = 0; i < filters.length; i++) {
      const filter = filters[i]!;
      if (this.#candidate[filter] === this.#now) continue;
      this.#candidate[filter] = this.#now;
      this.#candidates[this.#candidateCount++] = filter;
    }
  }

  #testAnchor(predicate: number): void {
    const field = this.#fieldOf[predicate]!;
    if (this.#truth[predicate] === this.#now) return;
    this.#tests[predicate]!++;
    if (this.#test(predicate, field)) this.#holdOne(predicate);
  }

  #satisfied(filter: number): boolean {
    return (this.#evaluate[filter] ??= this.#close(this.#filters.filter(filter).condition))();
  }

  /** Whether a predicate over a field holds: the field was looked at, or the predicate is tested by itself. */
  #holds(predicate: number): boolean {
    const now = this.#now;
    if (this.#truth[predicate] === now) return true;
    if (this.#tested[predicate] === now) return false;
    const field = this.#fieldOf[predicate]!;
    if (this.#alone[predicate] === 0) {
      if (this.#scanned[field] === now) return false;
      if (this.#requestedOn[field] !== now) {
        this.#requestedOn[field] = now;
        this.#requests[field] = 0;
      }
      if (++this.#requests[field]! > MAX_SINGLE_TESTS) {
        this.#scan(field);
        return this.#truth[predicate] === now;
      }
    }
    if (!this.#test(predicate, field)) return false;
    this.#truth[predicate] = now;
    return true;
  }

  #test(number: number, field: number): boolean {
    this.#tested[number] = this.#now;
    const value = this.#value(field);
    const predicate = this.#filters.predicates[number]!;
    if (predicate.kind !== "field") return value !== undefined;
    if (value === undefined) return predicate.whenMissing;
    if (this.#alone[number] === 1) {
      const pass = (this.#alonePasses[number] ??= new FieldPass([{ predicate, number }], ALONE_ENTRIES, () => this.#faults));
      if (typeof value !== "object") return pass.satisfied(value).length > 0;
      for (let i = 0; i < value.length; i++) if (pass.satisfied(value[i]!).length > 0) return true;
      return false;
    }
    const { test } = predicate;
    if (typeof value !== "object") return test(value);
    for (let i = 0; i < value.length; i++) if (test(value[i]!)) return true;
    return false;
  }

  /** Predicates over any field: the first that is asked for looks at every value of the event for all of them. */
  #holdsAnywhere(predicate: number): boolean {
    if (this.#anywhereOn !== this.#now) {
      this.#anywhereOn = this.#now;
      if (this.#event === NO_EVENT) this.#asksForEvent = true;
      someValue(this.#event, this.#markAnywhere);
    }
    return this.#truth[predicate] === this.#now;
  }

  readonly #markAnywhere = (value: Scalar): boolean => {
    const numbers = (this.#anywhere ??= new FieldPass(this.#anywherePredicates)).satisfied(value);
    for (let i = 0; i < numbers.length; i++) this.#truth[numbers[i]!] = this.#now;
    return false;
  };

  /** Predicates over several fields are computed when they are asked for. */
  #holdsEvent(predicate: number, test: (event: EventDocument) => boolean): boolean {
    if (this.#tested[predicate] !== this.#now) {
      this.#tested[predicate] = this.#now;
      if (this.#event === NO_EVENT) this.#asksForEvent = true;
      else if (test(this.#event)) this.#truth[predicate] = this.#now;
    }
    return this.#truth[predicate] === this.#now;
  }

  #close(node: ConditionNode): () => boolean {
    switch (node.kind) {
      case "constant": {
        const { value } = node;
        return () => value;
      }
      case "predicate": {
        const { number } = node;
        if (number < this.#filters.guardCount) return () => this.#guards[number] === 1;
        const predicate = this.#filters.predicates[number]!;
        if (predicate.kind !== "event") return () => this.#holds(number);
        if (predicate.anyValue !== undefined && !predicate.mayFault) return () => this.#holdsAnywhere(number);
        const { test } = predicate;
        return () => this.#holdsEvent(number, test);
      }
      case "not": {
        const inner = this.#close(node.operand);
        return () => !inner();
      }
      case "and":
      case "or": {
        const cheapFirst = [...node.operands].sort((a, b) => this.#evaluationCost(a) - this.#evaluationCost(b));
        const tests = cheapFirst.map((operand) => this.#close(operand));
        const decisive = node.kind === "or";
        return () => {
          for (let i = 0; i < tests.length; i++) if (tests[i]!() === decisive) return decisive;
          return !decisive;
        };
      }
    }
  }

  /** Guards are known, equalities cheap, predicates over the whole event costly. */
  #evaluationCost(node: ConditionNode): number {
    switch (node.kind) {
      case "constant":
        return 0;
      case "predicate":
        return node.guarded ? 0 : this.#filters.predicates[node.number]!.cost;
      case "not":
        return this.#evaluationCost(node.operand);
      default:
        return node.guarded ? 1 : node.operands.reduce((sum, operand) => sum + this.#evaluationCost(operand), 0);
    }
  }

  /** By what was seen, by a guess for as long as that is little. */
  #frequency(predicate: number): number {
    const field = this.#fieldOf[predicate]!;
    const seen = this.#scans[field]! + this.#tests[predicate]!;
    return seen < ENOUGH
      ? (this.#guesses[predicate] ??= guessedFrequency(this.#filters.predicates[predicate]!))
      : (this.#hits[predicate]! + 0.5) / seen;
  }

  /** Nanoseconds, estimated: a look-up in the memo, and the pass over what is not in there. */
  #fieldCost(field: number): number {
    const scans = this.#scans[field]!;
    const units = this.#units[field]! + (this.#passes[field]?.units ?? 0);
    return 40 + (scans >= ENOUGH && units > 0 ? (2 * units) / scans : 100);
  }
}

function ignore(): void {
  // Nobody asked for them.
}

/** Matches are few, and often in order already. */
function sortFirst(numbers: Int32Array, count: number): void {
  if (count > 32) {
    numbers.subarray(0, count).sort();
    return;
  }
  for (let i = 1; i < count; i++) {
    const number = numbers[i]!;
    let at = i;
    for (; at > 0 && numbers[at - 1]! > number; at--) numbers[at] = numbers[at - 1]!;
    numbers[at] = number;
  }
}

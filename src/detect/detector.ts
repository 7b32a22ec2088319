import {
  accessOf,
  fieldAccess,
  limitOf,
  planSequence,
  readInstant,
  runnerFor,
  runPipes,
  search,
  SEQUENCE_LIMITS,
  SequenceMachine,
  sequenceFilters,
  type CompileOptions,
  type EventFilter,
  type FieldAccess,
  type Instant,
  type Losses,
  type Match,
  type Query,
  type Runner,
  type SearchHit,
} from "../eql/index.ts";
import type { AlertGroup, RuleMatch } from "./alert.ts";
import type { Grouping, GroupingMachine, GroupMatch } from "./grouping/grouping.ts";
import { NewTermsMachine } from "./grouping/new-terms.ts";
import { ThresholdMachine } from "./grouping/threshold.ts";
import type { Observed } from "./observed.ts";
import { overridden } from "./overrides.ts";
import { Plan } from "./plan/plan.ts";
import { FaultCounts, type RuleFaultCode } from "./fault.ts";
import type { RunnableRule } from "./rule.ts";
import { SampledTimes, type Clock } from "./sampled-times.ts";
import { Timeline, type Spill } from "./timeline.ts";
import { HELD_WEIGHT, weightOf } from "./weight.ts";

export interface DetectorOptions {
  /**
   * Types of the fields, `now`, and what receives the faults. Without `access` fields are read as from events that are nested throughout,
   * which `Observed` promises.
   */
  readonly compile?: CompileOptions;
  /** Events held in memory for sequences before they are spilled. Default 50,000. */
  readonly heldEvents?: number;
  readonly spill?: Spill<Observed> | null;
  /** Where given, the time that each rule takes is estimated; `performance.now` in Node and in pages. */
  readonly clock?: Clock;
  readonly onMatch: (match: RuleMatch) => void;
  /** Where faults are counted, together with others'; default: counts of its own. */
  readonly faults?: FaultCounts;
}

/** What a rule saw: how many events satisfied its filter, or an item of its sequence. */
export interface RuleCounts {
  readonly rule: RunnableRule;
  readonly matched: number;
  readonly alerts: number;
  /** Milliseconds spent on the rule, an estimate from a sample of the events; null where nobody measured. */
  readonly millis: number | null;
}

/**
 * Many rules over many events. Every filter of every rule is evaluated at once as an event is pushed; a rule of one event alerts
 * there and then. What satisfies an item of a sequence is kept in the timeline, and `finish` plays it to the sequences in
 * event-time order, whatever file it came from.
 */
export class Detector {
  /** Why rules may have missed something. */
  readonly faults: FaultCounts;
  readonly #rules: readonly RunnableRule[];
  readonly #options: DetectorOptions;
  readonly #compile: CompileOptions;
  readonly #filters: readonly EventFilter[];
  /** Made when the first event comes; where events are matched elsewhere, it is not needed. */
  #plan: Plan | null = null;
  /** Milliseconds of filters that were matched elsewhere. */
  readonly #elsewhere: Float64Array;
  #isMatchedElsewhere = false;
  /** Per filter of the plan: its rule, and whether it alerts at once. */
  readonly #owner: Int32Array;
  readonly #direct: Uint8Array;
  readonly #matched: Float64Array;
  readonly #alerts: Float64Array;
  readonly #firstFilter: Int32Array;
  /** How long each rule took over the order of events. */
  readonly #ordering: SampledTimes | null;
  readonly #timeline: Timeline<Observed>;
  readonly #at: Instant = { millis: 0, nanos: 0 };
  readonly #items: number[] = [];

  constructor(rules: readonly RunnableRule[], options: DetectorOptions) {
    this.#rules = rules;
    this.#options = options;
    this.faults = options.faults ?? new FaultCounts();
    this.#compile = { access: nestedAccess, ...options.compile };
    const filters: EventFilter[] = [];
    const owner: number[] = [];
    const direct: number[] = [];
    const firstFilter: number[] = [];
    rules.forEach((rule, r) => {
      firstFilter.push(filters.length);
      for (const filter of filtersOf(rule.query)) {
        filters.push(filter);
        owner.push(r);
        direct.push(isOfOneEvent(rule) ? 1 : 0);
      }
    });
    this.#filters = filters;
    this.#elsewhere = new Float64Array(filters.length);
    this.#owner = Int32Array.from(owner);
    this.#direct = Uint8Array.from(direct);
    this.#firstFilter = Int32Array.from(firstFilter);
    this.#matched = new Float64Array(rules.length);
    this.#alerts = new Float64Array(rules.length);
    this.#ordering = options.clock === undefined ? null : new SampledTimes(rules.length, options.clock);
    this.#timeline = new Timeline(options.heldEvents ?? 50_000, options.spill ?? null, {
      of: (observed) => weightOf(observed.event),
      most: HELD_WEIGHT,
    });
  }

  /** Whether a rule looks at more than one event at a time: then none that it may need can be kept from it. */
  get needsOrder(): boolean {
    return !this.#rules.every(isOfOneEvent);
  }

  /** Every filter of every rule. Whoever matches events elsewhere goes by their numbers here. */
  get filters(): readonly EventFilter[] {
    return this.#filters;
  }

  /** The rules' filters as one. */
  get plan(): Plan {
    return (this.#plan ??= this.#makePlan());
  }

  /** @param whole the whole of it, where `observed` has the plan's fields alone and these are all that filters read */
  push(observed: Observed, whole: () => Observed = () => observed): void {
    const { plan } = this;
    const count = plan.match(observed.event);
    if (count > 0) this.#take(whole(), plan.matches, count);
  }

  #makePlan(): Plan {
    return new Plan(this.#filters, this.#compile, this.#options.clock ?? null, (filter, code) => this.fault(filter, code));
  }

  /**
   * An event that was matched elsewhere, in its turn.
   * @param matches numbers of the filters that match, ascending.
   */
  accept(observed: Observed, matches: readonly number[]): void {
    if (matches.length > 0) this.#take(observed, matches, matches.length);
  }

  /** A filter could not be computed. */
  fault(filter: number, code: RuleFaultCode): void {
    this.faults.add(this.#rules[this.#owner[filter]!]!, code);
  }

  /** Events are matched elsewhere, all of them. @param millis what that took, per filter, as far as it is known already. */
  matchedElsewhere(millis: Float64Array | null): void {
    this.#isMatchedElsewhere = true;
    millis?.forEach((time, filter) => (this.#elsewhere[filter]! += time));
  }

  #take(observed: Observed, matches: ArrayLike<number>, count: number): void {
    const at = this.#at;
    const timed = readInstant(observed.event["@timestamp"], at);
    this.#items.length = 0;
    for (let i = 0; i < count; i++) {
      const filter = matches[i]!;
      const rule = this.#owner[filter]!;
      this.#matched[rule]!++;
      if (this.#direct[filter] === 1) this.#alert(this.#rules[rule]!, rule, [observed], timed ? at.millis : Number.NaN, []);
      else this.#items.push(filter);
    }
    if (this.#items.length === 0) return;
    if (!timed) this.#unused("rule/event-without-time");
    else if (!this.#timeline.add(at.millis, at.nanos, this.#items.slice(), observed)) this.#unused("rule/event-without-room");
  }

  /** Counts the event once for each rule that it satisfies an item of. */
  #unused(code: RuleFaultCode): void {
    let last = -1;
    // Ascending, so the items of one rule follow one another.
    for (const filter of this.#items) {
      const rule = this.#owner[filter]!;
      if (rule !== last) this.faults.add(this.#rules[rule]!, code);
      last = rule;
    }
  }

  #alert(
    rule: RunnableRule,
    number: number,
    events: readonly (Observed | null)[],
    ms: number,
    keys: readonly unknown[],
    group?: AlertGroup,
  ): void {
    this.#alerts[number]!++;
    const last = events.findLast((event) => event !== null);
    const alerting = last === undefined ? rule : overridden(rule, last.event);
    this.#options.onMatch({ rule: alerting, events, ms, keys, ...group });
  }

  /** No more events: runs what needs their order. Call it once. */
  finish(): void {
    // What cannot be computed of a rule is reported also where there was no event.
    if (!this.#isMatchedElsewhere) this.#plan ??= this.#makePlan();
    const runs = this.#rules.flatMap((rule, number) => (isOfOneEvent(rule) ? [] : [{ number, run: this.#run(rule, number) }]));
    const byFilter = new Map<number, { readonly run: Run; readonly number: number; readonly item: number }>();
    for (const { run, number } of runs) run.filters.forEach((filter, item) => byFilter.set(filter, { run, number, item }));
    for (const timed of this.#timeline.inOrder()) {
      for (const filter of timed.items) {
        const { run, item } = byFilter.get(filter)!;
        run.mark(item);
      }
      const times = this.#ordering?.next() === true ? this.#ordering : null;
      let previous: Run | null = null;
      for (const filter of timed.items) {
        const { run, number } = byFilter.get(filter)!;
        if (run !== previous) {
          run.accept(timed.event, timed.ms, timed.ns);
          times?.add(number, times.lap());
        }
        previous = run;
      }
    }
    for (const { run, number } of runs) {
      this.#ordering?.start();
      this.faults.add(this.#rules[number]!, "rule/state-given-up", run.end());
      this.#ordering?.addWhole(number, this.#ordering.lap());
    }
  }

  #run(rule: RunnableRule, number: number): Run {
    const first = this.#firstFilter[number]!;
    const filters = filtersOf(rule.query).map((_, i) => first + i);
    const alert: Emit = (events, ms, keys, group) => this.#alert(rule, number, events, ms, keys, group);
    const { query, grouping } = rule;
    const compile: CompileOptions = { ...this.#compile, onFault: (code) => this.faults.add(rule, code) };
    if (grouping !== undefined) return new GroupingRun(grouping, filters, alert, compile);
    if (query.kind === "sequence" && query.pipes.length === 0) return new SequenceRun(query, filters, alert, compile);
    return query.kind === "event" || query.kind === "sequence"
      ? new PipedRun(query, filters, alert, compile)
      : new SampleRun(query, filters, alert, compile);
  }

  /** What each rule saw, in the order of the rules. */
  counts(): RuleCounts[] {
    const millis = this.#ordering?.totals() ?? null;
    if (millis !== null)
      for (const times of [this.#elsewhere, this.#plan?.filterMillis() ?? null])
        times?.forEach((time, filter) => (millis[this.#owner[filter]!]! += time));
    return this.#rules.map((rule, i) => ({
      rule,
      matched: this.#matched[i]!,
      alerts: this.#alerts[i]!,
      millis: millis === null ? null : millis[i]!,
    }));
  }
}

/** Reads fields as from events that are nested throughout, which `Observed` promises. */
export const nestedAccess = (field: string): FieldAccess => fieldAccess(field, { nested: true });

/** Most matches that one rule's pipes, and most events that one sample, are given to choose from. */
const MAX_HELD = 100_000;
/** What the events held for a rule's sequence, pipes or sample may weigh: up to about a gigabyte of memory. To lose matches is worse. */
const MAX_HELD_WEIGHT = 400_000_000;

function weightOfMatch({ events }: Match): number {
  return events.reduce((sum, hit) => sum + (hit === null ? 0 : weightOf(hit._source)), 0);
}

/** Rules of one event without pipes need no order: each event they match is an alert. */
export function isOfOneEvent({ query, grouping }: RunnableRule): boolean {
  return query.kind === "event" && query.pipes.length === 0 && grouping === undefined;
}

function filtersOf(query: Query): readonly EventFilter[] {
  if (query.kind === "event") return [query.filter];
  if (query.kind === "sequence") return sequenceFilters(query);
  return query.items.map((item) => item.filter);
}

type Emit = (events: readonly (Observed | null)[], ms: number, keys: readonly unknown[], group?: AlertGroup) => void;

interface Run {
  /** Numbers of its filters in the plan. */
  readonly filters: readonly number[];
  /** The event that `accept` will bring satisfies the item. */
  mark(item: number): void;
  accept(event: Observed, millis: number, nanos: number): void;
  /** Returns how much state was given up. */
  end(): number;
}

function millisOf(events: readonly (Observed | null)[]): number {
  const at: Instant = { millis: Number.NaN, nanos: 0 };
  const last = events.findLast((event) => event !== null);
  return last !== undefined && readInstant(last.event["@timestamp"], at) ? at.millis : Number.NaN;
}

/** Rules of a threshold or of new terms: what their query selects, as it comes in time. */
class GroupingRun implements Run {
  readonly filters: readonly number[];
  readonly #machine: GroupingMachine<Observed>;
  readonly #emit: Emit;

  constructor(grouping: Grouping, filters: readonly number[], emit: Emit, compile: CompileOptions) {
    this.filters = filters;
    this.#emit = emit;
    const access = accessOf(compile);
    const document = (observed: Observed): Observed["event"] => observed.event;
    switch (grouping.kind) {
      case "threshold":
        this.#machine = new ThresholdMachine(grouping, access, document);
        break;
      case "new-terms":
        this.#machine = new NewTermsMachine(grouping, access, document);
        break;
      case "pipeline":
        this.#machine = grouping.start(document, compile.now ?? Number.NaN);
    }
  }

  mark(): void {
    // There is one filter, and the event satisfies it.
  }

  accept(event: Observed, millis: number): void {
    for (const match of this.#machine.accept(event, millis)) this.#emit(match.events, millis, match.values, groupOf(match));
  }

  end(): number {
    for (const match of this.#machine.end?.() ?? []) this.#emit(match.events, millisOf(match.events), match.values, groupOf(match));
    return this.#machine.evicted;
  }
}

function groupOf({ count, row }: GroupMatch<Observed>): AlertGroup {
  return { ...(count === 1 ? {} : { count }), ...(row === undefined ? {} : { row }) };
}

class SequenceRun implements Run {
  readonly filters: readonly number[];
  readonly #machine: SequenceMachine<Observed>;

  constructor(query: Extract<Query, { kind: "sequence" }>, filters: readonly number[], emit: Emit, compile: CompileOptions) {
    this.filters = filters;
    this.#machine = new SequenceMachine<Observed>(
      { ...planSequence<Observed>(query, (observed) => observed.event, accessOf(compile)), weigh: (observed) => weightOf(observed.event) },
      (match) => emit(match.events, millisOf(match.events), match.keys),
      { ...SEQUENCE_LIMITS, maxWeight: MAX_HELD_WEIGHT },
    );
  }

  mark(item: number): void {
    this.#machine.truth[item] = 1;
  }

  accept(event: Observed, millis: number, nanos: number): void {
    this.#machine.accept(event, millis, nanos);
    this.#machine.truth.fill(0);
  }

  end(): number {
    this.#machine.end(true);
    const { evictedKeys, truncatedKeys, droppedWaiting } = this.#machine.counts;
    return evictedKeys + truncatedKeys + droppedWaiting;
  }
}

/** The plan has tested the filters already, and counted their faults. */
function withoutFilterFaults(compile: CompileOptions): CompileOptions {
  return {
    ...compile,
    onFault: (code, span, predicate) => {
      if (predicate === null) compile.onFault?.(code, span, predicate);
    },
  };
}

interface ObservedHit extends SearchHit {
  readonly observed: Observed;
}

const observedOf = (hit: object | null): Observed | null => (hit !== null && "observed" in hit ? (hit as ObservedHit).observed : null);

const lossOf = ({ evictedKeys, truncatedKeys, droppedWaiting }: Losses): number => evictedKeys + truncatedKeys + droppedWaiting;

/** Rules with pipes, which choose among all matches. A distinct count happens as the events pass. */
class PipedRun implements Run {
  readonly filters: readonly number[];
  readonly #query: Query;
  readonly #emit: Emit;
  readonly #compile: CompileOptions;
  readonly #runner: Runner;
  readonly #found: Match[] = [];
  /** What a first `head` or `tail` leaves of the matches of single events; the others need not be held. */
  readonly #first: number;
  readonly #last: number;
  #weight = 0;
  #notHeld = 0;

  constructor(query: Extract<Query, { kind: "event" | "sequence" }>, filters: readonly number[], emit: Emit, compile: CompileOptions) {
    this.filters = filters;
    this.#query = query;
    this.#emit = emit;
    this.#compile = compile;
    const [pipe] = query.pipes;
    const limit = query.kind === "event" && pipe !== undefined ? limitOf(pipe.args) : Infinity;
    this.#first = pipe?.name === "head" ? limit : Infinity;
    this.#last = pipe?.name === "tail" ? limit : Infinity;
    this.#runner = runnerFor(query, withoutFilterFaults(compile), (match) => this.#keep(match))!;
  }

  #keep(match: Match): void {
    const found = this.#found;
    if (found.length >= this.#first) return;
    const weight = weightOfMatch(match);
    if (found.length >= MAX_HELD || this.#weight + weight > MAX_HELD_WEIGHT) this.#notHeld++;
    else {
      found.push(match);
      this.#weight += weight;
    }
    if (found.length < 2 * this.#last + 1_000) return;
    for (const dropped of found.splice(0, found.length - this.#last)) this.#weight -= weightOfMatch(dropped);
  }

  mark(): void {
    // The runner tests its filters itself.
  }

  accept(event: Observed, millis: number, nanos: number): void {
    const hit: ObservedHit = { _source: event.event, observed: event };
    this.#runner.accept(hit, millis, nanos);
  }

  end(): number {
    this.#runner.end(true);
    this.#found.sort((a, b) => a.number - b.number);
    const piped = runPipes(this.#found, this.#query.pipes, this.#compile);
    for (const { events, keys } of piped.matches) {
      const found = events.map(observedOf);
      this.#emit(found, millisOf(found), keys);
    }
    return lossOf(this.#runner.losses) + this.#notHeld;
  }
}

/** Samples need all their events at once. */
class SampleRun implements Run {
  readonly filters: readonly number[];
  readonly #query: Query;
  readonly #emit: Emit;
  readonly #compile: CompileOptions;
  readonly #hits: ObservedHit[] = [];
  #weight = 0;
  #notHeld = 0;

  constructor(query: Query, filters: readonly number[], emit: Emit, compile: CompileOptions) {
    this.filters = filters;
    this.#query = query;
    this.#emit = emit;
    this.#compile = compile;
  }

  mark(): void {
    // The search tests its filters itself.
  }

  accept(event: Observed): void {
    this.#weight += weightOf(event.event);
    if (this.#hits.length < MAX_HELD && this.#weight <= MAX_HELD_WEIGHT) this.#hits.push({ _source: event.event, observed: event });
    else this.#notHeld++;
  }

  end(): number {
    const result = search(this.#query, this.#hits, { ...withoutFilterFaults(this.#compile), size: Infinity });
    for (const { events, joinKeys } of result.sequences ?? []) {
      const found = events.map(observedOf);
      this.#emit(found, millisOf(found), joinKeys);
    }
    return lossOf(result.losses) + this.#notHeld;
  }
}

/**
 * Runs correlations over the events that their rules matched, in ascending order of time, in one pass and bounded memory.
 *
 * Two ways, by what the condition asks for:
 * - Conditions that more events can only make true (`event_count`, `value_count`, `value_sum` with `gt` and `gte`; `temporal`,
 *   `temporal_ordered`) are looked at with every event, over the time span that ends with it. They fire when they become true, and while
 *   they stay true once per time span: a flood of events is one alert, not a flood of alerts.
 * - All others (`lt`, `eq`, averages, percentiles, `temporal` with `not`) can be judged only when nothing more can come: a window opens
 *   with the first event of a group, and is judged when the time span is over.
 *
 * An event in which a group-by field is missing belongs to no group.
 */
import { fieldAccess, plainText, type EventDocument, type FieldAccess, type Scalar } from "../../eql/index.ts";
import { namesOf, type Condition } from "../load/condition.ts";
import type { Correlation, CorrelationPart, Threshold } from "./correlation.ts";
import type { FieldMapping } from "../taxonomy/taxonomy.ts";

/** Hard bounds. What exceeds them is given up, oldest first, and counted. */
export interface CorrelationLimits {
  /** Groups of one correlation. */
  readonly maxGroups: number;
  /** Events (times, values) of one group. */
  readonly maxEventsPerGroup: number;
  /** Events of all groups of one correlation. */
  readonly maxEvents: number;
  /** Combinations of the values of group-by fields that are arrays. */
  readonly maxKeys: number;
  /** Events handed out with a match: the latest ones. */
  readonly maxEventsShown: number;
}

export const CORRELATION_LIMITS: CorrelationLimits = {
  maxGroups: 200_000,
  maxEventsPerGroup: 50_000,
  maxEvents: 2_000_000,
  maxKeys: 100,
  maxEventsShown: 100,
};

export interface CorrelationMatch<E> {
  readonly correlation: Correlation;
  /** One per group-by entry. */
  readonly group: readonly { readonly name: string; readonly value: string }[];
  /** Oldest first; the latest ones where there are more than are shown. */
  readonly events: readonly E[];
  /** How many events there were. */
  readonly count: number;
  /** What the condition was compared with: a count, sum, average, ..; of `temporal` the number of rules seen. */
  readonly value: number;
  /** Epoch milliseconds of the first and last event. */
  readonly from: number;
  readonly to: number;
}

/** `evictedGroups`, `droppedEvents` and `truncatedKeys` mean that matches may have been lost. */
export interface CorrelationCounts {
  matches: number;
  /** Groups given up because a bound was reached. */
  evictedGroups: number;
  droppedEvents: number;
  truncatedKeys: number;
  /** Events without a value in a group-by field. */
  withoutGroup: number;
  /** Events without the value, or with no number where one is needed. */
  withoutValue: number;
  /** Events that came out of order; they count at the time of the latest one. */
  late: number;
}

function noCounts(): CorrelationCounts {
  return { matches: 0, evictedGroups: 0, droppedEvents: 0, truncatedKeys: 0, withoutGroup: 0, withoutValue: 0, late: 0 };
}

export interface CorrelatorOptions<E> {
  readonly limits?: Partial<CorrelationLimits>;
  readonly access?: (field: string) => FieldAccess;
  /** Not called for silent correlations: those of which others are made. */
  readonly onMatch: (match: CorrelationMatch<E>) => void;
}

export class Correlator<E> {
  /** Of each correlation. */
  readonly counts: ReadonlyMap<Correlation, CorrelationCounts>;
  readonly #machines: readonly Machine<E>[];
  readonly #byPart = new Map<string, User<E>[]>();
  readonly #options: CorrelatorOptions<E>;
  #now = Number.NEGATIVE_INFINITY;

  /** @param correlations as `loadSigma` gives them: parts before what is made of them. */
  constructor(correlations: readonly Correlation[], options: CorrelatorOptions<E>) {
    this.#options = options;
    const limits = { ...CORRELATION_LIMITS, ...options.limits };
    const access = options.access ?? ((name: string): FieldAccess => fieldAccess(name));
    this.counts = new Map(correlations.map((correlation) => [correlation, noCounts()]));
    this.#machines = correlations.map((correlation) => {
      const machine = new Machine<E>(correlation, limits, access, this.counts.get(correlation)!, (match) => this.#matched(match));
      correlation.parts.forEach((part, at) => {
        const known = this.#byPart.get(part.key);
        if (known === undefined) this.#byPart.set(part.key, [{ machine, part: at }]);
        else known.push({ machine, part: at });
      });
      return machine;
    });
  }

  /** Keys of the rules and correlations that some correlation is made of. */
  get parts(): readonly string[] {
    return [...this.#byPart.keys()];
  }

  /**
   * Rules matched an event.
   *
   * @param rules all that did, by their keys: an event that several rules matched does not follow itself.
   * @param time epoch milliseconds, not before that of the event before.
   */
  accept(rules: readonly string[], event: E, document: EventDocument, time: number): void {
    let users: readonly User<E>[] | undefined;
    for (let i = 0; i < rules.length; i++) {
      const found = this.#byPart.get(rules[i]!);
      if (found !== undefined) users = users === undefined ? found : [...users, ...found].sort((a, b) => a.part - b.part);
    }
    if (users === undefined) return;
    this.#feed(
      users,
      event,
      (machine, part) => machine.keysOf(part, document),
      (machine, part) => machine.valueOf(part, document),
      time,
    );
  }

  /** Nothing before this time will come any more: windows that end before it are judged. */
  advance(time: number): void {
    if (time > this.#now) this.#now = time;
    for (const machine of this.#machines) machine.close(this.#now);
  }

  /** No more events: windows that are still open are judged as they are. */
  end(): void {
    for (const machine of this.#machines) machine.close(Number.POSITIVE_INFINITY);
  }

  #feed(
    users: readonly User<E>[],
    event: E,
    keys: (machine: Machine<E>, part: number) => readonly (readonly string[])[] | null,
    value: (machine: Machine<E>, part: number) => string | null,
    time: number,
  ): void {
    const isLate = time < this.#now;
    if (isLate) time = this.#now;
    else if (time > this.#now) this.advance(time);
    // The last part first: an event does not follow itself.
    for (let i = users.length - 1; i >= 0; i--) {
      const { machine, part } = users[i]!;
      if (isLate) machine.counts.late++;
      const groups = keys(machine, part);
      if (groups === null) {
        machine.counts.withoutGroup++;
        continue;
      }
      const found = machine.needsValue ? value(machine, part) : "";
      if (found === null) {
        machine.counts.withoutValue++;
        continue;
      }
      for (const group of groups) machine.add(part, group, event, found, time);
    }
  }

  #matched(match: CorrelationMatch<E>): void {
    const { correlation } = match;
    if (!correlation.silent) {
      this.counts.get(correlation)!.matches++;
      this.#options.onMatch(match);
    }
    const users = this.#byPart.get(correlation.key);
    const last = match.events.at(-1);
    if (users === undefined || last === undefined) return;
    this.#feed(
      users,
      last,
      (machine) => machine.keysFromGroup(match.group),
      () => String(match.value),
      Math.max(match.to, this.#now),
    );
  }
}

/** A correlation that a rule is a part of. */
interface User<E> {
  readonly machine: Machine<E>;
  readonly part: number;
}

interface Seen<E> {
  readonly time: number;
  readonly event: E;
  readonly value: string;
  readonly part: number;
}

/** The state of one group. */
interface Group<E> {
  readonly key: readonly string[];
  /** Of a window: when it opened. */
  readonly opened: number;
  last: number;
  /** Oldest first; those before `head` have left the time span. */
  entries: Seen<E>[];
  head: number;
  /** How many entries have each value; the parts' numbers, for `temporal`. */
  readonly values: Map<string, number>;
  sum: number;
  /** When it fired last while the condition has stayed true; null when it has not. */
  firedAt: number | null;
  /** Of `temporal_ordered`: per stage the chain that reaches it and began last. */
  readonly chains: (readonly Seen<E>[] | null)[];
}

/** One correlation. */
class Machine<E> {
  readonly needsValue: boolean;
  readonly counts: CorrelationCounts;
  readonly #c: Correlation;
  readonly #limits: CorrelationLimits;
  readonly #emit: (match: CorrelationMatch<E>) => void;
  readonly #groupReads: readonly (readonly (readonly Read[])[])[];
  readonly #valueReads: readonly (readonly (readonly Read[])[])[];
  /** Least recently touched first; of windows, opened first. */
  readonly #groups = new Map<string, Group<E>>();
  readonly #windowed: boolean;
  #held = 0;

  constructor(
    correlation: Correlation,
    limits: CorrelationLimits,
    access: (field: string) => FieldAccess,
    counts: CorrelationCounts,
    emit: (match: CorrelationMatch<E>) => void,
  ) {
    this.#c = correlation;
    this.#limits = limits;
    this.counts = counts;
    this.#emit = emit;
    this.#windowed = isWindowed(correlation);
    this.needsValue = correlation.type.startsWith("value_");
    const reads = (lists: (part: CorrelationPart) => readonly (readonly FieldMapping[])[]): Read[][][] =>
      correlation.parts.map((part) => lists(part).map((targets) => targets.flatMap((target) => readOf(target, access) ?? [])));
    this.#groupReads = reads((part) => part.groupBy);
    this.#valueReads = reads((part) => part.values);
  }

  /** The groups an event belongs to; null for none. */
  keysOf(part: number, document: EventDocument): readonly (readonly string[])[] | null {
    let keys: string[][] = [[]];
    for (const alternatives of this.#groupReads[part]!) {
      const values = firstOf(alternatives, document);
      if (values === null) return null;
      if (values.length === 1) {
        for (const key of keys) key.push(values[0]!);
        continue;
      }
      let distinct = [...new Set(values)];
      if (keys.length * distinct.length > this.#limits.maxKeys) {
        this.counts.truncatedKeys++;
        distinct = distinct.slice(0, Math.max(1, Math.floor(this.#limits.maxKeys / keys.length)));
      }
      keys = keys.flatMap((key) => distinct.map((value) => [...key, value]));
    }
    return keys;
  }

  /** The group of a correlation that is a part of this one. */
  keysFromGroup(group: CorrelationMatch<E>["group"]): readonly (readonly string[])[] | null {
    const key: string[] = [];
    for (const name of this.#c.groupBy) {
      const found = group.find((entry) => entry.name === name);
      if (found === undefined) return null;
      key.push(found.value);
    }
    return [key];
  }

  valueOf(part: number, document: EventDocument): string | null {
    const found: string[] = [];
    for (const alternatives of this.#valueReads[part]!) {
      const values = firstOf(alternatives, document);
      if (values === null) return null;
      found.push(values[0]!);
    }
    const value = found.length === 1 ? found[0]! : JSON.stringify(found);
    return this.#c.type === "value_count" || (value.trim() !== "" && Number.isFinite(Number(value))) ? value : null;
  }

  add(part: number, key: readonly string[], event: E, value: string, time: number): void {
    const name = key.length === 1 ? key[0]! : JSON.stringify(key);
    let group = this.#groups.get(name);
    if (group === undefined) {
      if (this.#groups.size >= this.#limits.maxGroups) this.#evict();
      group = {
        key,
        opened: time,
        last: time,
        entries: [],
        head: 0,
        values: new Map(),
        sum: 0,
        firedAt: null,
        chains: this.#c.parts.map(() => null),
      };
      this.#groups.set(name, group);
    } else if (!this.#windowed) {
      this.#groups.delete(name);
      this.#groups.set(name, group);
    }
    group.last = time;
    if (this.#c.type === "temporal_ordered") {
      this.#follow(name, group, { time, event, value, part });
      return;
    }
    this.#push(group, { time, event, value: this.needsValue ? value : String(part), part });
    if (this.#windowed) return;
    this.#expire(group, time - this.#c.timespanMs);
    this.#judge(name, group, time);
  }

  /** Judges windows whose time is over, and forgets groups that can match no more. */
  close(now: number): void {
    const span = this.#c.timespanMs;
    for (const [name, group] of this.#groups) {
      if (this.#windowed ? group.opened + span > now : group.last + span >= now) return;
      if (this.#windowed) {
        const value = this.#value(group);
        if (value !== null && this.#holds(group, value)) this.#fire(group, value, group.entries.slice(group.head));
      }
      this.#forget(name, group);
    }
  }

  #push(group: Group<E>, seen: Seen<E>): void {
    if (group.entries.length - group.head >= this.#limits.maxEventsPerGroup) {
      this.counts.droppedEvents++;
      this.#drop(group);
    }
    while (this.#held >= this.#limits.maxEvents && this.#evict(group));
    group.entries.push(seen);
    this.#held++;
    group.values.set(seen.value, (group.values.get(seen.value) ?? 0) + 1);
    if (this.needsValue && this.#c.type !== "value_count") group.sum += Number(seen.value);
  }

  /** Takes the oldest entry away. */
  #drop(group: Group<E>): void {
    const { value } = group.entries[group.head]!;
    group.head++;
    this.#held--;
    const left = group.values.get(value)! - 1;
    if (left === 0) group.values.delete(value);
    else group.values.set(value, left);
    if (this.needsValue && this.#c.type !== "value_count") group.sum -= Number(value);
    if (group.head > 64 && group.head * 2 > group.entries.length) {
      group.entries = group.entries.slice(group.head);
      group.head = 0;
    }
  }

  #expire(group: Group<E>, before: number): void {
    while (group.head < group.entries.length && group.entries[group.head]!.time < before) this.#drop(group);
  }

  #judge(name: string, group: Group<E>, now: number): void {
    const value = this.#value(group);
    if (value === null || !this.#holds(group, value)) {
      group.firedAt = null;
      return;
    }
    if (group.firedAt !== null && now - group.firedAt < this.#c.timespanMs) return;
    group.firedAt = now;
    const entries = group.entries.slice(group.head);
    // Rules seen together are used up: the next match needs all of them anew.
    if (this.#c.type === "temporal") this.#forget(name, group);
    this.#fire(group, value, entries);
  }

  #value(group: Group<E>): number | null {
    const count = group.entries.length - group.head;
    switch (this.#c.type) {
      case "event_count":
        return count;
      case "value_count":
      case "temporal":
        return group.values.size;
      case "value_sum":
        return group.sum;
      case "value_avg":
        return count === 0 ? null : group.sum / count;
      case "value_median":
        return percentile(group.entries, group.head, 50);
      case "value_percentile":
        return percentile(group.entries, group.head, this.#c.percentile);
      default:
        return null;
    }
  }

  #holds(group: Group<E>, value: number): boolean {
    if (this.#c.type === "temporal") {
      if (this.#c.expression !== null) return seenTogether(this.#c.expression, this.#c.parts, group.values);
      if (this.#c.thresholds.length === 0) return this.#c.parts.every((part) => this.#isSeen(part, group));
    }
    return this.#c.thresholds.every((threshold) => within(threshold, value));
  }

  /** A rule named twice is seen when one of the two is. */
  #isSeen(part: CorrelationPart, group: Group<E>): boolean {
    return this.#c.parts.some((other, at) => other.key === part.key && group.values.has(String(at)));
  }

  /** `temporal_ordered`: per stage the chain that began last is enough, whatever completes an older one completes it too. */
  #follow(name: string, group: Group<E>, seen: Seen<E>): void {
    const { part } = seen;
    const oldest = seen.time - this.#c.timespanMs;
    const before = part === 0 ? null : group.chains[part - 1]!;
    if (part > 0 && (before === null || before[0]!.time < oldest)) return;
    const chain = before === null ? [seen] : [...before, seen];
    if (part < this.#c.parts.length - 1) {
      group.chains[part] = chain;
      return;
    }
    this.#forget(name, group);
    this.#fire(group, chain.length, chain);
  }

  #fire(group: Group<E>, value: number, entries: readonly Seen<E>[]): void {
    if (entries.length === 0) return;
    const { groupBy } = this.#c;
    this.#emit({
      correlation: this.#c,
      group: group.key.map((found, at) => ({ name: groupBy[at]!, value: found })),
      events: entries.slice(-this.#limits.maxEventsShown).map((seen) => seen.event),
      count: entries.length,
      value,
      from: entries[0]!.time,
      to: entries.at(-1)!.time,
    });
  }

  /** Gives up the oldest group that is not `except`; false where there is none. */
  #evict(except?: Group<E>): boolean {
    for (const [name, group] of this.#groups) {
      if (group === except) continue;
      this.counts.evictedGroups++;
      this.#forget(name, group);
      return true;
    }
    return false;
  }

  #forget(name: string, group: Group<E>): void {
    if (!this.#groups.delete(name)) return;
    this.#held -= group.entries.length - group.head;
  }
}

function isWindowed(correlation: Correlation): boolean {
  const { type, thresholds, expression } = correlation;
  if (type === "temporal_ordered") return false;
  if (type === "temporal" && expression !== null) return hasNot(expression);
  if (type === "value_avg" || type === "value_median" || type === "value_percentile") return true;
  return thresholds.some(({ op }) => op !== "gt" && op !== "gte");
}

function hasNot(condition: Condition): boolean {
  return condition.kind === "not" || ((condition.kind === "and" || condition.kind === "or") && condition.operands.some(hasNot));
}

function seenTogether(condition: Condition, parts: readonly CorrelationPart[], seen: ReadonlyMap<string, number>): boolean {
  const isSeen = (ref: string): boolean => parts.some((part, at) => part.ref === ref && seen.has(String(at)));
  switch (condition.kind) {
    case "name":
      return isSeen(condition.name);
    case "not":
      return !seenTogether(condition.operand, parts, seen);
    case "and":
      return condition.operands.every((operand) => seenTogether(operand, parts, seen));
    case "or":
      return condition.operands.some((operand) => seenTogether(operand, parts, seen));
    default: {
      const chosen = namesOf(
        condition.pattern,
        parts.map((part) => part.ref),
      );
      const count = chosen.filter(isSeen).length;
      return count >= (condition.least ?? chosen.length);
    }
  }
}

function within({ op, value: bound }: Threshold, value: number): boolean {
  switch (op) {
    case "gt":
      return value > bound;
    case "gte":
      return value >= bound;
    case "lt":
      return value < bound;
    case "lte":
      return value <= bound;
    case "eq":
      return value === bound;
    default:
      return value !== bound;
  }
}

/** Between the two values next to the rank, in proportion (the usual linear interpolation). */
function percentile<E>(entries: readonly Seen<E>[], head: number, percent: number): number | null {
  const numbers = entries
    .slice(head)
    .map((seen) => Number(seen.value))
    .sort((a, b) => a - b);
  if (numbers.length === 0) return null;
  const rank = (percent / 100) * (numbers.length - 1);
  const below = Math.floor(rank);
  const above = Math.min(below + 1, numbers.length - 1);
  return numbers[below]! + (numbers[above]! - numbers[below]!) * (rank - below);
}

// --------------------------------------------------------------------------------------------- values of fields

type Read = (document: EventDocument) => readonly string[] | null;

function readOf(target: FieldMapping, access: (field: string) => FieldAccess): Read | null {
  if (typeof target === "string") return plainRead(access(target));
  switch (target.kind) {
    case "hive":
    case "number":
      return plainRead(access(target.field));
    case "account":
    case "joined": {
      const [left, right] =
        target.kind === "account" ? [access(target.domain), access(target.name)] : [access(target.left), access(target.right)];
      return (document) => {
        const [a, b] = [textsOfValue(left(document)), textsOfValue(right(document))];
        return a === null || b === null ? null : [`${a[0]!}\\${b[0]!}`];
      };
    }
    case "words": {
      const wordOf = new Map(
        Object.entries(target.words).flatMap(([word, texts]) => texts.map((text) => [text.toLowerCase(), word] as const)),
      );
      const read = access(target.field);
      return (document) => {
        const words = textsOfValue(read(document))?.flatMap((text) => wordOf.get(text.toLowerCase()) ?? []);
        return words === undefined || words.length === 0 ? null : words;
      };
    }
    case "registry-data":
      return plainRead(access(target.value));
    default:
      return null;
  }
}

function plainRead(read: FieldAccess): Read {
  return (document) => textsOfValue(read(document));
}

function textsOfValue(value: Scalar | readonly Scalar[] | undefined): readonly string[] | null {
  if (value === undefined) return null;
  return typeof value === "object" ? value.map(plainText) : [plainText(value)];
}

function firstOf(alternatives: readonly Read[], document: EventDocument): readonly string[] | null {
  for (let i = 0; i < alternatives.length; i++) {
    const found = alternatives[i]!(document);
    if (found !== null) return found;
  }
  return null;
}

import { ecsSchema, exceptionsOf, type Detection, type Exception } from "../../catalog/index.ts";
import {
  AlertStore,
  byTime,
  Detector,
  ExceptionSet,
  incidents,
  isOfOneEvent,
  matchId,
  SEVERITIES,
  UniqueIds,
  weightOf,
  type Alert,
  type AlertSpill,
  type Clock,
  FaultCounts,
  type Incident,
  type Observed,
  type RuleCounts,
  type RuleFault,
  type RuleMatch,
  type RunnableRule,
  type Severity,
  type Sha256,
  type Spill,
} from "../../detect/index.ts";
import { createNormaliser, type Normalised, type RecordNormaliser } from "../../ecs/index.ts";
import type { LogLocation, Problem, LogRecord } from "../../readers/index.ts";
import { EventScope, NOT_NARROWED, type EventNarrowing, type EventsLeftOut } from "../narrowing/event-narrowing.ts";
import { askedFields } from "./asked-fields.ts";
import { Correlations, type RunnableCorrelation } from "./correlations.ts";
import type { EventBatch, FilterFault, ScanSettings } from "./event-scan.ts";
import { EventPrefilter, type SettledEvent } from "./event-prefilter.ts";
import { LogPrefilter } from "./log-prefilter.ts";
import { EventTally, type KindCount } from "./event-tally.ts";
import type { UnmappedCount } from "./unmapped.ts";
import type { RecordSecrets } from "../reading/record-hash.ts";
import type { EventSettler, RecordSink } from "../reading/reading.ts";
import type { SeenRecords } from "../reading/seen-records.ts";
import { runnableRules, shortId } from "../rules/package.ts";

export interface HuntOptions {
  readonly packages: readonly Detection[];
  /** Further rules, such as Sigma's. */
  readonly rules?: readonly RunnableRule[];
  /** Sigma's correlations, and the rules that run for them alone. */
  readonly correlations?: readonly RunnableCorrelation[];
  readonly parts?: readonly RunnableRule[];
  /**
   * Which alerts are asked for. Rules of several events see all events, so that a sequence that ends within the span of time is found
   * wherever it began.
   */
  readonly narrowing?: EventNarrowing;
  /** Alerts below it are left out. */
  readonly minSeverity?: Severity;
  /** How many rules were loaded and are not asked for. */
  readonly rulesLeftOut?: number;
  /** How many rules were asked for and could not be read: a fault of the hunt. */
  readonly notRun?: number;
  /** Paths of the time in events that have no `@timestamp`, looked at before those that vendors have. */
  readonly timestampFields?: readonly string[];
  /** Leave out what normalisation adds beyond Elastic's own pipelines. */
  readonly strictElastic?: boolean;
  /** `2026-11-24`: exceptions that expired before it are not applied. Without it none is. */
  readonly today?: string;
  /** What `now` means in rules, epoch milliseconds. Without it a condition with `now` holds for nothing. */
  readonly now?: number;
  /** Most alerts kept whole; the rest is counted. Default 100,000. */
  readonly maxAlerts?: number;
  /** Most characters of events that alerts keep (see `weightOf`); what is beyond is counted. Default: no bound but the number of alerts. */
  readonly maxWeight?: number;
  /** Where alerts go when memory is full; it is read as long as the result is. */
  readonly alertSpill?: AlertSpill | null;
  /** Where events of sequences go when memory is full. */
  readonly spill?: Spill<Observed> | null;
  /** Where given, the time that each rule takes is estimated. */
  readonly clock?: Clock;
  /** False: every document is made and normalised, also where some of its fields say that no rule needs it. The result is the same. */
  readonly fastPath?: boolean;
  /** Where the platform has one that is faster than the built-in. */
  readonly sha256?: Sha256;
  /** Called for each alert that is kept, in the order in which rules fire (not of time). */
  readonly onAlert?: (alert: Alert) => void;
}

/** What was not asked for. */
export interface HuntLeftOut extends EventsLeftOut {
  /** Alerts; where every rule is of one event, events that do not fit are not looked at and make none. */
  readonly alerts: number;
  readonly rules: number;
}

export interface HuntResult {
  /** In time order. */
  readonly alerts: readonly Alert[];
  readonly incidents: readonly Incident[];
  /** Alerts that an exception took away, with the exception. */
  readonly excepted: readonly { readonly alert: Alert; readonly exception: Exception }[];
  /** Alerts beyond `maxAlerts`. */
  readonly alertsNotKept: number;
  readonly events: number;
  readonly narrowing: EventNarrowing;
  /** What `narrowing` and `minSeverity` left out. */
  readonly leftOut: HuntLeftOut;
  /** Events by data source, most first. */
  readonly sources: readonly { readonly source: string; readonly events: number }[];
  /** The same by event id, most first. At most 10,000 kinds are counted. */
  readonly kinds: readonly KindCount[];
  readonly unmapped: readonly UnmappedCount[];
  readonly rules: readonly RuleCounts[];
  /** Why alerts may be missing. Empty where every rule was computed on every event, and all it found was kept. */
  readonly faults: readonly RuleFault[];
  /** Events that belong to no group of a Sigma correlation, since they lack the field. */
  readonly withoutGroup: number;
  /** `@timestamp` of the oldest and newest event in UTC; null where no event has one. */
  readonly firstEvent: string | null;
  readonly lastEvent: string | null;
}

/** One hunt: a sink for the readers. Push records, then `finish`. */
export class Hunt implements RecordSink {
  #madeNormaliser: RecordNormaliser | null = null;
  readonly #detector: Detector;
  readonly #exceptions: ReadonlyMap<string, ExceptionSet>;
  readonly #correlations: Correlations | null;
  readonly #silent: ReadonlySet<RunnableRule>;
  readonly #maxAlerts: number;
  readonly #maxWeight: number;
  readonly #onAlert: (alert: Alert) => void;
  readonly #faults = new FaultCounts();
  readonly #ids = new UniqueIds();
  readonly #store: AlertStore;
  readonly #alerts: Alert[] = [];
  readonly #excepted: { alert: Alert; exception: Exception }[] = [];
  readonly #tally = new EventTally((events) => this.#faults.add(null, "hunt/kind-not-counted", events));
  readonly #narrowing: EventNarrowing;
  readonly #rulesLeftOut: number;
  readonly #scope: EventScope;
  readonly #minSeverity: Severity | null;
  /** No rule looks at more than one event, so those that do not fit need not be looked at. */
  readonly #skipsEvents: boolean;
  /** Alerts that were left out, of each rule. */
  readonly #leftOut = new Map<string, number>();
  #notKept = 0;
  /** The rule whose alert is held against the exceptions. */
  #judged: RunnableRule | null = null;
  #weight = 0;
  readonly #options: HuntOptions;
  #prefilter: EventPrefilter | null = null;
  #logPrefilter: LogPrefilter | null = null;

  constructor(options: HuntOptions) {
    this.#options = options;
    this.#narrowing = options.narrowing ?? NOT_NARROWED;
    this.#rulesLeftOut = options.rulesLeftOut ?? 0;
    this.#scope = new EventScope(this.#narrowing);
    this.#minSeverity = options.minSeverity ?? null;
    this.#maxAlerts = options.maxAlerts ?? 100_000;
    this.#maxWeight = options.maxWeight ?? Infinity;
    this.#store = new AlertStore(options.alertSpill ?? null);
    this.#onAlert = options.onAlert ?? (() => {});
    const { today } = options;
    this.#exceptions = new Map(
      options.packages.map((p) => [
        p.id,
        new ExceptionSet(today === undefined ? [] : exceptionsOf(p.tuning, today), (code) => this.#faults.add(this.#judged, code)),
      ]),
    );
    const { correlations = [], parts = [], notRun = 0 } = options;
    this.#faults.add(null, "rule/not-run", notRun);
    this.#correlations = correlations.length === 0 ? null : new Correlations(correlations, options.spill ?? null, this.#faults);
    this.#silent = new Set(parts);
    const rules = [...options.packages.flatMap(runnableRules), ...(options.rules ?? []), ...parts];
    this.#detector = new Detector(rules, {
      compile: { schema: ecsSchema(), ...(options.now === undefined ? {} : { now: options.now }) },
      spill: options.spill ?? null,
      ...(options.clock === undefined ? {} : { clock: options.clock }),
      faults: this.#faults,
      onMatch: (match) => {
        this.#correlations?.note(match);
        if (!this.#silent.has(match.rule)) this.#keep(match);
      },
    });
    this.#skipsEvents = this.#correlations === null && !this.#detector.needsOrder;
  }

  /** Made with the plan, when the first record comes. */
  get #normaliser(): RecordNormaliser {
    const { strictElastic = false, timestampFields = [], fastPath = true } = this.#options;
    return (this.#madeNormaliser ??= createNormaliser({
      strictElastic,
      timestampFields,
      ...askedFields(this.#detector.plan, this.#scope, fastPath),
    }));
  }

  readonly #whole = (): Normalised => this.#normaliser.whole();

  record(record: LogRecord): void {
    let normalised: Normalised | null = null;
    if (record.kind === "windows" && this.#options.fastPath !== false) {
      const prefilter = (this.#logPrefilter ??= new LogPrefilter({
        filters: this.#detector.plan,
        normaliser: this.#normaliser,
        scope: this.#scope,
        strictElastic: this.#options.strictElastic ?? false,
      }));
      if (prefilter.settles(record)) {
        this.#settled(prefilter);
        return;
      }
      ({ normalised } = prefilter);
    }
    normalised ??= this.#normaliser.normalise(record);
    this.#tally.add(normalised);
    const fits = this.#scope.takesEvent(normalised.event);
    if (fits || !this.#skipsEvents) this.#detector.push(normalised, this.#whole);
  }

  /** Problems are the business of whoever reads. */
  problem(_problem: Problem): void {}

  file(_place: LogLocation, _format: string): void {}

  /** A copy of a record that was read before still says by whose clock its file goes. */
  copy(record: LogRecord): void {
    if (record.kind === "document") this.#normaliser.toRaw(record);
  }

  eventPrefilter(secrets: RecordSecrets | null): EventSettler | null {
    if (this.#options.fastPath === false) return null;
    return (this.#prefilter ??= new EventPrefilter({
      filters: this.#detector.plan,
      normaliser: this.#normaliser,
      strictElastic: this.#options.strictElastic ?? false,
      scope: this.#scope,
      skipsEvents: this.#skipsEvents,
      secrets,
      count: (settled) => this.#settled(settled),
    }));
  }

  #settled({ kind, time, scopeVerdict }: SettledEvent): void {
    this.#tally.addKind(kind, 1);
    if (time !== null) this.#tally.span.addParts(time.millis, time.nanos);
    this.#scope.count(scopeVerdict);
  }

  get events(): number {
    return this.#tally.events;
  }

  /** What an `EventScan` needs for this hunt. @param secrets null where copies of records are events. */
  scanSettings(secrets: RecordSecrets | null): ScanSettings {
    const { now, strictElastic, timestampFields, clock, fastPath } = this.#options;
    return {
      filters: this.#detector.filters,
      now: now ?? null,
      strictElastic: strictElastic ?? false,
      timestampFields: timestampFields ?? [],
      narrowing: this.#narrowing,
      skipsEvents: this.#skipsEvents,
      timed: clock !== undefined,
      fastPath: fastPath !== false,
      secrets,
    };
  }

  /** All records come from scans: what these could not compute of the rules themselves. */
  scanning(faults: readonly FilterFault[]): void {
    this.#detector.matchedElsewhere(null);
    for (const { filter, code } of faults) this.#detector.fault(filter, code);
  }

  /** The records of a batch, in their turn. @param seen null where copies of records are events. */
  scanned(batch: EventBatch, seen: SeenRecords | null): void {
    const { kinds, kindOf, millis, nanos, identities, files, events } = batch;
    let nextFile = 0;
    let nextEvent = 0;
    const times = new Uint32Array(kinds.length);
    const identity = { key: 0, key2: 0, content: 0, isNumbered: false };
    for (let record = 0; record < batch.records; record++) {
      for (; files[nextFile]?.at === record; nextFile++) seen?.file(files[nextFile]!.name);
      const event = events[nextEvent]?.at === record ? events[nextEvent++]! : null;
      if (seen !== null) {
        identity.key = identities[record * 4]!;
        identity.key2 = identities[record * 4 + 1]!;
        identity.content = identities[record * 4 + 2]!;
        identity.isNumbered = identities[record * 4 + 3] === 1;
        if (seen.isCopyOf(identity)) continue;
      }
      const kind = kindOf[record]!;
      // Kinds are listed in the order in which they first come.
      if (times[kind]!++ === 0) this.#tally.addKind(kinds[kind]!, 0);
      this.#tally.span.addParts(millis[record]!, nanos[record]!);
      if (event === null) continue;
      for (const { filter, code } of event.faults) this.#detector.fault(filter, code);
      this.#detector.accept(event.observed, event.matches);
    }
    for (; nextFile < files.length; nextFile++) seen?.file(files[nextFile]!.name);
    kinds.forEach((kind, number) => {
      if (times[number] === 0) return;
      this.#tally.addKind(kind, times[number] ?? 0);
      this.#scope.count(kind.scope, times[number]);
    });
  }

  /** A scan has ended. @param filterMillis what its filters took; null where they were not timed. */
  scanEnded(filterMillis: Float64Array | null): void {
    this.#detector.matchedElsewhere(filterMillis);
  }

  #keep(match: RuleMatch): void {
    const { rule } = match;
    if (!this.#isAsked(match)) {
      this.#leftOut.set(rule.key, (this.#leftOut.get(rule.key) ?? 0) + 1);
      return;
    }
    this.#judged = rule;
    const packageId = rule.key.slice(0, rule.key.lastIndexOf("/"));
    const exception =
      this.#exceptions.get(packageId)?.covering(
        shortId(rule),
        match.events.map((e) => e?.event ?? null),
      ) ?? null;
    const list = exception === null ? this.#alerts : this.#excepted;
    if (list.length >= this.#maxAlerts || this.#isTooHeavy(match)) {
      this.#notKept++;
      this.#faults.add(rule, "rule/alert-not-kept");
      return;
    }
    const alert = this.#store.make(match, this.#ids.of(matchId(match, this.#options.sha256)));
    if (exception !== null) this.#excepted.push({ alert, exception });
    else {
      this.#alerts.push(alert);
      this.#onAlert(alert);
    }
  }

  #isAsked(match: RuleMatch): boolean {
    if (this.#minSeverity !== null && SEVERITIES.indexOf(match.rule.severity) < SEVERITIES.indexOf(this.#minSeverity)) return false;
    return this.#scope.fitsAlert(match);
  }

  #isTooHeavy({ events }: RuleMatch): boolean {
    if (this.#maxWeight === Infinity) return false;
    let weight = 0;
    for (const observed of events) if (observed !== null) weight += weightOf(observed.event);
    if (this.#weight + weight > this.#maxWeight) return true;
    this.#weight += weight;
    return false;
  }

  /** What a rule saw of what is asked for. Events of a rule that looks at several are counted wherever they lie. */
  #askedOf(counts: RuleCounts, ofOneEvent: boolean): RuleCounts {
    const leftOut = this.#leftOut.get(counts.rule.key);
    if (leftOut === undefined) return counts;
    const { matched, alerts } = counts;
    return { ...counts, matched: ofOneEvent ? matched - leftOut : matched, alerts: alerts - leftOut };
  }

  finish(): HuntResult {
    this.#detector.finish();
    const correlated = this.#correlations?.finish((match) => this.#keep(match)) ?? null;
    const alerts = this.#alerts.sort(byTime);
    return {
      alerts,
      incidents: incidents(alerts),
      excepted: this.#excepted,
      alertsNotKept: this.#notKept,
      events: this.#tally.events,
      narrowing: this.#narrowing,
      leftOut: {
        ...this.#scope.leftOut,
        alerts: [...this.#leftOut.values()].reduce((sum, n) => sum + n, 0),
        rules: this.#rulesLeftOut,
      },
      sources: this.#tally.sources(),
      kinds: this.#tally.kinds(),
      unmapped: this.#tally.unmapped(),
      rules: [
        ...this.#detector
          .counts()
          .flatMap((counts) => (this.#silent.has(counts.rule) ? [] : [this.#askedOf(counts, isOfOneEvent(counts.rule))])),
        ...(correlated?.counts ?? []).map((counts) => this.#askedOf(counts, false)),
      ],
      faults: this.#faults.list(),
      withoutGroup: correlated?.withoutGroup ?? 0,
      firstEvent: this.#tally.span.first,
      lastEvent: this.#tally.span.last,
    };
  }
}

import { huntReport } from "../../report/index.ts";
import {
  Hunt,
  loadPackage,
  loadRules,
  placeText,
  runnableRules,
  Tuning,
  type Alert,
  type Detection,
  type ExceptionText,
  type HuntResult,
  type Observed,
  type InputSummary,
  type LogLocation,
  type LogRecord,
  type RuleFile,
  type RuleSet,
  type Spill,
} from "../../workbench/index.ts";
import type {
  AddedRules,
  ExceptionCondition,
  ExceptionDraft,
  ExportFormat,
  HuntSummary,
  InputFile,
  Opened,
  PackageTexts,
  Progress,
  RequestName,
  ProposedException,
  QueryAsk,
  QueryExportFormat,
  Requests,
} from "../protocol.ts";
import { csvOf, ndjsonOf } from "./exports.ts";
import { csvOf as queryCsv, ndjsonOf as queryNdjson, type SavedResult } from "./queries/result.ts";
import { runQuery } from "./queries/run.ts";
import { readFiles } from "./read-files.ts";
import { proposedException } from "./proposed-exception.ts";
import { ruleFiles } from "./rule-files.ts";
import { SeenValues } from "./seen-values.ts";
import { boundedView, detailOf, summaryOf } from "./summaries.ts";

/** Alerts kept whole in the page's memory; what is beyond is counted and the page says so. */
const MAX_ALERTS = 20_000;
/** The same in characters of their events: a few hundred megabytes are what a page may take. */
const MAX_WEIGHT = 150_000_000;
/** Faults of rules that are listed. */
const MAX_PROBLEMS = 500;

type Handlers = { readonly [N in RequestName]: (ask: Requests[N]["ask"]) => Requests[N]["answer"] | Promise<Requests[N]["answer"]> };

/** The workbench behind a page: one set of packages, one set of files, one hunt at a time. */
export class Bench implements Handlers {
  readonly #tell: (progress: Progress) => void;
  readonly #spill: Spill<Observed> | null;
  #packages: readonly Detection[] = [];
  #today = "";
  #files: readonly InputFile[] = [];
  #hunted: { readonly result: HuntResult; readonly input: InputSummary } | null = null;
  #alerts: ReadonlyMap<string, Alert> = new Map();
  #tunings = new Map<string, Tuning>();
  /** Rules of no package. */
  #rules: RuleSet | null = null;
  /** Of the last query. */
  #found: SavedResult | null = null;
  #seen = new SeenValues();
  /** What runs compares its number with this one at every slice. */
  #run = 0;

  /** `spill`: where events of sequences go when memory is full; without one they are dropped and counted. */
  constructor(tell: (progress: Progress) => void, spill: Spill<Observed> | null = null) {
    this.#tell = tell;
    this.#spill = spill;
  }

  open({ packages, today }: { readonly packages: readonly PackageTexts[]; readonly today: string }): Opened {
    const problems: string[] = [];
    const loaded: Detection[] = [];
    for (const { id, files } of packages) {
      const { package: detection, problems: found } = loadPackage(new Map(Object.entries(files)), { today });
      problems.push(...found.filter((p) => p.severity === "error").map((p) => `${id}/${placeText(p.place)}: ${p.message}`));
      if (detection !== null) loaded.push(detection);
    }
    this.#packages = loaded;
    this.#today = today;
    this.#tunings = new Map(loaded.map((detection) => [detection.id, new Tuning(detection, today)]));
    return {
      problems,
      packages: loaded.map((detection) => ({
        id: detection.id,
        title: detection.meta.title,
        cases: detection.cases.length,
        rules: detection.rules.map((rule) => ({ key: `${detection.id}/${rule.id}`, name: rule.name, severity: rule.severity })),
      })),
    };
  }

  /** Those that the page came with, and others that were given to it. */
  #allPackages(): Detection[] {
    const ids = new Set(this.#packages.map(({ id }) => id));
    return [...this.#packages, ...(this.#rules?.packages ?? []).filter(({ id }) => !ids.has(id))];
  }

  cancel(): null {
    this.#run++;
    return null;
  }

  async hunt({ files }: { readonly files: readonly InputFile[] }): Promise<HuntSummary> {
    const begun = performance.now();
    const run = ++this.#run;
    this.#files = files;
    let alerts = 0;
    const hunt = new Hunt({
      packages: this.#allPackages(),
      ...(this.#rules === null
        ? {}
        : { rules: this.#rules.rules, correlations: this.#rules.correlations, parts: this.#rules.parts, notRun: this.#rules.broken }),
      today: this.#today,
      now: Date.now(),
      maxAlerts: MAX_ALERTS,
      maxWeight: MAX_WEIGHT,
      spill: this.#spill,
      clock: () => performance.now(),
      onAlert: () => alerts++,
    });
    const seen = new SeenValues();
    const sink = {
      record(record: LogRecord): void {
        seen.record(record);
        hunt.record(record);
      },
      problem(): void {},
      file: (place: LogLocation, format: string): void => hunt.file(place, format),
    };
    const input = await readFiles(files, sink, {
      isCancelled: () => run !== this.#run,
      progress: (progress) => this.#tell({ ...progress, events: hunt.events, alerts }),
    });
    const result = hunt.finish();
    this.#hunted = { result, input };
    this.#alerts = new Map(result.alerts.map((alert) => [alert.id, alert]));
    this.#seen = seen;
    return summaryOf(result, input, this.#allPackages(), performance.now() - begun);
  }

  alert({ id }: { readonly id: string }): Requests["alert"]["answer"] {
    const alert = this.#alerts.get(id);
    return alert === undefined ? null : detailOf(alert);
  }

  ruleFiles({ files }: { readonly files: readonly InputFile[] }): Promise<boolean[]> {
    return ruleFiles(files);
  }

  async setRules({ files }: { readonly files: readonly InputFile[] }): Promise<AddedRules> {
    const read: RuleFile[] = [];
    for (const { name, file } of files) read.push({ path: name, bytes: new Uint8Array(await file.arrayBuffer()) });
    const set = loadRules(read, { today: this.#today });
    this.#rules = set;
    this.#tunings = new Map(this.#allPackages().map((detection) => [detection.id, new Tuning(detection, this.#today)]));
    const packaged = set.packages.flatMap((detection) => runnableRules(detection));
    return {
      rules: [...packaged, ...set.rules, ...set.correlations.map(({ rule }) => rule)].map(({ key, name, severity }) => ({
        key,
        name,
        severity,
      })),
      problems: set.problems
        .slice(0, MAX_PROBLEMS)
        .map(({ place, severity, message, help }) => ({ place: placeText(place), severity, message, help })),
      other: set.other,
    };
  }

  async query(ask: QueryAsk): Promise<Requests["query"]["answer"]> {
    const run = ++this.#run;
    let events = 0;
    const { answer, saved } = await runQuery(ask, this.#files, {
      isCancelled: () => run !== this.#run,
      events: (n) => (events = n),
      progress: (progress) => this.#tell({ ...progress, events, alerts: 0 }),
    });
    this.#found = saved;
    return answer;
  }

  exportQuery({ format }: { readonly format: QueryExportFormat }): Blob {
    if (this.#found === null) return new Blob([]);
    return format === "csv" ? queryCsv(this.#found) : queryNdjson(this.#found);
  }

  propose({ id }: { readonly id: string }): ProposedException | null {
    const alert = this.#alerts.get(id);
    if (alert === undefined) return null;
    const alerts = (this.#hunted?.result.alerts ?? []).map((one) => ({ ...one, marked: false }));
    return proposedException(alert.rule.key, id, alerts, this.#allPackages(), this.#rules, this.#today, this.#tunings);
  }

  values(): Requests["values"]["answer"] {
    return this.#seen.fields();
  }

  tune({ draft }: { readonly draft: ExceptionDraft }): Requests["tune"]["answer"] {
    const packageId = draft.rules[0]?.slice(0, draft.rules[0].lastIndexOf("/")) ?? "";
    const tuning = this.#tunings.get(packageId);
    const alerts = this.#hunted?.result.alerts ?? [];
    if (tuning === undefined)
      return {
        problems: ["It names no rule of a package."],
        removed: [],
        kept: alerts.length,
        cases: [],
        casesRun: 0,
        yaml: null,
      };
    const { removed, ...effect } = tuning.effect(exceptionOf(draft, this.#today), alerts);
    return { ...effect, removed: removed.map(boundedView), kept: alerts.length - removed.length };
  }

  export({ format, ids }: { readonly format: ExportFormat; readonly ids: readonly string[] | null }): Blob {
    if (this.#hunted === null) return new Blob([]);
    const { result, input } = this.#hunted;
    const chosen = ids === null ? null : new Set(ids);
    const alerts = chosen === null ? result.alerts : result.alerts.filter((alert) => chosen.has(alert.id));
    if (format === "ndjson") return ndjsonOf(alerts);
    if (format === "csv") return csvOf(alerts);
    const page = huntReport({ result, packages: this.#allPackages(), createdAt: new Date().toISOString(), input });
    return new Blob([page], { type: "text/html" });
  }
}

function exceptionOf(draft: ExceptionDraft, today: string): ExceptionText {
  return {
    id: slugOf(draft.title),
    title: draft.title,
    rules: draft.rules.map((key) => key.slice(key.lastIndexOf("/") + 1)),
    source: matchOf(draft.source),
    account: matchOf(draft.account),
    artefact: matchOf(draft.artefact),
    owner: draft.owner,
    reason: draft.reason,
    created: today,
    expires: draft.expires,
  };
}

function slugOf(title: string): string {
  const slug = title
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  return slug === "" ? "new-exception" : slug;
}

function matchOf(conditions: readonly ExceptionCondition[]): { [field: string]: string[] } {
  const match = new Map<string, string[]>();
  for (const { field, operator, value } of conditions) {
    if (field === "" || value === "") continue;
    match.set(field, [...(match.get(field) ?? []), WILDCARD[operator](value)]);
  }
  return Object.fromEntries(match);
}

const WILDCARD = {
  is: (value) => value,
  starts: (value) => `${value}*`,
  ends: (value) => `*${value}`,
  contains: (value) => `*${value}*`,
  block: (value) => value,
} as const satisfies { readonly [O in ExceptionCondition["operator"]]: (value: string) => string };

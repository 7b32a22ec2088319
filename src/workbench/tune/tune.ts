/** What an exception would do before it is written down: to the alerts of a hunt, and to the package's own proof. */
import { stringify } from "yaml";
import {
  EXCEPTION_PARTS,
  exceptionsOf,
  tooBroad,
  EXCEPTION,
  type Detection,
  type Exception,
  type ExceptionPart,
  type ExceptionText,
} from "../../catalog/index.ts";
import { ExceptionSet, type Alert } from "../../detect/index.ts";
import type { EventDocument } from "../../eql/index.ts";
import { prove } from "../prove/prove.ts";
import { runnable } from "../query/run-query.ts";

/** What tuning needs of an alert: of a hunt, or read back from where it was written. */
export interface TunableAlert {
  readonly rule: { readonly key: string };
  readonly events: readonly ({ readonly event: EventDocument } | null)[];
}

export interface TuningEffect<A extends TunableAlert = Alert> {
  /** What keeps it from being an exception of tuning.yaml, a sentence each; then `yaml` is null. The effect is reported all the same. */
  readonly problems: readonly string[];
  readonly removed: readonly A[];
  readonly cases: readonly TunedCase[];
  /** Cases that were run. */
  readonly casesRun: number;
  /** One item of `exceptions`, ready to be pasted. */
  readonly yaml: string | null;
}

/** A proof case that loses alerts. */
export interface TunedCase {
  readonly name: string;
  readonly title: string;
  readonly kind: "positive" | "negative" | "evasion";
  /** Rules that alert without the exception and not with it. */
  readonly rules: readonly string[];
  /** An attack that no rule would detect any more. */
  readonly silenced: boolean;
}

/** A case as it stands: which rules alert in it, each with all its matches. */
interface Standing {
  readonly case: Detection["cases"][number];
  readonly fired: readonly { readonly rule: string; readonly matches: readonly (readonly (EventDocument | null)[])[] }[];
}

/** One package under tuning: its cases are run once, as they stand. */
export class Tuning {
  readonly #detection: Detection;
  readonly #today: string;
  #standing: readonly Standing[] | null = null;

  constructor(detection: Detection, today: string) {
    this.#detection = detection;
    this.#today = today;
  }

  /**
   * Parts may be empty while somebody is still writing: what is there is then applied alone, and the problem named.
   * @param others exceptions that are to be written down with it, whose effect on the cases is counted in
   */
  effect<A extends TunableAlert>(text: ExceptionText, alerts: readonly A[], others: readonly ExceptionText[] = []): TuningEffect<A> {
    const problems = this.#problems(text);
    const exception = previewOf(text);
    if (exception === null) return { problems, removed: [], cases: [], casesRun: 0, yaml: null };
    const set = new ExceptionSet([exception]);
    const prefix = `${this.#detection.id}/`;
    const removed = alerts.filter(
      (alert) =>
        alert.rule.key.startsWith(prefix) &&
        set.covering(
          alert.rule.key.slice(prefix.length),
          alert.events.map((e) => e?.event ?? null),
        ) !== null,
    );
    this.#standing ??= this.#prove();
    const beside = others.flatMap((other) => previewOf(other) ?? []);
    const all = new ExceptionSet([...exceptionsOf(this.#detection.tuning, this.#today), ...beside, exception]);
    return {
      problems,
      removed,
      cases: casesOf(this.#standing, all),
      casesRun: this.#standing.length,
      yaml: problems.length > 0 ? null : exceptionYaml(text),
    };
  }

  #prove(): Standing[] {
    const run = new Map(this.#detection.rules.map((rule) => [rule.id, runnable(rule.tree)]));
    return prove(this.#detection, { today: this.#today }).cases.map(({ case: c, fired, events }) => ({
      case: c,
      fired: fired.map((rule) => ({ rule, matches: run.get(rule)!(events) })),
    }));
  }

  #problems(text: ExceptionText): string[] {
    const problems: string[] = [];
    for (const part of EXCEPTION_PARTS)
      if (Object.keys(text[part]).length === 0)
        problems.push(`It names no ${part}: an exception is a source and an account and an artefact, or it hides an attacker too.`);
    if (problems.length === 0) {
      const read = EXCEPTION.safeParse(text);
      if (!read.success) problems.push(...read.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`));
    }
    for (const part of EXCEPTION_PARTS) {
      for (const [field, values] of Object.entries(text[part])) {
        for (const value of values) {
          const broad = value.startsWith("@") ? null : tooBroad(value);
          if (broad !== null) problems.push(`${field}: '${value}' ${broad}.`);
        }
      }
    }
    for (const rule of text.rules)
      if (!this.#detection.rules.some((r) => r.id === rule)) problems.push(`There is no rule ${rule} in ${this.#detection.id}.`);
    if (this.#detection.tuning.exceptions.some((e) => e.id === text.id)) problems.push(`There is an exception '${text.id}' already.`);
    if (text.expires < this.#today) problems.push("It has expired already.");
    return problems;
  }
}

/** One item of `exceptions` in tuning.yaml. */
export function exceptionYaml(text: ExceptionText): string {
  return stringify([text], { lineWidth: 110, defaultStringType: "PLAIN" });
}

function casesOf(standing: readonly Standing[], exceptions: ExceptionSet): TunedCase[] {
  return standing.flatMap(({ case: c, fired }): TunedCase[] => {
    const rules = fired
      .filter(({ rule, matches }) => matches.every((events) => exceptions.covering(rule, events) !== null))
      .map(({ rule }) => rule);
    if (rules.length === 0) return [];
    return [{ name: c.name, title: c.title, kind: c.kind, rules, silenced: c.kind !== "negative" && rules.length === fired.length }];
  });
}

/** A part that is not written yet stands for none of its own: it repeats one that is. Null when nothing is written. */
function previewOf(text: ExceptionText): Exception | null {
  const part = (name: (typeof EXCEPTION_PARTS)[number]): ExceptionPart =>
    Object.entries(text[name]).map(([field, values]) => ({ field, values }));
  const written = EXCEPTION_PARTS.map(part).find((p) => p.length > 0);
  if (written === undefined) return null;
  const or = (p: ExceptionPart): ExceptionPart => (p.length > 0 ? p : written);
  const parts = { source: or(part("source")), account: or(part("account")), artefact: or(part("artefact")) };
  const { id, title, rules, owner, reason, expires } = text;
  return { id, title, rules, parts, owner, reason, expires };
}

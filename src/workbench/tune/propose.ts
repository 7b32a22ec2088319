/**
 * Proposes exceptions for alerts that are false positives: alerts of a rule that share source, account and artefact become one
 * exception, as narrow as its alerts allow, and each is held against the package's own cases before anybody pastes it.
 */
import type { Detection, ExceptionText } from "../../catalog/index.ts";
import type { WrittenAlert } from "./alerts.ts";
import { draftOf, merged, slug, type Draft } from "./draft.ts";
import { Tuning, type TunedCase } from "./tune.ts";

export interface ProposeOptions {
  readonly today: string;
  /** Who answers for the exceptions. */
  readonly owner: string;
  readonly reason: string;
  /** `2027-02-22` */
  readonly expires: string;
  /** Alert ids that are false positives. Empty: those the documents mark, and without any mark all alerts. */
  readonly falsePositives: readonly string[];
}

export interface Proposal {
  /**
   * `offered`: removes false positives and nothing else. `hides-more`: also hides alerts that are not marked. `refused`: it would
   * silence a case of the package that shows an attack, or tuning.yaml would not take it.
   */
  readonly verdict: "offered" | "hides-more" | "refused";
  readonly exception: ExceptionText;
  /** Ids of the false positives it removes. */
  readonly removes: readonly string[];
  /** Other alerts it would have hidden. */
  readonly alsoHides: readonly { readonly id: string; readonly rule: string; readonly what: string; readonly host: string }[];
  /** Cases that lose alerts by it. */
  readonly cases: readonly TunedCase[];
  readonly casesRun: number;
  /** Why it is refused, a sentence each. */
  readonly problems: readonly string[];
  /** One item of `exceptions`, ready to be pasted; null when refused. */
  readonly yaml: string | null;
}

export interface Proposals {
  readonly detection: string;
  /** Alerts of the package's rules that were read. */
  readonly alerts: number;
  readonly falsePositives: number;
  /** No alert was marked, so all of them were taken for false positives. */
  readonly allTaken: boolean;
  /** Those that remove most first; refused ones last. */
  readonly proposals: readonly Proposal[];
  /** False positives for which there can be no exception, and what they lack. */
  readonly left: readonly { readonly id: string; readonly rule: string; readonly what: string; readonly why: string }[];
  /** Ids that were named and are no alert of the package. */
  readonly unknownIds: readonly string[];
}

export function propose(detection: Detection, alerts: readonly WrittenAlert[], options: ProposeOptions): Proposals {
  const own = alerts.filter((alert) => alert.rule.key.startsWith(`${detection.id}/`));
  const named = new Set(options.falsePositives);
  const marked = named.size > 0 ? own.filter((a) => named.has(a.id)) : own.filter((a) => a.marked);
  const allTaken = named.size === 0 && marked.length === 0;
  const wrong = allTaken ? own : marked;
  const wrongIds = new Set(wrong.map((a) => a.id));
  const left: Proposals["left"][number][] = [];
  const drafts = merged(
    wrong.flatMap((alert) => {
      const draft = draftOf(
        alert,
        alert.events.flatMap((e) => (e === null ? [] : [e.event])),
      );
      if (typeof draft !== "string") return [draft];
      left.push({ id: alert.id, rule: alert.rule.key, what: alert.what, why: draft });
      return [];
    }),
  );
  const tuning = new Tuning(detection, options.today);
  const taken = new Set(detection.tuning.exceptions.map((e) => e.id));
  const proposals = drafts.map((draft): Proposal => {
    const exception = exceptionOf(draft, taken, options);
    const effect = tuning.effect(exception, own);
    const attacks = effect.cases.filter((c) => c.kind !== "negative");
    const problems = [
      ...effect.problems,
      ...attacks.map((c) => `It hides ${c.rules.join(", ")} in the ${c.kind} case ${c.name}, so tocsin prove would fail.`),
    ];
    const alsoHides = effect.removed
      .filter((a) => !wrongIds.has(a.id))
      .map(({ id, rule, what, host }) => ({ id, rule: rule.key, what, host }));
    return {
      verdict: problems.length > 0 ? "refused" : alsoHides.length > 0 ? "hides-more" : "offered",
      exception,
      removes: effect.removed.filter((a) => wrongIds.has(a.id)).map((a) => a.id),
      alsoHides,
      cases: effect.cases,
      casesRun: effect.casesRun,
      problems,
      yaml: problems.length > 0 ? null : effect.yaml,
    };
  });
  const order = { offered: 0, "hides-more": 1, refused: 2 } as const;
  const known = new Set(own.map((a) => a.id));
  return {
    detection: detection.id,
    alerts: own.length,
    falsePositives: wrong.length,
    allTaken,
    proposals: proposals.sort((a, b) => order[a.verdict] - order[b.verdict] || b.removes.length - a.removes.length),
    left,
    unknownIds: [...named].filter((id) => !known.has(id)),
  };
}

function exceptionOf({ rules, source, account, artefact }: Draft, taken: Set<string>, options: ProposeOptions): ExceptionText {
  const who = Object.values(account)[0]![0]!;
  const where = Object.values(source)[0]!;
  const list = [...rules].sort();
  const base = slug(`${who} ${list.join(" ")}`);
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  taken.add(id);
  return {
    id,
    title: `${who} from ${where.length === 1 ? where[0]! : `${where.length} machines`}: ${list.join(", ")}`,
    rules: list,
    source,
    account,
    artefact,
    owner: options.owner,
    reason: options.reason,
    created: options.today,
    expires: options.expires,
  };
}

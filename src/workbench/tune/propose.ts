/**
 * Proposes exceptions for alerts that are false positives: alerts of a rule that share source, account and artefact become one
 * exception, as narrow as its alerts allow, and each is held against the package's own cases before anybody pastes it. One that
 * would hide an attack is divided, and narrowed to the very values of its alerts, before it is refused.
 */
import type { Detection, ExceptionText } from "../../catalog/index.ts";
import type { WrittenAlert } from "./alerts.ts";
import { draftOf, merged, mergedRules, mergedSame, slug, type Draft } from "./draft.ts";
import { shapeOf } from "./shape.ts";
import { exceptionYaml, Tuning, type TunedCase } from "./tune.ts";

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
  /** Those that remove most first; refused ones last. None that removes only what those before it remove. */
  readonly proposals: readonly Proposal[];
  /** False positives for which there can be no exception, and what they lack. */
  readonly left: readonly { readonly id: string; readonly rule: string; readonly what: string; readonly why: string }[];
  /** Ids that were named and are no alert of the package. */
  readonly unknownIds: readonly string[];
}

/** @param tuning of the same package and day, where its cases were run before */
export function propose(
  detection: Detection,
  alerts: readonly WrittenAlert[],
  options: ProposeOptions,
  tuning: Tuning = new Tuning(detection, options.today),
): Proposals {
  const own = alerts.filter((alert) => alert.rule.key.startsWith(`${detection.id}/`));
  const named = new Set(options.falsePositives);
  const marked = named.size > 0 ? own.filter((a) => named.has(a.id)) : own.filter((a) => a.marked);
  const allTaken = named.size === 0 && marked.length === 0;
  const wrong = allTaken ? own : marked;
  const wrongIds = new Set(wrong.map((a) => a.id));
  const byId = new Map(own.map((alert) => [alert.id, alert]));
  const left: Proposals["left"][number][] = [];
  const taken = new Set(detection.tuning.exceptions.map((e) => e.id));
  const judge = (draft: Draft): Proposal => {
    const exception = exceptionOf(draft, options, taken);
    const effect = tuning.effect(exception, own);
    const attacks = effect.cases.filter((c) => c.kind !== "negative");
    const gone = new Set(effect.removed.map(({ id }) => id));
    const missed = draft.ids.filter((id) => !gone.has(id));
    const problems = [
      ...effect.problems,
      ...attacks.map((c) => `It hides ${c.rules.join(", ")} in the ${c.kind} case ${c.name}, so tocsin prove would fail.`),
      ...(missed.length > 0 ? [`It does not take away ${missed.join(", ")}.`] : []),
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
  };
  /** The alerts as drafts of a step. Those that can have none are left. */
  const draftsOf = (step: (typeof STEPS)[number], some: readonly WrittenAlert[]): Draft[] =>
    step.merge(
      some.flatMap((alert) => {
        const events = alert.events.flatMap((e) => (e === null ? [] : [e.event]));
        const draft = draftOf(alert, events, step.form);
        if (typeof draft !== "string") return [draft];
        if (step === STEPS[0]) left.push({ id: alert.id, rule: alert.rule.key, what: alert.what, why: draft });
        return [];
      }),
    );
  const proposed = (draft: Draft, at: number): Proposal[] => {
    const whole = judge(draft);
    const next = STEPS[at + 1];
    const finer =
      whole.verdict === "offered" || next === undefined
        ? []
        : draftsOf(
            next,
            draft.ids.flatMap((id) => byId.get(id) ?? []),
          );
    if (finer.length > 0) {
      const parts = finer.flatMap((one) => proposed(one, at + 1));
      // Divided only where that rescues something.
      if (parts.some((part) => ORDER[part.verdict] < ORDER[whole.verdict])) return parts;
    }
    return [whole];
  };
  const proposals = withoutCovered(
    draftsOf(STEPS[0], wrong)
      .flatMap((draft) => proposed(draft, 0))
      .sort(byVerdict),
  );
  const known = new Set(own.map((a) => a.id));
  return {
    detection: detection.id,
    alerts: own.length,
    falsePositives: wrong.length,
    allTaken,
    proposals: together(proposals, tuning)
      .sort(byVerdict)
      .map((proposal) => withFreeId(proposal, taken)),
    left,
    unknownIds: [...named].filter((id) => !known.has(id)),
  };
}

const AS_IT_IS = (value: string): string => value;

/** From what is easiest to look after to what is narrowest. */
const STEPS = [
  { merge: merged, form: shapeOf },
  { merge: mergedRules, form: shapeOf },
  { merge: mergedRules, form: AS_IT_IS },
  { merge: mergedSame, form: AS_IT_IS },
] as const;

const ORDER = { offered: 0, "hides-more": 1, refused: 2 } as const;

type Judged = Pick<Proposal, "verdict" | "removes">;

/** The order of proposals: offered ones first, of these the one that removes most. */
export function byVerdict(a: Judged, b: Judged): number {
  return ORDER[a.verdict] - ORDER[b.verdict] || b.removes.length - a.removes.length;
}

/** Without those that remove nothing but what offered ones before them remove already. @param proposals in the order of `byVerdict` */
export function withoutCovered<P extends Judged>(proposals: readonly P[]): P[] {
  const gone = new Set<string>();
  return proposals.filter(({ verdict, removes }) => {
    if (removes.length > 0 && removes.every((id) => gone.has(id))) return false;
    if (verdict === "offered") for (const id of removes) gone.add(id);
    return true;
  });
}

/** Harmless each, exceptions may hide an attack together: all matches of a rule in a case, some each. The later one is refused then. */
function together(proposals: readonly Proposal[], tuning: Tuning): Proposal[] {
  const offered: ExceptionText[] = [];
  return proposals.map((proposal) => {
    if (proposal.verdict !== "offered") return proposal;
    const { cases } = tuning.effect(proposal.exception, [], offered);
    const attacks = cases.filter((c) => c.kind !== "negative");
    if (attacks.length === 0) {
      offered.push(proposal.exception);
      return proposal;
    }
    const problems = attacks.map(
      (c) =>
        `Together with those that are offered it hides ${c.rules.join(", ")} in the ${c.kind} case ${c.name}, so tocsin prove would fail.`,
    );
    return { ...proposal, verdict: "refused", problems, yaml: null };
  });
}

/** With an id of its own. @param taken receives it */
function withFreeId(proposal: Proposal, taken: Set<string>): Proposal {
  const exception = { ...proposal.exception, id: freeId(proposal.exception.id, taken) };
  taken.add(exception.id);
  return { ...proposal, exception, yaml: proposal.yaml === null ? null : exceptionYaml(exception) };
}

function freeId(base: string, taken: ReadonlySet<string>): string {
  let id = base;
  for (let n = 2; taken.has(id); n++) id = `${base}-${n}`;
  return id;
}

function exceptionOf({ rules, source, account, artefact }: Draft, options: ProposeOptions, taken: ReadonlySet<string>): ExceptionText {
  const who = Object.values(account)[0]![0]!;
  const where = Object.values(source)[0]!;
  const list = [...rules].sort();
  return {
    id: freeId(slug(`${who} ${list.join(" ")}`), taken),
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

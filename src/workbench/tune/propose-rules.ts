/** Proposes exceptions for alerts of rules that belong to no package, each in the form of the rule's platform. */
import type { RunnableRule } from "../../detect/index.ts";
import type { Expr } from "../../eql/index.ts";
import { ruleDetails } from "../rules/details.ts";
import type { RuleSet } from "../rules/load.ts";
import type { WrittenAlert } from "./alerts.ts";
import { draftOf, merged, type Draft } from "./draft.ts";
import { byVerdict, withoutCovered, type Proposal, type Proposals, type ProposeOptions } from "./propose.ts";
import { exceptionForm, takesAway, type ExceptionFile, type ExceptionForm } from "./rule-exceptions.ts";

export interface RuleProposal extends Pick<Proposal, "verdict" | "removes" | "alsoHides" | "problems"> {
  /** Fields and their values, all of which must hold of an event. */
  readonly fields: Readonly<Record<string, readonly string[]>>;
  /** Cases that hold without it and not with it: proofs it would break. */
  readonly breaks: readonly { readonly case: string; readonly file: string; readonly line: number }[];
  readonly casesRun: number;
  /** What a file of it is called: `psexec-by-name.filter.yml` */
  readonly fileName: string;
  /** Null when refused. */
  readonly text: string | null;
}

export interface RuleProposals extends Pick<Proposals, "alerts" | "falsePositives" | "allTaken" | "left"> {
  readonly rule: string;
  readonly name: string;
  /** Those that remove most first; refused ones last. None that removes only what those before it remove. */
  readonly proposals: readonly RuleProposal[];
  /** Everything that is offered, in one file; null where nothing is. */
  readonly file: Pick<ExceptionFile, "kind" | "name" | "text"> | null;
}

/** What is known of a proposal before the rule's cases are run. */
interface Untried {
  readonly draft: Draft;
  readonly file: ExceptionFile;
  readonly removes: readonly string[];
  readonly alsoHides: RuleProposal["alsoHides"];
}

/** The tuning of one rule: its cases are run by whoever can read their logs. */
export class RuleTuning {
  readonly rule: RunnableRule;
  readonly #form: ExceptionForm | null;
  readonly #options: ProposeOptions;
  readonly #untried: readonly Untried[];
  readonly #base: Omit<RuleProposals, "proposals" | "file">;

  constructor(set: RuleSet, rule: RunnableRule, alerts: readonly WrittenAlert[], options: ProposeOptions) {
    this.rule = rule;
    this.#options = options;
    const own = alerts.filter((alert) => alert.rule.key === rule.key);
    const named = new Set(options.falsePositives);
    const marked = own.filter((alert) => (named.size > 0 ? named.has(alert.id) : alert.marked));
    const allTaken = named.size === 0 && !alerts.some((alert) => alert.marked);
    const wrong = allTaken ? own : marked;
    const left: Proposals["left"][number][] = [];
    const source = set.sources.get(rule.key);
    const bare = ruleDetails(set, rule)?.kind === "EQL query";
    const form = source === undefined ? "It is of a package." : exceptionForm(rule, source, bare);
    this.#form = typeof form === "string" ? null : form;
    const drafts = wrong.flatMap((alert) => {
      const draft = typeof form === "string" ? form : eventDraft(alert, form);
      if (typeof draft !== "string") return [draft];
      left.push({ id: alert.id, rule: alert.rule.key, what: alert.what, why: draft });
      return [];
    });
    const wrongIds = new Set(wrong.map(({ id }) => id));
    const untried = merged(drafts).flatMap((draft): Untried[] => {
      const file = this.#form!.file([draft], options);
      if (typeof file === "string") {
        for (const id of draft.ids) left.push({ id, rule: rule.key, what: "", why: file });
        return [];
      }
      const isGone = takesAway(rule, file.condition);
      const gone = own.filter(({ events }) => isGone(events));
      return [
        {
          draft,
          file,
          removes: gone.filter(({ id }) => wrongIds.has(id)).map(({ id }) => id),
          alsoHides: gone.filter(({ id }) => !wrongIds.has(id)).map(({ id, what, host }) => ({ id, rule: rule.key, what, host })),
        },
      ];
    });
    // What removes most is tried first: a later one that breaks a proof together with it is refused.
    this.#untried = untried.sort((a, b) => b.removes.length - a.removes.length);
    this.#base = { rule: rule.key, name: rule.name, alerts: own.length, falsePositives: wrong.length, allTaken, left };
  }

  /** What each proposal takes away, in the order in which `finish` wants what came of the cases. */
  get conditions(): readonly Expr[] {
    return this.#untried.map(({ file }) => file.condition);
  }

  /** @param tried per proposal: the cases it breaks, and how many were run */
  finish(tried: readonly Pick<RuleProposal, "breaks" | "casesRun">[]): RuleProposals {
    const judged = this.#untried.map(({ draft, file, removes, alsoHides }, i) => {
      const { breaks = [], casesRun = 0 } = tried[i] ?? {};
      const problems = breaks.map(({ case: name }) => `It hides what the case '${name}' proves, so tocsin prove would fail.`);
      const missed = draft.ids.filter((id) => !removes.includes(id));
      if (missed.length > 0) problems.push(`It does not take away ${missed.join(", ")}: the events of a group have to be alike.`);
      const verdict = problems.length > 0 ? "refused" : alsoHides.length > 0 ? "hides-more" : "offered";
      const fields = { ...draft.source, ...draft.account, ...draft.artefact };
      const text = verdict === "refused" ? null : file.text;
      return { draft, proposal: { verdict, fields, removes, alsoHides, breaks, casesRun, problems, fileName: file.name, text } as const };
    });
    const proposals = withoutCovered(judged.map(({ proposal }) => proposal).sort(byVerdict));
    const offered = judged
      .filter(({ proposal }) => proposal.verdict === "offered" && proposals.includes(proposal))
      .map(({ draft }) => draft);
    const file = offered.length === 0 ? null : this.#form!.file(offered, this.#options);
    return {
      ...this.#base,
      proposals,
      file: file === null || typeof file === "string" ? null : { kind: file.kind, name: file.name, text: file.text },
    };
  }
}

/** Of the last event that has a source, an account and an artefact: the forms look at one event at a time. */
function eventDraft(alert: WrittenAlert, form: ExceptionForm): Draft | string {
  let why = "It has no events.";
  for (const one of alert.events.toReversed()) {
    if (one === null) continue;
    const draft = draftOf(alert, [one.event]);
    const named = typeof draft === "string" ? draft : form.named(draft, one.event);
    if (typeof named !== "string") return named;
    why = named;
  }
  return why;
}

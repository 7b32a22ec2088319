/**
 * Exceptions of rules that belong to no package, in the form their platform has: a Sigma filter, items of a Kibana exception list, a
 * clause of a bare EQL query. All look at one event at a time.
 */
import { derivedUuid, ecsSchema } from "../../catalog/index.ts";
import { textAt, type EventDocument, type RunnableRule } from "../../detect/index.ts";
import { exceptedEvents } from "../../elastic/index.ts";
import { compileFilter, make, NOWHERE, parse, parseWildcard, print, type EventFilter, type Expr, type Query } from "../../eql/index.ts";
import { filteredAway, logSourceKey, printFilter, sigmaFieldOf, type LogSourceName } from "../../sigma/index.ts";
import { sharedExceptions, type RuleException } from "../../translate/index.ts";
import type { RuleSource } from "../rules/standalone.ts";
import { plainName } from "../translate/metadata.ts";
import { slug, type Draft } from "./draft.ts";
import type { ProposeOptions } from "./propose.ts";

export type RuleExceptionKind = "sigma-filter" | "kibana-exceptions" | "eql-clause";

/** A file with exceptions of one rule. */
export interface ExceptionFile {
  readonly kind: RuleExceptionKind;
  /** `psexec-by-name.filter.yml` */
  readonly name: string;
  readonly text: string;
  /** What holds of the events it takes away. Read from the text, as whoever runs it reads it. */
  readonly condition: Expr;
}

type Fields = Readonly<Record<string, readonly string[]>>;

/** How exceptions of one rule are written. */
export interface ExceptionForm {
  /** The draft in the fields of the form; a sentence where it has none for a part. */
  readonly named: (draft: Draft, event: EventDocument) => Draft | string;
  /** Throws nothing: the drafts are named. */
  readonly file: (drafts: readonly Draft[], options: ProposeOptions) => ExceptionFile | string;
}

/** A sentence where the rule can have no exceptions. */
export function exceptionForm(rule: RunnableRule, source: RuleSource, isBare: boolean): ExceptionForm | string {
  switch (source.kind) {
    case "correlation":
      return "It is a correlation: filter the rules that it is made of.";
    case "sigma": {
      const { id, name, logsource } = source.rule;
      const reference = id ?? name;
      return reference === null
        ? "The rule has neither an id nor a name that a filter could refer to."
        : sigmaForm({ reference, title: rule.name, logsource });
    }
    default:
      return isBare ? eqlForm(rule, source.content.query ?? "") : kibanaForm(rule);
  }
}

function fieldsOf({ source, account, artefact }: Draft): Fields {
  return { ...source, ...account, ...artefact };
}

// ---------------------------------------------------------------------------------------------------- Sigma

interface SigmaTarget {
  readonly reference: string;
  readonly title: string;
  readonly logsource: LogSourceName;
}

function sigmaForm({ reference, title, logsource }: SigmaTarget): ExceptionForm {
  const named = (part: Draft["source"], event: EventDocument): Draft["source"] | string => {
    const out: Draft["source"] = {};
    for (const [field, values] of Object.entries(part)) {
      const found = sigmaFieldOf(logsource, field);
      if (found === null) return `No field of the log source ${logSourceKey(logsource)} has ${field}.`;
      const domain = textAt(event, "user.domain");
      if (!found.isAccount) out[found.name] = [...values];
      else if (domain === undefined) out[field] = [...values];
      else out[found.name] = values.map((value) => `${domain}\\${value}`);
    }
    return out;
  };
  return {
    named(draft, event) {
      const [source, account, artefact] = [draft.source, draft.account, draft.artefact].map((part) => named(part, event));
      if (typeof source !== "object") return source ?? "";
      if (typeof account !== "object") return account ?? "";
      if (typeof artefact !== "object") return artefact ?? "";
      return { ...draft, source, account, artefact };
    },
    file(drafts, { owner, reason, expires, today }) {
      const filters = drafts.map((draft) => {
        const fields = fieldsOf(draft);
        return printFilter({
          id: derivedUuid(JSON.stringify([reference, fields])),
          title: `Known: ${titleOf(draft)} (${title})`,
          description: `${reason}. Owner: ${owner}. Review it by ${expires}.`,
          date: today,
          logsource,
          rules: [reference],
          fields,
        });
      });
      const condition = make.any(
        filters.map((text) => filteredAway(text, logsource)),
        NOWHERE,
      );
      return { kind: "sigma-filter", name: `${plainName(title)}.filter.yml`, text: filters.join("---\n"), condition };
    },
  };
}

// --------------------------------------------------------------------------------------------------- Kibana

function kibanaForm(rule: RunnableRule): ExceptionForm {
  return {
    named: (draft) => draft,
    file(drafts, { owner, reason, expires }) {
      const taken = new Map<string, number>();
      const exceptions = drafts.map((draft): RuleException => {
        const base = slug(titleOf(draft));
        const number = (taken.get(base) ?? 0) + 1;
        taken.set(base, number);
        return {
          id: number === 1 ? base : `${base}-${number}`,
          title: titleOf(draft),
          conditions: Object.entries(fieldsOf(draft)).map(([field, values]) => ({ field, values })),
          owner,
          reason: `${reason}.`,
          expires,
        };
      });
      const made = sharedExceptions({ ruleId: rule.key, title: rule.name }, exceptions);
      if (made === null || made.leftOut.length > 0) return "It has too many combinations of wildcards for Kibana.";
      const condition = exceptedEvents(made.text, ecsSchema());
      return { kind: "kibana-exceptions", name: `${plainName(rule.name)}.exceptions.ndjson`, text: made.text, condition };
    },
  };
}

// ------------------------------------------------------------------------------------------------------ EQL

function eqlForm(rule: RunnableRule, text: string): ExceptionForm {
  return {
    named: (draft) => draft,
    file(drafts) {
      const condition = make.any(
        drafts.map((draft) =>
          make.all(
            Object.entries(fieldsOf(draft)).map(([field, values]) =>
              make.matches(
                make.field(field, NOWHERE),
                values.map((value) => make.wildcard(parseWildcard(value), NOWHERE)),
                true,
                NOWHERE,
              ),
            ),
            NOWHERE,
          ),
        ),
        NOWHERE,
      );
      const { query } = parse(text);
      if (query === null) return "Its query cannot be read by itself.";
      return { kind: "eql-clause", name: `${rule.key}.eql`, text: `${print(withoutEvents(query, condition))}\n`, condition };
    },
  };
}

// ------------------------------------------------------------------------------------------------- the effect

/** The query without the events of which the condition holds. */
export function withoutEvents(query: Query, condition: Expr): Query {
  const map = (filter: EventFilter): EventFilter => ({
    ...filter,
    condition: make.all([filter.condition, make.not(condition, NOWHERE)], NOWHERE),
  });
  if (query.kind === "event") return { ...query, filter: map(query.filter) };
  if (query.kind === "sample") return { ...query, items: query.items.map((item) => ({ ...item, filter: map(item.filter) })) };
  return { ...query, items: query.items.map((item) => ({ ...item, filter: map(item.filter) })) };
}

/** Whether a rule without the events makes no such alert: a group loses all its events, anything else one that has to be there. */
export function takesAway(
  rule: Pick<RunnableRule, "grouping">,
  condition: Expr,
): (events: readonly ({ readonly event: EventDocument } | null)[]) => boolean {
  const test = compileFilter({ span: NOWHERE, category: null, condition }, { schema: ecsSchema() });
  return (events) => {
    const there = events.flatMap((one) => (one === null ? [] : [one.event]));
    return rule.grouping === undefined ? there.some(test) : there.every(test);
  };
}

function titleOf({ account, source }: Draft): string {
  const where = Object.values(source)[0] ?? [];
  return `${Object.values(account)[0]?.[0] ?? ""} from ${where.length === 1 ? where[0]! : `${where.length} machines`}`;
}

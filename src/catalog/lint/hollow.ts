/** Proof and texts that say nothing: placeholders, cases without an event that a rule looks at, negative cases that could not alert. */
import { compileCondition, fieldAccess, make, walk, type EventDocument, type EventFilter, type Expr, type Query } from "../../eql/index.ts";
import { scaffoldDetection } from "../scaffold/scaffold.ts";
import type { LintCode } from "./codes.ts";
import type { LintCase, LintRule } from "./lint-rule.ts";

/** Reports a finding about a rule. */
export type ReportHollow = (rule: LintRule, code: LintCode, message: string) => void;

export function hollow(rules: readonly LintRule[], report: ReportHollow): void {
  for (const rule of rules)
    for (const { where, text } of rule.texts ?? [])
      if (isPlaceholder(text)) report(rule, "placeholder-text", `${where} is a placeholder: ${JSON.stringify(text.trim().slice(0, 80))}.`);
  const about = new Map<LintCase, LintRule[]>();
  for (const rule of rules) for (const one of rule.cases ?? []) about.set(one, [...(about.get(one) ?? []), rule]);
  for (const [one, of] of about) {
    // That it has no events at all, its proof says.
    if (one.events.length === 0) continue;
    // A case may be about several rules, of which one is enough.
    const looking = of.filter((rule) => rule.sources.length === 0 || one.events.some((event) => isOfSources(event, rule)));
    if (looking.length === 0)
      report(
        of[0]!,
        "case-without-source",
        `No event of the case ${one.name} is of a data source of ${of.map(({ id }) => id).join(", ")}.`,
      );
    else if (one.isNegative && looking.every(({ query }) => isFarFrom(query, one.events)))
      report(
        of[0]!,
        "trivial-negative",
        `No clause of ${of.map(({ id }) => id).join(", ")} matches any event of the negative case ${one.name}: it could not alert whatever the rest says.`,
      );
  }
}

// ------------------------------------------------------------------------------------------------------- texts

const PLACEHOLDERS = [
  /\b(?:TODO|TBD|FIXME)\b/,
  /\bFILL IN\b/,
  /\blorem ipsum\b/i,
  /^(?:add |your |put |a |the )?(?:short )?(?:description|title|name|text|reason|summary|story)(?: goes)? here\W*$/i,
];

let scaffold: ReadonlySet<string> | undefined;

/** The texts that `tocsin new` writes for somebody to replace; all begin with the same word. */
function scaffoldTexts(): ReadonlySet<string> {
  scaffold ??= new Set(
    [...scaffoldDetection("T1059", { today: "2026-01-01", uuid: () => "00000000-0000-4000-8000-000000000000" }).values()].flatMap((text) =>
      Array.from(text.matchAll(/(?<=[:[-] *|^ +)Say [^\n\]]+/gm), ([found]) => found.trim()),
    ),
  );
  return scaffold;
}

function isPlaceholder(text: string): boolean {
  return scaffoldTexts().has(text.trim()) || PLACEHOLDERS.some((pattern) => pattern.test(text));
}

// ------------------------------------------------------------------------------------------------------- cases

const textsOf = (field: string): ((event: EventDocument) => readonly string[]) => {
  const access = fieldAccess(field);
  return (event) => {
    const value: unknown = access(event);
    return (Array.isArray(value) ? value : [value]).filter((one) => one !== undefined && one !== null).map(String);
  };
};
const codes = textsOf("event.code");
const categories = textsOf("event.category");

function isOfSources(event: EventDocument, { sources }: LintRule): boolean {
  const [ownCodes, ownCategories] = [codes(event), categories(event)];
  return sources.some(({ shapes }) =>
    shapes.some(
      (shape) =>
        shape.codes.some((code) => ownCodes.includes(code)) ||
        (ownCodes.length === 0 && shape.category.some((name) => ownCategories.includes(name))),
    ),
  );
}

/** No predicate of the query but those of the kind of event holds on any of the events. Of a query without predicates it is not said. */
function isFarFrom(query: Query, events: readonly EventDocument[]): boolean {
  const clauses = filtersOf(query).flatMap(evidence);
  return clauses.length > 0 && clauses.every((clause) => !events.some(compileCondition(clause)));
}

function filtersOf(query: Query): EventFilter[] {
  return query.kind === "event" ? [query.filter] : query.items.map(({ filter }) => filter);
}

/** Where the kind of event is all that has to be there, exclusions decide, and an event of that kind is near. */
function evidence({ condition, span }: EventFilter): Expr[] {
  const clauses = positives(condition);
  const telling = clauses.filter((clause) => !saysKind(clause));
  return telling.length > 0 || clauses.length === 0 ? telling : [make.all(clauses, span)];
}

/** The predicates that are asked to hold. What must only be there, or must not be something, is no evidence. */
function positives(expr: Expr): Expr[] {
  switch (expr.kind) {
    case "logical":
      return expr.operands.flatMap(positives);
    case "not":
    case "boolean":
      return [];
    case "comparison":
      return expr.op === "!=" ? [] : [expr];
    case "in":
      return expr.negated ? [] : [expr];
    default:
      return [expr];
  }
}

function saysKind(expr: Expr): boolean {
  const names: string[] = [];
  walk(expr, (node) => {
    if (node.kind === "field") names.push(node.name);
  });
  return names.every((name) => /^(?:event\.(?!action$)|winlog\.(?:channel|provider_name)$|host\.os\.|data_stream\.)/.test(name));
}

/** What the linter finds in the texts and the proof of rules that belong to no package, and between such rules. */
import { hollow, LINT_CODES, type Finding, type LintCase, type LintCode, type LintRule } from "../../catalog/index.ts";
import type { RunnableRule } from "../../detect/index.ts";
import type { SourceLocation } from "../../eql/index.ts";
import { planProof, readEvents } from "../prove/prove-rules.ts";
import { Collected } from "../query/event-collector.ts";
import { ruleDetails } from "../rules/details.ts";
import type { RuleSet } from "../rules/load.ts";
import type { LintOptions } from "./lint.ts";
import { sourcesOf } from "./rule-sources.ts";

export interface RuleFinding extends Omit<Finding, "suppressed"> {
  /** The rule's name; `rule` is its key. */
  readonly name: string;
  readonly place: SourceLocation;
}

/** Of cases only those that hold their events themselves are looked at: a log is read by who proves them. */
export function ruleProofFindings(set: RuleSet, rules: readonly RunnableRule[], options: LintOptions): RuleFinding[] {
  const findings: RuleFinding[] = [];
  const byKey = new Map(rules.map((rule) => [rule.key, rule]));
  const report = (key: string, code: LintCode, message: string, other?: string): void => {
    const rule = byKey.get(key)!;
    const place = set.origins.get(key)?.place ?? { file: key, line: 1, column: 1 };
    const { severity } = LINT_CODES[code];
    const about = other === undefined ? {} : { other };
    findings.push({ code, severity, rule: key, ...about, sources: [], span: rule.query.span, message, name: rule.name, place });
  };
  const cases = new Map<string, LintCase[]>();
  for (const { case: one, rules: about } of planProof(set).cases) {
    if (one.events === null) continue;
    const collected = new Collected({ limit: 10_000 });
    readEvents(one, collected);
    const lint: LintCase = { name: one.name, isNegative: one.expect === 0, events: collected.inOrder().map(({ event }) => event) };
    for (const { key } of about) cases.set(key, [...(cases.get(key) ?? []), lint]);
  }
  hollow(
    rules.map((rule): LintRule => ({
      id: rule.key,
      query: rule.query,
      sources: sourcesOf(rule.query, options.strictElastic ?? false),
      indexPatterns: [],
      lookBackMs: null,
      intervalMs: null,
      suppressions: [],
      texts: textsOf(set, rule),
      cases: cases.get(rule.key) ?? [],
    })),
    ({ id }, code, message) => report(id, code, message),
  );
  const asked = new Map<string, RunnableRule>();
  for (const rule of rules) {
    const text = queryKey(rule);
    const first = text === null ? undefined : asked.get(text);
    if (first !== undefined) report(rule.key, "duplicate-rule", `${rule.name} and ${first.name} ask the same.`, first.key);
    else if (text !== null) asked.set(text, rule);
  }
  return findings;
}

function textsOf(set: RuleSet, rule: RunnableRule): NonNullable<LintRule["texts"]> {
  const falsePositives = ruleDetails(set, rule)?.metadata.falsePositives ?? [];
  return [
    { where: "The name", text: rule.name },
    { where: "The description", text: rule.description },
    ...falsePositives.map((text) => ({ where: "A false positive", text })),
  ];
}

/** What a tree says of its place in a text, and what stands beside it there. */
const LAYOUT: ReadonlySet<string> = new Set(["span", "nameSpan", "comments"]);

/** The same for rules that ask the same, whatever they are called; null where the query alone does not say what is asked. */
function queryKey({ query, grouping, language }: RunnableRule): string | null {
  if (language === "esql") return null;
  return JSON.stringify([query, grouping ?? null], (key, value: unknown) =>
    LAYOUT.has(key) ? undefined : typeof value === "bigint" ? `${value}n` : value,
  );
}

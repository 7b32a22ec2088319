import { checkFilter } from "./filter.ts";
import { Findings } from "./findings.ts";
import { checkPipes } from "./pipes.ts";
import { ExpressionChecker } from "./expression.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { openSchema, type Schema } from "./schema.ts";
import type { Span } from "../span.ts";
import type { Expr, FieldExpr, Profile, Query, SampleQuery, SequenceItem, SequenceQuery } from "../syntax/tree.ts";
import { durationMillis, printDuration } from "../values/duration.ts";
import { areCompatible, fieldType } from "./types.ts";

/** What the check knows beyond the query itself. */
export interface CheckOptions {
  /** Default `elasticsearch`. */
  readonly profile?: Profile;
  /** Default an open one: every field may exist. */
  readonly schema?: Schema;
  /** How far back the rule looks at each run, in milliseconds; a longer maxspan is warned of. */
  readonly lookBackMs?: number;
  /** The text the query was parsed from; messages quote it. */
  readonly text?: string;
  /** Leaves out warnings and the search for names that may have been meant: for loading many rules. */
  readonly errorsOnly?: boolean;
}

/**
 * What Elasticsearch would refuse of a query that parses, in its words, and what is most likely a mistake (as warnings). In the order
 * of the text. Never throws.
 */
export function check(query: Query, options: CheckOptions = {}): { readonly diagnostics: readonly Diagnostic[] } {
  const findings = findingsOf(options);
  const schema = options.schema ?? openSchema();
  const checker = new ExpressionChecker(findings, schema);
  switch (query.kind) {
    case "event":
      checkFilter(query.filter, checker, findings, schema);
      break;
    case "join":
      findings.error(
        "eql/join",
        "JOIN command is not supported",
        query.span,
        "Use `sequence`, or `sample` where the order does not matter.",
      );
      break;
    case "sequence":
      checkSequence(query, checker, findings, schema, options.lookBackMs);
      break;
    case "sample":
      checkSample(query, checker, findings, schema);
      break;
  }
  checkPipes(query, checker, findings);
  return { diagnostics: findings.sorted() };
}

/** A condition alone, such as an exception's. */
export function checkCondition(condition: Expr, options: CheckOptions = {}): { readonly diagnostics: readonly Diagnostic[] } {
  const findings = findingsOf(options);
  const schema = options.schema ?? openSchema();
  checkFilter({ span: condition.span, category: null, condition }, new ExpressionChecker(findings, schema), findings, schema);
  return { diagnostics: findings.sorted() };
}

function findingsOf(options: CheckOptions): Findings {
  return new Findings(options.profile ?? "elasticsearch", options.text ?? null, options.errorsOnly ?? false);
}

function checkSequence(
  query: SequenceQuery,
  checker: ExpressionChecker,
  findings: Findings,
  schema: Schema,
  lookBackMs: number | undefined,
): void {
  const { items, maxspan } = query;
  const expanded = items.reduce((sum, item) => sum + item.runs, 0);
  if (expanded < 2)
    findings.error(
      "eql/too-few-items",
      `A sequence requires a minimum of 2 queries, found [${expanded}]`,
      query.span,
      "Add an item, or repeat the one with `with runs=2`.",
    );
  const missing = items.find((item) => item.missing);
  if (missing !== undefined && maxspan === null) {
    findings.error(
      "eql/missing-needs-maxspan",
      "[maxspan] is required where a sequence holds missing events",
      missing.span,
      "Absence needs an end: write `sequence by KEYS with maxspan=5m ...`.",
    );
  }
  if (items.length > 0 && items.every((item) => item.missing)) {
    findings.error(
      "eql/no-positive-item",
      "A sequence requires at least one event that is not missing",
      query.span,
      "Begin or end it with an ordinary `[...]`.",
    );
  }
  if (maxspan !== null && lookBackMs !== undefined && durationMillis(maxspan) > lookBackMs) {
    findings.warning(
      "eql/maxspan-beyond-look-back",
      `maxspan (${maxspan.value}${maxspan.unit}) is longer than what the rule looks back on (${printDuration(lookBackMs)})`,
      maxspan.span,
      "A sequence longer than the look-back is never found. Let the rule look further back, or shorten maxspan.",
    );
  }
  checkItems("Sequence", query.by, query.until === null ? items : [...items, query.until], checker, findings, schema);
}

function checkSample(query: SampleQuery, checker: ExpressionChecker, findings: Findings, schema: Schema): void {
  const { items } = query;
  if (items.length < 2)
    findings.error("eql/too-few-items", `A sample requires a minimum of 2 queries, found [${items.length}]`, query.span, "Add an item.");
  if (query.by.length === 0 && items.every((item) => item.by.length === 0)) {
    findings.error(
      "eql/sample-without-keys",
      "A sample must have at least one join key",
      query.span,
      "Write `sample by host.id [..] [..]`.",
    );
  }
  for (const item of items) {
    if (item.missing)
      findings.error("eql/sample-item", "Missing events are not supported in samples", item.span, "Use a sequence with maxspan.");
    else if (item.runsSpan !== null)
      findings.error("eql/sample-item", "[runs] is not supported in samples", item.runsSpan, "Use a sequence, or write the item twice.");
  }
  checkItems("Sample", query.by, items, checker, findings, schema);
}

/** Keys in number and type, and the filters. */
function checkItems(
  what: "Sequence" | "Sample",
  by: readonly FieldExpr[],
  items: readonly SequenceItem[],
  checker: ExpressionChecker,
  findings: Findings,
  schema: Schema,
): void {
  for (const key of by) checker.key(key);
  const [first] = items;
  for (const item of items) {
    checkFilter(item.filter, checker, findings, schema);
    for (const key of item.by) checker.key(key);
    if (first === undefined || item === first) continue;
    if (item.by.length !== first.by.length) {
      findings.error(
        "eql/inconsistent-keys",
        `Inconsistent number of join keys specified; expected [${first.by.length}] but found [${item.by.length}]`,
        keysSpan(item),
        "Every item, `until` too, has as many keys behind `by` as the first one.",
        [{ span: keysSpan(first), text: `the first item has ${first.by.length}` }],
      );
      continue;
    }
    item.by.forEach((key, i) => {
      const expected = first.by[i]!;
      const type = fieldType(key.name, schema);
      const wanted = fieldType(expected.name, schema);
      if (type.family === wanted.family || !known(type.family) || !known(wanted.family)) return;
      if (areCompatible(type.family, wanted.family) && type.family !== "string" && wanted.family !== "string") return;
      findings.error(
        "eql/key-type",
        `${what} key [${key.name}] type [${type.name}] is incompatible with key [${expected.name}] type [${wanted.name}]`,
        key.span,
        "Keys are joined where they are equal; join fields of one type.",
        [{ span: expected.span, text: `has the type [${wanted.name}]` }],
      );
    });
  }
}

function known(family: string): boolean {
  return family !== "unknown" && family !== "unsupported" && family !== "null";
}

function keysSpan(item: SequenceItem): Span {
  const last = item.by.at(-1);
  return last === undefined ? item.span : { from: item.by[0]!.span.from, to: last.span.to };
}

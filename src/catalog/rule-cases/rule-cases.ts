/**
 * What rules that belong to no package are proved with: `NAME.cases.yaml` beside the rule file `NAME.yml`, `NAME.toml` or `NAME.eql`,
 * and the `info.yml` that SigmaHQ keeps in `regression_data/` beside each recording.
 */
import { z } from "zod";
import type { RuleProblem, SourceLocation } from "../../eql/index.ts";
import { CONFIRMED, RECORDED, UNSTATED_LICENSE } from "../package/recorded.ts";
import { TEXT } from "../package/schema.ts";
import { validate } from "../package/validate.ts";

export const RULE_CASES = z
  .array(
    z
      .strictObject({
        name: TEXT.describe("What the case shows"),
        rule: TEXT.optional().describe("The id or name of the rule it is about, where the file holds several; else all of them"),
        events: z
          .array(z.record(z.string(), z.unknown()))
          .min(1)
          .optional()
          .describe("The events themselves: documents in ECS, or raw as a shipper or Windows writes them"),
        log: TEXT.optional().describe("A file of events in any format that is read, relative to this file"),
        expect: z.int().min(0).describe("How many alerts there must be; 0: none"),
        recorded: RECORDED.optional(),
        confirmed: CONFIRMED,
      })
      .refine(({ events, log }) => (events === undefined) !== (log === undefined), "must have either `events` or `log`"),
  )
  .min(1);

/** A test of SigmaHQ's; what else the file says is for people. */
const REGRESSION = z.object({
  rule_metadata: z.array(z.object({ id: TEXT })).min(1),
  regression_tests_info: z
    .array(z.object({ name: TEXT, path: TEXT, match_count: z.int().min(0).optional() }))
    .nullish()
    .transform((tests) => tests ?? []),
});

/** One case of rules that belong to no package. */
export interface RuleCase {
  readonly name: string;
  readonly place: SourceLocation;
  /** The rule file beside, without its ending; null where `rules` are found wherever they lie. */
  readonly beside: string | null;
  /** Ids or names; empty: every rule of the file beside. */
  readonly rules: readonly string[];
  /** Documents; null where there is a log. */
  readonly events: readonly object[] | null;
  /** A path as it is written; null where there are events. */
  readonly log: string | null;
  /** How many alerts; null: at least one. */
  readonly expect: number | null;
}

interface TextFile {
  readonly path: string;
  readonly text: string;
}

const SIDECAR = /\.cases\.ya?ml$/i;

export function looksLikeRuleCases({ path, text }: TextFile): boolean {
  return SIDECAR.test(path) || (/\.ya?ml$/i.test(path) && /^#?\s*regression_tests_info\s*:/m.test(text));
}

/** The cases of a file; what is wrong with it is added to `problems`, with its place. */
export function readRuleCases({ path, text }: TextFile, problems: RuleProblem[]): RuleCase[] {
  const found: RuleProblem[] = [];
  const cases = SIDECAR.test(path) ? sidecar(path, text, found) : regression(path, text, found);
  for (const problem of found) problems.push({ ...problem, code: problem.code.replace(/^package\//, "cases/") });
  return cases;
}

function sidecar(path: string, text: string, problems: RuleProblem[]): RuleCase[] {
  const valid = validate(RULE_CASES, path, text, problems);
  if (valid === null) return [];
  valid.value.forEach(({ name, confirmed, recorded }, i) => {
    const warn = (code: string, message: string, help: string): void =>
      void problems.push({ code, severity: "warning", message, place: valid.yaml.place([i]), rule: null, help });
    if (!confirmed)
      warn(
        "cases/unconfirmed",
        `Nobody has confirmed what the case '${name}' expects: it is what the rules found when it was recorded`,
        "Read its events, correct `expect`, and write `confirmed: true`",
      );
    if (recorded?.license === UNSTATED_LICENSE)
      warn(
        "cases/unstated-license",
        `The case '${name}' does not say under which licence its recording may be passed on`,
        "Write it under `recorded.license`",
      );
  });
  return valid.value.map(({ name, rule, events, log, expect }, i) => ({
    name,
    place: valid.yaml.place([i]),
    beside: path.replace(SIDECAR, ""),
    rules: rule === undefined ? [] : [rule],
    events: events ?? null,
    log: log ?? null,
    expect,
  }));
}

function regression(path: string, text: string, problems: RuleProblem[]): RuleCase[] {
  const valid = validate(REGRESSION, path, text, problems);
  if (valid === null) return [];
  const { rule_metadata: rules, regression_tests_info: tests } = valid.value;
  return tests.map(({ name, path: log, match_count: expect }, i) => ({
    name,
    place: valid.yaml.place(["regression_tests_info", i]),
    beside: null,
    rules: rules.map(({ id }) => id),
    events: null,
    log,
    expect: expect ?? null,
  }));
}

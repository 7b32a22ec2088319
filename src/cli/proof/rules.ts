/** Proves rules that belong to no package: finds the logs of their cases and reads them. */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join, relative, resolve, sep } from "node:path";
import {
  planProof,
  readEvents,
  RuleCaseRun,
  rulesProof,
  type PlannedCase,
  type ProofPlan,
  type RuleCaseResult,
  type RuleProblem,
  type RuleSet,
  type RulesProof,
  type Sink,
  type TextFile,
} from "../../workbench/index.ts";
import type { ChangedFiles } from "../checking/changed.ts";
import { readInputs } from "../input.ts";

export interface ProvedRules {
  readonly proof: RulesProof;
  /** Of the files of cases. */
  readonly problems: readonly RuleProblem[];
}

export interface ProveRulesOptions {
  /** Cases whose name holds this text. */
  readonly only?: string | undefined;
  /** Rules and cases of which a file has changed. */
  readonly changed?: ChangedFiles | null;
}

export async function proveRules(set: RuleSet, { only, changed = null }: ProveRulesOptions): Promise<ProvedRules> {
  const whole = planCases(set);
  const plan = changed === null ? whole : changedPlan(whole, set, changed);
  const results: RuleCaseResult[] = [];
  const now = Date.now();
  for (const planned of plan.cases) {
    if (only !== undefined && !planned.case.name.includes(only)) continue;
    const run = new RuleCaseRun(planned, now);
    await readCase(planned, run);
    results.push(run.finish());
  }
  return { proof: rulesProof(plan, results), problems: plan.problems };
}

/** What is left of it: cases whose rule, expectation or log has changed, and of the rules without a case those that have. */
function changedPlan(plan: ProofPlan, set: RuleSet, changed: ChangedFiles): ProofPlan {
  const isChanged = (rule: { readonly key: string }): boolean => ruleChanged(set, rule, changed);
  const cases = plan.cases.filter((planned) => {
    const log = logOf(planned);
    return planned.rules.some(isChanged) || changed.has(planned.case.place.file) || (log !== null && changed.has(log));
  });
  return { ...plan, cases, unproved: plan.unproved.filter(isChanged) };
}

/** Whether the file that the rule was read from has changed; of an archive, the archive. */
export function ruleChanged(set: RuleSet, { key }: { readonly key: string }, changed: ChangedFiles): boolean {
  const file = set.origins.get(key)?.place.file.split("!", 1)[0];
  return file !== undefined && changed.has(file);
}

/** The cases of the rules, wherever they lie. */
export function planCases(set: RuleSet): ProofPlan {
  return planProof({ ...set, caseFiles: [...set.caseFiles, ...moreCases(set)] });
}

/** Cases that nobody has confirmed, or whose recording has no licence. */
export function openCases(set: RuleSet): RuleProblem[] {
  return planCases(set).problems.filter(({ code }) => code === "cases/unconfirmed" || code === "cases/unstated-license");
}

export async function readCase(planned: PlannedCase, sink: Sink): Promise<void> {
  const log = logOf(planned);
  if (log === null) readEvents(planned.case, sink);
  else await readInputs([log], {}, sink);
}

/**
 * The log of a case; null where it holds its events itself. SigmaHQ writes paths from the top of its repository, wherever that lies and
 * whatever its folder of tests is called there: the recording is beside the file, or below one of the folders above it.
 */
function logOf({ case: { log, beside, place } }: PlannedCase): string | null {
  if (log === null) return null;
  const folder = dirname(place.file);
  if (beside !== null) return join(folder, log);
  const near = join(folder, basename(log));
  return existsSync(near) ? near : (belowAnyAbove(folder, log) ?? near);
}

/** Cases beside rule files that were named alone, and those that SigmaHQ's rules name as theirs, where they do not lie among what was read. */
function moreCases(set: RuleSet): TextFile[] {
  const known = new Set(set.caseFiles.map(({ path }) => resolve(path)));
  const found: TextFile[] = [];
  const add = (path: string): void => {
    if (known.has(resolve(path))) return;
    known.add(resolve(path));
    found.push({ path: path.split(sep).join("/"), text: readFileSync(path, "utf8") });
  };
  for (const file of new Set([...set.origins.values()].map(({ place }) => place.file))) {
    // Not in an archive.
    if (!existsSync(file)) continue;
    for (const ending of ["yaml", "yml"]) {
      const beside = file.replace(/\.\w+$/, `.cases.${ending}`);
      if (existsSync(beside)) add(beside);
    }
    if (!/\.ya?ml$/i.test(file)) continue;
    const named = /^regression_tests_path:[ \t]*(\S+)/m.exec(readFileSync(file, "utf8"))?.[1];
    const path = named === undefined ? null : belowAnyAbove(dirname(file), named);
    if (path !== null) add(relative(process.cwd(), path));
  }
  return found;
}

/** A relative path, looked for in the folder and in each above it. */
function belowAnyAbove(folder: string, path: string): string | null {
  let at = resolve(folder);
  for (;;) {
    const file = join(at, path);
    if (existsSync(file)) return file;
    if (at === dirname(at)) return null;
    at = dirname(at);
  }
}

/** What `--json` writes. */
export function rulesProofJson({ proof, problems }: ProvedRules): object {
  const { cases, unproved, passed, failed } = proof;
  return {
    passed,
    failed,
    cases: cases.map(({ case: one, rules, events, alerts, failures, ms }) => ({
      case: one.name,
      place: one.place,
      rules: rules.map(({ key }) => key),
      events,
      alerts,
      expected: one.expect,
      failures: failures.map((failure) =>
        failure.kind === "rule-fault"
          ? { kind: failure.kind, rule: failure.fault.rule?.key ?? null, code: failure.fault.code, count: failure.fault.count }
          : failure,
      ),
      ms,
    })),
    unproved: unproved.map(({ key, name }) => ({ rule: key, name })),
    problems,
  };
}

/** What `lint` and `prove` look at: the packages and rules that were named, or of these those that have changed. */
import { problemFindings, type CheckFinding } from "../../report/index.ts";
import type { Detection, LoadRulesOptions, RuleSet } from "../../workbench/index.ts";
import { Failure } from "../failure.ts";
import type { CommandContext } from "../context.ts";
import { loadPackages, printProblems, type LoadedPackage } from "../packages.ts";
import { ruleChanged } from "../proof/rules.ts";
import { namedRules, rulesOfNoPackage } from "../rules.ts";
import { ChangedFiles } from "./changed.ts";
import { pathsFrom, writeChecks, type CheckFlags } from "./outputs.ts";

export interface SelectedPackage {
  readonly folder: string;
  readonly detection: Detection;
}

export interface Selection {
  readonly packages: readonly SelectedPackage[];
  /** What is wrong with files, of packages that cannot be used, too. */
  readonly problems: readonly CheckFinding[];
  /** Rules of any kind; null where none were named. */
  readonly set: RuleSet | null;
  /** Null where everything is looked at. */
  readonly changed: ChangedFiles | null;
  /** A package cannot be used. */
  readonly broken: boolean;
}

/**
 * Loads them, and prints what is wrong with their files. Where that ends the command, what is wrong is written for build servers first.
 * @param paths none: the bundled packages
 */
export async function select(
  context: CommandContext,
  command: string,
  paths: readonly string[],
  options: Omit<LoadRulesOptions, "cache">,
  flags: CheckFlags,
): Promise<Selection> {
  const changed = flags.changed === undefined ? null : new ChangedFiles(flags.changed);
  const isWanted = (folder: string): boolean => changed === null || changed.has(folder.split("!", 1)[0]!);
  const wanted = namedRules(paths);
  const loaded = paths.length > 0 && wanted.packages.length === 0 ? [] : loadPackages(wanted.packages, options.today);
  const named = loaded.filter(({ folder }) => isWanted(folder));
  for (const { folder, problems } of named) printProblems(context.err, folder, problems);
  let set: RuleSet | null = null;
  try {
    set = rulesOfNoPackage(context, wanted, options);
  } catch (error) {
    if (error instanceof Failure && error.problems.length > 0)
      await writeChecks(context, flags, [...packageProblems(named), ...problemFindings(error.problems, pathsFrom("."))], {
        command,
        exitCode: error.exitCode,
      });
    throw error;
  }
  const among = (set?.packages ?? []).map((detection) => ({ folder: set!.folders.get(detection)!, detection }));
  return {
    packages: [
      ...named.flatMap(({ folder, detection }) => (detection === null ? [] : [{ folder, detection }])),
      ...among.filter(({ folder }) => isWanted(folder)),
    ],
    problems: [...packageProblems(named), ...problemFindings(set?.problems ?? [], pathsFrom("."))],
    set,
    changed,
    broken: named.some(({ detection }) => detection === null),
  };
}

function packageProblems(loaded: readonly LoadedPackage[]): CheckFinding[] {
  return loaded.flatMap(({ folder, problems }) => problemFindings(problems, pathsFrom(folder)));
}

/** The set with those of its rules that have changed. */
export function changedRules(set: RuleSet, changed: ChangedFiles | null): RuleSet {
  if (changed === null) return set;
  const isChanged = (rule: { readonly key: string }): boolean => ruleChanged(set, rule, changed);
  return { ...set, rules: set.rules.filter(isChanged), parts: set.parts.filter(isChanged) };
}

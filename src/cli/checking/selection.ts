/** What `lint` and `prove` look at: the packages and rules that were named, or of these those that have changed. */
import type { Detection, LoadRulesOptions, RuleProblem, RuleSet } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { holdsPackages, loadPackages, printProblems } from "../packages.ts";
import { ruleChanged } from "../proof/rules.ts";
import { requireRules } from "../rules.ts";
import { ChangedFiles } from "./changed.ts";

export interface SelectedPackage {
  readonly folder: string;
  readonly detection: Detection;
}

export interface Selection {
  readonly packages: readonly SelectedPackage[];
  /** Of packages, also of those that cannot be used. */
  readonly problems: readonly { readonly folder: string; readonly problems: readonly RuleProblem[] }[];
  /** Rules of any kind; null where none were named. */
  readonly set: RuleSet | null;
  /** Null where everything is looked at. */
  readonly changed: ChangedFiles | null;
  /** A package cannot be used. */
  readonly broken: boolean;
}

/**
 * Loads them, and prints what is wrong with their files.
 * @param paths none: the bundled packages
 */
export function select(
  context: CommandContext,
  paths: readonly string[],
  options: Omit<LoadRulesOptions, "cache">,
  ref: string | true | undefined,
): Selection {
  const changed = ref === undefined ? null : new ChangedFiles(ref);
  const isWanted = (folder: string): boolean => changed === null || changed.has(folder.split("!", 1)[0]!);
  const others = paths.filter((path) => !holdsPackages(path));
  const loaded = others.length > 0 && others.length === paths.length ? [] : loadPackages(paths.filter(holdsPackages), options.today);
  const named = loaded.filter(({ folder }) => isWanted(folder));
  for (const { folder, problems } of named) printProblems(context.err, folder, problems);
  const set = others.length === 0 ? null : requireRules(context, others, options);
  const among = (set?.packages ?? []).map((detection) => ({ folder: set!.folders.get(detection)!, detection }));
  return {
    packages: [
      ...named.flatMap(({ folder, detection }) => (detection === null ? [] : [{ folder, detection }])),
      ...among.filter(({ folder }) => isWanted(folder)),
    ],
    problems: named,
    set,
    changed,
    broken: named.some(({ detection }) => detection === null),
  };
}

/** The set with those of its rules that have changed. */
export function changedRules(set: RuleSet, changed: ChangedFiles | null): RuleSet {
  if (changed === null) return set;
  const isChanged = (rule: { readonly key: string }): boolean => ruleChanged(set, rule, changed);
  return { ...set, rules: set.rules.filter(isChanged), parts: set.parts.filter(isChanged) };
}

import { count, plural } from "../report/index.ts";
import type { Terminal } from "./output/terminal.ts";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import {
  loadRules,
  runnableRules,
  shortId,
  type LoadRulesOptions,
  type RuleFile,
  type RuleProblem,
  type RuleSet,
  type RunnableRule,
} from "../workbench/index.ts";
import { ruleStore } from "./cache/rule-store.ts";
import type { CommandContext } from "./context.ts";
import { Failure } from "./failure.ts";
import { holdsPackages, isPackageFolder, rulePaths } from "./packages.ts";

/** What may hold rules, by its ending: of a folder only these are opened. */
const ENDINGS = /\.(?:ya?ml|toml|json|ndjson|eql|zip|tar|gz|tgz|zst)$/i;

/** What `--rules` says in the help of commands that take rules of any kind. */
export const RULES_OPTION = "rules of any kind that `hunt` takes, instead of the bundled packages";

/** The largest file of rules; an export of thousands of rules has some 50 MB. */
const MAX_BYTES = 512 * 1024 * 1024;

/** What `--rules` names: detection packages, Sigma rules, Elastic's rules, exports, archives, and folders of any. Nothing named: the bundled packages. */
export function requireRules(
  { err, cacheFolder: folder }: Pick<CommandContext, "err" | "cacheFolder">,
  paths: readonly string[],
  options: Omit<LoadRulesOptions, "cache">,
): RuleSet {
  const loaded = loadRules(ruleFiles(paths), { ...options, cache: ruleStore(folder) });
  printProblems(err, loaded);
  if (loaded.brokenPackages > 0)
    throw new Failure(`${plural(loaded.brokenPackages, "detection package")} cannot be used`, {
      help: "Mend the places above; `tocsin lint` says more.",
      problems: loaded.problems,
    });
  if (loaded.packages.length + loaded.rules.length + loaded.correlations.length === 0)
    throw new Failure(`${paths.join(" ")}: no rule in there that can be run`, {
      help:
        loaded.problems.length > 0
          ? "Mend the places above."
          : "Rules are detection packages, Sigma rules (.yml), Elastic's rules (.toml, an export in .ndjson or .json), EQL queries (.eql), and zip or tar of them.",
      problems: loaded.problems,
    });
  return loaded;
}

/** Paths as `lint`, `prove` and `evade` take them. */
export interface NamedRules {
  /** Packages, and folders of packages. */
  readonly packages: readonly string[];
  /** What must hold rules of other kinds. */
  readonly others: readonly string[];
  /** What lies beside packages in a folder, and may hold rules of other kinds. */
  readonly beside: readonly string[];
}

/** @param named paths, or the word for the bundled packages */
export function namedRules(named: readonly string[]): NamedRules {
  const paths = named.length === 0 ? [] : rulePaths(named);
  const packages = paths.filter(holdsPackages);
  const beside = packages
    .filter((path) => !isPackageFolder(path))
    .flatMap((path) =>
      readdirSync(path, { withFileTypes: true })
        .filter((entry) => (entry.isDirectory() ? !isPackageFolder(join(path, entry.name)) : entry.isFile() && ENDINGS.test(entry.name)))
        .map((entry) => join(path, entry.name)),
    );
  return { packages, others: paths.filter((path) => !packages.includes(path)), beside };
}

/** The rules of no package that were named or lie beside packages; null where there are none and none were asked for. */
export function rulesOfNoPackage(
  context: Pick<CommandContext, "err" | "cacheFolder">,
  { others, beside }: NamedRules,
  options: Omit<LoadRulesOptions, "cache">,
): RuleSet | null {
  if (others.length > 0) return requireRules(context, [...others, ...beside], options);
  if (beside.length === 0) return null;
  const loaded = loadRules(ruleFiles(beside), options);
  const isEmpty = loaded.packages.length + loaded.rules.length + loaded.correlations.length + loaded.problems.length === 0;
  return isEmpty ? null : requireRules(context, beside, options);
}

/** The files that hold rules at these paths. */
export function ruleFiles(paths: readonly string[]): RuleFile[] {
  return rulePaths(paths).flatMap(filesOf);
}

function filesOf(path: string): RuleFile[] {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat === undefined)
    throw new Failure(`--rules: there is no ${path}`, { help: "Name a file of rules, an archive, or a folder of them." });
  if (!stat.isDirectory()) return [fileAt(path)];
  const files = readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(?:^|[\\/])(?:\.git|node_modules)[\\/]/.test(relative(path, file)))
    .sort();
  // A package has texts of its own, whatever their endings.
  const packages = files.filter((file) => basename(file) === "package.yaml").map((file) => `${dirname(file)}${sep}`);
  return files.filter((file) => ENDINGS.test(file) || packages.some((folder) => file.startsWith(folder))).map(fileAt);
}

function fileAt(path: string): RuleFile {
  if (statSync(path).size > MAX_BYTES) throw new Failure(`--rules: ${path} is larger than ${MAX_BYTES} bytes`);
  return { path: path.split(sep).join("/"), bytes: readFileSync(path) };
}

/** Problems of each code that are printed in full; the rest is counted. */
const SHOWN = 5;

/** Rules that do not run are named and left out; the rest runs. */
function printProblems(err: Terminal, { problems, notServed, correlationsNotRun, inactive }: RuleSet): void {
  const byCode = new Map<string, RuleProblem[]>();
  for (const problem of problems) {
    const known = byCode.get(problem.code);
    if (known === undefined) byCode.set(problem.code, [problem]);
    else known.push(problem);
  }
  for (const [code, list] of byCode) {
    // What is the same for each rule is printed once.
    const [first] = list;
    const same = list.length > SHOWN && list.every(({ message }) => message === first!.message);
    for (const problem of list.slice(0, same ? 1 : SHOWN)) printRuleProblem(err, problem);
    if (list.length > SHOWN) err.write(`... and ${count(list.length - (same ? 1 : SHOWN))} more of ${code}\n`);
  }
  const warn = (text: string): void => err.write(`${err.paint("yellow", "warning")}: ${text}\n`);
  const unserved = notServed.reduce((sum, { rules }) => sum + rules, 0);
  if (unserved > 0) {
    const shown = notServed.slice(0, 6).map(({ logsource, rules }) => `${logsource} ${rules}`);
    warn(
      `${plural(unserved, "Sigma rule is", "Sigma rules are")} for log sources that are not served, and not run: ${shown.join(", ")}${notServed.length > 6 ? ", ..." : ""}`,
    );
  }
  if (correlationsNotRun > 0)
    warn(
      `${plural(correlationsNotRun, "Sigma correlation is", "Sigma correlations are")} made of rules that are not run, and not run either`,
    );
  if (inactive > 0) warn(`${plural(inactive, "rule is", "rules are")} deprecated or disabled, and not run`);
}

/** With its place, as it is clicked on. */
export function printRuleProblem(err: Terminal, { place, severity, message, code, help, rule }: RuleProblem): void {
  const label = severity === "error" ? err.paint(["bold", "red"], "error") : err.paint("yellow", "warning");
  const name = rule === null ? "" : `${rule}: `;
  err.write(`${place.file}:${place.line}:${place.column}: ${label}: ${name}${message} [${code}]\n`);
  if (help !== null) err.write(`  ${err.paint("cyan", "help")}: ${help}\n`);
}

/** Most rules that a message lists. */
const LISTED = 40;

function allRules({ packages, rules, parts }: RuleSet): RunnableRule[] {
  return [...packages.flatMap(runnableRules), ...rules, ...parts];
}

/** The rule that a file or folder holds. */
export function onlyRule(set: RuleSet, path: string): RunnableRule {
  const all = allRules(set);
  if (all.length === 1) return all[0]!;
  throw new Failure(`${path} holds ${plural(all.length, "rule")}`, {
    help: `Say which, with \`--rules ${path}\`: ${listed(all.map(({ key }) => key))}.`,
  });
}

function listed(keys: readonly string[]): string {
  return `${keys.slice(0, LISTED).join(", ")}${keys.length > LISTED ? ", ..." : ""}`;
}

/** The rule with this id, key, UUID or name, case ignored. */
export function findRule(set: RuleSet, id: string): RunnableRule {
  const all = allRules(set);
  const wanted = id.toLowerCase();
  const found = all.filter((rule) => [rule.key, shortId(rule), rule.uuid, rule.name].some((name) => name.toLowerCase() === wanted));
  if (found.length === 1) return found[0]!;
  const keys = (found.length > 1 ? found : all).map(({ key }) => key);
  if (found.length > 1) throw new Failure(`several rules are called ${id}`, { help: `Say which: ${listed(keys)}.` });
  throw new Failure(`there is no rule ${id}`, { help: `Rules are ${listed(keys)}.` });
}

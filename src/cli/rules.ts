import { count, plural } from "../report/index.ts";
import type { Terminal } from "./output/terminal.ts";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import {
  loadSigma,
  runnableCorrelations,
  runnableSigma,
  type Detection,
  type RunnableCorrelation,
  type RunnableRule,
} from "../workbench/index.ts";
import { Failure } from "./failure.ts";
import { isPackageFolder, requirePackages } from "./packages.ts";

export interface LoadedRules {
  readonly packages: readonly Detection[];
  /** Sigma's. */
  readonly rules: readonly RunnableRule[];
  readonly correlations: readonly RunnableCorrelation[];
  /** Rules of correlations that make no alerts of their own. */
  readonly parts: readonly RunnableRule[];
}

const NO_SIGMA = { rules: [], correlations: [], parts: [] } as const;

/** What `--rules` names: detection packages, Sigma rules, or folders of either. Nothing named: the bundled packages. */
export function requireRules(
  err: Terminal,
  paths: readonly string[],
  today: string,
  placeholders: ReadonlyMap<string, readonly string[]> = new Map(),
): LoadedRules {
  if (paths.length === 0) return { packages: requirePackages(err, [], today), ...NO_SIGMA };
  const packages: string[] = [];
  const sigma: string[] = [];
  for (const path of paths) {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined)
      throw new Failure(`--rules: there is no ${path}`, {
        help: "Name a detection package's folder, a Sigma rule, or a folder of either.",
      });
    if (stat.isFile()) sigma.push(path);
    else if (isPackageFolder(path) || readdirSync(path).some((name) => isPackageFolder(join(path, name)))) packages.push(path);
    else sigma.push(...sigmaFiles(path));
  }
  if (packages.length === 0 && sigma.length === 0)
    throw new Failure(`--rules ${paths.join(" ")}: neither a detection package nor a Sigma rule in there`, {
      help: "Sigma rules are files ending in .yml or .yaml.",
    });
  return {
    packages: packages.length > 0 ? requirePackages(err, packages, today) : [],
    ...(sigma.length > 0 ? requireSigma(err, sigma, placeholders) : NO_SIGMA),
  };
}

function sigmaFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.ya?ml$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

const SHOWN = 20;

/** Rules that cannot be read are named and left out; the rest runs. Only when none is left is it an error. */
function requireSigma(
  err: Terminal,
  paths: readonly string[],
  placeholders: ReadonlyMap<string, readonly string[]>,
): Omit<LoadedRules, "packages"> {
  const files = paths.map((path) => ({ path, text: readFileSync(path, "utf8") }));
  const collection = loadSigma(files, { placeholders });
  const errors = collection.problems.filter((problem) => problem.severity === "error");
  for (const { place, message, help, code } of errors.slice(0, SHOWN)) {
    err.write(`${place.file}:${place.line}:${place.column}: ${err.paint(["bold", "red"], "error")}: ${message} [${code}]\n`);
    if (help !== null) err.write(`  ${err.paint("cyan", "help")}: ${help}\n`);
  }
  if (errors.length > SHOWN) err.write(`... and ${count(errors.length - SHOWN)} more Sigma rules that cannot be read\n`);
  const notServed = collection.notServed.reduce((sum, { rules }) => sum + rules, 0);
  if (notServed > 0) {
    const shown = collection.notServed.slice(0, 6).map(({ logsource, rules }) => `${logsource} ${rules}`);
    err.write(
      `${err.paint("yellow", "warning")}: ${plural(notServed, "Sigma rule is", "Sigma rules are")} for log sources that are not served, and not run: ${shown.join(", ")}${collection.notServed.length > 6 ? ", ..." : ""}\n`,
    );
  }
  const correlations = runnableCorrelations(collection.correlations, collection.rules);
  const left = collection.correlations.length - correlations.length;
  if (left > 0)
    err.write(
      `${err.paint("yellow", "warning")}: ${plural(left, "Sigma correlation is", "Sigma correlations are")} made of rules that are not run, and not run either\n`,
    );
  const [parts, rules] = [collection.rules.filter((rule) => rule.silent), collection.rules.filter((rule) => !rule.silent)];
  if (rules.length === 0 && correlations.length === 0) throw new Failure("no Sigma rule can be run", { help: "See the messages above." });
  return { rules: rules.map(runnableSigma), correlations, parts: parts.map(runnableSigma) };
}

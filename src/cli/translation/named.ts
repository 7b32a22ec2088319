/** What `translate` is to translate: a rule or package by its id, rules of any kind by their file, archive or folder, or a query. */
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { plural } from "../../report/index.ts";
import {
  ecsSchema,
  readQuery,
  translatable,
  translatableQuery,
  translatableRule,
  visible,
  type Detection,
  type LoadRulesOptions,
  type RuleSet,
  type RunnableRule,
  type Translatable,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { Failure } from "../failure.ts";
import type { Terminal } from "../output/terminal.ts";
import { isPackageFolder, requirePackages, today } from "../packages.ts";
import { printDiagnostics } from "../query/diagnostics.ts";
import { requireRules } from "../rules.ts";
import { readTextFile } from "../text-file.ts";

export interface Named {
  readonly rules: readonly Translatable[];
  /** Those whose rules are all among them. */
  readonly packages: readonly Detection[];
  /** What beside the rules cannot be translated and has been named. */
  readonly left: number;
  /** Rules that cannot be read. */
  readonly broken: number;
}

export interface NamedOptions {
  /** Where ids are looked up. */
  readonly rules: readonly string[];
  readonly profile: string;
  readonly sigma: Pick<LoadRulesOptions, "placeholders" | "pipelines">;
}

/** Null where the file is no query; what is wrong with it has been printed. */
export function rulesNamed(context: Pick<CommandContext, "err" | "cacheFolder">, what: string, options: NamedOptions): Named | null {
  const { err } = context;
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat === undefined) return byId(err, what, requireRules(context, options.rules, { today: today(), ...options.sigma }));
  if (!stat.isDirectory() && !HOLDS_RULES.test(what)) return queryNamed(err, readTextFile(what), what, options.profile);
  const folder = dirname(dirname(resolve(what)));
  if (/\.ya?ml$/i.test(what) && isPackageFolder(folder)) {
    const [detection] = requirePackages(err, [folder], today());
    const rule = detection?.rules.find(({ file }) => join(folder, file) === resolve(what));
    if (detection !== undefined && rule !== undefined)
      return { rules: [translatableRule(detection, rule)], packages: [], left: 0, broken: 0 };
  }
  const set = requireRules(context, [what], { today: today(), ...options.sigma });
  const packages = wholePackages(set.packages);
  const loose = looseRules(err, set, [...set.rules, ...set.parts, ...set.correlations.map(({ rule }) => rule)]);
  return { packages: packages.packages, rules: [...packages.rules, ...loose.rules], left: loose.left, broken: set.broken };
}

/** A file that ends otherwise, `.eql` among them, is one query. */
const HOLDS_RULES = /\.(?:ya?ml|toml|json|ndjson|zip|tar|gz|tgz|zst)$/i;

/** Null where the text is no query; what is wrong with it has been printed. */
export function queryNamed(err: Terminal, text: string, file: string, profile: string): Named | null {
  if (profile !== "elasticsearch" && profile !== "tocsin")
    throw new Failure(`--profile ${profile}: no such profile`, { help: "Profiles are elasticsearch and tocsin." });
  const { query, diagnostics } = readQuery(text, { profile, schema: ecsSchema() });
  printDiagnostics(err, text, diagnostics);
  return query === null ? null : { rules: [translatableQuery(query, text, file)], packages: [], left: 0, broken: 0 };
}

function wholePackages(packages: readonly Detection[]): Named {
  return {
    packages,
    rules: packages.flatMap((detection) => detection.rules.map((rule) => translatableRule(detection, rule))),
    left: 0,
    broken: 0,
  };
}

/** What cannot be translated in any language is named. */
function looseRules(err: Terminal, set: RuleSet, rules: readonly RunnableRule[]): Named {
  const made: Translatable[] = [];
  let left = 0;
  for (const rule of rules) {
    const one = translatable(set, rule);
    if (typeof one !== "string") {
      made.push(one);
      continue;
    }
    left++;
    const file = set.origins.get(rule.key)?.place.file ?? rule.key;
    err.write(
      `${visible(file)}: ${err.paint(["bold", "red"], "error")}: ${visible(JSON.stringify(rule.name))} is not translated. ${one}\n`,
    );
  }
  return { rules: made, packages: [], left, broken: 0 };
}

/** Most ids that a message lists. */
const LISTED = 40;

function byId(err: Terminal, id: string, set: RuleSet): Named {
  const same = (name: string): boolean => name.toLowerCase() === id.toLowerCase();
  const packages = set.packages.filter((detection) => same(detection.id));
  if (packages.length > 0) return wholePackages(packages);
  const rules = set.packages.flatMap((detection) =>
    detection.rules.flatMap((rule) => (same(rule.id) || same(`${detection.id}/${rule.id}`) ? [translatableRule(detection, rule)] : [])),
  );
  const loose = [...set.rules, ...set.correlations.map(({ rule }) => rule)].filter(({ key, uuid, name }) => [key, uuid, name].some(same));
  const found = [...rules.map(({ key }) => key), ...loose.map(({ key }) => key)];
  if (found.length > 1)
    throw new Failure(`${id} is ${plural(found.length, "rule")}`, { help: `Name one of ${found.slice(0, LISTED).join(", ")}.` });
  if (rules.length === 1) return { rules, packages: [], left: 0, broken: 0 };
  if (loose.length === 1) return looseRules(err, set, loose);
  const known = [
    ...set.packages.map((detection) => `${detection.id} (${detection.rules.map((rule) => rule.id).join(", ")})`),
    ...set.rules.map(({ key }) => key),
  ];
  throw new Failure(`${id} is neither a file nor the id of a rule or package`, {
    help: `There are ${known.slice(0, LISTED).join("; ")}${known.length > LISTED ? "; ..." : ""}.`,
  });
}

import { table } from "../../report/index.ts";
import { statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { isMap, isScalar, parseDocument } from "yaml";
import {
  ecsSchema,
  isPlatformName,
  layerOf,
  readQuery,
  PLATFORM_NAMES,
  PLATFORMS,
  translatableQuery,
  translatableRule,
  translate,
  withoutDroppedConjuncts,
  type Detection,
  type FieldNames,
  type PlatformName,
  type RuleTranslation,
  type Translatable,
} from "../../workbench/index.ts";
import { printDiagnostics } from "../query/diagnostics.ts";
import type { CommandContext } from "../context.ts";
import type { Terminal } from "../output/terminal.ts";
import { readText, readTextFile } from "../text-file.ts";
import { EXIT, Failure } from "../failure.ts";
import { writeJson } from "../output/json.ts";
import { isPackageFolder, requirePackages, today } from "../packages.ts";
import { placeholdersIn } from "../placeholders.ts";
import { translatableSigmaFile } from "../sigma-file.ts";
import { addPipelineOption, pipelinesIn, type PipelineFlags } from "../sigma-options.ts";
import { printLosses, printTexts, translationsExitCode, writeTranslations } from "../translations.ts";

interface TranslateFlags extends PipelineFlags {
  readonly to?: string;
  readonly query?: string;
  readonly rules: string[];
  readonly fields?: string;
  readonly placeholders?: string;
  readonly profile: string;
  readonly json?: true;
  readonly list?: true;
  readonly allowWider?: true;
}

export function addTranslate(command: Command, context: CommandContext): void {
  command
    .argument(
      "[rule]",
      "a rule's id (B1, T1021.002/B1), a package's id or folder, a rule's file (of a package, or Sigma), or a file of one EQL query",
    )
    .argument("[folder]", "write files there instead of printing: PLATFORM/RULE.EXTENSION, and what the platform takes in")
    .option("--to <platform>", "the platform, several with commas, or all; --list names them")
    .option("-q, --query <eql>", "an EQL query instead of a rule")
    .option(
      "--rules <path>",
      "detection packages in which ids are looked up (default: the bundled ones)",
      (path, all: string[]) => [...all, path],
      [],
    )
    .option("--fields <file>", "your own column names: YAML of `ecs.field: column`");
  addPipelineOption(command)
    .option("--placeholders <file>", "what Sigma's %name% stands for: YAML of `name: [text, ...]`")
    .option("--profile <profile>", "of queries: elasticsearch, or tocsin for our additions to the language", "elasticsearch")
    .option("--allow-wider", "write a text also where it lacks a condition of the rule (`--to all` writes it and says so)")
    .option("--json", "translations and losses as JSON")
    .option("--list", "the platforms")
    .addHelpText(
      "after",
      "\nExit codes: 0 the same detection; 1 wider or narrower somewhere (on stderr); 3 a rule that cannot be translated, or not without losing a condition; 2 usage or rule error.",
    )
    .action(async (first: string | undefined, second: string | undefined, flags: TranslateFlags) => {
      const { out, err } = context;
      if (flags.list === true) {
        list(out);
        return;
      }
      const [what, folder] = flags.query === undefined ? [first, second] : [undefined, first];
      const { platforms, layers } = platformsNamed(flags.to);
      if (platforms.length > 1 && folder === undefined && flags.json !== true)
        throw new Failure("several platforms need a folder to write to", { help: "tocsin translate B1 --to all FOLDER, or --json." });
      const named = flags.query === undefined ? await rulesNamed(context, what, flags) : queryOf(err, flags.query, "query", flags.profile);
      if (named === null) {
        context.exitCode = EXIT.usage;
        return;
      }
      if (layers && platforms.length === 0) {
        if (named.packages.length === 0)
          throw new Failure("a layer is of a package", { help: "tocsin translate T1021.002 --to navigator" });
        if (folder === undefined) out.write(named.packages.map(layerOf).join(""));
        else await writeTranslations(err, folder, { all: [], packages: named.packages, layers: true, fields: new Map() });
        return;
      }
      const fields = flags.fields === undefined ? new Map<string, string>() : fieldNames(flags.fields);
      // A bundle of all platforms is for reading and comparing; what is asked for by name is put to use.
      const asked = flags.allowWider === true || flags.to === "all" ? (made: RuleTranslation) => made : withoutDroppedConjuncts;
      const made = named.rules.flatMap((rule) =>
        platforms.map((platform) => ({ rule, translation: asked(translate(rule, platform, fields)) })),
      );
      // A folder has them in a file; what has no text must be seen all the same.
      for (const { rule, translation } of made)
        if (folder === undefined || flags.json === true || translation.effect === "untranslatable") printLosses(err, rule, translation);
      const all = made.map(({ translation }) => translation);
      if (folder !== undefined) await writeTranslations(err, folder, { all, packages: named.packages, layers, fields });
      if (flags.json === true) writeJson(out, all);
      else if (folder === undefined) printTexts(out, all);
      context.exitCode = (named.left ?? 0) > 0 ? EXIT.untranslatable : translationsExitCode(all);
    });
}

function list(out: Terminal): void {
  out.write(
    `${table(
      [{ title: "platform" }, { title: "what" }, { title: "checked" }],
      [
        ...PLATFORM_NAMES.map((name) => [name, PLATFORMS[name].title, CHECKED[PLATFORMS[name].checked]]),
        [LAYER, "ATT&CK Navigator layer, of a package", ""],
      ],
    )}\n`,
  );
}

const CHECKED = {
  executed: "run, and equal to the engine",
  validated: "held against a parser or schema",
  text: "by reading alone",
} as const;

/** Not a platform for rules: it shows what a package sees. */
const LAYER = "navigator";

interface Named {
  readonly rules: readonly Translatable[];
  /** Those whose rules are all among them. */
  readonly packages: readonly Detection[];
  /** What beside the rules cannot be translated and has been named. */
  readonly left?: number;
}

function platformsNamed(to: string | undefined): { readonly platforms: readonly PlatformName[]; readonly layers: boolean } {
  const help = `Platforms are ${PLATFORM_NAMES.join(", ")}, ${LAYER}, or all.`;
  if (to === undefined) throw new Failure("--to is missing", { help });
  if (to === "all") return { platforms: PLATFORM_NAMES, layers: true };
  const wanted = to.split(",").map((name) => name.trim().toLowerCase());
  for (const name of wanted) if (name !== LAYER && !isPlatformName(name)) throw new Failure(`--to ${name}: no such platform`, { help });
  return { platforms: wanted.filter(isPlatformName), layers: wanted.includes(LAYER) };
}

/** Null where the file is no rule; what is wrong with it has been printed. */
async function rulesNamed({ err, stdin }: CommandContext, what: string | undefined, flags: TranslateFlags): Promise<Named | null> {
  if (what === undefined) throw new Failure("name a rule", { help: "tocsin translate B1 --to esql, or -q 'process where ...'." });
  if (what === "-") return queryOf(err, await readText(what, stdin), "query", flags.profile);
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat === undefined) return byId(err, what, flags.rules);
  if (stat.isDirectory()) return whole(requirePackages(err, [what], today()));
  if (/\.ya?ml$/i.test(what)) {
    const folder = dirname(dirname(resolve(what)));
    if (isPackageFolder(folder)) {
      const [detection] = requirePackages(err, [folder], today());
      const rule = detection?.rules.find(({ file }) => join(folder, file) === resolve(what));
      if (detection !== undefined && rule !== undefined) return { rules: [translatableRule(detection, rule)], packages: [] };
    }
    const sigma = translatableSigmaFile(err, what, {
      pipelines: pipelinesIn(err, flags),
      ...(flags.placeholders === undefined ? {} : { placeholders: placeholdersIn(flags.placeholders) }),
    });
    return sigma === null ? null : { rules: sigma.rules, packages: [], left: sigma.correlations };
  }
  return queryOf(err, readTextFile(what), what, flags.profile);
}

function whole(packages: readonly Detection[]): Named {
  return { packages, rules: packages.flatMap((detection) => detection.rules.map((rule) => translatableRule(detection, rule))) };
}

function byId(err: Terminal, id: string, paths: readonly string[]): Named {
  const all = requirePackages(err, paths, today());
  const same = (name: string): boolean => name.toLowerCase() === id.toLowerCase();
  const packages = all.filter((detection) => same(detection.id));
  if (packages.length > 0) return whole(packages);
  const rules = all.flatMap((detection) =>
    detection.rules.flatMap((rule) => (same(rule.id) || same(`${detection.id}/${rule.id}`) ? [translatableRule(detection, rule)] : [])),
  );
  if (rules.length === 1) return { rules, packages: [] };
  if (rules.length > 1)
    throw new Failure(`${id} is a rule of several packages`, { help: `Name one of ${rules.map(({ key }) => key).join(", ")}.` });
  throw new Failure(`${id} is neither a file nor the id of a rule or package`, {
    help: `There are ${all.map((detection) => `${detection.id} (${detection.rules.map((rule) => rule.id).join(", ")})`).join("; ")}.`,
  });
}

function queryOf(err: Terminal, text: string, file: string, profile: string): Named | null {
  if (profile !== "elasticsearch" && profile !== "tocsin")
    throw new Failure(`--profile ${profile}: no such profile`, { help: "Profiles are elasticsearch and tocsin." });
  const { query, diagnostics } = readQuery(text, { profile, schema: ecsSchema() });
  printDiagnostics(err, text, diagnostics);
  return query === null ? null : { rules: [translatableQuery(query, text, file)], packages: [] };
}

/** A flat map of texts; anything else is refused with its place. */
function fieldNames(file: string): FieldNames {
  const text = readTextFile(file);
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error !== undefined) throw new Failure(`${file}: ${error.message.split("\n")[0]}`);
  const names = new Map<string, string>();
  if (document.contents === null) return names;
  if (!isMap(document.contents))
    throw new Failure(`${file} is not a map of field names`, { help: "Write `process.name: my_column`, a line each." });
  for (const { key, value } of document.contents.items) {
    if (!isScalar(key) || typeof key.value !== "string" || !isScalar(value) || typeof value.value !== "string" || value.value === "")
      throw new Failure(`${file}: ${isScalar(key) ? String(key.value) : "an entry"} is not a field with a name`, {
        help: "Write `process.name: my_column`, a line each.",
      });
    names.set(key.value, value.value);
  }
  return names;
}

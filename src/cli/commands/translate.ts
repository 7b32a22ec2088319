import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Command } from "commander";
import { isMap, isScalar, parseDocument } from "yaml";
import {
  ecsSchema,
  lossDiagnostic,
  placeText,
  readQuery,
  renderDiagnostics,
  TARGETS,
  translatableQuery,
  translatableRule,
  translate,
  type FieldNames,
  type RuleTranslation,
  type Translatable,
} from "../../workbench/index.ts";
import { printDiagnostics } from "../diagnostics.ts";
import { EXIT, Failure } from "../failure.ts";
import { jsonText } from "../json.ts";
import { isPackageFolder, requirePackages, today } from "../packages.ts";
import { plural } from "../progress.ts";
import { translatableSigmaFile } from "../sigma-file.ts";
import { table } from "../table.ts";
import { err, out } from "../terminal.ts";

interface TranslateFlags {
  readonly to?: string;
  readonly query?: string;
  readonly rules: string[];
  readonly fields?: string;
  readonly profile: string;
  readonly json?: true;
  readonly list?: true;
}

export function addTranslate(program: Command): void {
  program
    .command("translate")
    .description("say a rule in another platform's language, and name what is lost")
    .argument(
      "[rule]",
      "a rule's id (B1, T1021.002/B1), a rule's file (of a package, or Sigma), a file of one EQL query, or a package's folder",
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
    .option("--fields <file>", "your own column names: YAML of `ecs.field: column`")
    .option("--profile <profile>", "of queries: elasticsearch, or tocsin for our additions to the language", "elasticsearch")
    .option("--json", "translations and losses as JSON")
    .option("--list", "the platforms")
    .addHelpText(
      "after",
      "\nExit codes: 0 the same detection; 1 wider or narrower somewhere (on stderr); 3 a rule that cannot be translated; 2 usage or rule error.",
    )
    .action((first: string | undefined, second: string | undefined, flags: TranslateFlags) => {
      if (flags.list === true) {
        list();
        return;
      }
      const [what, folder] = flags.query === undefined ? [first, second] : [undefined, first];
      const platforms = platformsNamed(flags.to);
      if (platforms.length > 1 && folder === undefined && flags.json !== true)
        throw new Failure("several platforms need a folder to write to", { help: "tocsin translate B1 --to all FOLDER, or --json." });
      const rules = flags.query === undefined ? rulesNamed(what, flags) : queryOf(flags.query, "query", flags.profile);
      if (rules === null) {
        process.exitCode = EXIT.usage;
        return;
      }
      const fields = flags.fields === undefined ? new Map<string, string>() : fieldNames(flags.fields);
      const made = rules.flatMap((rule) => platforms.map((platform) => ({ rule, translation: translate(rule, platform, fields) })));
      // A folder has them in a file; what has no text must be seen all the same.
      for (const { rule, translation } of made)
        if (folder === undefined || flags.json === true || translation.effect === "untranslatable") printLosses(rule, translation);
      const all = made.map(({ translation }) => translation);
      if (folder !== undefined) writeAll(folder, all);
      if (flags.json === true) out.write(`${jsonText(all, 2)}\n`);
      else if (folder === undefined) printTexts(all);
      process.exitCode = exitCode(all);
    });
}

function list(): void {
  out.write(
    `${table(
      [{ title: "platform" }, { title: "what" }, { title: "checked" }],
      Object.entries(TARGETS).map(([name, { title, checked }]) => [name, title, CHECKED[checked]]),
    )}\n`,
  );
}

const CHECKED = {
  executed: "run, and equal to the engine",
  validated: "held against a parser or schema",
  text: "by reading alone",
} as const;

function platformsNamed(to: string | undefined): string[] {
  const names = Object.keys(TARGETS);
  if (to === undefined) throw new Failure("--to is missing", { help: `Platforms are ${names.join(", ")}, or all.` });
  if (to === "all") return names;
  return to.split(",").map((name) => {
    const plain = name.trim().toLowerCase();
    if (!names.includes(plain)) throw new Failure(`--to ${name}: no such platform`, { help: `Platforms are ${names.join(", ")}, or all.` });
    return plain;
  });
}

/** Null where the file is no rule; what is wrong with it has been printed. */
function rulesNamed(what: string | undefined, flags: TranslateFlags): readonly Translatable[] | null {
  if (what === undefined) throw new Failure("name a rule", { help: "tocsin translate B1 --to esql, or -q 'process where ...'." });
  const stat = statSync(what, { throwIfNoEntry: false });
  if (stat === undefined) return [byId(what, flags.rules)];
  if (stat.isDirectory())
    return requirePackages([what], today()).flatMap((detection) => detection.rules.map((rule) => translatableRule(detection, rule)));
  if (/\.ya?ml$/i.test(what)) {
    const folder = dirname(dirname(resolve(what)));
    if (isPackageFolder(folder)) {
      const [detection] = requirePackages([folder], today());
      const rule = detection?.rules.find(({ file }) => join(folder, file) === resolve(what));
      if (detection !== undefined && rule !== undefined) return [translatableRule(detection, rule)];
    }
    return translatableSigmaFile(what);
  }
  return queryOf(readText(what), what, flags.profile);
}

function byId(id: string, packages: readonly string[]): Translatable {
  const all = requirePackages(packages, today());
  const found = all.flatMap((detection) =>
    detection.rules.flatMap((rule) =>
      rule.id.toLowerCase() === id.toLowerCase() || `${detection.id}/${rule.id}`.toLowerCase() === id.toLowerCase()
        ? [translatableRule(detection, rule)]
        : [],
    ),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new Failure(`${id} is a rule of several packages`, { help: `Name one of ${found.map(({ key }) => key).join(", ")}.` });
  throw new Failure(`${id} is neither a file nor the id of a rule`, {
    help: `Rules are ${all.map((detection) => detection.rules.map((rule) => `${detection.id}/${rule.id}`).join(", ")).join("; ")}.`,
  });
}

function queryOf(text: string, file: string, profile: string): readonly Translatable[] | null {
  if (profile !== "elasticsearch" && profile !== "tocsin")
    throw new Failure(`--profile ${profile}: no such profile`, { help: "Profiles are elasticsearch and tocsin." });
  const { query, diagnostics } = readQuery(text, { profile, schema: ecsSchema() });
  printDiagnostics(text, diagnostics);
  return query === null ? null : [translatableQuery(query, text, file)];
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw new Failure(`cannot read ${file}: ${(error as Error).message}`);
  }
}

/** A flat map of texts; anything else is refused with its place. */
function fieldNames(file: string): FieldNames {
  const text = readText(file);
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

function printLosses(rule: Translatable, { platform, losses }: RuleTranslation): void {
  for (const loss of losses) {
    err.write(`${err.paint("bold", rule.key)} ${placeText(loss.place)}\n`);
    err.write(`${renderDiagnostics(rule.text, [lossDiagnostic(loss, platform)])}\n\n`);
  }
}

function printTexts(all: readonly RuleTranslation[]): void {
  for (const { rule, title, text } of all) {
    if (all.length > 1) out.write(`${out.paint("bold", rule)}  ${title}\n`);
    if (text !== "") out.write(text.endsWith("\n") ? text : `${text}\n`);
    if (all.length > 1) out.write("\n");
  }
}

function writeAll(folder: string, all: readonly RuleTranslation[]): void {
  const written = new Set<string>();
  for (const { rule, platform, text, extension, files } of all) {
    const name = fileName(rule.slice(rule.lastIndexOf("/") + 1).replace(/\.[A-Za-z0-9]+$/, ""));
    const texts = [...(text === "" ? [] : [{ name: `${name}.${extension}`, text: text.endsWith("\n") ? text : `${text}\n` }]), ...files];
    for (const file of texts) {
      const path = join(folder, platform, fileName(file.name));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, file.text);
      written.add(path);
    }
  }
  const losses = all.flatMap(({ rule, platform, losses: lost }) =>
    lost.map(({ effect, place, source, reason, advice }) => ({ rule, platform, effect, place: placeText(place), source, reason, advice })),
  );
  if (losses.length > 0) writeFileSync(join(folder, "losses.json"), `${jsonText(losses, 2)}\n`);
  const counts = new Map<string, number>();
  for (const { effect } of all) counts.set(effect, (counts.get(effect) ?? 0) + 1);
  err.write(
    `${plural(written.size, "file")} in ${folder}: ${["exact", "wider", "narrower", "untranslatable"].flatMap((effect) => (counts.has(effect) ? [`${counts.get(effect)} ${effect}`] : [])).join(", ")}${losses.length > 0 ? "; losses.json says what differs" : ""}\n`,
  );
}

/** One plain name, whatever a rule calls itself. */
function fileName(name: string): string {
  const plain = name.replaceAll(/[^A-Za-z0-9._-]+/g, "_").replace(/^\.+/, "");
  return plain === "" ? "rule" : plain.slice(0, 120);
}

function exitCode(all: readonly RuleTranslation[]): number {
  if (all.some(({ effect }) => effect === "untranslatable")) return EXIT.untranslatable;
  return all.some(({ effect }) => effect !== "exact") ? EXIT.found : EXIT.done;
}

import { table } from "../../report/index.ts";
import type { Command } from "commander";
import { isMap, isScalar, parseDocument } from "yaml";
import {
  isPlatformName,
  layerOf,
  PLATFORM_NAMES,
  PLATFORMS,
  translate,
  withoutDroppedConjuncts,
  type FieldNames,
  type PlatformName,
  type RuleTranslation,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import type { Terminal } from "../output/terminal.ts";
import { readText, readTextFile } from "../text-file.ts";
import { EXIT, Failure } from "../failure.ts";
import { noSuch } from "../no-such.ts";
import { writeJson } from "../output/json.ts";
import { placeholdersIn } from "../placeholders.ts";
import { addPipelineOption, pipelinesIn, type PipelineFlags } from "../sigma-options.ts";
import { queryNamed, rulesNamed, type Named } from "../translation/named.ts";
import { printLosses, printTexts, translationsExitCode, writeTranslations } from "../translation/output.ts";

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
      "a rule's id (B1, T1021.002/B1), a package's id or folder; a file, folder or archive of rules of any kind; or a file of one EQL query",
    )
    .argument("[folder]", "write files there instead of printing: PLATFORM/RULE.EXTENSION, and what the platform takes in")
    .option("--to <platform>", "the platform, several with commas, or all; --list names them")
    .option("-q, --query <eql>", "an EQL query instead of a rule")
    .option(
      "--rules <path>",
      "rules of any kind among which ids are looked up (default: the bundled packages)",
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
      "\nExit codes: 0 the same detection; 1 wider or narrower somewhere (on stderr); 3 a rule that cannot be translated, or not without losing a condition; 2 usage or rule error; 4 done, but rules among them are broken.",
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
      const named = await namedBy(context, what, flags);
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
      const code = named.left > 0 ? EXIT.untranslatable : translationsExitCode(all);
      context.exitCode = code === EXIT.done && named.broken > 0 ? EXIT.incomplete : code;
    });
}

async function namedBy(context: CommandContext, what: string | undefined, flags: TranslateFlags): Promise<Named | null> {
  const { err, stdin } = context;
  if (flags.query !== undefined) return queryNamed(err, flags.query, "query", flags.profile);
  if (what === undefined) throw new Failure("name a rule", { help: "tocsin translate B1 --to esql, or -q 'process where ...'." });
  if (what === "-") return queryNamed(err, await readText(what, stdin), "query", flags.profile);
  const sigma = {
    pipelines: pipelinesIn(err, flags),
    ...(flags.placeholders === undefined ? {} : { placeholders: placeholdersIn(flags.placeholders) }),
  };
  return rulesNamed(context, what, { rules: flags.rules, profile: flags.profile, sigma });
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

function platformsNamed(to: string | undefined): { readonly platforms: readonly PlatformName[]; readonly layers: boolean } {
  if (to === undefined) throw new Failure("--to is missing", { help: `Platforms are ${PLATFORM_NAMES.join(", ")}, ${LAYER}, or all.` });
  if (to === "all") return { platforms: PLATFORM_NAMES, layers: true };
  const wanted = to.split(",").map((name) => name.trim().toLowerCase());
  for (const name of wanted)
    if (name !== LAYER && !isPlatformName(name)) throw noSuch("--to", name, "platform", "Platforms", [...PLATFORM_NAMES, LAYER, "all"]);
  return { platforms: wanted.filter(isPlatformName), layers: wanted.includes(LAYER) };
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

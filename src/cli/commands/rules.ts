import { existsSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Command } from "commander";
import { count, plural, table } from "../../report/index.ts";
import { loadRules } from "../../workbench/index.ts";
import { configuredRules, writeConfiguredRules } from "../configuration/rules.ts";
import { FILE_NAME } from "../configuration/find.ts";
import type { CommandContext } from "../context.ts";
import { Failure } from "../failure.ts";
import { bundledRules, today } from "../packages.ts";
import { ruleFiles } from "../rules.ts";

export function addRules(rules: Command, context: CommandContext): void {
  const { out, configuration } = context;
  const fileInUse = configuration?.file ?? null;
  const commands = (): string[] => rules.parent!.commands.map((command) => command.name());
  rules
    .command("list", { isDefault: true })
    .description("the paths that the configuration names, with how many rules of each run")
    .action(() => {
      const paths = configuredRules(fileInUse, commands());
      out.write(`${fileInUse === null ? `No ${FILE_NAME} here or above, and none of your own` : shown(fileInUse)}\n\n`);
      out.write(
        `${table([{ title: "rules" }, { title: "run", align: "right" }, { title: "do not run", align: "right" }], paths.map(rowOf))}\n`,
      );
    });
  rules
    .command("add")
    .description("run these rules, too, where none are named")
    .argument("<path...>", "rules of any kind that `hunt` takes; `bundled` for what comes with Tocsin")
    .option("--here", `write ${FILE_NAME} in this folder, for who works in it; otherwise the file in use, or your own`)
    .action(async (paths: string[], flags: { readonly here?: true }) => {
      const file = fileFor(flags.here === true);
      const known = configuredRules(file, commands());
      const added = [...new Set(paths.map(pathOf))].filter((path) => !known.includes(path));
      const counts = added.map((path) => {
        const { running } = countsOf(path);
        if (running === 0) throw new Failure(`${path}: no rule in there that can be run`, { help: "`tocsin lint` says what is wrong." });
        return `${path === bundledRules.name ? path : shown(path)}: ${plural(running, "rule")}`;
      });
      await writeConfiguredRules(file, [...known, ...added]);
      for (const line of counts) out.write(`${line}\n`);
      out.write(`${added.length === 0 ? "Nothing new" : "Added"}; ${shown(file)} has ${plural([...known, ...added].length, "path")}\n`);
    });
  rules
    .command("remove")
    .description("no longer run these where none are named")
    .argument("<path...>", "as `tocsin rules` lists them")
    .action(async (paths: string[]) => {
      const file = fileFor(false);
      const known = configuredRules(file, commands());
      const removed = paths.map(pathOfAny);
      const missing = removed.find((path) => !known.includes(path));
      if (missing !== undefined)
        throw new Failure(`${missing} is not in ${shown(file)}`, { help: `In it are ${known.map(shown).join(", ")}.` });
      const kept = known.filter((path) => !removed.includes(path));
      await writeConfiguredRules(file, kept.length === 0 ? [bundledRules.name] : kept);
      out.write(`${shown(file)} has ${kept.length === 0 ? "the bundled packages alone" : plural(kept.length, "path")}\n`);
    });

  function fileFor(here: boolean): string {
    if (here) return resolve(FILE_NAME);
    const file = fileInUse ?? configuration?.userFile;
    if (file === undefined) throw new Failure("there is no place for a configuration", { help: `Add --here to write ${FILE_NAME}.` });
    return file;
  }
}

function rowOf(path: string): string[] {
  if (path !== bundledRules.name && !existsSync(path)) return [`${shown(path)} (not there)`, "0", "0"];
  const { running, others } = countsOf(path);
  return [path === bundledRules.name ? `${path} (comes with Tocsin)` : shown(path), count(running), count(others)];
}

function countsOf(path: string): { readonly running: number; readonly others: number } {
  const { packages, rules, correlations, problems, notServed, inactive } = loadRules(ruleFiles([path]), { today: today() });
  const unusable = new Set(
    problems.filter(({ severity }) => severity === "error").map(({ place, rule }) => `${place.file}\n${rule ?? ""}`),
  );
  return {
    running: packages.reduce((sum, one) => sum + one.rules.length, 0) + rules.length + correlations.length,
    others: unusable.size + inactive + notServed.reduce((sum, one) => sum + one.rules, 0),
  };
}

function pathOf(path: string): string {
  if (path === bundledRules.name && !existsSync(path)) return path;
  const absolute = resolve(path);
  if (!existsSync(absolute)) throw new Failure(`there is no ${path}`, { help: "Name a file of rules, an archive, or a folder of them." });
  return absolute;
}

/** Also of what is no longer there. */
const pathOfAny = (path: string): string => (path === bundledRules.name && !existsSync(path) ? path : resolve(path));

function shown(path: string): string {
  const seen = relative(process.cwd(), path);
  return path === bundledRules.name || seen === "" || seen.startsWith("..") ? path : seen;
}

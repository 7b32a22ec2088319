import { randomUUID } from "node:crypto";
import { lstatSync } from "node:fs";
import { join, relative } from "node:path";
import type { Command } from "commander";
import {
  ecsSchema,
  leastDetection,
  leastRule,
  loadPackage,
  packageIdProblem,
  readQuery,
  ruleIdProblem,
  scaffoldDetection,
  scaffoldEdit,
  scaffoldRule,
} from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { printDiagnostics } from "../query/diagnostics.ts";
import type { Terminal } from "../output/terminal.ts";
import { Failure } from "../failure.ts";
import { writeFiles } from "../output/files.ts";
import { isPackageFolder, today } from "../packages.ts";

export function addNew(command: Command, context: CommandContext): void {
  command
    .command("detection")
    .description("a package in a folder of its own")
    .argument("<id>", "its id, such as T1021.003; a technique of ATT&CK is filled in")
    .option("--dir <folder>", "where the folder is made", ".")
    .option("--query <eql>", "begin with the least: the rule R1 with this query, and no cases; `tocsin record` cuts them from logs")
    .option("--rule-name <text>", "what the rule of --query is called")
    .action(async (id: string, flags: { readonly dir: string } & LeastFlags) => {
      const problem = packageIdProblem(id);
      if (problem !== null) throw new Failure(problem);
      const folder = join(flags.dir, id);
      if (exists(folder)) throw new Failure(`${folder} exists already`, { help: "Nothing was written. Choose another id or --dir." });
      if (flags.query !== undefined) {
        await write(context.out, folder, leastDetection(id, leastOf(context, "R1", flags)));
        record(context.out, folder);
        return;
      }
      await write(context.out, folder, scaffoldDetection(id, { today: today(), uuid: randomUUID }));
      next(context.out, folder, "R1");
    });
  command
    .command("rule")
    .description("a rule with three cases, in a package that exists")
    .argument("<package>", "the package's folder")
    .argument("<id>", "the rule's short id, such as B1")
    .option("--query <eql>", "the least: a rule with this query, and no cases")
    .option("--rule-name <text>", "what the rule of --query is called")
    .action(async (folder: string, id: string, flags: LeastFlags) => {
      const problem = ruleIdProblem(id);
      if (problem !== null) throw new Failure(problem);
      if (!isPackageFolder(folder))
        throw new Failure(`${folder} is no detection package`, {
          help: "Name a folder with a package.yaml; `tocsin new detection` makes one.",
        });
      const files =
        flags.query === undefined ? scaffoldRule(id, { today: today(), uuid: randomUUID }) : leastRule(leastOf(context, id, flags));
      const there = [...files.keys(), `hunts/${id}.yaml`].find((file) => exists(join(folder, file)));
      if (there !== undefined)
        throw new Failure(`${join(folder, there)} exists already`, { help: "Nothing was written. Choose another id." });
      await write(context.out, folder, files);
      if (flags.query === undefined) next(context.out, folder, id);
      else record(context.out, folder);
    });
}

interface LeastFlags {
  readonly query?: string;
  readonly ruleName?: string;
}

/** What cannot be loaded is not written. */
function leastOf({ err }: CommandContext, id: string, { query = "", ruleName }: LeastFlags): Parameters<typeof leastRule>[0] {
  const read = readQuery(query, { profile: "tocsin", schema: ecsSchema() });
  printDiagnostics(err, query, read.diagnostics);
  if (read.query === null) throw new Failure("--query: the query cannot be run", { help: "Nothing was written." });
  const rule = { id, name: ruleName ?? query.replaceAll(/\s+/g, " ").trim().slice(0, 80), query };
  const problem = loadPackage(leastDetection("X1", rule)).problems.find(({ severity }) => severity === "error");
  if (problem !== undefined) throw new Failure(`--query: ${problem.message}`, { help: problem.help ?? "Nothing was written." });
  return rule;
}

function record(out: Terminal, folder: string): void {
  const where = relative(process.cwd(), folder) || ".";
  out.write(`\nIt runs, and nothing proves it yet:\n  tocsin record ${where} --from LOG --query EQL      cuts a case out of a log\n`);
}

/** A link that leads nowhere is there, too. */
function exists(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

/** What appeared in the meantime is not overwritten either. */
async function write(out: Terminal, folder: string, files: ReadonlyMap<string, string>): Promise<void> {
  const all = [...files].map(([file, content]) => ({ path: join(folder, file), content }));
  await writeFiles(all, { exclusive: true });
  for (const { path } of all) out.write(`${relative(process.cwd(), path)}\n`);
}

function next(out: Terminal, folder: string, rule: string): void {
  const where = relative(process.cwd(), folder) || ".";
  const edit = scaffoldEdit(rule);
  out.write(
    [
      "",
      "Its positive case fails until the rule asks for what the case holds:",
      `  tocsin prove ${where}      says which condition is false, and the value seen`,
      `  ${join(where, "rules", `${rule}.yaml`)}: write "${edit.to}" for "${edit.from}"`,
      `  tocsin prove ${where}      holds; put your own events, query and words in their place`,
      "",
    ].join("\n"),
  );
}

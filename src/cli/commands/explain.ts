import type { Command } from "commander";
import { Collected, explain, explanationReport, type Detection, type Rule } from "../../workbench/index.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { jsonText } from "../json.ts";
import { requirePackages, today } from "../packages.ts";
import { err, out } from "../terminal.ts";

interface ExplainFlags {
  readonly line?: string;
  readonly record?: string;
  readonly rules?: readonly string[];
  readonly json?: true;
}

export function addExplain(program: Command): void {
  program
    .command("explain")
    .description("say why a rule matches an event or does not: each condition true, false or missing, and the values seen")
    .argument("<rule>", "a rule's id, such as A1 or T1021.002/A1")
    .argument("<path...>", "where the events lie; without --line or --record the nearest event is explained")
    .option("--line <n>", "the event on this line")
    .option("--record <n>", "the event with this record number")
    .option("--rules <path...>", "detection packages instead of the bundled ones")
    .option("--json", "the explanation as JSON")
    .action(async (id: string, paths: string[], flags: ExplainFlags) => {
      const rule = findRule(requirePackages(flags.rules ?? [], today()), id);
      const collected = new Collected({
        keep: (place) =>
          (flags.line === undefined || String(place.line) === flags.line) &&
          (flags.record === undefined || String(place.record) === flags.record),
      });
      const input = await readWithProgress(paths, collected, () => 0);
      const events = collected.inOrder().map(({ event }) => event);
      if (collected.dropped > 0)
        err.write(
          `${err.paint("yellow", "warning")}: only the first ${events.length} events are looked at; name one with --line or --record\n`,
        );
      const explanation = explain(rule.tree, rule.query, events);
      if (explanation === null)
        throw new Failure(events.length === 0 ? "there is no such event" : "rules of this kind cannot be explained yet", {
          help: "Check --line and --record against the place that `tocsin hunt` prints.",
        });
      if (flags.json === true) out.write(`${jsonText({ rule: rule.id, explanation }, 2)}\n`);
      else out.write(`${rule.id} ${rule.name}\n\n${explanationReport(explanation, events).join("\n")}\n`);
      process.exitCode = input.errors > 0 ? EXIT.incomplete : EXIT.done;
    });
}

function findRule(packages: readonly Detection[], id: string): Rule {
  const found = packages.flatMap((p) =>
    p.rules.filter((rule) => rule.id.toLowerCase() === id.toLowerCase() || `${p.id}/${rule.id}`.toLowerCase() === id.toLowerCase()),
  );
  if (found.length === 1) return found[0]!;
  if (found.length > 1)
    throw new Failure(`several packages have a rule ${id}`, {
      help: `Write it with its package: ${packages.map((p) => `${p.id}/${id}`).join(", ")}.`,
    });
  throw new Failure(`there is no rule ${id}`, {
    help: `Rules are ${packages.flatMap((p) => p.rules.map((rule) => `${p.id}/${rule.id}`)).join(", ")}.`,
  });
}

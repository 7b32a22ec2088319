import { existsSync } from "node:fs";
import type { Command } from "commander";
import { alertExplanationView, explanationText, explanationView, WORDS } from "../../report/index.ts";
import { Collected, explain, explainAlert, shortId, writtenAlerts, type LogRecord, type WrittenAlert } from "../../workbench/index.ts";
import type { CommandContext } from "../context.ts";
import { EXIT, Failure } from "../failure.ts";
import { readWithProgress } from "../hunting.ts";
import { writeJson } from "../output/json.ts";
import { today } from "../packages.ts";
import { findRule, onlyRule, requireRules, RULES_OPTION } from "../rules.ts";
import { addSigmaOptions, sigmaOptions, type SigmaFlags } from "../sigma-options.ts";

interface ExplainFlags extends SigmaFlags {
  readonly line?: string;
  readonly record?: string;
  readonly alert?: string;
  readonly rules?: readonly string[];
  readonly json?: true;
}

export function addExplain(command: Command, context: CommandContext): void {
  command
    .argument("[rule]", "a rule's id, such as A1 or T1021.002/A1, its name, or a file of one rule; not with --alert, which has one")
    .argument("[path...]", "where the events lie; without --line or --record the nearest event is explained")
    .option("--alert <id>", "the alert with this id (event.id), in what `tocsin hunt --ndjson` or `--json` wrote")
    .option("--line <n>", "the event on this line")
    .option("--record <n>", "the event with this record number")
    .option("--rules <path...>", RULES_OPTION);
  addSigmaOptions(command)
    .option("--json", "the explanation as JSON")
    .action(async (id: string | undefined, paths: string[], flags: ExplainFlags) => {
      const { out, err } = context;
      if (flags.alert !== undefined) {
        context.exitCode = await explainWritten(context, flags.alert, id === undefined ? paths : [id, ...paths], flags);
        return;
      }
      if (id === undefined || paths.length === 0)
        throw new Failure("a rule and a file are needed", { help: "tocsin explain RULE LOGS, or tocsin explain --alert ID ALERTS." });
      const options = { today: today(), cases: false, ...sigmaOptions(err, flags) };
      // A file of rules for the rule's id: the one that it holds.
      const isFile = flags.rules === undefined && existsSync(id);
      const rules = requireRules(context, isFile ? [id] : (flags.rules ?? []), options);
      const rule = isFile ? onlyRule(rules, id) : findRule(rules, id);
      const collected = new Collected({
        timestampFields: rules.timestampFields,
        keep: (place) =>
          (flags.line === undefined || String(place.line) === flags.line) &&
          (flags.record === undefined || String(place.record) === flags.record),
      });
      const input = await readWithProgress(context, paths, collected, () => 0);
      const events = collected.inOrder().map(({ event }) => event);
      if (collected.dropped > 0)
        err.write(
          `${err.paint("yellow", "warning")}: only the first ${events.length} events are looked at; name one with --line or --record\n`,
        );
      const explanation = explain(rule.query, null, events);
      if (explanation === null)
        throw events.length === 0
          ? new Failure("there is no such event", { help: "Check --line and --record against the place that `tocsin hunt` prints." })
          : new Failure("the rule is of a kind that is not explained", { help: WORDS.notExplained });
      if (flags.json === true) writeJson(out, { rule: rule.key, explanation });
      else out.write(`${shortId(rule)} ${rule.name}\n\n${explanationText(explanationView(explanation, events)).join("\n")}\n`);
      context.exitCode = input.errors > 0 ? EXIT.incomplete : EXIT.done;
    });
}

/** An alert that a hunt wrote down, with the events it was made of. */
async function explainWritten(context: CommandContext, id: string, paths: readonly string[], flags: ExplainFlags): Promise<number> {
  const { out, err } = context;
  if (paths.length === 0) throw new Failure("a file of alerts is needed", { help: "Write one with `tocsin hunt --ndjson LOGS`." });
  const found: WrittenAlert[] = [];
  const sink = {
    record(record: LogRecord): void {
      if (found.length === 0 && record.kind === "document")
        found.push(...writtenAlerts(record.document).filter((alert) => alert.id === id));
    },
    problem(): void {},
  };
  const input = await readWithProgress(context, paths, sink, () => 0);
  const alert = found[0];
  if (alert === undefined) throw new Failure(`there is no alert ${id}`, { help: "Ids are in event.id of the alerts." });
  const rule = findRule(
    requireRules(context, flags.rules ?? [], { today: today(), cases: false, ...sigmaOptions(err, flags) }),
    alert.rule.key,
  );
  const explained = explainAlert({ rule, events: alert.events });
  if (explained === null) throw new Failure("the alert's rule is of a kind that is not explained", { help: WORDS.notExplained });
  if (flags.json === true) writeJson(out, { rule: alert.rule.key, alert: id, explanation: explained.explanation });
  else out.write(`${shortId(rule)} ${rule.name}\n\n${explanationText(alertExplanationView(explained)).join("\n")}\n`);
  return input.errors > 0 ? EXIT.incomplete : EXIT.done;
}

/** What `tune` prints: what can be pasted, with the findings as comments. */
import { plural } from "../../report/index.ts";
import { visible, visibleLines, type Proposal, type Proposals, type RuleProposals } from "../../workbench/index.ts";
import type { Terminal } from "../output/terminal.ts";

/** YAML with the findings as comments, so that all of it can be pasted. What would lose a proof comes first. */
export function printProposals(out: Terminal, { detection, alerts, falsePositives, allTaken, proposals, left }: Proposals): void {
  note(
    out,
    `${detection}: ${alerts} alerts, ${allTaken ? "none marked, so all are taken for false positives" : `${falsePositives} of them false positives`}.`,
  );
  for (const proposal of proposals.filter((p) => p.verdict === "refused")) {
    warn(out, `REFUSED, for ${plural(proposal.removes.length, "alert")}: ${proposal.exception.title}`);
    problemLines(out, proposal.problems);
  }
  const good = proposals.filter((p) => p.verdict !== "refused");
  if (good.length > 0) {
    note(out, "Items of `exceptions` in tuning.yaml. Each says who answers for it and until when; read them before you paste them.");
    out.write("\n");
  }
  for (const proposal of good) {
    printEffect(out, proposal);
    out.write(`${indented(proposal.yaml!)}\n\n`);
  }
  for (const { rule, id, what, why } of left) note(out, `NO EXCEPTION for ${rule} ${id} (${what}): ${why}`);
}

function printEffect(out: Terminal, { removes, alsoHides, cases, casesRun }: Proposal): void {
  for (const { rule, id, host, what } of alsoHides) warn(out, `ALSO HIDES ${rule} ${id} on ${host}: ${what}`);
  note(out, `Removes ${plural(removes.length, "alert")}; of ${casesRun} cases it silences none that shows an attack.`);
  for (const c of cases) note(out, `Changes case ${c.name} (${c.kind}): ${c.rules.join(", ")}. Move it from its fires to its excepted.`);
}

/** Of a proposal that breaks thirty cases the first few say why; `--json` has all. */
const MAX_PROBLEMS = 5;

function problemLines(out: Terminal, problems: readonly string[]): void {
  for (const problem of problems.slice(0, MAX_PROBLEMS)) warn(out, `  ${problem}`);
  if (problems.length > MAX_PROBLEMS) warn(out, `  ... and ${plural(problems.length - MAX_PROBLEMS, "more problem")} (--json has all)`);
}

function note(out: Terminal, text: string): void {
  out.write(`${out.paint("dim", `# ${visible(text)}`)}\n`);
}

/** What would be lost. */
function warn(out: Terminal, text: string): void {
  out.write(`${out.paint("red", `# ${visible(text)}`)}\n`);
}

/** As an item of a list stands in tuning.yaml. */
function indented(yaml: string): string {
  return yaml
    .trimEnd()
    .split("\n")
    .map((line) => `  ${visible(line)}`)
    .join("\n");
}

const FORMS = {
  "sigma-filter": "Sigma filters: keep them in a file beside your rules, which `hunt --rules` and other tools of Sigma read.",
  "kibana-exceptions":
    "A shared exception list as Kibana imports it: link it to the rule there. `hunt --rules` takes the file beside the rule.",
  "eql-clause": "The query without these events, to be written in place of the rule's.",
} as const;

/** Rules that belong to no package. The proofs that a proposal would break are named first. */
export function printRuleProposals(
  out: Terminal,
  { rule, name, alerts, falsePositives, allTaken, proposals, left, file }: RuleProposals,
): void {
  note(
    out,
    `${name} (${rule}): ${alerts} alerts, ${allTaken ? "none marked, so all are taken for false positives" : `${falsePositives} of them false positives`}.`,
  );
  for (const { verdict, fields, problems, removes } of proposals) {
    if (verdict !== "refused") continue;
    warn(out, `REFUSED, for ${plural(removes.length, "alert")}: ${fieldsText(fields)}`);
    problemLines(out, problems);
  }
  for (const { verdict, fields, removes, alsoHides, casesRun, text } of proposals) {
    if (verdict === "refused") continue;
    note(out, `Removes ${plural(removes.length, "alert")}: ${fieldsText(fields)}`);
    note(
      out,
      casesRun === 0 ? "  The rule has no cases that it could be held against." : `  Of ${casesRun} cases of the rule it breaks none.`,
    );
    if (verdict === "offered") continue;
    for (const { id, host, what } of alsoHides) warn(out, `  ALSO HIDES ${id} on ${host}: ${what}`);
    note(out, "  It is not among what is offered below; on its own it is:");
    out.write(`${visibleLines(text ?? "").trimEnd()}\n`);
  }
  if (file !== null) {
    note(out, FORMS[file.kind]);
    out.write(`\n${visibleLines(file.text).trimEnd()}\n\n`);
  }
  for (const { id, what, why } of left) note(out, `NO EXCEPTION for ${id} (${what}): ${why}`);
}

function fieldsText(fields: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(fields)
    .map(([field, values]) => `${field} ${values.join(" or ")}`)
    .join(", ");
}

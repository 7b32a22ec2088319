/** What `tune` prints: what can be pasted, with the findings as comments. */
import { plural } from "../../report/index.ts";
import { visible, visibleLines, type Proposal, type Proposals, type RuleProposals } from "../../workbench/index.ts";
import type { Terminal } from "../output/terminal.ts";

/** YAML with the findings as comments, so that all of it can be pasted. */
export function printProposals(out: Terminal, { detection, alerts, falsePositives, allTaken, proposals, left }: Proposals): void {
  note(
    out,
    `${detection}: ${alerts} alerts, ${allTaken ? "none marked, so all are taken for false positives" : `${falsePositives} of them false positives`}.`,
  );
  const good = proposals.filter((p) => p.verdict !== "refused");
  if (good.length > 0) {
    note(out, "Items of `exceptions` in tuning.yaml. Each says who answers for it and until when; read them before you paste them.");
    out.write("\n");
  }
  for (const proposal of good) {
    for (const line of effectLines(proposal)) note(out, line);
    out.write(`${indented(proposal.yaml!)}\n\n`);
  }
  for (const proposal of proposals.filter((p) => p.verdict === "refused")) {
    note(out, `REFUSED, for ${proposal.removes.length} alerts: ${proposal.exception.title}`);
    for (const problem of proposal.problems) note(out, `  ${problem}`);
  }
  for (const { rule, id, what, why } of left) note(out, `NO EXCEPTION for ${rule} ${id} (${what}): ${why}`);
}

function effectLines({ removes, alsoHides, cases, casesRun }: Proposal): string[] {
  const lines = [`Removes ${plural(removes.length, "alert")}; of ${casesRun} cases it silences none that shows an attack.`];
  for (const { rule, id, host, what } of alsoHides) lines.push(`ALSO HIDES ${rule} ${id} on ${host}: ${what}`);
  for (const c of cases) lines.push(`Changes case ${c.name} (${c.kind}): ${c.rules.join(", ")}. Move it from its fires to its excepted.`);
  return lines;
}

function note(out: Terminal, text: string): void {
  out.write(`${out.paint("dim", `# ${visible(text)}`)}\n`);
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
    note(out, `REFUSED, for ${removes.length} alerts: ${fieldsText(fields)}`);
    for (const problem of problems) note(out, `  ${problem}`);
  }
  for (const { verdict, fields, removes, alsoHides, casesRun, text } of proposals) {
    if (verdict === "refused") continue;
    note(out, `Removes ${plural(removes.length, "alert")}: ${fieldsText(fields)}`);
    note(
      out,
      casesRun === 0 ? "  The rule has no cases that it could be held against." : `  Of ${casesRun} cases of the rule it breaks none.`,
    );
    if (verdict === "offered") continue;
    for (const { id, host, what } of alsoHides) note(out, `  ALSO HIDES ${id} on ${host}: ${what}`);
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

/**
 * A new detection package, or a new rule in one: every file with every field, a comment to each, and cases that do not hold until
 * somebody writes the query. Paths inside the package -> texts; writing them is the caller's.
 */
import { stringify } from "yaml";
import { attack } from "../attack.ts";
import { PACKAGE } from "../package/package.ts";
import { scaffoldCases } from "./cases.ts";
import { scaffoldRuleText, type ScaffoldOptions } from "./rule.ts";
import { RULE_ID } from "../package/schema.ts";

/** The name in the query of a new rule, and the one its positive case holds: writing the second for the first makes it pass. */
export function scaffoldEdit(rule: string): { readonly from: string; readonly to: string } {
  return { from: "replace-me.exe", to: `example-${rule.toLowerCase()}.exe` };
}

/** What is wrong with the id of a package, as a sentence; null when nothing is. It becomes the name of a folder. */
export function packageIdProblem(id: string): string | null {
  if (!PACKAGE.shape.id.safeParse(id).success || id.endsWith(".") || id.includes(".."))
    return `'${id}' cannot be the id of a package: it begins with a capital letter and has letters, digits, single dots and hyphens, such as T1021.002`;
  return null;
}

export function ruleIdProblem(id: string): string | null {
  return RULE_ID.safeParse(id).success
    ? null
    : `'${id}' cannot be the id of a rule: it begins with a capital letter and has up to eight capital letters and digits, such as B1`;
}

export function scaffoldDetection(id: string, options: ScaffoldOptions): Map<string, string> {
  return new Map([
    ["package.yaml", packageText(id, options)],
    ["tests.yaml", TESTS_TEXT],
    ["tuning.yaml", TUNING_TEXT],
    ["guide.md", guideText(id)],
    ["playbook.md", PLAYBOOK_TEXT],
    ["CHANGELOG.md", `# Changelog\n\n## 0.1.0, ${options.today}\n\n- Begun.\n`],
    ["hunts/H1.yaml", HUNT_TEXT],
    ...scaffoldRule("R1", options),
  ]);
}

/** A package with no more than it takes to run: its title, and one rule. */
export function leastDetection(id: string, rule: LeastRule): Map<string, string> {
  const title = attack().techniques.find((technique) => technique.id === id)?.name ?? id;
  return new Map([["package.yaml", stringify({ id, title })], ...leastRule(rule)]);
}

export interface LeastRule {
  readonly id: string;
  readonly name: string;
  readonly query: string;
}

/** A rule's file with no more than it takes to run. */
export function leastRule({ id, name, query }: LeastRule): Map<string, string> {
  const block = query.trim().replaceAll(/\r\n?/g, "\n").replaceAll(/^/gm, "  ");
  return new Map([[`rules/${id}.yaml`, `${stringify({ id, name }, { lineWidth: 0 })}query: |-\n${block}\n`]]);
}

/** The rule's file and its three cases. */
export function scaffoldRule(id: string, options: ScaffoldOptions): Map<string, string> {
  const edit = scaffoldEdit(id);
  return new Map([[`rules/${id}.yaml`, scaffoldRuleText(id, options, edit.from)], ...scaffoldCases(id, edit)]);
}

function packageText(id: string, { today, uuid }: ScaffoldOptions): string {
  const { techniques, tactics } = attack();
  const known = techniques.find((t) => t.id === id);
  const technique = techniques.find((t) => t.id === (known?.parent ?? known?.id ?? "T1059"))!;
  const tactic = tactics.find((t) => t.id === (known ?? technique).tactics[0])!;
  const part =
    known?.parent == null
      ? "  # subtechnique: {id: T1059.001, name: PowerShell}"
      : `  subtechnique:\n    id: ${known.id}\n    name: ${quoted(known.name)}`;
  return `# What the detection is about. docs/package-format.md tells every key; text that is to be replaced begins with "Say".
id: ${id}
# The identity that never changes, whatever the package is called.
uuid: '${uuid()}'
title: ${quoted(known?.name ?? id)}
version: '0.1.0'
authored: '${today}'
reviewed: '${today}'
license: Apache-2.0
# One paragraph for a list.
summary: Say in one paragraph what is detected, and where it is seen.
# How the technique works, who uses it, what it leaves behind.
story: |
  Say how the technique works, who uses it, and which records it leaves on which machine.
attack:
${known === undefined ? "  # The id of the package is no technique of ATT&CK: say which one it is about.\n" : ""}  tactic:
    id: ${tactic.id}
    name: ${quoted(tactic.name)}
  technique:
    id: ${technique.id}
    name: ${quoted(technique.name)}
${part}
# D3FEND techniques, such as {id: D3-PSA, name: Process Spawn Analysis}.
d3fend: []
# How bad, how certain: low, medium, high (severity also critical).
severity: low
confidence: low
rating_reason: Say why this severity and this confidence.
risk: Say what is at stake when it is missed.
robustness: Say what an attacker has to change to get past the whole package.
# The ways its events are collected. A rule is linted against each that yields its telemetry.
data_sources:
  - name: Winlogbeat with the Windows modules
    # elastic-defend, winlogbeat, filebeat, elastic-agent or windows-xml
    collector: winlogbeat
    # sysmon, security, system, defend, powershell
    yields: [sysmon, security, system, powershell]
    index_patterns: ['winlogbeat-*']
    setup: Say which channels are collected and what has to be switched on.
  - name: Windows Event XML or EVTX files
    collector: windows-xml
    yields: [sysmon, security, system, powershell]
    index_patterns: []
    setup: Read by Tocsin as they are.
# Detections of what comes before, with and after it.
related: []
# Names of the lab's machines and account in guide, playbook and hunts: host, source_host, source, user
# lab_values: {host: SRV01, user: adm.kira}
references: []
`;
}

const TESTS_TEXT = `# What to run to test the package, and what should be seen. Empty is allowed; a test then has no row in the coverage matrix.
note: Say in which lab the tests run.
tests: []
# - id: T1
#   title: Run the tool
#   # page: described by the page the package grew from; atomic-red-team: in that catalogue
#   origin: atomic-red-team
#   author: Who wrote it
#   attribution: What it is and is not
#   technique: T1059
#   # The test of Atomic Red Team, or null
#   atomic: null
#   elevated: false
#   remote: {command: example-r1.exe, cleanup: del example-r1.exe}
#   # The records it leaves on each side
#   signals:
#     - {side: source, event: Sysmon 1, tells: The start of the tool}
#   # Checked against what the cases show
#   caught_by: {source: [R1], target: []}
`;

const TUNING_TEXT = `# Exceptions as code: each is a source AND an account AND an artefact, with owner, reason and the day it ends.
# \`tocsin tune ALERTS\` proposes them from alerts that are false positives.
# true lets target-side rules fire on 127.0.0.1 and ::1: for validation in a lab only.
lab_loopback: false
# Lists that exceptions name as @management_hosts.NAME and @service_accounts.NAME:
# software-push: {why: Software deployment, owner: Endpoint management, entries: [{value: '10.0.0.5', note: PUSH01}]}
management_hosts: {}
service_accounts: {}
exceptions: []
# What to combine for the usual systems, and what never to except.
recipes: []
`;

const HUNT_TEXT = `# A query that a person runs and reads.
id: H1
name: Rare programs
# What would be true if an attacker were here.
hypothesis: Say what an attacker would have left.
# eql or esql
language: eql
query: |-
  process where event.type == "start" and process.executable : "?:\\\\Users\\\\Public\\\\*"
# How to read the answer, and when it becomes an incident.
read: Say what is ordinary, and what makes it an incident.
# Telemetry, and how far back.
needs: [Process starts of all machines, 7 days]
`;

function guideText(id: string): string {
  return `# Investigation guide: ${id}

Say what to look at first, field by field, with queries that run: \`tocsin query '...' LOGS\`.

## The first five minutes

1. Who ran it: \`user.name\`, \`process.parent.executable\`.
2. Where else: \`process where event.type == "start" and process.name : "example-r1.exe"\`.

## True or false

Say which two or three facts decide it.
`;
}

const PLAYBOOK_TEXT = `# Response playbook

By the phases of NIST SP 800-61.

## Preparation

Say which telemetry and which rights must be there beforehand.

## Detection and analysis

Say how an alert becomes an incident.

## Containment

Say what to cut off, in which order, and what that breaks.

## Eradication and recovery

Say what to remove and how to know that it is gone.

## After the incident

Say what to keep, and which rule to improve.
`;

/** YAML in single quotes. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

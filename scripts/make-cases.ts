/**
 * Writes the cases of detections/T1021.002-smb-admin-shares: `case.yaml` and the raw telemetry of each, from the plans in
 * scripts/lab. Synthetic and the same on every run; edit the plans, not the files.
 *
 *   npm run cases                       writes them
 *   node scripts/make-cases.ts --check  says which are out of date, and exits with 1 if any is
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { stringify } from "yaml";
import { formats } from "../src/readers/index.ts";
import type { LabEvent, WindowsEvent } from "./lab/event.ts";
import { EVASION_CASES } from "./lab/evasion-cases.ts";
import { Lab } from "./lab/lab.ts";
import { NEIGHBOUR_CASES } from "./lab/neighbour-cases.ts";
import { everybody } from "./lab/people.ts";
import type { Plan } from "./lab/plan.ts";
import { hash32 } from "./lab/random.ts";
import { byTime, elasticAgent, eventXml, isWindows, nxlog, winlogbeat } from "./lab/render.ts";
import { TEST_CASES } from "./lab/test-cases.ts";

const readable = (plan: Plan): boolean => plan.collector !== "windows-xml" || formats.some((format) => format.id === "windows-xml");
const folder = new URL("../detections/T1021.002-smb-admin-shares/cases/", import.meta.url);
const planned = [...TEST_CASES, ...NEIGHBOUR_CASES, ...EVASION_CASES];
// A case that no reader can read proves nothing; it is written once there is one.
const plans = planned.filter(readable);
const names = plans.map((p) => p.name);
const twice = names.find((name, i) => names.indexOf(name) !== i);
if (twice !== undefined) throw new Error(`two cases are called ${twice}`);

const checking = process.argv.includes("--check");
if (!checking) rmSync(folder, { recursive: true, force: true });
else for (const name of readdirSync(folder)) if (!plans.some((plan) => plan.name === name)) outOfDate(`cases/${name}`);
let total = 0;
for (const plan of plans) {
  const lab = everybody(new Lab("2026-03-04T09:15:00.000Z", hash32(plan.name)));
  plan.act(lab);
  const events = lab.events
    .filter((e) => plan.hosts.some((h) => h.name === e.host.name) && (plan.telemetry as readonly string[]).includes(e.stream))
    .map((e) => (isWindows(e) && plan.dropped !== undefined ? without(e, plan.dropped) : e))
    .sort(byTime);
  if (events.length === 0) throw new Error(`${plan.name} has no events`);
  total += events.length;
  const at = new URL(`${plan.name}/`, folder);
  if (!checking) mkdirSync(at, { recursive: true });
  write(new URL("case.yaml", at), caseText(plan));
  write(new URL(plan.collector === "windows-xml" ? "events.xml" : "events.ndjson", at), eventsText(plan, events));
}
if (!checking)
  console.log(
    `${plans.length} cases, ${total} events${plans.length < planned.length ? `; ${planned.length - plans.length} wait for a reader of Windows Event XML` : ""}`,
  );

function write(path: URL, text: string): void {
  if (!checking) writeFileSync(path, text);
  else if (!existsSync(path) || readFileSync(path, "utf8") !== text) outOfDate(path.pathname.split("/").slice(-3).join("/"));
}

function outOfDate(what: string): void {
  console.log(`${what} is out of date: npm run cases`);
  process.exitCode = 1;
}

/** The event as an export wrote it that lost some of its data, in the message too. */
function without(event: WindowsEvent, names: readonly string[]): WindowsEvent {
  const message = event.message.split("\n").filter((line) => !names.some((name) => line.startsWith(`${name}:`)));
  return { ...event, data: event.data.filter(([name]) => !names.includes(name)), message: message.join("\n") };
}

function eventsText(plan: Plan, events: readonly LabEvent[]): string {
  if (plan.collector === "windows-xml") {
    const lines = events.filter(isWindows).map((event) => `${eventXml(event)}\n`);
    return `<?xml version="1.0" encoding="utf-8"?>\n<!-- Synthetic: written by scripts/make-cases.ts, not recorded. -->\n<Events>\n${lines.join("")}</Events>\n`;
  }
  const render =
    plan.collector === "elastic-agent"
      ? elasticAgent
      : plan.collector === "nxlog"
        ? (event: LabEvent) => (isWindows(event) ? nxlog(event) : winlogbeat(event))
        : winlogbeat;
  // NXLog writes keywords as a 64-bit number, which is beyond JavaScript's.
  return events.map((event) => `${JSON.stringify(render(event)).replace(/"Keywords":"(-?\d+)"/, '"Keywords":$1')}\n`).join("");
}

function caseText(plan: Plan): string {
  const text = stringify(
    {
      title: plan.title,
      story: plan.story,
      synthetic: true,
      ...(plan.test === undefined ? {} : { test: plan.test }),
      kind: plan.kind,
      side: plan.side,
      telemetry: plan.telemetry,
      collector: plan.collector,
      path: plan.path,
      events: plan.collector === "windows-xml" ? "events.xml" : "events.ndjson",
      signals: plan.signals.map(([name, query, count]) => ({ name, query, ...(count === undefined ? {} : { count }) })),
      fires: plan.fires,
      silent: plan.silent,
      ...(plan.excepted === undefined ? {} : { excepted: plan.excepted.map(([rule, by]) => ({ rule, by })) }),
      ...(plan.labFires === undefined ? {} : { lab_fires: plan.labFires }),
    },
    { lineWidth: 0, blockQuote: "literal", defaultStringType: "PLAIN", aliasDuplicateObjects: false },
  );
  return `# Written by scripts/make-cases.ts from scripts/lab: edit the plan there.\n${text}`;
}

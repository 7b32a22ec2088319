/**
 * Recorded attacks against the T1021.002 package: what hits which file, held against the judgements of recordings.yaml, and the
 * table of docs/recordings.md. The recordings lie beside the checkout and are not part of it.
 */
import { readdirSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { z } from "zod";
import { readInputs } from "../src/cli/input.ts";
import { createNormaliser } from "../src/ecs/index.ts";
import { Hunt, textAt, type Alert, type Detection, type Problem, type Sink } from "../src/workbench/index.ts";

type EventDocument = ReturnType<ReturnType<typeof createNormaliser>["normalise"]>["event"];

const Hit = z.strictObject({
  rule: z.string(),
  /** The judgement is of the alerts alone whose last event has these values. */
  where: z.record(z.string(), z.string()).optional(),
  verdict: z.boolean(),
  /** What it is an attack of, when it is none of this technique. */
  attack: z.string().optional(),
  reason: z.string().min(10),
});
const Judgements = z.strictObject({
  recordings: z.array(
    z.strictObject({ file: z.string(), admin_share: z.boolean(), evidence: z.string().min(4), hits: z.array(Hit).min(1) }),
  ),
  quiet: z.array(z.strictObject({ reason: z.string().min(10), files: z.array(z.string()).min(1) })),
});
export type Judgement = z.infer<typeof Hit>;
export type Judgements = z.infer<typeof Judgements>;

export function readJudgements(value: unknown): Judgements {
  return Judgements.parse(value);
}

/** The recordings in a folder, by their path inside it. */
export function recordingsIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.startsWith("LICENSE"))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}

export interface Recorded {
  readonly file: string;
  readonly events: number;
  readonly alerts: readonly Alert[];
  /** Records that show an administrative share in use, looked for without the rules. */
  readonly evidence: readonly string[];
}

/** Hunts in one recording, with no exception applied, and looks through it a second time without the rules. */
export async function huntRecording(folder: string, file: string, detection: Detection): Promise<Recorded> {
  const hunt = new Hunt({ packages: [detection] });
  const normaliser = createNormaliser();
  const evidence = new Set<string>();
  const sink: Sink = {
    record(record) {
      hunt.record(record);
      const shown = adminShareIn(normaliser.normalise(record).event);
      if (shown !== null) evidence.add(shown);
    },
    problem(problem: Problem) {
      if (problem.severity === "error") throw new Error(`${file}: ${problem.message}`);
    },
  };
  await readInputs([join(folder, file)], {}, sink);
  const { alerts, events } = hunt.finish();
  return { file, events, alerts, evidence: [...evidence].sort() };
}

const REMOTE_INTERFACES = new Set(["svcctl", "ntsvcs", "atsvc", "winreg", "psexesvc"]);

/**
 * What in an event shows that somebody used an administrative share, or a service came through one. It reads the values as
 * they are and shares nothing with the rules: a gap in them is none here.
 */
function adminShareIn(event: EventDocument): string | null {
  const code = textAt(event, "event.code") ?? "";
  const share = (textAt(event, "winlog.event_data.ShareName") ?? "").toLowerCase();
  const from = textAt(event, "source.ip") ?? "";
  const someoneElse =
    from !== "" &&
    from !== "::1" &&
    !from.startsWith("127.") &&
    !from.startsWith("fe80:") &&
    !(textAt(event, "winlog.event_data.SubjectUserName") ?? "").endsWith("$");
  if ((code === "5140" || code === "5145") && someoneElse) {
    const name = share.slice(share.lastIndexOf("\\") + 1);
    if (name === "admin$" || (name.length === 2 && name.endsWith("$"))) return `${code} ${name.toUpperCase()}`;
    const target = (textAt(event, "winlog.event_data.RelativeTargetName") ?? "").toLowerCase();
    if (name === "ipc$" && (REMOTE_INTERFACES.has(target) || target.endsWith("-stdin"))) return `${code} IPC$ ${target}`;
  }
  if (code === "18" && textAt(event, "process.pid") === "4") {
    const pipe = (textAt(event, "file.name") ?? "").toLowerCase().replace(/^\\/, "");
    if (REMOTE_INTERFACES.has(pipe) && pipe !== "psexesvc") return `18 ${pipe}`;
  }
  const texts = [
    textAt(event, "winlog.event_data.ImagePath"),
    textAt(event, "winlog.event_data.ServiceFileName"),
    textAt(event, "registry.data.strings"),
    textAt(event, "process.command_line"),
    textAt(event, "process.parent.command_line"),
  ];
  for (const text of texts) {
    const lower = (text ?? "").toLowerCase();
    const at = lower.indexOf("\\\\");
    if (at < 0) continue;
    for (const name of ["\\admin$", "\\c$", "\\d$", "\\ipc$"])
      if (lower.includes(name, at)) return `${code} ${name.slice(1).toUpperCase()}`;
  }
  return null;
}

export function ruleOf(alert: Alert): string {
  return alert.rule.key.slice(alert.rule.key.lastIndexOf("/") + 1);
}

/** The judgement that an alert falls under: those with `where` go first. */
export function judgementOf(alert: Alert, hits: readonly Judgement[]): Judgement | undefined {
  const last = alert.events.at(-1)?.event;
  const own = hits.filter((hit) => hit.rule === ruleOf(alert));
  const holds = (hit: Judgement): boolean =>
    Object.entries(hit.where ?? {}).every(([field, value]) => last !== undefined && textAt(last, field) === value);
  return own.find((hit) => hit.where !== undefined && holds(hit)) ?? own.find((hit) => hit.where === undefined);
}

const SETS: { readonly [folder: string]: string } = {
  "evtx-to-mitre": "EVTX-to-MITRE-Attack (CC0): attacks as EVTX, a few events each",
  otrf: "OTRF Security-Datasets (MIT): attacks with everything else the machines logged meanwhile",
  "windows11-baseline": "A Windows 11 machine at its ordinary work (MIT, from ts-evtx)",
};

/** docs/recordings.md. */
export function recordingsPage(judgements: Judgements, recorded: readonly Recorded[], severities: ReadonlyMap<string, string>): string {
  const byFile = new Map(recorded.map((r) => [r.file, r]));
  const set = (file: string): string => file.slice(0, file.indexOf("/"));
  const lines = [
    "# The T1021.002 package against recordings",
    "",
    "Written by `UPDATE=1 vitest run scripts/recordings.test.ts` from `scripts/recordings.yaml`, where each hit is judged, and a hunt over the recordings,",
    "which are public, lie beside the checkout and are not part of it. The test fails on a hit that nobody judged, on a judged one that is gone, and on a file",
    "in which a second look, without the rules, finds an administrative share in use that no rule of layers B and C hits.",
    "",
    "True: an act from another machine over SMB, or over the service and task interfaces that go with it. False: everything else; where it is an attack all the",
    "same, its technique is named. No exceptions are applied.",
    "",
    "| Recordings | Files | Events | With an administrative share in use | Hit by B or C | Alerts, true | Alerts, false | of these an attack of one machine |",
    "|---|---|---|---|---|---|---|---|",
  ];
  for (const [folder, title] of Object.entries(SETS)) {
    const files = recorded.filter((r) => set(r.file) === folder);
    const judged = judgements.recordings.filter((r) => set(r.file) === folder);
    const shares = judged.filter((r) => r.admin_share);
    const verdicts = judged.flatMap((r) => byFile.get(r.file)!.alerts.map((alert) => judgementOf(alert, r.hits)));
    lines.push(
      `| ${title} | ${files.length} | ${files.reduce((sum, r) => sum + r.events, 0)} | ${shares.length} | ${shares.filter((r) => r.hits.some((h) => /^[BC]/.test(h.rule))).length} | ${verdicts.filter((v) => v?.verdict === true).length} | ${verdicts.filter((v) => v?.verdict === false).length} | ${verdicts.filter((v) => v?.verdict === false && v.attack !== undefined).length} |`,
    );
  }
  lines.push("", "## By rule", "", "| Rule | Severity | Files | Alerts, true | Alerts, false |", "|---|---|---|---|---|");
  for (const [rule, severity] of severities) {
    const hits = judgements.recordings.flatMap((r) =>
      byFile
        .get(r.file)!
        .alerts.filter((alert) => ruleOf(alert) === rule)
        .map((alert) => ({ file: r.file, hit: judgementOf(alert, r.hits) })),
    );
    const count = (verdict: boolean): number => hits.filter(({ hit }) => hit?.verdict === verdict).length;
    lines.push(`| ${rule} | ${severity} | ${new Set(hits.map(({ file }) => file)).size} | ${count(true)} | ${count(false)} |`);
  }
  lines.push("", "A rule without a file has nothing to see in these recordings; its cases prove it.", "", "## Files that are hit");
  for (const { file, admin_share, evidence, hits } of judgements.recordings) {
    lines.push(
      "",
      `### ${file}`,
      "",
      `Administrative share in use: ${admin_share ? "yes" : "no"}; ${evidence}.`,
      "",
      "| Rule | Alerts | Judged | Why |",
      "|---|---|---|---|",
    );
    for (const hit of hits) {
      const alerts = byFile.get(file)!.alerts.filter((alert) => judgementOf(alert, hits) === hit).length;
      const verdict = hit.verdict ? "true" : hit.attack === undefined ? "false" : `false (${hit.attack})`;
      lines.push(`| ${hit.rule} | ${alerts} | ${verdict} | ${hit.reason} |`);
    }
  }
  lines.push("", "## Files that are not hit", "");
  for (const { reason, files } of judgements.quiet) {
    lines.push(`${reason}:`, "");
    for (const file of files) lines.push(`- ${file}`);
    lines.push("");
  }
  return `${lines.join("\n").trimEnd()}\n`;
}

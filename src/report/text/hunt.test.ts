import { expect, test } from "vitest";
import { textColumns } from "../../workbench/index.ts";
import { huntIn, labLog, smbDetection } from "../testing/smb-hunt.ts";
import { summaryText } from "./hunt-summary.ts";
import { WORDS } from "../words.ts";
import { alertsText } from "./hunt.ts";
import type { TextTerminal } from "./terminal.ts";

const PLAIN: TextTerminal = { width: undefined, paint: (_, text) => text };
/** A terminal's escapes, a bell, and characters that turn the text around. */
const ACTS = "a\u001b]0;title\u0007\u001b[2J\u202Eexe.gnp\u2066\u0000";

test("nothing that a log holds acts on the terminal, and long names do not fill it", () => {
  const events = Array.from({ length: 9 }, (_, i) => ({
    "@timestamp": `2026-03-04T09:00:0${i}.000Z`,
    event: { category: ["process"], type: ["start"], code: "1" },
    host: { name: `${ACTS}${i}${"h".repeat(50_000)}`, os: { type: "windows" } },
    user: { name: ACTS, domain: "CORP" },
    process: { name: "psexec.exe", command_line: `psexec.exe \\\\srv ${ACTS}`, args: ["psexec.exe", "\\\\srv"] },
  }));
  const unmapped = `<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System><Provider Name="Turn&#x202E;ed&#x9b;2J"/><EventID>7</EventID><TimeCreated SystemTime="2026-03-04T09:00:00Z"/><Channel>Other</Channel><Computer>h</Computer></System></Event>`;
  const encoder = new TextEncoder();
  const { result, input } = huntIn(smbDetection(), [
    { name: "log.ndjson", bytes: encoder.encode(events.map((event) => JSON.stringify(event)).join("\n")) },
    { name: "log.xml", bytes: encoder.encode(unmapped) },
  ]);
  const alerts = alertsText(result, PLAIN);
  const summary = summaryText(result, input, PLAIN);
  expect(result.alerts.length).toBeGreaterThan(0);
  expect(summary).toContain("Turn\\u202eed\\x9b2J 7");
  expect(`${alerts}${summary}`.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  const titles = alerts.split("\n").filter((line) => line.startsWith("Incident "));
  expect(titles.length).toBeGreaterThan(0);
  expect(titles.join("")).toContain("\\x1b]0;title\\x07");
  for (const title of titles) expect(title.length).toBeLessThan(2000);
});

const lab = huntIn(smbDetection(), [labLog()]);
const printed = (width: number | undefined): string => {
  const terminal = { ...PLAIN, width };
  return `${alertsText(lab.result, terminal)}\n${summaryText(lab.result, lab.input, terminal)}`;
};

test.each([80, 100, 120])("every line fits a terminal of %i columns", (width) => {
  const lines = printed(width).split("\n");
  expect(lines.filter((line) => textColumns(line) > width)).toEqual([]);
  const heads = lines.filter((line) => line.startsWith("  time (UTC)"));
  expect(heads.length).toBe(lab.result.incidents.length);
  // What there is no room for is left out: what was done first, of which the act's title says most.
  const shown = ["time (UTC)", "severity", "act", "alerts", ...(width >= 100 ? ["rules"] : []), ...(width >= 120 ? ["what"] : [])];
  for (const head of heads) expect(head.trim().split(/ {2,}/)).toEqual(shown);
  // How many alerts an act has is not cut off.
  const rows = lines
    .slice(
      0,
      lines.findIndex((line) => line.startsWith("Input: ")),
    )
    .filter((line) => /^ {2}2026-\S+ \S+ {2}(high|medium|low) /.test(line));
  const alerts = rows.map((row) => Number(/ {2,}(\d+)(?= {2}|$)/.exec(row.slice(36))?.[1] ?? 0));
  expect(alerts.reduce((sum, n) => sum + n, 0)).toBe(lab.result.alerts.length);
});

test("an incident is told by its name and its acts, and what may be ordinary work stands apart", () => {
  const text = alertsText(lab.result, PLAIN);
  expect(text).toContain(
    "Incident 1 of 2  HIGH  PsExec from WS01 to SRV01 as adm.kira\n  2026-03-04 08:57:13.001 to 2026-03-04 09:28:21.157 UTC  srv01",
  );
  const lines = text.split("\n");
  const at = lines.findIndex((line) => line === `  ${WORDS.apart}:`);
  expect(lines.slice(at - 5, at).map((line) => /(?:high|medium|low) +(.*?) {2}/.exec(line)?.[1])).toEqual([
    "net use from WS01 to SRV01 as adm.kira",
    "Write to ADMIN$ from WS01 to SRV01 as adm.kira",
    "PsExec from WS01 to SRV01 as adm.kira",
    "net view from WS01 to SRV01 as adm.kira",
    "PsExec on WS01 as adm.olin",
  ]);
  expect(lines[at + 1]).toMatch(/ccmsetup\.exe on SRV01 as SYSTEM {2,}1 {2}C5 {2,}What it names was suppressed/);
});

test("rules come worst and most first, and those without a hit in a line", () => {
  const lines = printed(undefined).split("\n");
  const table = lines.slice(lines.findIndex((line) => line.startsWith("What each rule saw")) + 2, -2);
  const rank = ["critical", "high", "medium", "low", "informational"];
  const rows = table.map((line) => line.trim().split(/ {2,}/));
  const keys = rows.map(([, severity, , alerts]) => [rank.indexOf(severity!), -Number(alerts!.replace(",", ""))]);
  expect(keys.length).toBeGreaterThan(10);
  expect(keys).toEqual([...keys].sort((a, b) => a[0]! - b[0]! || a[1]! - b[1]!));
  expect(rows.every(([, , events]) => Number(events) > 0)).toBe(true);
  expect(lines.at(-2)).toBe(`${lab.result.rules.length - rows.length} rules without a hit: 4 high, 2 medium, 2 low`);
});

test("a rule of no package goes by its title; its id is for machines", () => {
  const { result, input } = lab;
  const asSigma = (rule: (typeof result.rules)[number]["rule"]): typeof rule => ({
    ...rule,
    language: "sigma",
    key: "3f9a1c6e",
    title: null,
  });
  const sigma = {
    ...result,
    rules: result.rules.map((one) => ({ ...one, rule: asSigma(one.rule) })),
    incidents: result.incidents.map((incident) => ({
      ...incident,
      steps: incident.steps.map((step) => ({ ...step, alert: { ...step.alert, rule: asSigma(step.alert.rule) } })),
    })),
  };
  const text = `${alertsText(sigma, PLAIN)}${summaryText(sigma, input, PLAIN)}`;
  expect(text).not.toContain("3f9a1c6e");
  expect(text).toContain("  severity  events  alerts  name\n");
});

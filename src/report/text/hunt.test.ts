import { expect, test } from "vitest";
import { huntIn, smbDetection } from "../testing/smb-hunt.ts";
import { alertsText, summaryText } from "./hunt.ts";
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

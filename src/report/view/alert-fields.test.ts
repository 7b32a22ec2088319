import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readTimeZone, UTC } from "../../workbench/index.ts";
import { huntIn, labLog, root, smbDetection } from "../testing/smb-hunt.ts";
import { absentFields, ALERT_FIELD_NAMES, fieldsFor, profileFields, readFields, type AskedFields } from "./alert-fields.ts";
import { alertRows, eventRows, type AlertRow } from "./alert-rows.ts";

const { result } = huntIn(smbDetection(), [labLog()]);
const asked = (text: string): AskedFields => readFields(text).asked;
const values = (rows: readonly AlertRow[], text: string): unknown[][] => {
  const fields = fieldsFor(asked(text), rows);
  return rows.map((row) => fields.map(({ read }) => read(row)));
};

test("an alert is a row with its incident, in order of time; fields of its event are read by their ECS names", () => {
  const rows = alertRows(result, UTC);
  expect(rows).toHaveLength(result.alerts.length);
  expect(values(rows.slice(0, 1), "time,severity,host,user,rule_id,incident,event.code,process.pid,rule.uuid,technique,tactic")).toEqual([
    [
      "2026-03-04T08:49:21.886Z",
      "medium",
      "WS01.corp.example",
      "CORP\\j.doe",
      "T1021.002/A1",
      2,
      "1",
      expect.any(Number),
      result.alerts[0]!.rule.uuid,
      ["T1021.002"],
      ["Lateral Movement"],
    ],
  ]);
  const [berlin] = alertRows(result, readTimeZone("Europe/Berlin")!);
  expect(values([berlin!], "time,datetime")).toEqual([["2026-03-04T09:49:21.886+01:00", "2026-03-04T09:49:21.886+01:00"]]);
});

test("an event of an alert is a row of its own, in the order of the events, with what it did itself", () => {
  const rows = eventRows(result, UTC);
  const times = rows.map(({ ms }) => ms);
  expect(times).toEqual([...times].sort((a, b) => a - b));
  expect(rows).toHaveLength(result.alerts.reduce((sum, { events }) => sum + events.filter((event) => event !== null).length, 0));
  const sequence = result.alerts.find(({ rule }) => rule.key === "T1021.002/C2")!;
  const own = rows.filter(({ alert }) => alert === sequence);
  expect(own.length).toBeGreaterThan(1);
  expect(own.map(({ isLast }) => isLast)).toEqual([...own.slice(1).map(() => false), true]);
  expect(new Set(values(own, "what").flat()).size).toBe(own.length);
  expect(values(own, "timestamp_desc").flat().at(-1)).toBe("Event that raised the alert");
});

test("profiles, names and ECS fields mix; a name that there is not is a problem, with what may be meant", () => {
  expect(asked("minimal, process.name,severity").names).toEqual(["time", "severity", "host", "title", "process.name"]);
  expect(readFields("hots").problem).toBe("there is no field hots; did you mean host?");
  expect(readFields("message,@timestamp,tags").problem).toBeNull();
  expect(readFields(" , ").problem).toBe("no field is named");
  expect(profileFields("timesketch").names.slice(0, 3)).toEqual(["message", "datetime", "timestamp_desc"]);
});

test("all is every name and every field of the events", () => {
  const rows = alertRows(result, UTC);
  const names = fieldsFor(asked("all"), rows).map(({ name }) => name);
  expect(names.slice(0, ALERT_FIELD_NAMES.length)).toEqual(ALERT_FIELD_NAMES.map(([name]) => name));
  expect(names).toContain("winlog.event_data.ShareName");
  expect(names.filter((name) => name.includes("["))).toEqual([]);
});

test("a field that no event has is told apart from one that some have", () => {
  const rows = eventRows(result, UTC);
  expect(absentFields(asked("process.comand_line,process.command_line,title"), rows)).toEqual(["process.comand_line"]);
  expect(absentFields(asked("verbose"), rows)).toEqual([]);
});

test("the document lists every field and what it means", () => {
  const document = readFileSync(join(root, "docs", "hunting.md"), "utf8");
  const listed = document
    .slice(document.indexOf("| field | what it is |"))
    .split("\n")
    .slice(2)
    .filter((line) => line !== "");
  expect(listed).toEqual(ALERT_FIELD_NAMES.map(([name, means]) => `| \`${name}\` | ${means} |`));
});

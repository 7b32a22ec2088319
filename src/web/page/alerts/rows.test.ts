import { describe, expect, test } from "vitest";
import { alertList, packAlertList, unpackAlertList, type AlertList } from "../../../report/index.ts";
import { huntIn, labLog, smbDetection } from "../../../report/testing/smb-hunt.ts";
import { passing, rowsOf, SearchTexts, topsOf, type Row } from "./rows.ts";
import { NO_CHOICE, queryOf, stateOf, type PanelState } from "./state.ts";

const { result } = huntIn(smbDetection(), [labLog()]);
const list = alertList(result);
const texts = new SearchTexts(list);
const shown = (choice: Partial<PanelState>) => passing(list, { ...NO_CHOICE, ...choice }, texts);
const rows = (choice: Partial<PanelState>, open: readonly string[] = []): Row[] =>
  rowsOf(list, shown(choice), { ...NO_CHOICE, ...choice }, new Set(open));

describe("what an address asks for", () => {
  test("comes back as it was chosen, whatever a host is called", () => {
    const state: PanelState = {
      text: "a b&c=d",
      severity: "high",
      host: "",
      account: 'CORP\\"><x',
      rule: "T1021.002/C1",
      from: Date.UTC(2026, 2, 4),
      until: Date.UTC(2026, 2, 5, 1, 2, 3, 4),
      group: "host",
      sort: "time",
      descending: true,
      open: `alert:${"a".repeat(32)}`,
      marked: new Set(["b".repeat(32), "c".repeat(32)]),
    };
    expect(stateOf(queryOf(state))).toEqual(state);
    expect(queryOf(NO_CHOICE)).toBe("");
    expect(stateOf("")).toEqual(NO_CHOICE);
  });

  test("is ignored where it makes no sense", () => {
    expect(stateOf("severity=evil&group=x&sort=-x&from=yesterday&open=alert:1&marked=1,2")).toEqual({ ...NO_CHOICE, descending: true });
  });

  test("is not made longer by thousands of marks", () => {
    const marked = new Set(Array.from({ length: 1_000 }, (_, i) => i.toString(16).padStart(32, "0")));
    expect(queryOf({ ...NO_CHOICE, marked })).toBe("");
  });
});

describe("the list", () => {
  test("travels as JSON and is the same again, without a time included", () => {
    const [first, ...others] = list.alerts;
    const untimed: AlertList = { ...list, alerts: [{ ...first!, time: null, ms: Number.NaN }, ...others] };
    expect(unpackAlertList(JSON.parse(JSON.stringify(packAlertList(untimed))))).toEqual(untimed);
  });

  test("filters narrow it, each by itself and all together", () => {
    expect(shown({})).toHaveLength(61);
    expect(shown({ severity: "high" }).every(({ severity }) => severity === "high")).toBe(true);
    expect(shown({ text: "PSEXESVC srv01" }).length).toBeGreaterThan(10);
    expect(shown({ text: "no such thing" })).toEqual([]);
    expect(shown({ host: "WS01.corp.example" })).toHaveLength(23);
    expect(shown({ rule: "T1021.002/C1", account: "CORP\\adm.kira" })).toHaveLength(4);
    const at = Date.parse("2026-03-04T09:12:57.863Z");
    expect(shown({ from: at, until: at }).map(({ ruleId }) => ruleId)).toEqual(["C1", "C9"]);
  });

  test("by incident: incidents with their acts, which open to their alerts", () => {
    const all = rows({});
    expect(all.filter(({ kind }) => kind === "group").map((row) => (row.kind === "group" ? row.title : ""))).toEqual([
      "PsExec from WS01 to SRV01 as adm.kira",
      "net use from WS01 to fs01 as j.doe",
    ]);
    expect(all.filter(({ kind }) => kind === "act")).toHaveLength(8);
    const act = all.find((row) => row.kind === "act" && row.act.noun === "PsExec")!;
    const opened = rows({}, [act.key]);
    expect(opened.length - all.length).toBe(36);
    expect(opened.filter(({ level }) => level === 3).every(({ kind }) => kind === "alert")).toBe(true);
    expect(rows({}, [all[0]!.key]).filter(({ kind }) => kind === "act")).toHaveLength(2);
    // Acts without an alert that passes are not there.
    expect(rows({ severity: "high" }).filter(({ kind }) => kind === "act")).toHaveLength(3);
  });

  test("by rule, host and account, and not at all; the gravest first", () => {
    expect(rows({ group: "host" }).map((row) => (row.kind === "group" ? [row.title, row.note] : []))).toEqual([
      ["SRV01.corp.example", "38 alerts of 13 rules"],
      ["WS01.corp.example", "23 alerts of 7 rules"],
    ]);
    const rules = rows({ group: "rule" });
    expect(rules[0]).toMatchObject({ severity: "high" });
    expect(rules.every(({ kind }) => kind === "group")).toBe(true);
    const flat = rows({ group: "none", sort: "time", descending: false });
    expect(flat).toHaveLength(61);
    expect(flat.map((row) => (row.kind === "alert" ? row.alert.id : ""))).toEqual(result.alerts.map(({ id }) => id));
    expect(rows({ group: "none", sort: "time", descending: true }).map(({ key }) => key)).toEqual(flat.map(({ key }) => key).reverse());
  });

  test("what has the most alerts comes first", () => {
    expect(topsOf(list, list.alerts, "host", 5).map(({ name, alerts }) => [name, alerts])).toEqual([
      ["SRV01.corp.example", 38],
      ["WS01.corp.example", 23],
    ]);
    expect(topsOf(list, list.alerts, "rule", 2)[0]).toMatchObject({ name: "T1021.002/A1", alerts: 10 });
  });
});

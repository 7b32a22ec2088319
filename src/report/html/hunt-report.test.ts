import { describe, expect, test } from "vitest";
import { huntIn, labLog, smbDetection, type Hunted } from "../testing/smb-hunt.ts";
import { huntReport } from "./hunt-report.tsx";

const detection = smbDetection();
const report = (hunted: Hunted): string => huntReport({ ...hunted, packages: [detection], createdAt: "2026-03-04T10:00:00.000Z" });

describe("the report of the lab log", () => {
  const found = huntIn(detection, [labLog()]);
  const text = report(found);

  test("every part is there", () => {
    for (const part of ["summary", "timeline", "incidents", "rules", "blind"]) expect(text).toContain(`id="${part}"`);
    expect(found.result.incidents.length).toBeGreaterThan(0);
    found.result.incidents.forEach((_, i) => expect(text).toContain(`Incident ${i + 1} <`));
    expect(text).toContain("Why it matched");
    expect(text).toContain("lab.ndjson:");
  });

  test("rules that had none of their events are named as blind", () => {
    // The lab has Sysmon, Security and System, and no Sysmon 3 of a user-mode process to port 445 is said to be needed by none of them.
    const bytes = new TextEncoder().encode('{"event":{"code":"1"},"winlog":{"channel":"none"}}\n');
    const blind = report(huntIn(detection, [{ name: "empty.ndjson", bytes }]));
    expect(blind).toContain("Rules whose silence says nothing");
    expect(blind).toContain("T1021.002/C2 ");
  });

  test("it asks nothing of the network and runs nothing", () => {
    expect(text).not.toMatch(/<script|<link|<img|<iframe|<object|<embed|\son\w+=|url\(|@import|javascript:/i);
    // The only addresses are of the report itself.
    expect([...text.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map((m) => m[1]).filter((href) => !href!.startsWith("#"))).toEqual([]);
    expect(text).toMatch(/http-equiv="Content-Security-Policy"\s+content="default-src &#39;none&#39;/);
  });

  test("the file is of one piece: every element that begins ends", () => {
    expect(unbalanced(text)).toEqual([]);
  });
});

describe("a hostile log", () => {
  const long = "A".repeat(1_000_000);
  const evil = `"><script>alert(1)</script><img src=x onerror=alert(2)>`;
  const event = (extra: object): string =>
    JSON.stringify({
      "@timestamp": "2026-03-04T09:00:00.000Z",
      ecs: { version: "8.0.0" },
      event: { category: ["process"], type: ["start"], code: "1", provider: evil },
      host: { name: `WS01${evil}`, os: { type: "windows" } },
      user: { name: `\u202Enimda${evil}`, domain: "\u0000\u001b[31mCORP" },
      process: {
        name: "net.exe",
        args: ["net", "use", "\\\\srv\\C$", evil, long],
        command_line: `net use \\\\srv\\C$ ${evil}\u2066\u0007`,
      },
      message: long,
      ...extra,
    });
  const lines = [event({ [evil]: evil }), event({ "<b>": { "</style>": ["<i>", { a: evil }] } }), `${evil} no json`];
  const found = huntIn(detection, [{ name: `logs<${evil}>.ndjson`, bytes: new TextEncoder().encode(`${lines.join("\n")}\n`) }]);
  const text = report(found);

  test("it makes alerts, so that all of it reaches the report", () => {
    expect(found.result.alerts.length).toBeGreaterThan(0);
    expect(found.input.problems.length).toBeGreaterThan(0);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test("no mark-up of the log is mark-up of the report", () => {
    expect(text).not.toMatch(/<script|<img|<b>&lt;|<i>/i);
    expect(text.match(/<\/style>/g)).toHaveLength(1);
    expect(unbalanced(text)).toEqual([]);
  });

  test("characters that control or reorder text are spelt out", () => {
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2066-\u2069]/);
    expect(text).toContain("\\u202enimda");
  });

  test("a long field is cut with a note", () => {
    expect(text).toContain("cut: the first 2,000 of 1,000,000 characters");
    expect(text.length).toBeLessThan(400_000);
  });
});

/** Names of elements whose begin and end tags do not pair up. */
function unbalanced(text: string): string[] {
  const open: string[] = [];
  const wrong: string[] = [];
  for (const [, end, name, self] of text.matchAll(/<(\/?)([a-z][a-z0-9]*)(?:\s(?:[^"'<>]|"[^"]*"|'[^']*')*?)?(\/?)>/gi)) {
    if (self === "/" || /^(meta|link|br|hr|img|input)$/.test(name!)) continue;
    if (end === "") open.push(name!);
    else if (open.pop() !== name) wrong.push(name!);
  }
  return [...wrong, ...open];
}

test("of more alerts than a report holds the first are listed, some of them explained, and the rest is counted", () => {
  const lines = Array.from({ length: 5_100 }, (_, i) =>
    JSON.stringify({
      "@timestamp": new Date(Date.UTC(2026, 2, 4, 9, 0, i)).toISOString(),
      event: { category: ["process"], type: ["start"] },
      host: { name: `host${i}`, os: { type: "windows" } },
      process: { name: "psexec.exe", command_line: "psexec.exe" },
    }),
  );
  const found = huntIn(detection, [{ name: "many.ndjson", bytes: new TextEncoder().encode(lines.join("\n")) }]);
  const steps = found.result.incidents.reduce((sum, incident) => sum + incident.steps.length, 0);
  expect(steps).toBeGreaterThan(5_000);
  const text = report(found);
  expect(text.match(/<li class="alert"/g)).toHaveLength(5_000);
  expect(text.match(/<details class="alert-why"/g)).toHaveLength(500);
  expect(text).toContain(`${(steps - 5_000).toLocaleString("en-US")} further alerts not listed.`);
  expect(text).toContain("4,500 listed alerts not explained here");
});

test("a report of 3,660 alerts on as many hosts as there are acts stays below three megabytes", () => {
  const lines = new TextDecoder().decode(labLog().bytes).split("\n");
  const psexec = lines.find((line) => line.includes("-accepteula cmd.exe /c whoami") && line.includes("Sysmon"))!;
  const many = Array.from({ length: 1_220 }, (_, i) => psexec.replaceAll("WS01", `WS${i}`).replaceAll("adm.kira", `adm.${i}`));
  const found = huntIn(detection, [{ name: "many.ndjson", bytes: new TextEncoder().encode(many.join("\n")) }]);
  expect([found.result.alerts.length, found.result.incidents.length]).toEqual([3_660, 1_220]);
  const text = report(found);
  expect(text.length).toBeLessThan(3_000_000);
  expect(text).toContain('<h3 id="incident-');
  expect(unbalanced(text)).toEqual([]);
});

test("rules with a hit come worst first, the names of the others are folded and short", () => {
  const { result, input } = huntIn(detection, [labLog()]);
  const quietRule = result.rules.find(({ matched, alerts }) => matched + alerts === 0)!;
  const many = Array.from({ length: 3_000 }, (_, i) => ({
    ...quietRule,
    rule: { ...quietRule.rule, key: `rule-${i}`, name: `Quiet ${i}` },
  }));
  const text = report({ result: { ...result, rules: [...result.rules, ...many] }, input });
  const rows = [.../<table class="rules">[\s\S]*?<\/table>/.exec(text)![0].matchAll(/class="severity (\w+)"/g)].map((m) => m[1]!);
  const order = ["critical", "high", "medium", "low", "informational"];
  expect(rows).toEqual([...rows].sort((a, b) => order.indexOf(a) - order.indexOf(b)));
  expect(new Set(rows).size).toBeGreaterThan(1);
  expect(text).toMatch(/<details><summary>3,\d\d\d rules without a hit: /);
  expect(text).toContain("Quiet 2999</li>");
  expect(text.length - report({ result, input }).length).toBeLessThan(3_000 * 60);
});

test("each bar of the histogram says its severity, and is drawn beside its number", () => {
  const text = report(huntIn(detection, [labLog()]));
  const table = /<table class="histogram">[\s\S]*?<\/table>/.exec(text)![0];
  const bars = [
    ...table.matchAll(/<td class="number">(\d+)<\/td><td>(?:<span class="severity (\w+)">.*?<rect class="(\w+)" width="(\d+)")?/g),
  ];
  expect(bars.length).toBeGreaterThan(2);
  const most = Math.max(...bars.map((bar) => Number(bar[1])));
  for (const [, n, worst, drawn, width] of bars) {
    expect(drawn).toBe(worst);
    if (n === "0") expect(width).toBeUndefined();
    else expect(Number(width)).toBe(Math.ceil((100 * Number(n)) / most));
  }
});

test("a rule's query stands once, and every other alert of the rule leads to it", () => {
  const text = report(huntIn(detection, [labLog()]));
  const ids = [...text.matchAll(/<details id="(query-[^"]+)">/g)].map((m) => m[1]!);
  const links = [...text.matchAll(/<a href="#(query-[^"]+)">/g)].map((m) => m[1]!);
  expect(new Set(ids).size).toBe(ids.length);
  expect(links.length).toBeGreaterThan(0);
  for (const link of links) expect(ids).toContain(link);
  expect(ids.length + links.length).toBe(text.match(/<details class="alert-why"/g)!.length);
  const queries = [...text.matchAll(/<pre>[\s\S]*?<\/pre>/g)].map(([query]) => query);
  expect(new Set(queries).size).toBe(queries.length);
});

test("a query's lines are lines, and an alert's repeats are counted", () => {
  const text = report(huntIn(detection, [labLog()]));
  expect(text).toContain("<pre><bdi>any where\n");
  expect(text).toMatch(/1 more of the same until <bdi>2026-03-04 08:52:28\.088/);
});

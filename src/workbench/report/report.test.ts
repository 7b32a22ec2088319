import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { Hunt, huntReport, loadPackage, openInput, type Detection, type HuntResult, type Problem } from "../index.ts";

const root = join(import.meta.dirname, "../../..");

function smb(): Detection {
  const folder = join(root, "detections", "T1021.002-smb-admin-shares");
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true }))
    if (entry.isFile())
      files.set(relative(folder, join(entry.parentPath, entry.name)), readFileSync(join(entry.parentPath, entry.name), "utf8"));
  const { package: detection } = loadPackage(files, { today: "2026-03-04" });
  if (detection === null) throw new Error("the package cannot be loaded");
  return detection;
}
const detection = smb();

function hunt(name: string, bytes: Uint8Array): { result: HuntResult; problems: Problem[] } {
  const run = new Hunt({ packages: [detection], today: "2026-03-04" });
  const problems: Problem[] = [];
  const decoder = openInput(name);
  const sink = {
    record: (record: Parameters<Hunt["record"]>[0]) => run.record(record),
    problem: (problem: Problem) => void problems.push(problem),
  };
  decoder.push(bytes, sink);
  decoder.end(sink);
  return { result: run.finish(), problems };
}

function report({ result, problems }: { result: HuntResult; problems: Problem[] }, bytes: number): string {
  return huntReport({
    result,
    input: {
      files: 1,
      bytes,
      problems,
      errors: problems.filter((p) => p.severity === "error").length,
      warnings: problems.filter((p) => p.severity === "warning").length,
      aborted: false,
    },
    packages: [detection],
    made: "2026-03-04T10:00:00.000Z",
  });
}

const lab = readFileSync(join(root, "samples", "lab.ndjson"));

describe("the report of the lab log", () => {
  const found = hunt("lab.ndjson", lab);
  const text = report(found, lab.length);

  test("every part is there", () => {
    for (const part of ["summary", "timeline", "incidents", "rules", "blind"]) expect(text).toContain(`id="${part}"`);
    expect(found.result.incidents.length).toBeGreaterThan(0);
    found.result.incidents.forEach((_, i) => expect(text).toContain(`id="incident-${i + 1}"`));
    expect(text).toContain("Why it matched");
    expect(text).toContain("lab.ndjson:");
  });

  test("rules that had none of their events are named as blind", () => {
    // The lab has Sysmon, Security and System, and no Sysmon 3 of a user-mode process to port 445 is said to be needed by none of them.
    const none = hunt("empty.ndjson", new TextEncoder().encode('{"event":{"code":"1"},"winlog":{"channel":"none"}}\n'));
    const blind = report(none, 1);
    expect(blind).toContain("Rules whose silence says nothing");
    expect(blind).toContain("T1021.002/C2 ");
  });

  test("it asks nothing of the network and runs nothing", () => {
    expect(text).not.toMatch(/<script|<link|<img|<iframe|<object|<embed|\son\w+=|url\(|@import|javascript:/i);
    // The only addresses are of the report itself.
    expect([...text.matchAll(/\s(?:href|src|action)="([^"]*)"/g)].map((m) => m[1]).filter((href) => !href!.startsWith("#"))).toEqual([]);
    expect(text).toMatch(/http-equiv="Content-Security-Policy"\s+content="default-src 'none'/);
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
  const found = hunt(`logs<${evil}>.ndjson`, new TextEncoder().encode(`${lines.join("\n")}\n`));
  const text = report(found, 1);

  test("it makes alerts, so that all of it reaches the report", () => {
    expect(found.result.alerts.length).toBeGreaterThan(0);
    expect(found.problems.length).toBeGreaterThan(0);
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

import { expect, test } from "vitest";
import { loadRules } from "../rules/load.ts";
import { lintRules } from "./lint-rules.ts";

const rule = (id: string, over: Readonly<Record<string, string>> = {}): string =>
  Object.entries({
    title: `Net use ${id}`,
    id: `${id}f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12`,
    description: "An administrative share is mapped.",
    logsource: "{ product: windows, category: process_creation }",
    detection: "{ selection: { Image|endswith: '\\net.exe', CommandLine|contains: ' use ' }, condition: selection }",
    ...over,
  })
    .map(([key, value]) => `${key}: ${value}\n`)
    .join("");

function found(files: Readonly<Record<string, string>>): string[] {
  const encoder = new TextEncoder();
  const set = loadRules(
    Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text) })),
    { today: "2026-11-24" },
  );
  return lintRules(set)
    .findings.filter(({ code }) => ["placeholder-text", "case-without-source", "trivial-negative", "duplicate-rule"].includes(code))
    .map(({ code, place, message }) => `${place.file}:${place.line} ${code} ${message}`);
}

const start = (name: string): string =>
  JSON.stringify({ event: { code: "1", category: ["process"], type: ["start"] }, process: { executable: `C:\\Windows\\${name}` } });

test("rules that ask the same under other names, and texts that nobody wrote", () => {
  const other = "{ selection: { Image|endswith: '\\net1.exe' }, condition: selection }";
  expect(
    found({
      "a.yml": rule("0"),
      "b.yml": rule("1"),
      "c.yml": rule("2", { detection: other, description: "TODO" }),
      "d.yml": rule("3", {
        detection: other,
        logsource: "{ product: windows, category: image_load }",
        description: "Todo lists are read.",
      }),
    }),
  ).toEqual([
    'c.yml:1 placeholder-text The description is a placeholder: "TODO".',
    "b.yml:1 duplicate-rule Net use 1 and Net use 0 ask the same.",
  ]);
});

test("negative cases that could not alert, and cases of another source", () => {
  const negative = (event: string): string => `- name: quiet\n  events: [${event}]\n  expect: 0\n`;
  expect(found({ "a.yml": rule("0"), "a.cases.yaml": negative(start("notepad.exe")) })).toEqual([
    expect.stringMatching(/^a\.yml:1 trivial-negative No clause of .* matches any event of the negative case quiet/),
  ]);
  expect(found({ "a.yml": rule("0"), "a.cases.yaml": negative(start("net.exe")) })).toEqual([]);
  const share = JSON.stringify({ event: { code: "5145", category: ["file"] } });
  expect(found({ "a.yml": rule("0"), "a.cases.yaml": negative(share) })).toEqual([
    expect.stringMatching(/^a\.yml:1 case-without-source No event of the case quiet is of a data source of /),
  ]);
});

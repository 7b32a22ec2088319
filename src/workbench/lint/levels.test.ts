import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { shippedFiles } from "../../../scripts/shipped.ts";
import { loadPackage } from "../../catalog/index.ts";
import { prove } from "../prove/prove.ts";
import { LEVEL_NEEDS, LEVELS, packageLevel, type PackageLevel } from "./levels.ts";

const TODAY = "2026-11-24";
const shipped = shippedFiles();

function levelOf(change: (files: Map<string, string>) => void): PackageLevel {
  const files = new Map(shipped);
  change(files);
  const { package: detection, problems } = loadPackage(files, { today: TODAY });
  expect(problems.filter(({ severity }) => severity === "error")).toEqual([]);
  return packageLevel(detection!, prove(detection!, { today: TODAY }));
}

const edit = (files: Map<string, string>, path: string, from: RegExp, to: string): void => {
  const before = files.get(path)!;
  const after = before.replace(from, to);
  if (after === before) throw new Error(`nothing changed in ${path}`);
  files.set(path, after);
};

describe("the level of a package", () => {
  test("the shipped one is operational and lacks nothing", () => {
    expect(levelOf(() => {})).toEqual({ level: "operational", missing: [] });
  });

  test("without a playbook it is documented", () => {
    expect(levelOf((files) => files.delete("playbook.md"))).toEqual({
      level: "documented",
      missing: [{ level: "operational", what: "there is no playbook.md" }],
    });
  });

  test("without what a rule cannot see it is proved, however much else is there", () => {
    const { level, missing } = levelOf((files) => edit(files, "rules/B5.yaml", /^blind_spots:\n(?: .*\n)+/m, ""));
    expect(level).toBe("proved");
    expect(missing).toEqual([{ level: "documented", what: "rules/B5.yaml has no blind_spots" }]);
  });

  test("with a case that nobody has confirmed it only runs", () => {
    const { level, missing } = levelOf((files) =>
      edit(files, "cases/admin-few-servers/case.yaml", /^events:/m, "confirmed: false\nevents:"),
    );
    expect(level).toBe("runs");
    expect(missing.map(({ what }) => what)).toEqual([expect.stringContaining("Nobody has confirmed what case admin-few-servers expects")]);
  });

  test("with a case that fails it only runs", () => {
    const { level, missing } = levelOf((files) =>
      edit(files, "cases/impacket-atexec/case.yaml", /^ {4}query:.*$/m, "    query: process where false"),
    );
    expect(level).toBe("runs");
    expect(missing).toContainEqual({ level: "proved", what: "case impacket-atexec fails" });
  });

  test("a recording without a licence is not documented", () => {
    const recorded = `recorded:\n  source: a.evtx\n  sha256: ${"a".repeat(64)}\n  license: not stated\nevents:`;
    const { level, missing } = levelOf((files) => edit(files, "cases/admin-few-servers/case.yaml", /^events:/m, recorded));
    expect(level).toBe("proved");
    expect(missing.map(({ what }) => what)).toEqual([expect.stringContaining("does not say under which licence")]);
  });
});

test("docs/package-format.md lists what each level asks for", () => {
  const text = readFileSync(new URL("../../../docs/package-format.md", import.meta.url), "utf8");
  for (const level of LEVELS) expect(text).toContain(`| \`${level}\` |`);
  for (const level of ["documented", "operational"] as const) {
    const row = text.split("\n").find((line) => line.startsWith(`| \`${level}\` |`))!;
    const { package: keys, rule, files } = LEVEL_NEEDS[level];
    const listed = [...row.matchAll(/`([^`]+)`/g)].map((match) => match[1]).slice(1);
    expect(listed).toEqual([...keys, ...rule, ...files]);
  }
});

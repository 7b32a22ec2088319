import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { loadRules, type RuleFile } from "../../workbench/index.ts";
import { workFolder } from "../testing/work-folder.ts";
import { exceptionWriter } from "./write-back.ts";

const { path } = workFolder();
const bundled = join(import.meta.dirname, "../../../detections/T1021.002-smb-admin-shares");
const folder = join(path, "pack");
const file = join(folder, "tuning.yaml");
const today = "2026-03-04";

/** The package as it is on the disk. */
function packed(): RuleFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((name) => ({ path: name, bytes: readFileSync(name) }));
}
const writer = (): ReturnType<typeof exceptionWriter> => exceptionWriter(loadRules(packed(), { today }), today);

const item = (id: string, executable: string, host = "WS99"): string => `- id: ${id}
  title: Something
  rules: [A1]
  source: { host.name: [${host}] }
  account: { user.name: ["j.doe"] }
  artefact: { process.executable: ['${executable}'] }
  owner: Team
  reason: Known
  created: 2026-03-04
  expires: 2026-06-01
`;

describe("exceptions are written into the package", () => {
  beforeEach(() => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    cpSync(bundled, folder, { recursive: true });
  });

  test("in front of those that are there, one after the other, and everything else stays", async () => {
    const before = readFileSync(file, "utf8");
    const own = writer();
    const asked = (id: string): { detection: string; yaml: string } => ({ detection: "T1021.002", yaml: item(id, "C:\\Jobs\\copy.exe") });
    expect(own.check(asked("first"))).toMatchObject({ file, problems: [], lost: [], casesRun: 172 });
    await Promise.all([own.write(asked("first"), false), own.write(asked("second"), false)]);
    const after = readFileSync(file, "utf8");
    expect(after.split("\n").filter((line) => !before.split("\n").includes(line)).length).toBeGreaterThan(10);
    for (const line of before.split("\n")) expect(after).toContain(line);
    const [detection] = loadRules(packed(), { today }).packages;
    expect(detection!.tuning.exceptions.slice(0, 2).map(({ id }) => id)).toEqual(["second", "first"]);
    await expect(own.write(asked("first"), false)).rejects.toThrow("There is an exception 'first' already.");
    expect(readdirSync(folder).filter((name) => name.includes("tuning"))).toEqual(["tuning.yaml"]);
  });

  test("what hides attacks is written only when that is accepted, and what cannot be loaded never", async () => {
    const own = writer();
    const before = readFileSync(file, "utf8");
    const wide = { detection: "T1021.002", yaml: item("wide", "C:\\Windows\\System32\\net.exe", "WS01.corp.example") };
    expect(own.check(wide).lost.length).toBeGreaterThan(1);
    await expect(own.write(wide, false)).rejects.toThrow(/hides attacks in \d+ of the package's cases/);
    await expect(own.write({ ...wide, yaml: item("no-owner", "C:\\x.exe").replace("owner: Team", "owner: ''") }, true)).rejects.toThrow(
      "owner",
    );
    await expect(own.write({ ...wide, detection: "T9999" }, true)).rejects.toThrow("There is no package T9999.");
    expect(readFileSync(file, "utf8")).toBe(before);
    writeFileSync(file, "exceptions: [\n");
    await expect(own.write({ ...wide, yaml: item("late", "C:\\x.exe") }, true)).rejects.toThrow("cannot be loaded as it stands");
    writeFileSync(file, before);
    await own.write(wide, true);
    expect(readFileSync(file, "utf8")).toContain("id: wide");
  });

  test("a package out of an archive is left alone", async () => {
    const inside = packed().map(({ path: name, bytes }) => ({
      path: `${join(path, "packs.zip")}!${name.slice(path.length + 1).replaceAll("\\", "/")}`,
      bytes,
    }));
    const own = exceptionWriter(loadRules(inside, { today }), today);
    await expect(own.write({ detection: "T1021.002", yaml: item("x", "C:\\x.exe") }, true)).rejects.toThrow("came out of an archive");
  });
});

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const sample = join(import.meta.dirname, "..", "..", "samples", "lab.ndjson");
const { path: folder } = workFolder();

describe("tocsin hunt --html", () => {
  test("writes the report beside what is printed anyway", async () => {
    const file = join(folder, "report.html");
    const { status, stdout } = await tocsin(["hunt", sample, "--html", file]);
    expect(status).toBe(0);
    expect(stdout).toContain("Incident 1 of 2");
    const report = readFileSync(file, "utf8");
    expect(report).toContain("Incident 2");
    expect(report.startsWith("<!doctype html>")).toBe(true);
    expect(report.trimEnd().endsWith("</html>")).toBe(true);
  });

  test("a file that cannot be written is reported, with what to do", async () => {
    const { status, stderr } = await tocsin(["hunt", sample, "--html", join(folder, "no", "such", "folder.html")]);
    expect(status).not.toBe(0);
    expect(stderr).toContain("there is no folder");
    expect(stderr).toContain("Name a file in a folder that exists");
  });
});

import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";

const sample = join(import.meta.dirname, "..", "..", "samples", "lab.ndjson");
const matches = async (text: string): Promise<string> => (await tocsin(["search", text, sample])).stderr.trim();

describe("search", () => {
  test("a text is found in any field, in any case; * and ? are wildcards", async () => {
    const run = await tocsin(["search", "psexesvc", sample]);
    expect(run.status).toBe(0);
    expect(run.stdout).toContain("PSEXESVC");
    const all = Number(/^\d+/.exec(await matches("psexesvc"))![0]);
    expect(all).toBeGreaterThan(5);
    expect(await matches("PSEX?SVC")).toMatch(new RegExp(`^${all} matches`));
    expect(await matches("psexesvc*stdin")).toMatch(/^[1-9]\d* match/);
    expect(await matches("no such text")).toMatch(/^0 matches/);
  });

  test("an expression between slashes is one; with i in any case", async () => {
    expect(await matches("/PSEXE[A-Z]VC/")).toMatch(/^[1-9]\d* match/);
    expect(await matches("/psexe[a-z]vc-/")).toMatch(/^0 matches/);
    expect(await matches("/psexe[a-z]vc-/i")).toMatch(/^[1-9]\d* match/);
    const bad = await tocsin(["search", "/(/", sample]);
    expect(bad.status).toBe(2);
    expect(bad.stderr).toContain("error:");
  });

  test("a literal backslash, lines as events", async () => {
    const run = await tocsin(["search", String.raw`\\10.10.30.12\C$`, sample, "--ndjson"]);
    const lines = run.stdout.trim().split("\n");
    expect(lines.every((line) => line.includes("10.10.30.12"))).toBe(true);
    expect(lines.length).toBeGreaterThan(0);
  });
});

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, test } from "vitest";
import { parse } from "yaml";
import { readFolder } from "../src/cli/packages.ts";
import { loadPackage, SEVERITIES } from "../src/workbench/index.ts";
import { huntRecording, judgementOf, readJudgements, recordingsIn, recordingsPage, ruleOf, type Recorded } from "./recordings.ts";

const root = fileURLToPath(new URL("../", import.meta.url));
const data = fileURLToPath(new URL("../../shared/data/", import.meta.url));
const page = join(root, "docs/recordings.md");
const detection = loadPackage(readFolder(join(root, "detections/T1021.002-smb-admin-shares")), { today: "2026-11-24" }).package!;
const judgements = readJudgements(parse(readFileSync(join(root, "scripts/recordings.yaml"), "utf8")));
const severities = new Map(detection.rules.map((rule) => [rule.id, rule.severity]));

test("the judgements name rules there are, and each file once", () => {
  const files = [...judgements.recordings.map((r) => r.file), ...judgements.quiet.flatMap((q) => q.files)];
  expect(new Set(files).size).toBe(files.length);
  for (const { file, hits } of judgements.recordings)
    for (const { rule } of hits) expect(severities.has(rule), `${file}: ${rule}`).toBe(true);
});

describe.skipIf(!existsSync(data))("the recordings (skipped: no ../shared beside the checkout)", () => {
  const recorded: Recorded[] = [];
  beforeAll(async () => {
    for (const file of recordingsIn(data)) recorded.push(await huntRecording(data, file, detection));
  }, 240_000);

  test("each is judged or known to be quiet", () => {
    const files = [...judgements.recordings.map((r) => r.file), ...judgements.quiet.flatMap((q) => q.files)];
    expect(files.sort()).toEqual(recorded.map((r) => r.file));
  });

  test("each hit is judged, and each judged hit is there", () => {
    const wrong: string[] = [];
    for (const { file, alerts } of recorded) {
      const hits = judgements.recordings.find((r) => r.file === file)?.hits ?? [];
      const found = new Set(alerts.map((alert) => judgementOf(alert, hits)));
      for (const alert of alerts)
        if (judgementOf(alert, hits) === undefined) wrong.push(`${file}: ${ruleOf(alert)} hits, and nobody has judged it`);
      for (const hit of hits) if (!found.has(hit)) wrong.push(`${file}: ${hit.rule} is judged, and does not hit`);
    }
    expect(wrong).toEqual([]);
  });

  test("each file that shows an administrative share in use is said to, and hit by a rule of layers B or C", () => {
    const wrong: string[] = [];
    for (const { file, evidence } of recorded) {
      const judged = judgements.recordings.find((r) => r.file === file);
      if (evidence.length > 0 && judged?.admin_share !== true) wrong.push(`${file} shows ${evidence.join(", ")}`);
      if (judged?.admin_share === true && !judged.hits.some((hit) => /^[BC]\d/.test(hit.rule)))
        wrong.push(`${file} is hit by no rule of layers B or C`);
    }
    expect(wrong).toEqual([]);
    expect(recorded.filter(({ evidence }) => evidence.length > 0).length).toBeGreaterThan(12);
  });

  test("nothing rated medium or higher hits the ordinary machine", () => {
    const medium = SEVERITIES.indexOf("medium");
    for (const { file, events, alerts } of recorded) {
      if (!file.startsWith("windows11-baseline/")) continue;
      expect(events).toBeGreaterThan(1000);
      expect(alerts.filter((alert) => SEVERITIES.indexOf(alert.rule.severity) >= medium).map((alert) => alert.rule.key)).toEqual([]);
    }
  });

  test("docs/recordings.md is current", () => {
    const text = recordingsPage(judgements, recorded, severities);
    if (process.env["UPDATE"] === "1") writeFileSync(page, text);
    expect(readFileSync(page, "utf8")).toBe(text);
  });
});

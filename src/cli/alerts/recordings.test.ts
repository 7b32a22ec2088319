import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { tocsin } from "../testing/in-process.ts";

/** Recorded attacks as EVTX, and Sigma's rules: what the hunt prints of them in each form, as far as T1021 is concerned. */
const root = join(import.meta.dirname, "..", "..", "..");
const logs = "../shared/data/evtx-to-mitre";
const rules = "../shared/suites/sigma/rules";
const goldens = join(import.meta.dirname, "..", "goldens", "recordings");

const FORMS: readonly (readonly [golden: string, options: readonly string[]])[] = [
  ["remote-services.csv", ["--technique", "T1021", "--format", "csv"]],
  ["remote-services.timeline.csv", ["--technique", "T1021", "--format", "timeline"]],
  ["remote-services.md", ["--technique", "T1021", "--format", "markdown", "--timezone", "Europe/Paris"]],
  ["high.txt", ["--min-severity", "high", "--summary"]],
];

describe.skipIf(!existsSync(join(root, logs)) || !existsSync(join(root, rules)))(
  "Sigma's rules over recorded attacks (skipped: no ../shared beside the checkout)",
  () => {
    test.each(FORMS)(
      "%s",
      async (name, options) => {
        const before = process.cwd();
        process.chdir(root);
        try {
          const run = await tocsin(["hunt", logs, "--rules", rules, ...options]);
          expect(run.status).toBe(0);
          // What the mapping to ECS leaves aside is no matter of forms.
          const stdout = run.stdout.replaceAll(/^.*Not mapped to ECS.*\n/gm, "");
          const golden = join(goldens, name);
          if (process.env["UPDATE"] === "1") writeFileSync(golden, stdout);
          expect(stdout).toBe(readFileSync(golden, "utf8"));
        } finally {
          process.chdir(before);
        }
      },
      120_000,
    );
  },
);

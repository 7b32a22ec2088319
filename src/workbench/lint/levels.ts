/** How far a package has come: what it has beyond what it takes to run. Each level includes those before it. */
import type { Detection, Rule } from "../../catalog/index.ts";
import { placeText } from "../../eql/index.ts";
import type { Proof } from "../prove/prove.ts";

/**
 * `runs`: it loads, so its rules run. `proved`: every rule has its cases, they hold, and a person has confirmed them. `documented`: it says
 * what it detects, how good that is and what it cannot see. `operational`: a team can schedule it, triage its alerts and respond.
 */
export const LEVELS = ["runs", "proved", "documented", "operational"] as const;
export type Level = (typeof LEVELS)[number];

/** What a level asks for beyond the one before: keys of package.yaml and of each rule's file, and files. */
export const LEVEL_NEEDS = {
  documented: {
    package: ["summary", "story", "attack", "severity", "confidence", "rating_reason", "risk", "robustness", "data_sources"],
    rule: [
      "description",
      "layer",
      "severity",
      "confidence",
      "rating_reason",
      "robustness",
      "data_sources",
      "fields",
      "blind_spots",
      "evasions",
      "false_positives",
    ],
    files: [],
  },
  operational: {
    package: ["uuid", "version", "authored", "reviewed", "license"],
    rule: [
      "uuid",
      "version",
      "lifecycle",
      "risk_score",
      "index_patterns",
      "schedule",
      "dedup",
      "entities",
      "alert_title",
      "investigation_fields",
    ],
    files: ["guide.md", "playbook.md", "tests.yaml", "tuning.yaml", "CHANGELOG.md", "hunts/"],
  },
} as const satisfies Record<
  "documented" | "operational",
  {
    readonly package: readonly (keyof Detection["meta"])[];
    readonly rule: readonly (keyof Rule)[];
    readonly files: readonly string[];
  }
>;

export interface PackageLevel {
  readonly level: Level;
  /** What is missing for the levels above, as sentences without their end. */
  readonly missing: readonly { readonly level: Level; readonly what: string }[];
}

export function packageLevel(detection: Detection, proof: Proof): PackageLevel {
  const missing: { readonly level: Level; readonly what: string }[] = [];
  const lack = (level: Level, what: string): void => void missing.push({ level, what });
  for (const { case: c, failures } of proof.cases) if (failures.length > 0) lack("proved", `case ${c.name} fails`);
  for (const { severity, code, message, place } of proof.claims) {
    if (code === "claim/unstated-license") lack("documented", message);
    else if (code === "claim/no-case" || code === "claim/unconfirmed") lack("proved", message);
    else if (severity === "error") lack("proved", `${placeText(place)}: ${message}`);
  }
  for (const level of ["documented", "operational"] as const) {
    const needs = LEVEL_NEEDS[level];
    const keys = (file: string, has: readonly string[], wanted: readonly string[]): void => {
      const absent = wanted.filter((key) => !has.includes(key));
      if (absent.length > 0) lack(level, `${file} has no ${absent.join(", ")}`);
    };
    keys("package.yaml", detection.keys, needs.package);
    for (const rule of detection.rules) keys(rule.file, rule.keys, needs.rule);
    for (const file of needs.files)
      if (!detection.files.some((path) => (file.endsWith("/") ? path.startsWith(file) : path === file))) lack(level, `there is no ${file}`);
  }
  const first = LEVELS.findIndex((level) => missing.some((one) => one.level === level));
  return { level: first < 0 ? LEVELS.at(-1)! : LEVELS[first - 1]!, missing };
}

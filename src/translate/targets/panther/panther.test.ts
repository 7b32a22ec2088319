import { spawnSync } from "node:child_process";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { compileFilter, type EventQuery } from "../../../eql/index.ts";
import * as random from "../../testing/arbitrary.ts";
import { metadata } from "../../testing/sample-rule.ts";
import { pantherEcs } from "./panther.ts";
import { pythonString } from "./python.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** What each rule finds, by `python3`. */
export function runPanther(rules: Readonly<Record<string, string>>, events: readonly unknown[]): Record<string, number[]> {
  const answer = spawnSync("python3", [join(import.meta.dirname, "../../../../scripts/panther.py")], {
    input: JSON.stringify({ rules, events }),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(answer.stderr).toBe("");
  return JSON.parse(answer.stdout) as Record<string, number[]>;
}

test.skipIf(!hasPython)(
  "on events at random Python finds what the engine finds (needs python3)",
  () => {
    const events = fc.sample(random.event, { numRuns: 150 });
    const filters = fc.sample(random.filter, { numRuns: 400 });
    const rules: Record<string, string> = {};
    const wanted: Record<string, number[]> = {};
    for (const [at, filter] of filters.entries()) {
      const query: EventQuery = { kind: "event", span: filter.span, filter, pipes: [], comments: [] };
      const { text, losses } = pantherEcs.translate({ query, metadata, fields: new Map() });
      if (losses.length > 0) continue;
      rules[at] = text;
      const engine = compileFilter(filter);
      wanted[at] = events.flatMap((event, number) => (engine(event as never) ? [number] : []));
    }
    expect(Object.keys(rules).length).toBeGreaterThan(300);
    expect(runPanther(rules, events)).toEqual(wanted);
  },
  60_000,
);

test.skipIf(!hasPython)("every text is read back as it was (needs python3)", () => {
  const texts = [
    ...fc.sample(fc.string({ unit: "grapheme", maxLength: 20 }), { numRuns: 500 }),
    '"',
    "\\",
    '\\"',
    '"""',
    "'",
    "\n",
    "\r",
    "\0",
    "\u2028",
    "{x}",
    "%s",
    "\u{1f600}",
  ];
  const read = spawnSync("python3", ["-c", `import json\nprint(json.dumps([${texts.map(pythonString).join(", ")}]))`], {
    encoding: "utf8",
  });
  expect(read.stderr).toBe("");
  expect(JSON.parse(read.stdout)).toEqual(texts);
});

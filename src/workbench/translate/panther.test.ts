/** Panther's Python run by `python3` on the package's cases, beside the engine. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import { shippedPackage, TODAY } from "../../../scripts/shipped.ts";
import type { Detection } from "../../catalog/index.ts";
import { compileFilter, type EventDocument } from "../../eql/index.ts";
import { prove } from "../prove/prove.ts";
import { translateRule } from "./translate.ts";

const hasPython = spawnSync("python3", ["--version"]).status === 0;

type Json = { readonly [key: string]: unknown };

const detection = shippedPackage();
const rules = detection.rules.filter((rule) => rule.tree.kind === "event");
const cases = prove(detection, { today: TODAY }).cases;
const events = cases.flatMap((one) => one.events);

function run(sources: Readonly<Record<string, string>>, on: readonly unknown[]): Record<string, number[]> {
  const answer = spawnSync("python3", [join(import.meta.dirname, "../../../scripts/panther.py")], {
    input: JSON.stringify({ rules: sources, events: on }),
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  expect(answer.stderr).toBe("");
  return JSON.parse(answer.stdout) as Record<string, number[]>;
}

function engine(rule: Detection["rules"][number], event: unknown): boolean {
  return rule.tree.kind === "event" && compileFilter(rule.tree.filter)(event as EventDocument);
}

test.skipIf(!hasPython)("over ECS every event rule finds what the engine finds (needs python3)", () => {
  const sources: Record<string, string> = {};
  const wanted: Record<string, number[]> = {};
  for (const rule of rules) {
    const { text, effect } = translateRule(detection, rule, "panther-ecs");
    expect(effect, rule.id).toBe("exact");
    sources[rule.id] = text;
    wanted[rule.id] = events.flatMap((event, at) => (engine(rule, event) ? [at] : []));
  }
  expect(Object.values(wanted).flat().length).toBeGreaterThan(100);
  expect(run(sources, events)).toEqual(wanted);
});

/** The raw records of the cases that are Windows events, as Panther's log type holds them. */
function rawEvents(): { readonly panther: Json[]; readonly ecs: unknown[] } {
  const panther: Json[] = [];
  const ecs: unknown[] = [];
  for (const { case: one, events: normalised } of cases) {
    const lines = one.eventsText.split("\n").filter((line) => line.trim() !== "");
    if (lines.length !== normalised.length) continue;
    for (const [at, line] of lines.entries()) {
      if (!line.startsWith("{")) continue;
      const record = JSON.parse(line) as { winlog?: Json };
      const { winlog } = record;
      if (winlog === undefined || winlog["event_data"] === undefined) continue;
      panther.push({
        EventID: winlog["event_id"],
        Channel: winlog["channel"],
        Computer: winlog["computer_name"],
        ExtraEventData: winlog["event_data"],
      });
      ecs.push(normalised[at]);
    }
  }
  return { panther, ecs };
}

test.skipIf(!hasPython)("over Windows' own events a rule finds what the engine finds, or as much as its losses say (needs python3)", () => {
  const { panther, ecs } = rawEvents();
  expect(panther.length).toBeGreaterThan(100);
  const sources: Record<string, string> = {};
  const effects: Record<string, string> = {};
  for (const rule of rules) {
    const { text, effect } = translateRule(detection, rule, "panther");
    if (text === "") continue;
    sources[rule.id] = text;
    effects[rule.id] = effect;
  }
  const found = run(sources, panther);
  let compared = 0;
  const wrong: string[] = [];
  for (const rule of rules) {
    const set = new Set(found[rule.id]);
    for (const [at, event] of ecs.entries()) {
      const wanted = engine(rule, event);
      if (sources[rule.id] === undefined) continue;
      compared++;
      if (wanted === set.has(at)) continue;
      // A loss goes one way: what is only wider misses nothing, what is only narrower finds nothing more.
      if (effects[rule.id] === "exact" || (effects[rule.id] === "wider" && wanted))
        wrong.push(`${rule.id} event ${at + 1}: ${wanted ? "missed" : "found"}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(compared).toBeGreaterThan(1000);
});

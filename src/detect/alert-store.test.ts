import { expect, test } from "vitest";
import { makeAlert, type Alert, type RuleMatch } from "./alert.ts";
import { AlertStore, type AlertSpill } from "./alert-store.ts";
import { alertDocument } from "./document.ts";
import { incidents } from "./incident.ts";
import type { Observed } from "./observed.ts";
import { sampleRule } from "./testing/sample-rule.ts";

class Memory implements AlertSpill {
  readonly values: string[] = [];
  reads = 0;

  put(value: unknown): number {
    return this.values.push(JSON.stringify(value)) - 1;
  }

  get(at: number): unknown {
    this.reads++;
    return JSON.parse(this.values[at]!);
  }
}

const rules = [
  sampleRule("one", "any where true"),
  { ...sampleRule("two", "any where true"), title: "{user.name} came", dedup: { fields: ["user.name"], windowMs: 1_000 } },
];

function observed(n: number): Observed {
  const time = new Date(1_767_323_045_000 + ((n * 7_919) % 1_000) * 1_000).toISOString().replace("Z", `${n % 10}5Z`);
  const event = { "@timestamp": time, host: { name: `h${n % 3}` }, user: { name: `u${n % 4}` }, process: { command_line: `run ${n}` } };
  return { event, source: "s", place: { file: "f", line: n } };
}

const matches: RuleMatch[] = Array.from({ length: 200 }, (_, n) => {
  const last = observed(n);
  const ms = Date.parse(last.event["@timestamp"] as string);
  return rules.map((rule, r): RuleMatch =>
    r === 0
      ? { rule, events: [last], ms, keys: [] }
      : { rule, events: [null, last, observed(n + 1)], ms, keys: [n, "k"], count: n, row: { n } },
  );
}).flat();

test("alerts out of the spill are what they were", () => {
  const spill = new Memory();
  const store = new AlertStore(spill, 3_000);
  const whole = matches.map((match, n) => makeAlert(match, `id ${n}`));
  const stored = matches.map((match, n) => store.make(match, `id ${n}`));
  // The first are held, and an event of two alerts that follow one another lies in the spill once.
  expect(stored.findIndex((alert) => !Object.hasOwn(alert, "events"))).toBe(19);
  expect(spill.values.length).toBeLessThan(matches.length * 2);

  const fields: readonly (keyof Alert)[] = [
    "id",
    "rule",
    "events",
    "time",
    "ms",
    "ns",
    "keys",
    "count",
    "row",
    "title",
    "host",
    "who",
    "what",
  ];
  const plain = (alert: Alert): unknown => [...fields, "entities" as const].map((field) => alert[field]);
  expect(stored.map(plain)).toEqual(whole.map(plain));
  expect(stored.map(alertDocument)).toEqual(whole.map(alertDocument));
  const ids = (alerts: readonly Alert[]): unknown =>
    incidents(alerts).map(({ steps, ...rest }) => ({
      ...rest,
      first: rest.first.id,
      last: rest.last.id,
      steps: steps.map(({ alert, repeats }) => [alert.id, ...repeats.map(({ id }) => id)]),
    }));
  expect(ids(stored)).toEqual(ids(whole));
});

test("what is asked of one alert is read once, and alerts share equal hosts and entities", () => {
  const spill = new Memory();
  const store = new AlertStore(spill, -1);
  const [first, second] = [observed(1), observed(4)].map((one, n) =>
    store.make({ rule: rules[0]!, events: [one], ms: 1, keys: [] }, `${n}`),
  );
  expect([first!.title, first!.who, first!.what, first!.id]).toEqual(["Rule one", "u1", "run 1", "0"]);
  expect(spill.reads).toBe(1);
  expect(first!.entities).toEqual({ hosts: ["h1"], users: ["u1"], addresses: [] });
  expect(store.make({ rule: rules[0]!, events: [observed(13)], ms: 1, keys: [] }, "3").entities).toBe(first!.entities);
  expect(second!.host).toBe("h1");
});

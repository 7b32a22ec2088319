import { describe, expect, test } from "vitest";
import { explain, explainAlert, parse, type EventDocument } from "../../workbench/index.ts";
import { huntIn, labLog, smbDetection } from "../testing/smb-hunt.ts";
import { alertExplanationView, explanationView } from "./explanation.ts";

function viewOf(text: string, events: readonly EventDocument[]) {
  const { query, diagnostics } = parse(text);
  expect(diagnostics).toEqual([]);
  return explanationView(explain(query!, text, events)!, events);
}

const event = (code: string, second: number): EventDocument => ({
  "@timestamp": `2026-03-04T09:15:${String(second).padStart(2, "0")}.000Z`,
  event: { code },
  host: { id: "SRV01" },
});

describe("an event query", () => {
  test("alternatives beside the one that holds are unneeded; where none holds all count", () => {
    const text = 'any where event.code == "1" or event.code == "2"';
    const alternatives = (code: string) => viewOf(text, [event(code, 0)]).stages[0]!.conditions[0]!.children;
    expect(alternatives("2").map(({ outcome, unneeded }) => [outcome, unneeded])).toEqual([
      ["false", true],
      ["true", false],
    ]);
    expect(alternatives("3").map(({ outcome, unneeded }) => [outcome, unneeded])).toEqual([
      ["false", false],
      ["false", false],
    ]);
  });

  test("a field that is not there: the condition is missing, what joins it is undecided", () => {
    const [condition] = viewOf('any where user.name == "x" and event.code == "1"', [event("1", 0)]).stages[0]!.conditions;
    expect([condition!.outcome, condition!.children[0]!.outcome]).toEqual(["undecided", "missing"]);
    expect(condition!.children[0]!.seen).toBe("user.name is not present");
  });

  test("an event without the category, and one without any", () => {
    const outcome = (of: EventDocument) => viewOf("process where true", [of]).stages[0]!.conditions[0]!.outcome;
    expect(outcome({ event: { category: ["file"] } })).toBe("false");
    expect(outcome(event("1", 0))).toBe("missing");
    expect(outcome({ event: { category: ["process"] } })).toBe("true");
  });
});

describe("a sequence", () => {
  const text =
    'sequence by host.id with maxspan=1m [any where event.code == "1"] with runs=2 ![any where event.code == "2"] [any where event.code == "3"]';

  test("it stops at the stage that was waited for, whatever repeats or is absent before it", () => {
    const view = viewOf(text, [event("1", 0), event("1", 1), event("9", 2)]);
    expect(view.verdict).toBe("Does not match: 2 of 3 steps of the sequence");
    expect(view.stoppedAt).toBe(view.stages[2]);
    expect(view.stages.map(({ note, events }) => [note, events.map(({ index }) => index)])).toEqual([
      ["Matched on its own by", [0, 1]],
      ["No such event, as the rule requires.", []],
      ["No event matches; nearest event", [0]],
    ]);
    expect(view.stoppedAt!.reasons).toEqual(['event.code == "3" (event.code is "1")']);
  });

  test("an event that must not be there is named, and of many events some are", () => {
    const ones = Array.from({ length: 13 }, (_, second) => event("1", second));
    const view = viewOf(text, [...ones, event("2", 20), event("3", 21)]);
    expect([view.matches, view.stoppedAt]).toEqual([true, null]);
    expect([view.stages[0]!.events.length, view.stages[0]!.moreEvents]).toEqual([10, 3]);
    expect(view.stages[1]!.note).toBe("No event may match, and these do");
  });
});

test("a sequence's alert: each stage with its own event, all of it true", () => {
  const { result } = huntIn(smbDetection(), [labLog()]);
  const alert = result.alerts.find(({ rule }) => rule.key === "T1021.002/C2")!;
  const view = alertExplanationView(explainAlert(alert)!);
  expect(view.matches).toBe(true);
  expect(view.stages.map(({ number, events }) => [number, events.length])).toEqual(view.stages.map((_, i) => [i + 1, 1]));
  for (const { conditions } of view.stages) expect(conditions.map(({ outcome }) => outcome)).toEqual(conditions.map(() => "true"));
  // In the order of the stages.
  const places = view.stages.map(({ events }) => events[0]!.index);
  expect(places).toEqual([...places].sort((a, b) => a - b));
});

import { expect, test } from "vitest";
import { timelineView } from "./timeline.ts";

const alert = (host: string, ms: number, severity: "low" | "high" = "low") => ({ host, ms, severity });

test("a lane for each host, near alerts are one mark in the worst severity", () => {
  const view = timelineView([alert("a", 0), alert("a", 1, "high"), alert("a", 1000), alert("b", 1000)], 12)!;
  expect(view.lanes.map(({ name, marks }) => [name, marks.map(({ title }) => title)])).toEqual([
    ["a", ["2 alerts, high", "1 alert, low"]],
    ["b", ["1 alert, low"]],
  ]);
  const [first, last] = view.lanes[0]!.marks;
  expect(first!.x).toBeGreaterThan(view.left);
  expect(last!.x).toBeLessThan(view.right);
  expect(first!.radius).toBeGreaterThan(last!.radius);
  expect(view.label).toBe("Timeline: 4 alerts on 2 hosts, 1970-01-01 00:00:00.000 to 1970-01-01 00:00:01.000 UTC");
  expect(view.notes).toEqual([]);
});

test("what is not drawn is counted, and a name cannot act", () => {
  const view = timelineView([alert("", 5), alert("\u202Eb".padEnd(50, "x"), 5), alert("c", 5), alert("c", Number.NaN)], 2)!;
  expect(view.lanes.map(({ name }) => name)).toEqual(["(no host)", "\\u202eb" + "x".repeat(19) + "…"]);
  expect(view.notes).toEqual(["Not drawn: 1 more host.", "Not drawn: 1 alert without a time."]);
});

test("no time, no picture", () => {
  expect(timelineView([alert("a", Number.NaN)], 12)).toBeNull();
  expect(timelineView([], 12)).toBeNull();
});

import { describe, expect, test } from "vitest";
import { lanesView, msAt, type LaneAct } from "./lanes.ts";
import { lanesPicture, type PictureNode } from "./lanes-picture.ts";

const MINUTE = 60_000;
let made = 0;
function act(minute: number, from: string, to: string, more: Partial<LaneAct> = {}): LaneAct {
  const ms = Date.UTC(2026, 2, 4, 9) + minute * MINUTE;
  return {
    id: `id${made++}`,
    title: `PsExec from ${from} to ${to}`,
    noun: "PsExec",
    severity: "high",
    from,
    to,
    accounts: ["kira"],
    ms,
    lastMs: ms,
    apart: null,
    mark: "1",
    ...more,
  };
}

test("a lane for each host, an arrow down for an act from the first to the second, a dot for one that stays", () => {
  const view = lanesView([act(0, "a", "b"), act(5, "b", "a"), act(9, "b", "")])!;
  expect(view.lanes.map(({ name }) => name)).toEqual(["a", "b"]);
  const [a, b] = view.lanes.map(({ y }) => y);
  expect(view.arrows.map(({ fromY, toY }) => [fromY, toY])).toEqual([
    [a, b],
    [b, a],
    [b, b],
  ]);
  const xs = view.arrows.map(({ x }) => x);
  expect(xs).toEqual([...xs].sort((p, q) => p - q));
  expect(view.arrows[0]!.label!.lines.join(" ")).toBe("PsExec · kira");
  expect(view.label).toBe("3 acts on 2 hosts, 2026-03-04 09:00:00.000 to 2026-03-04 09:09:00.000 UTC");
});

test("idle stretches are folded, and a place of the picture is a time again", () => {
  const view = lanesView([act(0, "a", "b"), act(2, "a", "b"), act(600, "a", "b"), act(603, "a", "b")])!;
  expect(view.folds.map(({ text }) => text)).toEqual(["9 h 58 min idle"]);
  const gaps = view.stops.slice(1).map(({ x }, i) => x - view.stops[i]!.x);
  expect(gaps[1]).toBeLessThan(gaps[0]!);
  for (const { ms, x } of view.stops) expect(msAt(view, x)).toBe(ms);
  expect(msAt(view, (view.stops[0]!.x + view.stops[1]!.x) / 2)).toBeCloseTo(view.stops[0]!.ms + MINUTE, -3);
  // Ten minutes are no idle stretch.
  expect(lanesView([act(0, "a", "b"), act(9, "a", "b")])!.folds).toEqual([]);
});

test("of 120 hosts those with the gravest acts have a lane, the others share one, and nothing is drawn outside", () => {
  const acts = Array.from({ length: 119 }, (_, i) => act(i, "hub", `h${i}`, { severity: i === 117 ? "critical" : "low" }));
  const view = lanesView(acts, { maxHosts: 10 })!;
  expect(view.lanes).toHaveLength(11);
  expect(view.lanes.map(({ name }) => name)).toContain("hub");
  expect(view.lanes.map(({ name }) => name)).toContain("h117");
  expect(view.lanes.at(-1)).toMatchObject({ name: "and 110 more", isRest: true });
  expect(view.notes).toEqual(["110 of 120 hosts share a lane."]);
  // Every act is in some arrow.
  expect(view.arrows.flatMap(({ ids }) => ids).sort()).toEqual(acts.map(({ id }) => id).sort());
  expect(view.arrows.length).toBeLessThan(119);
  for (const { x } of view.arrows) expect(x > view.left && x < view.right).toBe(true);
});

test("labels cover neither each other nor an arrow", () => {
  const acts = Array.from({ length: 14 }, (_, i) => act(i * 3, `h${i % 5}`, `h${(i + 1 + (i % 3)) % 5}`));
  const view = lanesView(acts)!;
  const boxes = view.arrows.flatMap(({ label }) =>
    label === null
      ? []
      : [
          {
            x1: label.x,
            x2: label.x + Math.max(...label.lines.map(({ length }) => length)) * 6,
            y1: label.y - 9,
            y2: label.y + (label.lines.length - 1) * 15,
          },
        ],
  );
  expect(boxes.length).toBeGreaterThan(6);
  boxes.forEach((a, i) => {
    for (const b of boxes.slice(i + 1)) expect(a.x2 < b.x1 || a.x1 > b.x2 || a.y2 < b.y1 || a.y1 > b.y2).toBe(true);
    for (const { x, fromY, toY } of view.arrows)
      expect(a.x2 < x || a.x1 > x || a.y2 < Math.min(fromY, toY) || a.y1 > Math.max(fromY, toY)).toBe(true);
  });
});

test("acts without a time or a host are counted, and without any there is no picture", () => {
  expect(lanesView([act(Number.NaN, "a", "b")])).toBeNull();
  expect(lanesView([])).toBeNull();
  expect(lanesView([act(0, "a", "b"), act(Number.NaN, "a", "b"), act(1, "", "")])!.notes).toEqual([
    "Not drawn: 2 acts without a time or a host.",
  ]);
});

describe("the picture", () => {
  const all = (node: PictureNode): PictureNode[] => [
    node,
    ...node.children.flatMap((child) => (typeof child === "string" ? [] : all(child))),
  ];

  test("each act is a link to where it is told, with its title as its name; hostile names are spelt out", () => {
    const acts = [act(0, "\u202Ea".padEnd(60, "x"), "b"), act(3, "b", "", { apart: "known", noun: "\u0007bell" })];
    const picture = lanesPicture(lanesView(acts)!, (id) => `#act-${id}`);
    const links = all(picture).filter(({ tag }) => tag === "a");
    expect(links.map(({ attributes }) => attributes["href"])).toEqual(acts.map(({ id }) => `#act-${id}`));
    expect(links[1]!.attributes["class"]).toBe("act high apart");
    const texts = JSON.stringify(picture);
    // oxlint-disable-next-line no-control-regex
    expect(texts).not.toMatch(/[\u0000-\u001f\u202a-\u202e]|\\u0007/);
    expect(texts).toContain("\\\\u202e");
  });

  test("no style is in an attribute, which the pages' policy forbids", () => {
    for (const { attributes } of all(lanesPicture(lanesView([act(0, "a", "b"), act(700, "a", "")])!, () => "#")))
      expect(Object.keys(attributes)).not.toContain("style");
  });
});

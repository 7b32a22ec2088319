import { expect, test } from "vitest";
import { metadata } from "./testing/sample-rule.ts";
import { navigatorLayer } from "./navigator.ts";
import type { RuleMetadata } from "./translation.ts";

interface Layer {
  readonly versions: object;
  readonly domain: string;
  readonly techniques: readonly { readonly techniqueID: string; readonly score?: number; readonly color?: string }[];
  readonly gradient: object;
  readonly legendItems: readonly { readonly label: string }[];
}

const layerOf = (rules: readonly RuleMetadata[]): Layer => JSON.parse(navigatorLayer("A package", "What it is.", rules)) as Layer;

test("a cell for each technique, its score the number of rules, its colour the worst of them", () => {
  const other: RuleMetadata = { ...metadata, id: "X2", severity: "critical" };
  const third: RuleMetadata = {
    ...metadata,
    id: "X3",
    severity: "low",
    attack: [{ ...metadata.attack[0]!, technique: { id: "T1570", name: "Lateral Tool Transfer" }, subtechnique: null }],
  };
  const layer = layerOf([metadata, other, third]);
  expect(layer).toMatchObject({ versions: { layer: "4.5" }, domain: "enterprise-attack", gradient: { minValue: 0, maxValue: 2 } });
  expect(layer.techniques).toEqual([
    { techniqueID: "T1021", tactic: "lateral-movement", enabled: true, showSubtechniques: true },
    expect.objectContaining({
      techniqueID: "T1021.002",
      tactic: "lateral-movement",
      score: 2,
      color: "#a50f15",
      comment: "2 rules: X1, X2",
    }),
    expect.objectContaining({ techniqueID: "T1570", score: 1, comment: "1 rule: X3", metadata: [{ name: "X3", value: "A rule (low)" }] }),
  ]);
  expect(layer.legendItems.map(({ label }) => label)).toEqual(["low", "high", "critical"]);
});

test("a technique that has rules of its own is one cell, opened for its sub-techniques", () => {
  const parent: RuleMetadata = { ...metadata, id: "X2", attack: [{ ...metadata.attack[0]!, subtechnique: null }] };
  expect(layerOf([metadata, parent]).techniques).toEqual([
    expect.objectContaining({ techniqueID: "T1021.002", score: 1, showSubtechniques: false }),
    expect.objectContaining({ techniqueID: "T1021", score: 1, showSubtechniques: true }),
  ]);
});

test("no rules, an empty layer", () => {
  expect(layerOf([]).techniques).toEqual([]);
});

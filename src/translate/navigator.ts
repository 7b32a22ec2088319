/** ATT&CK Navigator layers (format 4.5): which techniques rules see, and which rules. */
import { jsonOf } from "./json-text.ts";
import type { RuleMetadata } from "./translation.ts";

const COLOURS = {
  informational: "#c6dbef",
  low: "#9ecae1",
  medium: "#fdae6b",
  high: "#f16913",
  critical: "#a50f15",
} as const satisfies Record<RuleMetadata["severity"], string>;
const ORDER: readonly RuleMetadata["severity"][] = ["informational", "low", "medium", "high", "critical"];

interface Cell {
  readonly techniqueID: string;
  readonly tactic: string;
  readonly rules: RuleMetadata[];
}

/** The layer as JSON. A cell's score is how many rules see the technique, its colour the worst severity among them. */
export function navigatorLayer(name: string, description: string, rules: readonly RuleMetadata[]): string {
  const cells = new Map<string, Cell>();
  const parents = new Map<string, Cell>();
  for (const metadata of rules) {
    for (const { tactic, technique, subtechnique } of metadata.attack) {
      const short = tactic.name.toLowerCase().replaceAll(" ", "-");
      const id = subtechnique?.id ?? technique.id;
      const key = `${short}/${id}`;
      const cell = cells.get(key) ?? { techniqueID: id, tactic: short, rules: [] };
      cells.set(key, cell);
      if (!cell.rules.includes(metadata)) cell.rules.push(metadata);
      if (subtechnique !== null) parents.set(`${short}/${technique.id}`, { techniqueID: technique.id, tactic: short, rules: [] });
    }
  }
  const most = Math.max(1, ...[...cells.values()].map(({ rules }) => rules.length));
  return `${jsonOf({
    name,
    versions: { layer: "4.5" },
    domain: "enterprise-attack",
    description,
    sorting: 3,
    layout: { layout: "side", showID: true, showName: true },
    hideDisabled: false,
    techniques: [
      ...[...parents]
        .filter(([key]) => !cells.has(key))
        .map(([, { techniqueID, tactic }]) => ({ techniqueID, tactic, enabled: true, showSubtechniques: true })),
      ...[...cells].map(([key, cell]) => cellOf(cell, parents.has(key))),
    ],
    gradient: { colors: ["#ffffff", COLOURS.medium], minValue: 0, maxValue: most },
    legendItems: ORDER.filter((severity) => rules.some((metadata) => metadata.severity === severity)).map((severity) => ({
      label: severity,
      color: COLOURS[severity],
    })),
    showTacticRowBackground: false,
    selectTechniquesAcrossTactics: true,
    selectSubtechniquesWithParent: false,
  })}\n`;
}

function cellOf({ techniqueID, tactic, rules }: Cell, open: boolean): object {
  const worst = rules.reduce((a, b) => (ORDER.indexOf(b.severity) > ORDER.indexOf(a.severity) ? b : a)).severity;
  return {
    techniqueID,
    tactic,
    score: rules.length,
    color: COLOURS[worst],
    comment: `${rules.length} ${rules.length === 1 ? "rule" : "rules"}: ${rules.map(({ id }) => id).join(", ")}`,
    enabled: true,
    metadata: rules.map(({ id, title, severity }) => ({ name: id, value: `${title} (${severity})` })),
    showSubtechniques: open,
  };
}

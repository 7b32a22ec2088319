/** What is made of a package as a whole. */
import type { Detection } from "../../catalog/index.ts";
import { navigatorLayer, type DeployFile } from "../../translate/index.ts";
import { ruleMetadata } from "./metadata.ts";
import type { RuleTranslation } from "./translate.ts";

/** The rules' coverage as a layer of ATT&CK Navigator. */
export function layerOf(detection: Detection): string {
  const { id, meta, rules } = detection;
  return navigatorLayer(
    `${id} ${meta.title}`,
    meta.summary,
    rules.map((rule) => ruleMetadata(detection, rule)),
  );
}

/** All rules of a package in one file for Kibana to import: rules, then exception lists, then their items. */
export function kibanaBundle(detection: Detection, made: readonly RuleTranslation[]): DeployFile | null {
  const lines = made
    .filter(({ platform, rule }) => platform === "kibana-rule" && rule.startsWith(`${detection.id}/`))
    .flatMap(({ text }) => text.split("\n").filter((line) => line !== ""));
  if (lines.length === 0) return null;
  const kind = (line: string): number => (line.startsWith('{"rule_id"') ? 0 : line.includes('"item_id"') ? 2 : 1);
  return {
    name: `${detection.id}.ndjson`,
    text: [0, 1, 2]
      .map((wanted) =>
        lines
          .filter((line) => kind(line) === wanted)
          .map((line) => `${line}\n`)
          .join(""),
      )
      .join(""),
  };
}

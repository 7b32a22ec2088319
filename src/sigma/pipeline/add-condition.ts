/** `add_condition`: a selection that must hold beside the rule's own condition, or must not. */
import type { Span } from "../../eql/index.ts";
import { readSelection, type Selection } from "../load/selection.ts";
import type { MapNode, YamlNode } from "../load/yaml-node.ts";
import type { Parameters } from "./parameters.ts";
import type { RuleState } from "./state.ts";
import type { Transformation } from "./step.ts";
import { textValue } from "./values.ts";

/** @param recognises whether it says which events the log source has (a field map does). */
export function addCondition(parameters: Parameters, recognises: boolean): Transformation {
  const conditions = parameters.map("conditions");
  const negated = parameters.flag("negated");
  const template = parameters.flag("template");
  // The name only matters where a condition refers to it, and conditions are written before it is there.
  parameters.optionalText("name");
  readSelection(conditions);
  return (rule, step) => {
    const selection = readSelection(template ? filledIn(conditions, rule.logsource) : conditions);
    rule.added.push({ selection: step.marked(atRule(selection, rule.span)), negated });
    if (recognises) rule.recognised = true;
  };
}

/** `$product`, `${category}` and `$service` in texts. */
function filledIn(conditions: MapNode, logsource: RuleState["logsource"]): MapNode {
  const fill = (node: YamlNode): YamlNode => {
    if (node.kind === "list") return { ...node, items: node.items.map(fill) };
    if (node.kind !== "scalar" || typeof node.value !== "string") return node;
    const text = node.value.replaceAll(
      /\$(?:\{(category|product|service)\}|(category|product|service)\b)/g,
      (_, braced?: "category", bare?: "category") => logsource[(braced ?? bare)!] ?? "None",
    );
    return textValue(text, node.span);
  };
  return { ...conditions, entries: conditions.entries.map((one) => ({ ...one, value: fill(one.value) })) };
}

/** What a pipeline adds has no place in the rule's file: it stands where the rule begins. */
function atRule(selection: Selection, { from }: Span): Selection {
  const span = { from, to: from };
  if (selection.kind !== "item") return { ...selection, parts: selection.parts.map((part) => atRule(part, { from, to: from })), span };
  return { ...selection, span, keySpan: span, values: selection.values.map((value) => ({ ...value, span, textAt: null })) };
}

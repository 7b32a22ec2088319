/** A rule's `detection` as written: selections of tests, and the condition that joins them. Processing pipelines change it before it is compiled. */
import type { Span } from "../../eql/index.ts";
import { SigmaError } from "../problem.ts";
import { conditionOf, parseCondition, type ParsedCondition } from "./condition.ts";
import type { MapNode, ScalarNode, YamlNode } from "./yaml-node.ts";

/** `Field|modifier: values`; without a field the values are looked for anywhere in the event. */
export interface DetectionItem {
  readonly kind: "item";
  readonly field: string | null;
  readonly modifiers: readonly string[];
  readonly values: readonly ScalarNode[];
  readonly keySpan: Span;
  readonly span: Span;
  /** What `%name%` stands for under `expand` in this item; looked at before the user's table. */
  readonly placeholders?: ReadonlyMap<string, readonly string[]>;
  /** Ids of the pipelines' items that changed it. */
  readonly applied?: ReadonlySet<string>;
}

export interface SelectionGroup {
  readonly kind: "all" | "any";
  readonly parts: readonly Selection[];
  readonly span: Span;
}

export type Selection = DetectionItem | SelectionGroup;

export interface Detection {
  /** By name; null is a selection of which nothing is left, which a condition leaves out. */
  readonly selections: ReadonlyMap<string, Selection | null>;
  /** Of several any is enough. */
  readonly conditions: readonly ParsedCondition[];
  /** What must hold beside the condition. */
  readonly added: readonly { readonly selection: Selection | null; readonly negated: boolean }[];
  readonly span: Span;
}

/** Selections within selections are not Sigma; lists of maps are, one level each. */
const MAX_NESTING = 8;

/** @param except names that are no selections there, beside `condition` and `timeframe`. */
export function readDetection(node: MapNode, except: readonly string[] = []): Detection {
  const selections = new Map<string, Selection>();
  for (const { key, value } of node.entries)
    if (key !== "condition" && key !== "timeframe" && !except.includes(key)) selections.set(key, readSelection(value));
  return { selections, conditions: conditionOf(node).map((one) => parseCondition(one.text, one.node)), added: [], span: node.span };
}

/** One selection: a map (all must hold), a list (any), or a text to be found anywhere. */
export function readSelection(node: YamlNode, depth = 0): Selection {
  if (depth > MAX_NESTING) throw new SigmaError("sigma/bad-selection", "The selection is nested too deeply", node.span.from);
  const { span } = node;
  switch (node.kind) {
    case "map":
      if (node.entries.length === 0) throw new SigmaError("sigma/empty-selection", "The selection is empty", span.from);
      return { kind: "all", parts: node.entries.map((entry) => readItem(entry.key, entry.keySpan, entry.value)), span };
    case "list":
      if (node.items.length === 0) throw new SigmaError("sigma/empty-selection", "The selection is empty", span.from);
      if (node.items.every((item) => item.kind === "scalar")) return keywords(node.items, span);
      return { kind: "any", parts: node.items.map((item) => readSelection(item, depth + 1)), span };
    default:
      return keywords([node], span);
  }
}

function keywords(values: readonly ScalarNode[], span: Span): DetectionItem {
  return { kind: "item", field: null, modifiers: [], values, keySpan: span, span };
}

/** `Field|modifier: value`, `'|all': [keywords]`. */
function readItem(key: string, keySpan: Span, value: YamlNode): DetectionItem {
  const [name = "", ...modifiers] = key.split("|");
  if (value.kind === "map")
    throw new SigmaError("sigma/bad-value", `\`${key}\` holds a map; values are texts, numbers, true, false or null`, value.span.from);
  const values = value.kind === "list" ? value.items.map(scalarOf) : [value];
  if (values.length === 0) throw new SigmaError("sigma/empty-values", `\`${key}\` has no values`, value.span.from);
  return { kind: "item", field: name === "" ? null : name, modifiers, values, keySpan, span: { from: keySpan.from, to: value.span.to } };
}

function scalarOf(node: YamlNode): ScalarNode {
  if (node.kind === "scalar") return node;
  throw new SigmaError("sigma/bad-value", "A value is a text, a number, true, false or null", node.span.from);
}

/** The selection with every item replaced by what `change` makes of it; null where nothing is left. */
export function mapItems(selection: Selection, change: (item: DetectionItem) => Selection | null): Selection | null {
  if (selection.kind === "item") return change(selection);
  const parts = selection.parts.flatMap((part) => mapItems(part, change) ?? []);
  return parts.length === 0 ? null : { ...selection, parts };
}

/** Every item of the selections, and of what was added beside the condition. */
export function* itemsOf({ selections, added }: Pick<Detection, "selections" | "added">): Generator<DetectionItem> {
  for (const selection of selections.values()) if (selection !== null) yield* itemsIn(selection);
  for (const { selection } of added) if (selection !== null) yield* itemsIn(selection);
}

function* itemsIn(selection: Selection): Generator<DetectionItem> {
  if (selection.kind === "item") yield selection;
  else for (const part of selection.parts) yield* itemsIn(part);
}

/** Explanations in words: what an event has of the fields a condition reads, and which conditions keep it from matching. */
import type { FieldValue } from "../../eql/index.ts";
import type { ExplainNode, FilterExplanation } from "./explain.ts";

/** The word for a field that an event does not have, and for a condition that cannot be decided because of it. */
export const NOT_PRESENT = "not present";

const MAX_TEXT = 400;
const MAX_ITEMS = 20;

/** The conditions that keep a filter from matching, one line each, most telling first. Empty when it matches. */
export function reasons(explanation: FilterExplanation): string[] {
  if (explanation.matches) return [];
  const lines: string[] = [];
  const { category } = explanation;
  if (category !== null && !category.holds)
    lines.push(withSeen(categoryText(category.wanted), [{ field: "event.category", value: category.seen }]));
  failing(explanation.condition, lines);
  return lines;
}

/** The category an event query begins with, as the condition that it is. */
export function categoryText(wanted: string): string {
  return `event.category == "${wanted}"`;
}

function failing(node: ExplainNode, lines: string[]): void {
  if (node.truth === "true") return;
  if (node.op === "and") {
    for (const child of node.children) failing(child, lines);
  } else if (node.op === "or") {
    const best = node.children.reduce((a, b) => (b.score > a.score ? b : a));
    // Alternatives that are all equally far away are one condition to a reader.
    if (best.score <= 0.1 && node.children.every((child) => child.op === "is"))
      lines.push(`any of: ${node.children.map(conditionText).join("; ")}`);
    else failing(best, lines);
  } else if (node.op === "not")
    lines.push(
      withSeen(
        node.text,
        leavesOf(node).flatMap((leaf) => leaf.seen),
      ),
    );
  else lines.push(conditionText(node));
}

function leavesOf(node: ExplainNode): ExplainNode[] {
  return node.op === "is" ? [node] : node.children.flatMap(leavesOf);
}

function conditionText(node: ExplainNode): string {
  return withSeen(node.text, node.seen);
}

function withSeen(condition: string, seen: ExplainNode["seen"]): string {
  return seen.length === 0 ? condition : `${condition} (${seenText(seen)})`;
}

/** `process.name is "cmd.exe", process.args is not present`; a field that is read twice is listed once. Long values are cut. */
export function seenText(seen: ExplainNode["seen"]): string {
  return [...new Map(seen.map(({ field, value }) => [field, `${field} is ${valueText(value)}`])).values()].join(", ");
}

function valueText(value: FieldValue): string {
  if (value === undefined) return NOT_PRESENT;
  return Array.isArray(value)
    ? `[${value.slice(0, MAX_ITEMS).map(oneText).join(", ")}${value.length > MAX_ITEMS ? ", …" : ""}]`
    : oneText(value);
}

/** Text stands between quotes as it is: the backslashes of a path are not doubled. */
function oneText(value: unknown): string {
  return typeof value === "string" ? `"${value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT)}…` : value}"` : String(value);
}

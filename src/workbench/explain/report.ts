import { eventLine } from "../prove/report.ts";
import { reasons, type ExplainNode, type Explanation, type FilterExplanation } from "./explain.ts";
import type { EventDocument, FieldValue } from "../../eql/index.ts";
import { visible } from "../visible.ts";

const MARK = { true: "+", false: "-", missing: "?" } as const;

/** An explanation as lines: `+` true, `-` false, `?` missing, with the values that were seen. */
export function explanationReport(explanation: Explanation, events: readonly EventDocument[]): string[] {
  if (explanation.kind === "event") {
    const { event, explanation: filter } = explanation;
    return [
      eventLine(events[event]!),
      filter.matches ? "matches" : "does not match:",
      ...(filter.matches ? [] : reasons(filter).map((r) => `  ${visible(r)}`)),
      "",
      ...filterLines(filter),
    ];
  }
  const lines = [
    `${explanation.reached === explanation.needed ? "matches: " : ""}${explanation.reached} of ${explanation.needed} steps were reached`,
    ...explanation.waitedFor.map((line) => `  ${visible(line)}`),
  ];
  for (const stage of explanation.stages) {
    lines.push("", `stage ${stage.number}: ${visible(stage.text)}`);
    if (stage.matching.length > 0) {
      lines.push(`  matched by ${stage.matching.length === 1 ? "1 event" : `${stage.matching.length} events`}, by themselves:`);
      for (const event of stage.matching.slice(0, 10)) lines.push(`    ${eventLine(events[event]!)}`);
      if (stage.matching.length > 10) lines.push(`    ... and ${stage.matching.length - 10} more`);
    } else if (stage.nearest !== null) {
      lines.push(
        `  no event matches; nearest: ${eventLine(events[stage.nearest.event]!)}`,
        ...filterLines(stage.nearest.explanation).map((line) => `  ${line}`),
      );
    }
  }
  return lines;
}

function filterLines(filter: FilterExplanation): string[] {
  const lines: string[] = [];
  if (filter.category !== null) {
    const { wanted, seen, holds } = filter.category;
    lines.push(`${holds ? "+" : "-"} event.category is ${wanted}  (seen: ${value(seen)})`);
  }
  return [...lines, ...nodeLines(filter.condition, "")];
}

function nodeLines(node: ExplainNode, indent: string): string[] {
  const mark = MARK[node.truth];
  if (node.children.length === 0) {
    const seen = node.seen.map(({ field, value: v }) => `${field} = ${value(v)}`).join(", ");
    return [`${indent}${mark} ${visible(oneLine(node.text))}${seen === "" ? "" : `  (seen: ${seen})`}`];
  }
  return [`${indent}${mark} ${node.op}`, ...node.children.flatMap((child) => nodeLines(child, `${indent}  `))];
}

function value(seen: FieldValue): string {
  if (seen === undefined) return "nothing";
  const text = typeof seen === "object" ? `[${seen.map(String).join(", ")}]` : String(seen);
  return visible(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

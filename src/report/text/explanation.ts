import { visible } from "../../workbench/index.ts";
import { count } from "../format.ts";
import type { ConditionView, ExplanationView, StageView } from "../view/explanation.ts";
import { OUTCOMES } from "../words.ts";

/** Why a rule matched, or did not, as lines: the outcome of each condition before it, what was seen behind it. */
export function explanationText(view: ExplanationView): string[] {
  return [
    view.verdict,
    ...view.waitedFor.map((line) => `  ${visible(line)}`),
    ...view.stages.flatMap((stage) => (stage.number === null ? stageLines(stage) : ["", ...stageLines(stage)])),
  ];
}

/** How many characters the words of outcomes take. */
const OUTCOME_WIDTH = Math.max(...Object.values(OUTCOMES).map(({ text }) => text.length));

function stageLines({ number, text, note, events, moreEvents, reasons, conditions }: StageView): string[] {
  return [
    ...(number === null ? [] : [`Stage ${number}: ${visible(text ?? "")}`]),
    ...(note === "" ? [] : [events.length === 0 ? note : `${note}:`]),
    ...events.map(({ line }) => `  ${visible(line)}`),
    ...(moreEvents === 0 ? [] : [`  and ${count(moreEvents)} more`]),
    ...reasons.map((reason) => `  ${visible(reason)}`),
    ...(conditions.length === 0 ? [] : [""]),
    ...conditions.flatMap((condition) => conditionLines(condition, "")),
  ];
}

function conditionLines({ outcome, text, seen, children }: ConditionView, indent: string): string[] {
  const line = `${OUTCOMES[outcome].text.padEnd(OUTCOME_WIDTH)}  ${indent}${visible(text)}${seen === "" ? "" : `  (${visible(seen)})`}`;
  return [line, ...children.flatMap((child) => conditionLines(child, `${indent}  `))];
}

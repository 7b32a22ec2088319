/** Conditions as text with `and`, `or` and `not`, parenthesised where they must be and broken into lines where they are long. */
import { fold, type Condition, type Folded, type Loss, type Predicate, type Unsupported } from "../eql/index.ts";

/** The target's words. Groups within groups are in parentheses, whichever binds tighter; `not` gets its operand in parentheses where it needs them. */
export interface Infix {
  readonly and: string;
  readonly or: string;
  readonly not: (operand: string) => string;
  readonly predicate: (test: Predicate, positive: boolean) => string | boolean | Unsupported;
  /** What each further level is indented by, where a group goes over several lines. */
  readonly indent: string;
}

/** Text and how tightly it holds together. */
export interface Fragment {
  readonly text: string;
  readonly level: "or" | "and" | "atom";
}

const LINE = 100;

export function infix(condition: Condition, words: Infix, reportLoss: (loss: Loss) => void): Folded<Fragment> {
  return fold<Fragment>(
    condition,
    {
      all: (operands) => group(operands, "and", words),
      any: (operands) => group(operands, "or", words),
      not: (operand) => ({ text: words.not(operand.level === "atom" ? operand.text : wrapped(operand.text, words)), level: "atom" }),
      predicate: (test, positive) => {
        const predicate = words.predicate(test, positive);
        return typeof predicate === "string" ? { text: predicate, level: "atom" } : predicate;
      },
    },
    reportLoss,
  );
}

function group(operands: readonly Fragment[], level: "and" | "or", words: Infix): Fragment {
  // Two fields of the source may be one column of the target.
  const different = distinct(operands);
  if (different.length === 1) return different[0]!;
  const parts = different.map((operand) =>
    operand.level !== "atom" && operand.level !== level ? wrapped(operand.text, words) : operand.text,
  );
  const word = words[level];
  const line = parts.join(` ${word} `);
  if (line.length <= LINE && !line.includes("\n")) return { text: line, level };
  return { text: parts.join(`\n${word} `), level };
}

function wrapped(text: string, { indent }: Infix): string {
  if (!text.includes("\n")) return `(${text})`;
  return `(\n${indented(text, indent)}\n)`;
}

/** An operand without the parentheses around all of it. */
export function bare(operand: string): string {
  return operand.startsWith("(") && operand.endsWith(")") ? operand.slice(1, -1) : operand;
}

/** Each once. */
function distinct(operands: readonly Fragment[]): readonly Fragment[] {
  return [...new Map(operands.map((operand) => [operand.text, operand])).values()];
}

/** Every line further in. */
export function indented(text: string, by: string): string {
  return text
    .split("\n")
    .map((line) => (line === "" ? line : by + line))
    .join("\n");
}

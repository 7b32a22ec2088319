/**
 * The skeleton of targets whose conditions are text with `and`, `or` and `not`. A dialect declares what it writes differently; what
 * all have in common (which tests there are, alternatives, what cannot be translated) is here.
 */
import {
  isUnsupported,
  literalText,
  turned,
  type Condition,
  type Expr,
  type Loss,
  type Predicate,
  type Unsupported,
  type ValuePredicate,
} from "../eql/index.ts";
import { indented, infix, type Fragment } from "./infix.ts";
import { isPlainText } from "./plain-text.ts";
import { isAnything, type Parts } from "./patterns.ts";
import { pcreOf, pcreOfWildcard } from "./regex/pcre.ts";
import type { Pcre } from "./regex/pcre-subset.ts";
import type { Column } from "./tables/table.ts";
import { UNSUPPORTED } from "./unsupported.ts";

export type FieldTest = Exclude<Predicate, { kind: "any-field" | "computed" }>;

/** What a predicate is about. */
export interface Operand {
  /** The field of the condition; where there are tables, the name of the column. */
  readonly field: string;
  /** As the target writes it. */
  readonly name: string;
  /** What a predicate compares: `name`, or a variable for each of its values. */
  readonly value: string;
  readonly type: Column["type"];
  /** Reports that the predicate is true for more (`wider`) or fewer events than the source's. Under `not` it is the other way round. */
  readonly report: (effect: "wider" | "narrower", reason: string, advice?: string) => void;
}

/** Predicates any of which is enough; a truth value where the answer is known beforehand. */
export type Alternatives = string | readonly string[] | boolean | Unsupported;

export interface Dialect {
  readonly and: string;
  readonly or: string;
  /** The equals sign. */
  readonly equal: "=" | "==";
  /** Its operand is in parentheses where it is a group; `bare` removes them. */
  readonly not: (operand: string) => string;
  /** What each further level of a condition of several lines is indented by. */
  readonly indent: string;
  /** How a field or column is written, where it is more than its name. */
  readonly operand?: (field: string) => { readonly name: string; readonly value?: string; readonly type?: Column["type"] };
  /** The predicate of a field, given that of one of its values; null where the field has one value. */
  readonly some?: (operand: Operand, predicate: string, test: FieldTest) => string | null;
  readonly exists: (operand: Operand) => string;
  /** The value is one of the texts. Absent: a plain text is a pattern like any other. */
  readonly equals?: (operand: Operand, texts: readonly string[], insensitive: boolean) => Alternatives;
  /** Whether `equals` can compare with the text; a text that it cannot is a pattern. Absent: with every text. */
  readonly comparable?: (text: string, insensitive: boolean) => boolean;
  /** The whole value matches one of the wildcard patterns. Absent: they become regular expressions. */
  readonly patterns?: (operand: Operand, patterns: readonly Parts[], insensitive: boolean) => Alternatives;
  /** The expression is found anywhere in the value. */
  readonly regex: (operand: Operand, regex: Pcre) => string | Unsupported;
  readonly number: (operand: Operand, operator: string, value: number | bigint) => string | Unsupported;
  readonly boolean: (operand: Operand, value: boolean) => string;
  /** The order of texts. Absent: there is none. */
  readonly order?: (operand: Operand, operator: string, text: string) => string | Unsupported;
  /** The value is an address in one of the blocks: `10.0.0.0/8`. */
  readonly ranges: (operand: Operand, blocks: readonly string[]) => Alternatives;
  /** A condition that never holds. Absent: such a condition has no text. */
  readonly never?: string;
  /** Absent: functions and comparisons of fields are not supported. */
  readonly computed?: (expr: Expr) => string | Unsupported;
}

export interface Context {
  /** The columns that conditions name; empty where they name fields. */
  readonly columns: ReadonlyMap<string, Column>;
  readonly reportLoss: (loss: Loss) => void;
}

/** The condition as text, "" where it always holds; null where nothing of it can be translated, or it never holds and that has no text. */
export function conditionText(condition: Condition, dialect: Dialect, context: Context): Fragment | null {
  const { and, or, not, indent } = dialect;
  const folded = infix(
    condition,
    { and, or, not, indent, predicate: (test, positive) => predicateOf(test, positive, dialect, context) },
    context.reportLoss,
  );
  if (folded.kind === "value") return folded.value;
  if (folded.kind === "lost") return null;
  const text = folded.value ? "" : dialect.never;
  return text === undefined ? null : { text, level: "atom" };
}

export function predicateOf(test: Predicate, positive: boolean, dialect: Dialect, context: Context): string | boolean | Unsupported {
  if (test.kind === "any-field") return UNSUPPORTED.anyField;
  if (test.kind === "computed") return dialect.computed?.(test.expr) ?? UNSUPPORTED.computed;
  if (!isPlainText(test.field)) return UNSUPPORTED.fieldName(test.field);
  const { name, value, type } = dialect.operand?.(test.field) ?? { name: test.field };
  const operand: Operand = {
    field: test.field,
    name,
    value: value ?? name,
    type: type ?? context.columns.get(test.field)?.type ?? "text",
    report: (effect, reason, advice) =>
      context.reportLoss({ effect: turned(effect, positive), span: test.span, reason, advice: advice ?? null }),
  };
  if (test.kind === "exists" || (test.kind === "text" && test.patterns.some(({ parts }) => isAnything(parts))))
    return dialect.exists(operand);
  const alternatives = alternativesOf(test, operand, dialect);
  if (typeof alternatives === "boolean" || isUnsupported(alternatives)) return alternatives;
  const list = typeof alternatives === "string" ? [alternatives] : alternatives;
  return dialect.some?.(operand, list.join(` ${dialect.or} `), test) ?? either(list, dialect.or);
}

function alternativesOf(test: Exclude<FieldTest, { kind: "exists" }>, operand: Operand, dialect: Dialect): Alternatives {
  switch (test.kind) {
    case "text":
      return textAlternatives(
        test.patterns.map(({ parts }) => parts),
        test.insensitive,
        operand,
        dialect,
      );
    case "regex":
      return each(test.patterns, (pattern) => {
        const regex = pcreOf(pattern, test.insensitive);
        return isUnsupported(regex) ? regex : dialect.regex(operand, regex);
      });
    case "cidr": {
      // Anything else is not an address range, and no text to put between quotes.
      const blocks = test.blocks.filter((block) => /^[\da-f.:]+(?:\/\d+)?$/i.test(block));
      return blocks.length > 0 && dialect.ranges(operand, blocks);
    }
    case "value":
      return valuePredicate(test, operand, dialect);
  }
}

/** Plain texts together, then what is left of the patterns. */
function textAlternatives(patterns: readonly Parts[], insensitive: boolean, operand: Operand, dialect: Dialect): Alternatives {
  const { equals, comparable, regex } = dialect;
  const texts: string[] = [];
  const others: Parts[] = [];
  for (const parts of patterns) {
    const text = equals === undefined ? null : literalText(parts);
    if (text !== null && (comparable === undefined || comparable(text, insensitive))) texts.push(text);
    else others.push(parts);
  }
  const equal = equals === undefined || texts.length === 0 ? [] : equals(operand, texts, insensitive);
  const matching =
    others.length === 0
      ? []
      : dialect.patterns === undefined
        ? each(others, (parts) => regex(operand, pcreOfWildcard(parts, insensitive)))
        : dialect.patterns(operand, others, insensitive);
  if (typeof equal === "boolean" || isUnsupported(equal)) return equal;
  if (typeof matching === "boolean" || isUnsupported(matching)) return matching;
  return [equal, matching].flat();
}

function valuePredicate({ value, op }: ValuePredicate, operand: Operand, dialect: Dialect): Alternatives {
  const operator = op === "==" ? dialect.equal : op;
  switch (typeof value) {
    case "boolean":
      return op === "==" ? dialect.boolean(operand, value) : UNSUPPORTED.booleanOrder;
    case "string":
      return dialect.order?.(operand, operator, value) ?? UNSUPPORTED.textOrder;
    default:
      return dialect.number(operand, operator, value);
  }
}

/** The predicate of each, or the first that cannot be translated. */
export function each<T>(items: readonly T[], predicate: (item: T) => string | Unsupported): readonly string[] | Unsupported {
  const predicates: string[] = [];
  for (const item of items) {
    const one = predicate(item);
    if (isUnsupported(one)) return one;
    predicates.push(one);
  }
  return predicates;
}

/** In parentheses where they are several. */
export function either(alternatives: readonly string[], or: string): string {
  const different = [...new Set(alternatives)];
  return different.length === 1 ? different[0]! : `(${different.join(` ${or} `)})`;
}

/** `subject = a` or `subject in (a, b)`. */
export function among(subject: string, literals: readonly string[], equal: string, within: string): string {
  return literals.length === 1 ? `${subject} ${equal} ${literals[0]!}` : `${subject} ${within} (${literals.join(", ")})`;
}

/** What selects the events, and the condition that must hold of them. */
export function selected(selection: string, condition: Fragment, { and, indent }: Dialect): string {
  if (condition.text === "") return selection;
  return `${selection} ${and} ${condition.level === "or" ? `(\n${indented(condition.text, indent)}\n)` : condition.text}`;
}

/** Conditions of several kinds of events, any of which is enough. */
export function anyOf(conditions: readonly string[], { or, indent }: Dialect): string {
  if (conditions.length === 1) return conditions[0]!;
  return conditions.map((condition) => `(\n${indented(condition, indent)}\n)`).join(`\n${or} `);
}

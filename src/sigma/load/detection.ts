/** The selections of a rule's `detection` as conditions of the tree. */
import { literalText, mergedParts, type Expr, type Pattern, type RegexPattern, type Span } from "../../eql/index.ts";
import { all, any, call, field, not, number, string, textIn, wildcard } from "../expr.ts";
import type { ServedLogSource } from "../taxonomy/log-source.ts";
import { applyChanges, asRegex, readModifiers, writtenOut, type ChangeContext, type Modifiers } from "./modifiers.ts";
import { SigmaError } from "../problem.ts";
import { matchRegexes, matchTexts, missing, valuesOf, type TextTest } from "../taxonomy/field-mapping.ts";
import type { FieldMapping } from "../taxonomy/taxonomy.ts";
import { parseText } from "../text.ts";
import { timePartExpr } from "./time-part.ts";
import type { DetectionItem, Selection } from "./selection.ts";
import type { ScalarNode } from "./yaml-node.ts";

export interface DetectionContext {
  readonly source: ServedLogSource;
  readonly placeholder: ChangeContext["placeholder"];
  /** Called with each field of the rule, by its Sigma name, and its place in the text. */
  readonly onField?: (name: string, span: Span) => void;
}

/** One selection: what must hold, all of it or any. */
export function selectionExpr(selection: Selection, context: DetectionContext): Expr {
  switch (selection.kind) {
    case "item":
      return itemExpr(selection, context);
    default:
      return (selection.kind === "all" ? all : any)(
        selection.parts.map((part) => selectionExpr(part, context)),
        selection.span,
      );
  }
}

function itemExpr({ field: name, modifiers: names, values, keySpan, span, placeholders }: DetectionItem, outer: DetectionContext): Expr {
  const modifiers = readModifiers(names, keySpan);
  const context: DetectionContext =
    placeholders === undefined
      ? outer
      : { ...outer, placeholder: (placeholder) => placeholders.get(placeholder)?.map(parseText) ?? outer.placeholder(placeholder) };
  if (name === null) return keywordsExpr(values, modifiers, span, context);
  context.onField?.(name, keySpan);
  const targets = context.source.targets(name);
  const positive = modifiers.all
    ? all(
        values.map((value) => valuesExpr(name, targets, [value], modifiers, span, context)),
        span,
      )
    : valuesExpr(name, targets, values, modifiers, span, context);
  return modifiers.negated ? not(positive, span) : positive;
}

function valueText(scalar: ScalarNode): string {
  return typeof scalar.value === "string" ? scalar.value : String(scalar.value);
}

/** Any of the values in any of the places. */
function valuesExpr(
  name: string,
  targets: readonly FieldMapping[],
  scalars: readonly ScalarNode[],
  modifiers: Modifiers,
  span: Span,
  context: DetectionContext,
): Expr {
  const alternatives: Expr[] = [];
  if (modifiers.timePart !== null) {
    const { timePart } = modifiers;
    for (const scalar of scalars) {
      const wanted = numberOf(scalar, timePart);
      for (const target of targets) {
        for (const value of valuesOf(target, scalar.span)) {
          const op = modifiers.comparison === "text" ? "==" : OPERATORS[modifiers.comparison as Order];
          alternatives.push({
            kind: "comparison",
            span: scalar.span,
            op,
            left: timePartExpr(value, timePart, scalar.span),
            right: number(wanted, scalar.span),
          });
        }
      }
    }
    return any(alternatives, span);
  }
  switch (modifiers.comparison) {
    case "text":
      return textsExpr(targets, scalars, modifiers, span, context);
    case "re": {
      const patterns = scalars.flatMap((scalar) => regexOf(scalar, modifiers, context));
      return any(
        targets.flatMap((target) => matchRegexes(target, patterns, span)),
        span,
      );
    }
    case "cidr":
      for (const scalar of scalars) {
        for (const block of expandedTexts(scalar, modifiers, context)) {
          for (const target of targets) {
            if (typeof target === "string")
              alternatives.push(call("cidrMatch", [field(target, scalar.span), string(block, scalar.span)], false, scalar.span));
          }
        }
      }
      return any(alternatives, span);
    case "exists":
      return any(
        scalars.map((scalar) => {
          const wanted = booleanOf(scalar);
          const absent = missing(targets, scalar.span);
          return wanted ? not(absent, scalar.span) : absent;
        }),
        span,
      );
    case "fieldref":
      for (const scalar of scalars) alternatives.push(...fieldrefs(targets, valueText(scalar), modifiers, scalar.span, context));
      return any(alternatives, span);
    default: {
      const op = OPERATORS[modifiers.comparison];
      for (const scalar of scalars) {
        const wanted = numberOf(scalar, modifiers.comparison);
        for (const target of targets) {
          for (const value of valuesOf(target, scalar.span)) {
            if (value.kind === "field")
              alternatives.push({ kind: "comparison", span: scalar.span, op, left: value, right: number(wanted, scalar.span) });
          }
        }
      }
      if (alternatives.length === 0) throw new SigmaError("sigma/bad-value", `\`${name}\` is no number`, span.from);
      return any(alternatives, span);
    }
  }
}

type Order = "lt" | "lte" | "gt" | "gte";
const OPERATORS = { lt: "<", lte: "<=", gt: ">", gte: ">=" } as const satisfies Record<Order, string>;

function textsExpr(
  targets: readonly FieldMapping[],
  scalars: readonly ScalarNode[],
  modifiers: Modifiers,
  span: Span,
  context: DetectionContext,
): Expr {
  const tests: TextTest[] = [];
  const regexes: RegexPattern[] = [];
  const alternatives: Expr[] = [];
  for (const scalar of scalars) {
    if (scalar.value === null) {
      if (modifiers.changes.length > 0) throw new SigmaError("sigma/bad-value", "A modifier cannot change null", scalar.span.from);
      alternatives.push(missing(targets, scalar.span));
      continue;
    }
    textTests(scalar, modifiers, context, tests, regexes);
  }
  for (const test of tests) {
    const text = literalText(test.parts);
    // Beats leave out empty values, and the Sysmon pipeline `-` as well: a missing field is one without content.
    if (text === "") alternatives.push(missing(targets, test.span));
    else if (text === "-")
      alternatives.push(all([textIn("event.provider", ["Microsoft-Windows-Sysmon"], test.span), missing(targets, test.span)], test.span));
  }
  for (const target of targets) {
    alternatives.push(...matchTexts(target, tests, !modifiers.cased, span), ...matchRegexes(target, regexes, span));
  }
  return any(alternatives, span);
}

function textTests(scalar: ScalarNode, modifiers: Modifiers, context: DetectionContext, tests: TextTest[], regexes: RegexPattern[]): void {
  const { span } = scalar;
  const parts = typeof scalar.value === "string" ? parseText(scalar.value) : parseText(valueText(scalar));
  for (const value of applyChanges(modifiers, parts, { placeholder: context.placeholder, span })) {
    const written = writtenOut(value);
    if (written === null)
      regexes.push({ kind: "regex", span, source: asRegex(value), flavour: "pcre", flags: modifiers.cased ? "s" : "is", form: "quoted" });
    else for (const one of written) tests.push({ parts: one, span });
  }
}

function regexOf(scalar: ScalarNode, modifiers: Modifiers, context: DetectionContext): RegexPattern[] {
  if (scalar.value === null) throw new SigmaError("sigma/bad-value", "A regular expression is a text", scalar.span.from);
  const { span } = scalar;
  const text = valueText(scalar);
  const sources = modifiers.changes.length === 0 ? [text] : expandedRegex(text, context, span);
  return sources.map((source) => ({ kind: "regex", span, source, flavour: "pcre", flags: modifiers.regexFlags, form: "quoted" }));
}

/** Placeholders in a regular expression stand for their texts as they are. */
function expandedRegex(text: string, context: DetectionContext, span: Span): string[] {
  const modifiers = readModifiers(["expand"], span);
  return applyChanges(modifiers, [{ kind: "literal", text }], { placeholder: context.placeholder, span }).map((parts) =>
    parts.map((part) => (part.kind === "literal" ? part.text : part.kind === "any" ? ".*" : ".")).join(""),
  );
}

function expandedTexts(scalar: ScalarNode, modifiers: Modifiers, context: DetectionContext): string[] {
  const text = valueText(scalar);
  const values = applyChanges(modifiers, [{ kind: "literal", text }], { placeholder: context.placeholder, span: scalar.span });
  return values.map((parts) => parts.map((part) => (part.kind === "literal" ? part.text : "*")).join(""));
}

function numberOf(scalar: ScalarNode, modifier: string): number | bigint {
  const { value } = scalar;
  if (typeof value === "number" || typeof value === "bigint") return value;
  if (typeof value === "string" && /^[+-]?\d+(\.\d+)?$/.test(value)) return Number(value);
  throw new SigmaError("sigma/bad-value", `\`${modifier}\` compares with a number`, scalar.span.from);
}

function booleanOf(scalar: ScalarNode): boolean {
  if (typeof scalar.value === "boolean") return scalar.value;
  const word = valueText(scalar).toLowerCase();
  if (word === "true" || word === "yes") return true;
  if (word === "false" || word === "no") return false;
  throw new SigmaError("sigma/bad-value", "`exists` is true or false", scalar.span.from);
}

/** One field against another, as texts; case counts only with `cased`. */
function fieldrefs(targets: readonly FieldMapping[], other: string, modifiers: Modifiers, span: Span, context: DetectionContext): Expr[] {
  context.onField?.(other, span);
  const lefts = targets.flatMap((target) => valuesOf(target, span));
  const rights = context.source.targets(other).flatMap((target) => valuesOf(target, span));
  const text = (value: Expr): Expr => (value.kind === "field" ? call("string", [value], false, span) : value);
  const insensitive = !modifiers.cased;
  const test = (name: string, a: Expr, b: Expr): Expr => call(name, [text(a), text(b)], insensitive, span);
  return lefts.flatMap((left) =>
    rights.map((right) => {
      switch (modifiers.position) {
        case "startswith":
          return test("startsWith", left, right);
        case "endswith":
          return test("endsWith", left, right);
        case "contains":
          return test("stringContains", left, right);
        default:
          // Each begins with the other.
          return all([test("startsWith", left, right), test("startsWith", right, left)], span);
      }
    }),
  );
}

/** Texts without a field are looked for anywhere in the event, inside of values. */
function keywordsExpr(scalars: readonly ScalarNode[], modifiers: Modifiers, span: Span, context: DetectionContext): Expr {
  if (modifiers.timePart !== null || !["text", "re"].includes(modifiers.comparison)) {
    throw new SigmaError("sigma/modifiers-clash", `\`${modifiers.names.join("|")}\` needs a field`, span.from);
  }
  const anywhere = (patterns: readonly Pattern[]): Expr => ({
    kind: "any-field",
    span,
    insensitive: !modifiers.cased && patterns[0]!.kind !== "regex",
    patterns,
  });
  const one = (scalar: ScalarNode): Expr => {
    if (scalar.value === null || scalar.value === "") throw new SigmaError("sigma/bad-value", "A keyword is a text", scalar.span.from);
    if (modifiers.comparison === "re") return anywhere(regexOf(scalar, modifiers, context));
    const tests: TextTest[] = [];
    const regexes: RegexPattern[] = [];
    textTests(scalar, modifiers, context, tests, regexes);
    const contained = tests.map(({ parts, span: at }) => wildcard(mergedParts([{ kind: "any" }, ...parts, { kind: "any" }]), at));
    return any([...(contained.length > 0 ? [anywhere(contained)] : []), ...(regexes.length > 0 ? [anywhere(regexes)] : [])], scalar.span);
  };
  const tests = scalars.map(one);
  const positive = modifiers.all ? all(tests, span) : mergeKeywords(tests, span);
  return modifiers.negated ? not(positive, span) : positive;
}

/** One walk over the event for all keywords. */
function mergeKeywords(tests: readonly Expr[], span: Span): Expr {
  const first = tests[0]!;
  if (first.kind !== "any-field" || !tests.every((test) => test.kind === "any-field" && test.patterns[0]!.kind === first.patterns[0]!.kind))
    return any(tests, span);
  return { ...first, span, patterns: tests.flatMap((test) => (test.kind === "any-field" ? test.patterns : [])) };
}

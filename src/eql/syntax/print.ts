import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { KEYWORDS } from "./tokens.ts";
import type { Category, EventFilter, Expr, FieldExpr, NumberExpr, Pattern, Query, SequenceItem, WildcardPart } from "./tree.ts";
import { walk } from "./walk.ts";
import { wildcardText } from "./wildcard.ts";

/** Lines are broken where they would be longer than this. */
const WIDTH = 110;

/** The tree holds something that EQL text cannot express (it comes from Sigma). `unprintable` says what and where. */
export class UnprintableError extends Error {
  readonly diagnostics: readonly Diagnostic[];

  constructor(diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map((d) => d.summary).join("; "));
    this.diagnostics = diagnostics;
  }
}

/** What EQL text cannot say of this tree; empty where it can be printed. */
export function unprintable(tree: Query | Expr): Diagnostic[] {
  const found: Diagnostic[] = [];
  const report = (node: { readonly span: Diagnostic["span"] }, summary: string): void => {
    found.push({
      code: "tree/unprintable",
      severity: "error",
      summary,
      span: node.span,
      labels: [],
      help: "It can be run and translated, but not written as EQL.",
    });
  };
  walk(tree, (node) => {
    if (node.kind === "any-field") report(node, "EQL has no search over every field");
    else if (node.kind === "regex" && node.flavour === "pcre") report(node, "EQL has no regular expressions of this flavour");
    else if (node.kind === "wildcard" && wildcardText(node.parts) === null)
      report(node, "EQL cannot say a literal `*` or `?` in a wildcard");
  });
  return found;
}

/**
 * A query in its canonical layout: one line where it fits, otherwise an operand, item or pipe a line. Comments stay, each on its own
 * line before the part it stood in. `parse(print(tree))` equals the tree, spans aside, and printing is idempotent.
 * @throws UnprintableError where `unprintable` finds something.
 */
export function print(query: Query): string {
  const problems = unprintable(query);
  if (problems.length > 0) throw new UnprintableError(problems);
  const units = unitsOf(query);
  const line = units.map((unit) => unit.text).join(" ");
  if (query.comments.length === 0 && query.kind === "event" && line.length <= WIDTH) return line;
  const lines: string[] = [];
  let next = 0;
  for (const unit of query.kind === "event" ? brokenUnits(query) : units) {
    for (; next < query.comments.length && query.comments[next]!.span.from < unit.to; next++)
      lines.push(`${unit.indent}${query.comments[next]!.text}`);
    lines.push(unit.text.replaceAll(/^/gm, unit.indent));
  }
  for (; next < query.comments.length; next++) lines.push(query.comments[next]!.text);
  return lines.join("\n");
}

/** An expression in one line. @throws UnprintableError */
export function printExpr(expr: Expr): string {
  const problems = unprintable(expr);
  if (problems.length > 0) throw new UnprintableError(problems);
  return at(expr, 0);
}

/**
 * An expression in one line for people, whatever language it came from. What EQL cannot say is written as it would be: a search over
 * fields as `any field : ..`, a regular expression of another flavour between slashes, a literal `*` with a backslash before it.
 */
export function describeExpr(expr: Expr): string {
  return at(expr, 0);
}

/** The same of a filter, with its category. */
export function describeFilter({ category, condition }: EventFilter): string {
  return `${categoryText(category)} where ${at(condition, 0)}`;
}

// -------------------------------------------------------------------------------------------------- layout

/** A part that stands on a line of its own when the query is broken; `to` is where it ends in the old text. */
interface Unit {
  readonly text: string;
  readonly to: number;
  readonly indent: string;
}

function unitsOf(query: Query): Unit[] {
  const units: Unit[] = [];
  if (query.kind === "event") units.push({ text: filterText(query.filter), to: query.filter.span.to, indent: "" });
  else {
    const by = query.by.length > 0 ? ` by ${query.by.map(fieldText).join(", ")}` : "";
    const span = query.kind === "sequence" && query.maxspan !== null ? ` with maxspan=${query.maxspan.value}${query.maxspan.unit}` : "";
    units.push({ text: `${query.kind}${by}${span}`, to: headEnd(query), indent: "" });
    for (const item of query.items) units.push({ text: itemText(item), to: item.span.to, indent: "  " });
    if (query.kind !== "sample" && query.until !== null)
      units.push({ text: `until ${itemText(query.until)}`, to: query.until.span.to, indent: "  " });
  }
  for (const pipe of query.pipes)
    units.push({
      text: `| ${pipe.name}${pipe.args.length > 0 ? ` ${pipe.args.map((arg) => at(arg, 0)).join(", ")}` : ""}`,
      to: pipe.span.to,
      indent: "",
    });
  return units;
}

/** An event query over several lines: the head, the operands of its condition, the pipes. */
function brokenUnits(query: Extract<Query, { kind: "event" }>): Unit[] {
  const { filter } = query;
  const { condition } = filter;
  const head: Unit = { text: `${categoryText(filter.category)} where`, to: filter.span.from + 1, indent: "" };
  const pipes = unitsOf(query).slice(1);
  if (condition.kind !== "logical") return [head, { text: layout(condition, 0, 2), to: condition.span.to, indent: "  " }, ...pipes];
  const operands = condition.operands.map((operand, i): Unit => {
    const last = i === condition.operands.length - 1;
    return {
      text: `${layout(operand, condition.op === "and" ? NOT : AND, 2)}${last ? "" : ` ${condition.op}`}`,
      to: operand.span.to,
      indent: "  ",
    };
  });
  return [head, ...operands, ...pipes];
}

/** Where the head of a sequence ends: what follows it belongs to the first item. */
function headEnd(query: Exclude<Query, { kind: "event" }>): number {
  const last = (query.kind === "sequence" ? query.maxspan : null) ?? query.by.at(-1);
  return last?.span.to ?? query.span.from + 1;
}

function filterText(filter: EventFilter): string {
  return `${categoryText(filter.category)} where ${at(filter.condition, 0)}`;
}

function itemText(item: SequenceItem): string {
  const by = item.by.length > 0 ? ` by ${item.by.map(fieldText).join(", ")}` : "";
  const runs = item.runsSpan !== null || item.runs !== 1 ? ` with runs=${item.runs}` : "";
  const open = item.missing ? "![" : "[";
  const line = `${open}${filterText(item.filter)}]${by}${runs}`;
  if (line.length + 2 <= WIDTH) return line;
  return `${open}${categoryText(item.filter.category)} where\n${layout(item.filter.condition, 0, 6).replaceAll(/^/gm, "    ")}]${by}${runs}`;
}

/** An expression over as many lines as it needs, relative to its first column. `used` columns are taken left of it. */
function layout(expr: Expr, level: number, used: number): string {
  const line = at(expr, level);
  if (line.length + used <= WIDTH) return line;
  if (levelOf(expr) < level) return `(\n${indented(layout(expr, 0, used + 2))}\n)`;
  switch (expr.kind) {
    case "logical":
      return expr.operands.map((operand) => layout(operand, expr.op === "and" ? NOT : AND, used)).join(` ${expr.op}\n`);
    case "not":
      return `not ${layout(expr.value, NOT, used + 4)}`;
    case "in":
      return `${at(expr.value, PRIMARY)} ${expr.negated ? "not " : ""}in${expr.insensitive ? "~" : ""} (\n${filled(
        expr.list.map((item) => at(item, SUM)),
        used + 2,
      )}\n)`;
    case "match":
      if (!expr.list) return line;
      return `${at(expr.value, PRIMARY)} ${matchOp(expr)} (\n${filled(expr.patterns.map(patternTextOf), used + 2)}\n)`;
    default:
      return line;
  }
}

/** Items with commas, as many a line as fit. */
function filled(items: readonly string[], used: number): string {
  const lines: string[] = [];
  let line = "";
  items.forEach((item, i) => {
    const piece = i === items.length - 1 ? item : `${item},`;
    if (line !== "" && line.length + 1 + piece.length + used > WIDTH) {
      lines.push(line);
      line = "";
    }
    line += line === "" ? piece : ` ${piece}`;
  });
  if (line !== "") lines.push(line);
  return indented(lines.join("\n"));
}

function indented(text: string): string {
  return text.replaceAll(/^/gm, "  ");
}

// --------------------------------------------------------------------------------------------- expressions

/** Binding strength, weakest first; an expression of a weaker level needs parentheses. */
const OR = 1;
const AND = 2;
const NOT = 3;
const COMPARISON = 4;
const SUM = 5;
const PRODUCT = 6;
const SIGN = 7;
const PREDICATE = 8;
const PRIMARY = 9;

function levelOf(expr: Expr): number {
  switch (expr.kind) {
    case "logical":
      return expr.op === "or" ? OR : AND;
    case "not":
      return NOT;
    case "comparison":
      return COMPARISON;
    case "arithmetic":
      return expr.op === "+" || expr.op === "-" ? SUM : PRODUCT;
    case "negate":
      return SIGN;
    case "in":
    case "match":
      return PREDICATE;
    default:
      return PRIMARY;
  }
}

/** The expression in one line, in parentheses where it binds weaker than `level`. */
function at(expr: Expr, level: number): string {
  const text = bare(expr);
  return levelOf(expr) < level ? `(${text})` : text;
}

function bare(expr: Expr): string {
  switch (expr.kind) {
    case "string":
      return stringText(expr.value, expr.form);
    case "number":
      return numberText(expr);
    case "boolean":
      return String(expr.value);
    case "null":
      return "null";
    case "field":
      return fieldText(expr);
    case "call":
      return `${expr.name}${expr.insensitive ? "~" : ""}(${expr.args.map((arg) => at(arg, 0)).join(", ")})`;
    case "negate":
      return `${expr.op}${at(expr.value, SIGN)}`;
    case "arithmetic": {
      const level = levelOf(expr);
      return `${at(expr.left, level)} ${expr.op} ${at(expr.right, level + 1)}`;
    }
    case "comparison":
      return `${at(expr.left, SUM)} ${expr.op} ${at(expr.right, SUM)}`;
    case "in":
      return `${at(expr.value, PRIMARY)} ${expr.negated ? "not " : ""}in${expr.insensitive ? "~" : ""} (${expr.list.map((item) => at(item, SUM)).join(", ")})`;
    case "match": {
      const patterns = expr.patterns.map(patternTextOf).join(", ");
      return `${at(expr.value, PRIMARY)} ${matchOp(expr)} ${expr.list ? `(${patterns})` : patterns}`;
    }
    case "not":
      return `not ${at(expr.value, NOT)}`;
    case "logical":
      return expr.operands.map((operand) => at(operand, expr.op === "and" ? NOT : AND)).join(` ${expr.op} `);
    case "lineage":
      return `${expr.relation} of [${filterText(expr.filter)}]`;
    case "any-field": {
      const patterns = expr.patterns.map(patternTextOf).join(", ");
      const where = expr.names === undefined ? "any field" : `any of ${expr.names.map(partText).join("")}`;
      return `${where} ${expr.insensitive ? ":" : "like"} ${expr.patterns.length > 1 ? `(${patterns})` : patterns}`;
    }
  }
}

function matchOp(expr: Extract<Expr, { kind: "match" }>): string {
  return expr.op === ":" ? ":" : `${expr.op}${expr.insensitive ? "~" : ""}`;
}

function patternTextOf(pattern: Pattern): string {
  switch (pattern.kind) {
    case "wildcard":
      return stringText(wildcardText(pattern.parts) ?? pattern.parts.map(partText).join(""), pattern.form);
    case "regex":
      return pattern.flavour === "pcre" ? `/${pattern.source}/${pattern.flags}` : stringText(pattern.source, pattern.form);
    case "value":
      return bare(pattern.value);
  }
}

function partText(part: WildcardPart): string {
  return part.kind === "literal" ? part.text.replaceAll(/[*?]/g, String.raw`\$&`) : part.kind === "any" ? "*" : "?";
}

function categoryText(category: Category | null): string {
  if (category === null) return "any";
  return category.form === "identifier" ? category.value : stringText(category.value, category.form);
}

/** Raw where it can be written raw: no line break, no `"""` inside. */
function stringText(value: string, form: "quoted" | "raw"): string {
  if (form === "raw" && !/[\r\n]|"""/.test(value)) return `"""${value}"""`;
  return `"${value.replaceAll(/[\\"\u0000-\u001f\u007f]/g, escape)}"`;
}

const ESCAPES: { readonly [char: string]: string | undefined } = {
  "\b": "\\b",
  "\t": "\\t",
  "\n": "\\n",
  "\f": "\\f",
  "\r": "\\r",
  '"': '\\"',
  "\\": "\\\\",
};

function escape(char: string): string {
  return ESCAPES[char] ?? `\\u{${char.charCodeAt(0).toString(16).padStart(2, "0")}}`;
}

function numberText(expr: NumberExpr): string {
  const text = String(expr.value);
  if (expr.type !== "double") return text;
  if (text === "Infinity") return "1e999";
  // An integer beyond int64 is a double as it stands; any other whole number needs a point to be one.
  return /^\d+$/.test(text) && text.length <= 19 && BigInt(text) <= 9_223_372_036_854_775_807n ? `${text}.0` : text;
}

/** Back quotes around segments that are keywords or hold other than ASCII letters, digits and `_`. */
function fieldText(field: FieldExpr): string {
  const segments = field.name.split(".");
  const name = segments.includes("")
    ? quoted(field.name)
    : segments.map((s) => (/^[A-Za-z_@][A-Za-z0-9_]*$/.test(s) && !KEYWORDS.has(s) ? s : quoted(s))).join(".");
  return `${field.optional ? "?" : ""}${name}${field.index === null ? "" : `[${field.index}]`}`;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

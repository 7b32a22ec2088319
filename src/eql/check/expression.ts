import type { Findings } from "./findings.ts";
import { FUNCTIONS, findFunction } from "../functions/index.ts";
import { signature, type EqlFunction, type Parameter, type ParameterType } from "../functions/function.ts";
import { CONFLICT, type Schema } from "./schema.ts";
import { similarFields } from "./similar-fields.ts";
import { didYouMean, similarNames } from "../diagnostics/similar.ts";
import type { AnyFieldExpr, CallExpr, ComparisonExpr, Expr, FieldExpr, InExpr, MatchExpr, Pattern } from "../syntax/tree.ts";
import { find } from "../syntax/walk.ts";
import { areCompatible, fieldType, staticType, type Family, type StaticType } from "./types.ts";
import { parseNumeric } from "../values/values.ts";

/** Unknown fields for which similar names are looked up, so that a hostile query stays cheap. */
const MAX_SUGGESTIONS = 50;

const ORDINALS = ["first", "second", "third", "fourth", "fifth"];

const NOT_BOOLEAN_HELP: { readonly [K in Expr["kind"]]?: string } = {
  string: 'A text alone is not a condition. To ask whether a field has one of several values, write `field in ("a", "b")`.',
  number: "A number alone is not a condition. To ask whether a field has one of several values, write `field in (1, 2)`.",
};

/** Expressions: types, functions, fields. Everything is reported to the findings. */
export class ExpressionChecker {
  readonly #f: Findings;
  readonly #schema: Schema;
  /** A field is reported once per name: fifty mentions are one mistake. */
  readonly #reported = new Set<string>();
  #suggestions = 0;

  constructor(findings: Findings, schema: Schema) {
    this.#f = findings;
    this.#schema = schema;
  }

  /** The filter of an event query. */
  condition(expr: Expr): void {
    const type = this.#type(expr);
    if (expr.kind === "logical" || expr.kind === "not" || fits(type, "boolean")) return this.#visit(expr, expr);
    this.#visit(expr, expr);
    if (type.family !== "unsupported") this.#notBoolean(expr, `Condition expression needs to be boolean, found [${javaName(type.name)}]`);
  }

  /** A join key or a pipe's field. */
  key(field: FieldExpr): void {
    this.#field(field, field);
  }

  #type(expr: Expr): StaticType {
    return staticType(expr, this.#schema);
  }

  #notBoolean(expr: Expr, summary: string): void {
    const help =
      expr.kind === "field"
        ? `Compare it: \`${expr.name} != null\` asks whether it has a value.`
        : (NOT_BOOLEAN_HELP[expr.kind] ?? "Compare it with something.");
    this.#f.error("eql/not-boolean", summary, expr.span, help);
  }

  /** `parent` is the predicate or call that messages quote. */
  #visit(expr: Expr, parent: Expr): void {
    switch (expr.kind) {
      case "string":
      case "number":
      case "boolean":
      case "null":
        return;
      case "field":
        return this.#field(expr, parent);
      case "call":
        return this.#call(expr);
      case "negate":
        this.#visit(expr.value, expr);
        return this.#numeric(expr.value, expr, "argument");
      case "arithmetic":
        this.#visit(expr.left, expr);
        this.#visit(expr.right, expr);
        this.#numeric(expr.left, expr, "first argument");
        return this.#numeric(expr.right, expr, "second argument");
      case "comparison":
        return this.#comparison(expr);
      case "in":
        return this.#in(expr);
      case "match":
        return this.#match(expr);
      case "not":
        this.#visit(expr.value, expr);
        return this.#operand(expr.value, expr, "argument");
      case "logical":
        expr.operands.forEach((operand, i) => {
          this.#visit(operand, expr);
          this.#operand(operand, expr, `${ordinal(i)} argument`);
        });
        return;
      case "any-field":
        this.#tocsinOnly(expr, "A search over every field");
        return this.#patterns(expr);
      case "lineage":
        this.#f.error(
          "eql/lineage",
          "Process relationships are not supported",
          expr.span,
          "Write a sequence by `process.entity_id`, with `process.parent.entity_id` in the child's item.",
        );
        return;
    }
  }

  #operand(operand: Expr, parent: Expr, which: string): void {
    const type = this.#type(operand);
    if (fits(type, "boolean") || type.family === "unsupported") return;
    this.#notBoolean(
      operand,
      `${which} of [${this.#f.quote(parent)}] must be [boolean], found value [${this.#f.quote(operand)}] type [${type.name}]`,
    );
  }

  #numeric(operand: Expr, parent: Expr, which: string): void {
    const type = this.#type(operand);
    if (fits(type, "number") || type.family === "unsupported") return;
    this.#f.error(
      "eql/operand-type",
      `${which} of [${this.#f.quote(parent)}] must be [numeric], found value [${this.#f.quote(operand)}] type [${type.name}]`,
      operand.span,
      type.family === "string" ? "`number(text)` makes a number of a text." : null,
    );
  }

  // -------------------------------------------------------------------------------------------------- predicates

  #comparison(expr: ComparisonExpr): void {
    this.#visit(expr.left, expr);
    this.#visit(expr.right, expr);
    const field = firstField(expr.left);
    const other = firstField(expr.right);
    if (field !== null && other !== null && !this.#absent(field) && !this.#absent(other)) return this.#fieldToField(expr.right, expr.op);
    if (expr.op === "==" || expr.op === "!=") {
      this.#literalWildcard(expr.left, expr.right, expr.op);
      this.#literalWildcard(expr.right, expr.left, expr.op);
    }
    this.#neverEqual(expr.left, expr.right);
    this.#neverEqual(expr.right, expr.left);
  }

  #fieldToField(offender: Expr, where: string): void {
    if (this.#f.profile === "tocsin") return;
    const span = offender.span;
    this.#f.error(
      "eql/field-comparison",
      `Comparisons against fields are not (currently) supported; offender [${this.#f.quote(offender)}] in [${where}]`,
      span,
      "Elasticsearch compares a field with constants only; with the `tocsin` profile fields may be compared with each other.",
    );
  }

  /** An optional field that is not mapped is null to Elasticsearch; where the schema is open, it may be. */
  #absent(field: FieldExpr): boolean {
    return field.optional && this.#schema.typeOf(field.name) === undefined;
  }

  #literalWildcard(value: Expr, literal: Expr, op: string): void {
    if (literal.kind !== "string" || !literal.value.includes("*") || firstField(value) === null) return;
    const negated = op === "!=" || op === "not in" || op === "not in~";
    const list = op !== "==" && op !== "!=";
    this.#f.warning(
      "eql/literal-wildcard",
      `\`${op}\` takes the \`*\` literally`,
      literal.span,
      `For a wildcard write \`${negated ? "not " : ""}${this.#f.quote(value)} : ${list ? "(...)" : this.#f.quote(literal)}\`.`,
    );
  }

  /** Elasticsearch accepts any literal; these make its query fail, or never match. */
  #neverEqual(field: Expr, literal: Expr): void {
    if (field.kind !== "field" || (literal.kind !== "string" && literal.kind !== "number" && literal.kind !== "boolean")) return;
    const type = this.#type(field);
    const bad =
      (type.family === "number" &&
        (literal.kind === "boolean" || (literal.kind === "string" && parseNumeric(literal.value) === undefined))) ||
      (type.family === "boolean" &&
        (literal.kind === "number" || (literal.kind === "string" && literal.value !== "true" && literal.value !== "false")));
    if (!bad) return;
    this.#f.warning(
      "eql/never-equal",
      `[${field.name}] has the type [${type.name}] and is never [${this.#f.quote(literal)}]`,
      literal.span,
      `Write a ${type.family}; Elasticsearch may fail the whole query.`,
    );
  }

  #in(expr: InExpr): void {
    this.#visit(expr.value, expr);
    const type = this.#type(expr.value);
    const op = `${expr.negated ? "not " : ""}${expr.insensitive ? "in~" : "in"}`;
    expr.list.forEach((member, i) => {
      this.#visit(member, expr);
      const field = firstField(member);
      if (field !== null) {
        if (!this.#absent(field)) this.#fieldToField(member, this.#f.quote(expr));
        return;
      }
      const found = this.#type(member);
      if (type.family !== "unsupported" && !areCompatible(type.family, found.family)) {
        this.#f.error(
          "eql/operand-type",
          `${nth(i + 1)} argument of [${this.#f.quote(expr)}] must be [${type.name}], found value [${this.#f.quote(member)}] type [${found.name}]`,
          member.span,
          null,
        );
      }
      this.#literalWildcard(expr.value, member, op);
    });
  }

  #match(expr: MatchExpr): void {
    this.#visit(expr.value, expr);
    this.#patterns(expr);
    const type = this.#type(expr.value);
    const quoted = this.#f.quote(expr.value);
    if (this.#f.profile === "tocsin" || type.family === "unsupported") return;
    if (!fits(type, "string")) {
      const help =
        type.family === "ip"
          ? `Write \`cidrMatch(${quoted}, "10.0.0.0/8")\`.`
          : "Patterns are for texts; compare other values with `==` or `in`.";
      if (expr.op === ":")
        this.#f.error(
          "eql/operand-type",
          `first argument of [:] must be [string], found value [${quoted}] type [${type.name}]; consider using [==] instead`,
          expr.value.span,
          help,
        );
      else
        this.#f.error(
          "eql/operand-type",
          `argument of [${this.#f.quote(expr)}] must be [string], found value [${quoted}] type [${type.name}]`,
          expr.value.span,
          help,
        );
      return;
    }
    for (const pattern of expr.patterns) {
      if (pattern.kind !== "value" || pattern.value.kind === "null") continue;
      const found = this.#type(pattern.value);
      this.#f.error(
        "eql/operand-type",
        `second argument of [${expr.op}] must be [string], found value [${this.#f.quote(pattern.value)}] type [${found.name}]; consider using [==] instead`,
        pattern.span,
        "Patterns are for texts; compare other values with `==` or `in`.",
      );
    }
  }

  #patterns(expr: MatchExpr | AnyFieldExpr): void {
    for (const pattern of expr.patterns) {
      if (pattern.kind === "regex" && pattern.flavour === "pcre")
        this.#tocsinOnly(pattern, "A regular expression that is found anywhere in a value");
      else if (pattern.kind === "wildcard" && pattern.parts.some((part) => part.kind === "literal" && /[*?]/.test(part.text)))
        this.#tocsinOnly(pattern, "A wildcard with a literal `*` or `?`");
    }
  }

  #tocsinOnly(node: Expr | Pattern, what: string): void {
    if (this.#f.profile === "tocsin") return;
    this.#f.error("eql/tocsin-only", `${what} cannot be expressed in EQL`, node.span, "It comes from Sigma; use the `tocsin` profile.");
  }

  // --------------------------------------------------------------------------------------------------- functions

  #call(expr: CallExpr): void {
    for (const arg of expr.args) this.#visit(arg, expr);
    const definition = findFunction(expr.name);
    if (definition === undefined) {
      const names = similarNames(
        expr.name,
        FUNCTIONS.map((f) => f.name),
      );
      const help = Object.hasOwn(GONE, expr.name.toLowerCase()) ? GONE[expr.name.toLowerCase()]! : null;
      this.#f.error("eql/unknown-function", `Unknown function [${expr.name}]${didYouMean(names)}`, expr.nameSpan, help);
      return;
    }
    if (expr.insensitive && !definition.insensitive) {
      this.#f.error(
        "eql/no-insensitive-form",
        `Function [${definition.name}] has no case-insensitive form`,
        expr.nameSpan,
        `Write \`${definition.name}(...)\` without the \`~\`.`,
      );
    }
    const problem = countProblem(definition, expr.args.length);
    if (problem !== null) {
      this.#f.error(
        "eql/argument-count",
        `error building [${definition.name.toLowerCase()}]: expects ${problem}`,
        expr.span,
        `It is \`${signature(definition)}\`.`,
      );
      return;
    }
    expr.args.forEach((arg, i) =>
      this.#argument(expr, arg, i, definition.parameters[Math.min(i, definition.parameters.length - 1)]!, definition),
    );
  }

  #argument(call: CallExpr, arg: Expr, i: number, parameter: Parameter, definition: EqlFunction): void {
    const which = `${ordinal(i)} argument of [${this.#f.quote(call)}]`;
    if (parameter.constant === true && firstField(arg) !== null) {
      this.#f.error(
        "eql/not-constant",
        `${which} must be a constant, received [${this.#f.quote(arg)}]`,
        arg.span,
        `\`${parameter.name}\` of \`${definition.name}\` has to be written out.`,
      );
      return;
    }
    const type = this.#type(arg);
    if (type.family === "unsupported" || this.#accepts(parameter.type, type)) return;
    this.#f.error(
      "eql/argument-type",
      `${which} must be [${parameter.type === "number" ? "numeric" : parameter.type}], found value [${this.#f.quote(arg)}] type [${type.name}]`,
      arg.span,
      `It is \`${signature(definition)}\`.`,
    );
  }

  #accepts(wanted: ParameterType, type: StaticType): boolean {
    if (wanted === "any") return true;
    // A literal, or a text field that holds addresses, can be read; Elasticsearch wants the type `ip`.
    if (wanted === "ip") return fits(type, "ip") || (type.family === "string" && this.#f.profile === "tocsin");
    return fits(type, wanted);
  }

  // ------------------------------------------------------------------------------------------------------ fields

  #field(field: FieldExpr, parent: Expr): void {
    if (field.index !== null) {
      this.#f.error(
        "eql/array-index",
        "Array indexes are not supported",
        field.span,
        "A predicate over an array is true where one of its values matches; the order of values is not kept.",
      );
    }
    const { name } = field;
    if (this.#reported.has(name)) return;
    const type = this.#schema.typeOf(name);
    if (type === undefined) return this.#unmapped(field);
    const nested = this.#schema.nestedParentOf(name);
    const problem =
      nested !== null
        ? `Cannot use field [${name}] type [${type}] with unsupported nested type in hierarchy (field [${nested}])`
        : type === "nested"
          ? `Cannot use field [${name}] type [nested] due to nested fields not being supported yet`
          : type === CONFLICT
            ? `Cannot use field [${name}] due to ambiguities being mapped as [2] incompatible types`
            : fieldType(name, this.#schema).family === "unsupported"
              ? `Cannot use field [${name}] with unsupported type [${type}]`
              : null;
    if (problem !== null) {
      this.#reported.add(name);
      this.#f.error("eql/unsupported-type", problem, field.span, nested !== null ? "EQL cannot reach into nested documents." : null);
    } else if (!this.#schema.isExact(name)) {
      this.#reported.add(name);
      this.#f.error(
        "eql/unsupported-type",
        `[${this.#f.quote(parent)}] cannot operate on field of data type [${type}]: No keyword/multi-field defined exact matches for [${name}]; define one or use MATCH/QUERY instead`,
        field.span,
        "Add a `keyword` sub-field to the mapping of this field.",
      );
    }
  }

  #unmapped(field: FieldExpr): void {
    const { name } = field;
    if (field.optional) return;
    if (this.#schema.strict) {
      this.#reported.add(name);
      const names = this.#suggestions++ < MAX_SUGGESTIONS ? similarNames(name, this.#schema.names()) : [];
      this.#f.error(
        "eql/unknown-field",
        `Unknown column [${name}]${didYouMean(names)}`,
        field.span,
        `Where it may be missing from the mapping, write \`?${name}\`.`,
      );
      return;
    }
    if (this.#f.errorsOnly || this.#suggestions >= MAX_SUGGESTIONS) return;
    this.#suggestions++;
    const names = similarFields(name, this.#schema);
    if (names.length === 0) return;
    this.#reported.add(name);
    this.#f.warning(
      "eql/likely-misspelt",
      `No field [${name}] is known${didYouMean(names)}`,
      field.span,
      "A field that no event has never matches.",
    );
  }
}

/** What stands for functions of other dialects. */
const GONE: Readonly<Record<string, string>> = {
  wildcard: 'Write `field like ("a*", "b*")`, or `field : (...)` without regard to case.',
  match: "Write `field regex (...)`.",
  matchlite: "Write `field regex (...)`.",
  arraycontains: "A predicate over an array is true where one of its values matches: write `field == ...`.",
  arraysearch: "A predicate over an array is true where one of its values matches: write the condition itself.",
  arraycount: "Elasticsearch cannot count the values of an array.",
  safe: "Not needed: a predicate over a missing field is false.",
};

function fits(type: StaticType, family: Family): boolean {
  return type.family === family || type.family === "unknown" || type.family === "null";
}

function firstField(expr: Expr): FieldExpr | null {
  return find(expr, (node) => node.kind === "field");
}

const NUMBERS = ["zero", "one", "two", "three", "four", "five"];

/** `exactly two arguments`, `three or four arguments`, `at least two arguments`; null where the count is right. */
function countProblem(definition: EqlFunction, count: number): string | null {
  const { parameters } = definition;
  const least = parameters.filter((parameter) => parameter.optional !== true).length;
  const variadic = parameters.at(-1)?.variadic === true;
  const plural = least === 1 ? "argument" : "arguments";
  if (count >= least && (variadic || count <= parameters.length)) return null;
  if (variadic) return `at least ${NUMBERS[least]!} ${plural}`;
  return least === parameters.length
    ? `exactly ${NUMBERS[least]!} ${plural}`
    : `${NUMBERS[least]!} or ${NUMBERS[parameters.length]!} arguments`;
}

function ordinal(i: number): string {
  return ORDINALS[i] ?? nth(i + 1);
}

function nth(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? "th" : n % 10 === 1 ? "st" : n % 10 === 2 ? "nd" : n % 10 === 3 ? "rd" : "th";
  return `${n}${suffix}`;
}

/** Elasticsearch names types in this one message by their Java names. */
function javaName(type: string): string {
  return type === "date" ? "DATETIME" : type.toUpperCase();
}

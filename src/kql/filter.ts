/**
 * Tree -> the house's tree of conditions, with the types that the schema gives the fields.
 *
 * Facts (Kibana's documentation; kbn-es-query's `is` and `range`; checked against a real engine's verdicts): each test asks whether any of
 * the field's values passes; `not` is over documents, those without the field included. Keywords compare whole and with case, `*` is
 * anchored to the whole value; addresses take blocks; dates take date math; analysed text matches words without case.
 */
import {
  DiagnosticList,
  make,
  openSchema,
  prepareWildcard,
  suggestion,
  type Diagnostic,
  type EventFilter,
  type Expr,
  type Schema,
  type Span,
} from "../eql/index.ts";
import type { KqlCode } from "./codes.ts";
import { parseKql } from "./parse.ts";
import { anywherePredicate, existsPredicate, fieldPredicate, joinPatterns } from "./predicate.ts";
import {
  isStar,
  literalText,
  type KqlLiteral,
  type KqlMatch,
  type KqlNested,
  type KqlNode,
  type KqlRange,
  type KqlValues,
} from "./tree.ts";

export interface KqlFilter {
  /** Null where the query cannot be run: the diagnostics have an error. */
  readonly filter: EventFilter | null;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a query selects, as a filter over events of any category. */
export function kqlFilter(query: KqlNode, schema: Schema = openSchema()): KqlFilter {
  const diagnostics = new DiagnosticList();
  const condition = new Converter(schema, diagnostics).condition(query, "");
  return {
    filter: diagnostics.errors > 0 ? null : { span: query.span, category: null, condition },
    diagnostics: diagnostics.sorted(),
  };
}

/** Text -> filter: both steps, and the diagnostics of both. */
export function readKql(text: string, schema: Schema = openSchema()): KqlFilter {
  const { query, diagnostics } = parseKql(text);
  if (query === null) return { filter: null, diagnostics };
  const converted = kqlFilter(query, schema);
  return { filter: converted.filter, diagnostics: [...diagnostics, ...converted.diagnostics] };
}

class Converter {
  readonly #schema: Schema;
  readonly #diagnostics: DiagnosticList;

  constructor(schema: Schema, diagnostics: DiagnosticList) {
    this.#schema = schema;
    this.#diagnostics = diagnostics;
  }

  /** @param prefix of the fields' names within `field:{ .. }`, with its dot. */
  condition(node: KqlNode, prefix: string): Expr {
    switch (node.kind) {
      case "everything":
        return { kind: "boolean", span: node.span, value: true };
      case "and":
        return make.all(
          node.operands.map((operand) => this.condition(operand, prefix)),
          node.span,
        );
      case "or":
        return make.any(
          node.operands.map((operand) => this.condition(operand, prefix)),
          node.span,
        );
      case "not":
        return make.not(this.condition(node.operand, prefix), node.span);
      case "match":
        return this.#match(node, prefix);
      case "range":
        return this.#range(node, prefix);
      case "nested":
        return this.#nested(node, prefix);
    }
  }

  #match({ field, values, span }: KqlMatch, prefix: string): Expr {
    if (field === null || isStar(field)) return this.#values(values, (literal) => this.#anywhere(literal), null);
    const name = literalText(field);
    if (name === null) return this.#fieldPattern(field, prefix, values, span);
    const full = prefix + name;
    this.#known(full, field.span);
    return this.#values(values, (literal) => this.#value(full, literal), full);
  }

  /** The operators behind `:` distribute over the field; texts joined by `or` become one list. */
  #values(values: KqlValues, predicate: (literal: KqlLiteral) => Expr, field: string | null): Expr {
    switch (values.kind) {
      case "literal":
        return predicate(values);
      case "not":
        return make.not(this.#values(values.operand, predicate, field), values.span);
      case "and":
        return make.all(
          values.operands.map((operand) => this.#values(operand, predicate, field)),
          values.span,
        );
      case "or": {
        const operands = values.operands.map((operand) => this.#values(operand, predicate, field));
        return make.any(field === null ? operands : joinPatterns(operands, field, values.span), values.span);
      }
    }
  }

  #value(field: string, literal: KqlLiteral): Expr {
    if (isStar(literal)) return existsPredicate(field, this.#schema.typeOf(field), literal.span);
    this.#doubts(literal);
    const text = literalText(literal);
    if (literal.form === "unquoted" && text === "null") {
      this.#warn("kql/null-value", "`null` finds nothing", literal.span, `Events without the field: \`not ${field}:*\`.`);
      return { kind: "boolean", span: literal.span, value: false };
    }
    return this.#reported(fieldPredicate(field, this.#schema.typeOf(field), "==", literal), literal.span);
  }

  /** A value in any field: as the whole of it, or as words of the message. */
  #anywhere(literal: KqlLiteral): Expr {
    if (!isStar(literal)) this.#doubts(literal);
    return anywherePredicate(literal);
  }

  /** Any of the fields whose names fit a pattern: those of the mapping, as in Kibana; without one, those that the event has. */
  #fieldPattern(field: KqlLiteral, prefix: string, values: KqlValues, span: Span): Expr {
    const names = prefix === "" ? field.parts : [{ kind: "literal" as const, text: prefix }, ...field.parts];
    const anyValue = values.kind === "literal" && isStar(values);
    if (!this.#schema.strict || anyValue) {
      const predicate = (literal: KqlLiteral): Expr => {
        this.#doubts(literal);
        return { kind: "any-field", span, insensitive: false, patterns: [make.wildcard(literal.parts, literal.span)], names };
      };
      return this.#values(values, predicate, null);
    }
    const { test } = prepareWildcard(names, false);
    const fields = [...this.#schema.names()].filter(test);
    if (fields.length === 0) this.#warn("kql/unknown-field", "The mapping has no field that fits the pattern", field.span, null);
    return make.any(
      fields.map((one) => this.#values(values, (literal) => this.#value(one, literal), one)),
      span,
    );
  }

  #range({ field, op, value, span }: KqlRange, prefix: string): Expr {
    const name = literalText(field);
    if (name === null) {
      this.#error("kql/field-pattern", "A comparison needs the name of one field", field.span, "Name each field: `(a > 1 or b > 1)`.");
      return { kind: "boolean", span, value: false };
    }
    this.#known(prefix + name, field.span);
    if (literalText(value) === null) {
      this.#error("kql/operator-in-value", "A value that is compared has no wildcards", value.span, null);
      return { kind: "boolean", span, value: false };
    }
    return this.#reported(fieldPredicate(prefix + name, this.#schema.typeOf(prefix + name), op, value), value.span);
  }

  #nested({ field, query, span }: KqlNested, prefix: string): Expr {
    const name = literalText(field);
    if (name === null) {
      this.#error("kql/field-pattern", "A nested query needs the name of one field", field.span, null);
      return { kind: "boolean", span, value: false };
    }
    if (query.kind !== "match" && query.kind !== "range")
      this.#warn(
        "kql/nested",
        "Whether one and the same object satisfies all conditions is not tested: more may match",
        span,
        "Check what it finds; a single condition within the braces is exact.",
      );
    return this.condition(query, `${prefix}${name}.`);
  }

  #reported(predicate: ReturnType<typeof fieldPredicate>, span: Span): Expr {
    if ("kind" in predicate) return predicate;
    this.#error(`kql/${predicate.reason}`, predicate.summary, span, predicate.help);
    return { kind: "boolean", span, value: false };
  }

  #known(name: string, span: Span): void {
    if (!this.#schema.strict || this.#schema.typeOf(name) !== undefined) return;
    const help = suggestion(name, this.#schema.names()) ?? "Kibana finds nothing for it, and does not say so.";
    this.#warn("kql/unknown-field", `The mapping has no field \`${name}\``, span, help);
  }

  /** What Kibana takes as it is written, and is hardly meant. */
  #doubts({ form, parts, span }: KqlLiteral): void {
    const text = parts.map((part) => (part.kind === "literal" ? part.text : "*")).join("");
    if (form === "quoted") {
      if (/^\*|\*$/.test(text))
        this.#warn(
          "kql/quoted-wildcard",
          "In quotes `*` is an ordinary character",
          span,
          "Leave the quotes out where it is meant as a wildcard.",
        );
      return;
    }
    const operator =
      /(?:^|\s)(==|=~|!=|=|&&|\|\||\||AND|OR)(?:\s|$)/.exec(text) ?? /^(\/.+\/)[a-z]*$/.exec(text) ?? /^(\[.+ TO .+\])$/.exec(text);
    if (operator !== null)
      this.#warn(
        "kql/operator-in-value",
        `\`${operator[1]}\` is part of the value here`,
        span,
        "This language has `:`, `<`, `<=`, `>`, `>=`, `and`, `or`, `not` and the wildcard `*`; no regular expressions, no pipes.",
      );
    else if (text.includes("?") && !text.includes("://"))
      this.#warn(
        "kql/question-mark",
        "`?` is an ordinary character, only `*` is a wildcard",
        span,
        "Put the value in quotes to say that it is meant.",
      );
  }

  #warn(code: KqlCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "warning", summary, span, labels: [], help });
  }

  #error(code: KqlCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "error", summary, span, labels: [], help });
  }
}

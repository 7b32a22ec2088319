/**
 * Tree -> the house's tree of conditions, with the types that the schema gives the fields.
 *
 * Facts (Elasticsearch's documentation of `query_string`; a real engine's answers): each test asks whether any of the field's values passes.
 * Keywords compare whole and with case, patterns and regular expressions are tied to the whole value; analysed text matches words without
 * case. A group in which something must be does not ask for what is optional; one that only excludes selects everything else.
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
  type Pattern,
  type Schema,
  type Span,
} from "../eql/index.ts";
import { anywherePredicate, existsPredicate, fieldPredicate, isAnalysed, joinPatterns, type BadValue } from "../kql/index.ts";
import type { LuceneCode } from "./codes.ts";
import { parseLucene } from "./parse.ts";
import type { LuceneExists, LuceneGroup, LuceneLiteral, LuceneName, LuceneNode, LuceneRegex, LuceneTerm, LuceneValue } from "./tree.ts";

export interface LuceneFilter {
  /** Null where the query cannot be run: the diagnostics have an error. */
  readonly filter: EventFilter | null;
  /** In the order of the text. */
  readonly diagnostics: readonly Diagnostic[];
}

/** What a query selects, as a filter over events of any category. */
export function luceneFilter(query: LuceneNode, schema: Schema = openSchema()): LuceneFilter {
  const diagnostics = new DiagnosticList();
  const condition = new Converter(schema, diagnostics).condition(query);
  return {
    filter: diagnostics.errors > 0 ? null : { span: query.span, category: null, condition },
    diagnostics: diagnostics.sorted(),
  };
}

/** Text -> filter: both steps, and the diagnostics of both. */
export function readLucene(text: string, schema: Schema = openSchema()): LuceneFilter {
  const { query, diagnostics } = parseLucene(text);
  if (query === null) return { filter: null, diagnostics };
  const converted = luceneFilter(query, schema);
  return { filter: converted.filter, diagnostics: [...diagnostics, ...converted.diagnostics] };
}

class Converter {
  readonly #schema: Schema;
  readonly #diagnostics: DiagnosticList;

  constructor(schema: Schema, diagnostics: DiagnosticList) {
    this.#schema = schema;
    this.#diagnostics = diagnostics;
  }

  condition(node: LuceneNode): Expr {
    switch (node.kind) {
      case "everything":
        return constant(true, node.span);
      case "group":
        return this.#group(node);
      case "exists":
        return this.#exists(node);
      case "term":
        return this.#term(node);
    }
  }

  #group({ clauses, span }: LuceneGroup): Expr {
    const of = (occur: string): Expr[] => clauses.flatMap((clause) => (clause.occur === occur ? [this.condition(clause.node)] : []));
    const required = of("must");
    const optional = of("should");
    const names = new Set(
      clauses.flatMap(({ occur, node }) => (occur === "should" ? [node.kind === "term" ? plainName(node.field) : null] : [])),
    );
    const [field] = names;
    const oneOf = names.size === 1 && field !== undefined && field !== null ? joinPatterns(optional, field, span) : optional;
    const selected = required.length > 0 || optional.length === 0 ? required : [make.any(oneOf, span)];
    return make.all([...selected, ...of("must_not").map((excluded) => make.not(excluded, excluded.span))], span);
  }

  #exists({ field, span }: LuceneExists): Expr {
    const name = plainName(field);
    if (name === null)
      return { kind: "any-field", span, insensitive: false, patterns: [make.wildcard([{ kind: "any" }], span)], names: field.parts };
    this.#known(name, field.span);
    return existsPredicate(name, this.#schema.typeOf(name), span);
  }

  #term({ field, value, span }: LuceneTerm): Expr {
    if (field === null) return this.#anywhere(value);
    const name = plainName(field);
    if (name !== null) {
      this.#known(name, field.span);
      return this.#value(name, value);
    }
    if (value.kind === "range") {
      this.#error("lucene/field-pattern", "A range needs the name of one field", field.span, "Name each field: `(a:>1 OR b:>1)`.");
      return constant(false, span);
    }
    if (!this.#schema.strict) return { kind: "any-field", span, insensitive: false, patterns: [patternOf(value)], names: field.parts };
    const { test } = prepareWildcard(field.parts, false);
    const fields = [...this.#schema.names()].filter(test);
    if (fields.length === 0) this.#warn("lucene/unknown-field", "The mapping has no field that fits the pattern", field.span, null);
    return make.any(
      fields.map((one) => this.#value(one, value)),
      span,
    );
  }

  /** In any field: as the whole of its value, or as words of the message. */
  #anywhere(value: LuceneValue): Expr {
    if (value.kind === "literal") return anywherePredicate(value);
    // The parser refuses a range without a field.
    if (value.kind === "range") return constant(false, value.span);
    return { kind: "any-field", span: value.span, insensitive: false, patterns: [patternOf(value)] };
  }

  #value(field: string, value: LuceneValue): Expr {
    const type = this.#schema.typeOf(field);
    const { span } = value;
    switch (value.kind) {
      case "literal":
        return this.#reported(fieldPredicate(field, type, "==", value), span);
      case "regex":
        if (isAnalysed(type)) {
          this.#error(
            "lucene/not-supported",
            `\`${field}\` is analysed text: a regular expression would be tried on each of its words, which is not done here`,
            span,
            "Look for words, in quotes for their order, or for a pattern with `*`.",
          );
          return constant(false, span);
        }
        return make.matches(make.field(field, span), [patternOf(value)], false, span);
      case "range": {
        const bounds = [
          [value.from, ">"],
          [value.to, "<"],
        ] as const;
        const tests = bounds.flatMap(([bound, sign]) => {
          if (bound === null) return [];
          const op = bound.inclusive ? (`${sign}=` as const) : sign;
          const parts = bound.text === "" ? [] : [{ kind: "literal" as const, text: bound.text }];
          return [
            this.#reported(fieldPredicate(field, type, op, { kind: "literal", span: bound.span, form: "quoted", parts }), bound.span),
          ];
        });
        return make.all(tests, span);
      }
    }
  }

  #reported(predicate: Expr | BadValue, span: Span): Expr {
    if ("kind" in predicate) return predicate;
    this.#error(`lucene/${predicate.reason}`, predicate.summary, span, predicate.help);
    return constant(false, span);
  }

  #known(name: string, span: Span): void {
    if (!this.#schema.strict || this.#schema.typeOf(name) !== undefined) return;
    const help = suggestion(name, this.#schema.names()) ?? "Elasticsearch finds nothing for it, and does not say so.";
    this.#warn("lucene/unknown-field", `The mapping has no field \`${name}\``, span, help);
  }

  #warn(code: LuceneCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "warning", summary, span, labels: [], help });
  }

  #error(code: LuceneCode, summary: string, span: Span, help: string | null): void {
    this.#diagnostics.add({ code, severity: "error", summary, span, labels: [], help });
  }
}

function constant(value: boolean, span: Span): Expr {
  return { kind: "boolean", span, value };
}

/** The one name that it is; null for a pattern of names, and for none. */
function plainName(name: LuceneName | null): string | null {
  const parts = name?.parts ?? [];
  const [only] = parts;
  return parts.length === 1 && only!.kind === "literal" ? only!.text : null;
}

function patternOf(value: LuceneLiteral | LuceneRegex): Pattern {
  if (value.kind === "literal") return make.wildcard(value.parts, value.span);
  return { kind: "regex", span: value.span, source: value.source, flavour: "lucene", flags: "", form: "quoted" };
}

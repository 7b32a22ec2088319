/** A tree as EQL that Elasticsearch accepts: what only Sigma can express is written differently, columns have the user's names. */
import { ecsField } from "../../../ecs/index.ts";
import {
  check,
  fieldsOf,
  NOWHERE,
  print,
  schemaFromTypes,
  wildcardText,
  type EventFilter,
  type Expr,
  type FieldExpr,
  type Loss,
  type MatchExpr,
  type Pattern,
  type Query,
  type Schema,
  type SequenceItem,
} from "../../../eql/index.ts";
import { isPlainText } from "../../plain-text.ts";
import { UNSUPPORTED } from "../../unsupported.ts";
import { luceneOfParts, luceneRegexOf } from "../../regex/lucene.ts";

/** The text; null where there is none, and the reported losses say why. */
export function elasticEql(query: Query, fields: ReadonlyMap<string, string>, reportLoss: (loss: Loss) => void): string | null {
  const writer = new Writer(fields);
  const tree = writer.query(query);
  const losses = [...writer.losses];
  // What Elasticsearch would refuse; a field it does not know may still be mapped.
  for (const { severity, summary, span, help } of check(tree, { profile: "elasticsearch", schema: ecs(tree) }).diagnostics)
    if (severity === "error")
      losses.push({ effect: "untranslatable", span, reason: `Elasticsearch refuses this: ${summary}`, advice: help });
  losses.forEach(reportLoss);
  return losses.some(({ effect }) => effect === "untranslatable") ? null : print(tree);
}

/** The types of the fields at hand alone: no similar names are suggested. */
function ecs(query: Query): Schema {
  return schemaFromTypes(
    fieldsOf(query).flatMap((name): [string, string][] => {
      const field = ecsField(name);
      return field === undefined ? [] : [[name, field.type]];
    }),
  );
}

class Writer {
  readonly #fields: ReadonlyMap<string, string>;
  readonly losses: Loss[] = [];

  constructor(fields: ReadonlyMap<string, string>) {
    this.#fields = fields;
  }

  query(query: Query): Query {
    const pipes = query.pipes.map((pipe) => ({ ...pipe, args: pipe.args.map((arg) => this.#expr(arg)) }));
    // Comments are about the source's text, and stay.
    switch (query.kind) {
      case "event":
        return { ...query, pipes, filter: this.#filter(query.filter) };
      case "sample":
        return { ...query, pipes, by: this.#keys(query.by), items: query.items.map((item) => this.#item(item)) };
      default:
        return {
          ...query,
          pipes,
          by: this.#keys(query.by),
          items: query.items.map((item) => this.#item(item)),
          until: query.until === null ? null : this.#item(query.until),
        };
    }
  }

  #keys(keys: readonly FieldExpr[]): FieldExpr[] {
    return keys.map((key) => this.#field(key));
  }

  #item(item: SequenceItem): SequenceItem {
    return { ...item, filter: this.#filter(item.filter), by: this.#keys(item.by) };
  }

  #filter(filter: EventFilter): EventFilter {
    return { ...filter, condition: this.#expr(filter.condition) };
  }

  #field(field: FieldExpr): FieldExpr {
    if (!isPlainText(field.name)) {
      const { unsupported: reason } = UNSUPPORTED.fieldName(field.name);
      this.losses.push({ effect: "untranslatable", span: field.span, reason, advice: null });
    }
    const name = this.#fields.get(field.name);
    return name === undefined ? field : { ...field, name };
  }

  #expr(expr: Expr): Expr {
    switch (expr.kind) {
      case "field":
        return this.#field(expr);
      case "call":
        return { ...expr, args: expr.args.map((arg) => this.#expr(arg)) };
      case "negate":
      case "not":
        return { ...expr, value: this.#expr(expr.value) };
      case "arithmetic":
      case "comparison":
        return { ...expr, left: this.#expr(expr.left), right: this.#expr(expr.right) };
      case "in":
        return { ...expr, value: this.#expr(expr.value), list: expr.list.map((one) => this.#expr(one)) };
      case "logical":
        return { ...expr, operands: expr.operands.map((one) => this.#expr(one)) };
      case "match":
        return this.#match({ ...expr, value: this.#expr(expr.value) });
      case "any-field":
        this.losses.push({
          effect: "untranslatable",
          span: expr.span,
          reason: UNSUPPORTED.anyField.unsupported,
          advice: UNSUPPORTED.anyField.advice,
        });
        return expr;
      default:
        return expr;
    }
  }

  /** A literal `*` and an expression of another flavour become expressions of Lucene's, each case on its own. */
  #match(expr: MatchExpr): Expr {
    const kept: Pattern[] = [];
    const expressions = { sensitive: [] as Pattern[], insensitive: [] as Pattern[] };
    for (const pattern of expr.patterns) {
      if (pattern.kind === "value" || (pattern.kind === "wildcard" && wildcardText(pattern.parts) !== null)) kept.push(pattern);
      else if (pattern.kind === "wildcard")
        expressions.sensitive.push(regexOf(luceneOfParts(pattern.parts, expr.insensitive), pattern.span));
      else if (pattern.flavour === "lucene")
        (expr.op === "regex" && expr.insensitive ? expressions.insensitive : expressions.sensitive).push(pattern);
      else {
        const found = luceneRegexOf(pattern);
        if (found === null) {
          this.losses.push({
            effect: "untranslatable",
            span: pattern.span,
            reason: UNSUPPORTED.regexNotLucene.unsupported,
            advice: UNSUPPORTED.regexNotLucene.advice,
          });
          return expr;
        }
        (found.insensitive || expr.insensitive ? expressions.insensitive : expressions.sensitive).push(regexOf(found.source, pattern.span));
      }
    }
    const parts: MatchExpr[] = [];
    if (kept.length > 0)
      parts.push({
        ...expr,
        op: expr.op === "regex" ? (expr.insensitive ? ":" : "like") : expr.op,
        patterns: kept,
        list: expr.list || kept.length > 1,
      });
    for (const [patterns, insensitive] of [
      [expressions.sensitive, false],
      [expressions.insensitive, true],
    ] as const)
      if (patterns.length > 0) parts.push({ ...expr, op: "regex", insensitive, patterns, list: patterns.length > 1 || expr.list });
    return parts.length === 1 ? parts[0]! : { kind: "logical", span: expr.span, op: "or", operands: parts };
  }
}

function regexOf(source: string, span: Pattern["span"] = NOWHERE): Pattern {
  return { kind: "regex", span, source, flavour: "lucene", flags: "", form: "quoted" };
}

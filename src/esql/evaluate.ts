/** Expressions -> closures over rows. Three-valued: null is unknown. */
import { compileFilter, suggestion, type Schema } from "../eql/index.ts";
import { readKql } from "../kql/index.ts";
import { readLucene } from "../lucene/index.ts";
import { ESQL_AGGREGATES, esqlAggregate } from "./aggregates.ts";
import { EsqlError } from "./error.ts";
import { Timespan } from "./functions/dates.ts";
import type { RunContext } from "./functions/function.ts";
import { ESQL_FUNCTIONS, esqlFunction } from "./functions/index.ts";
import { likeTest, regexOf, rlikeTest } from "./patterns.ts";
import type { Row, Scope } from "./scope.ts";
import type { BinaryExpr, CallExpr, EsqlExpr } from "./tree.ts";
import {
  compareScalars,
  EsqlDate,
  isList,
  listOf,
  single,
  textOf,
  toDate,
  type EsqlScalar,
  type EsqlType,
  type EsqlValue,
} from "./value.ts";

export interface Compiled {
  readonly type: EsqlType;
  readonly run: (row: Row) => EsqlValue;
}

export interface CompileContext extends RunContext {
  readonly schema: Schema;
}

/** Throws an `EsqlError`. */
export function compileExpression(expr: EsqlExpr, scope: Scope, context: CompileContext): Compiled {
  const compile = (inner: EsqlExpr): Compiled => compileExpression(inner, scope, context);
  switch (expr.kind) {
    case "literal": {
      const { value, decimal } = expr;
      return { type: literalType(value, decimal), run: () => value };
    }
    case "timespan": {
      // Only functions and sums of dates take it; it is never the value of a column.
      const span = new Timespan(expr.months, expr.ms) as unknown as EsqlValue;
      return { type: "timespan", run: () => span };
    }
    case "star":
      throw new EsqlError("esql/bad-argument", "`*` is the argument of `count` alone", expr.span);
    case "name": {
      const column = scope.find(expr.name);
      if (column !== null) return { type: column.type, run: column.read };
      const columns = scope.columns.map(({ name }) => name);
      throw new EsqlError(
        "esql/unknown-column",
        `There is no column \`${expr.name}\` here`,
        expr.span,
        suggestion(expr.name, columns) ?? "Behind `stats` and `keep` only the columns that they name are left.",
      );
    }
    case "call":
      return call(expr, compile, context);
    case "unary": {
      const value = compile(expr.value);
      if (expr.op === "not")
        return {
          type: "boolean",
          run: (row) => {
            const truth = single(value.run(row));
            return typeof truth === "boolean" ? !truth : null;
          },
        };
      return {
        type: value.type,
        run: (row) => {
          const number = single(value.run(row));
          return typeof number === "number" || typeof number === "bigint" ? -number : null;
        },
      };
    }
    case "binary":
      return binary(expr, compile, context);
    case "in": {
      const value = compile(expr.value);
      const list = expr.list.map((item) => dated(compile(item), value.type, context));
      return {
        type: "boolean",
        run: (row) => {
          const wanted = single(value.run(row));
          if (wanted === null) return null;
          let unknown = false;
          for (const item of list) {
            const one = single(item.run(row));
            if (one === null) unknown = true;
            else if (compareScalars(wanted, one) === 0) return true;
          }
          return unknown ? null : false;
        },
      };
    }
    case "like":
    case "rlike": {
      const value = compile(expr.value);
      const tests = expr.patterns.map(({ text, span }) => (expr.kind === "like" ? likeTest(text) : rlikeTest(text, span)));
      return {
        type: "boolean",
        run: (row) => {
          const text = single(value.run(row));
          return text === null ? null : tests.some((test) => test(textOf(text)));
        },
      };
    }
    case "is-null": {
      const value = compile(expr.value);
      const { negated } = expr;
      return { type: "boolean", run: (row) => (value.run(row) === null) !== negated };
    }
    case "match": {
      const field = compile(expr.field);
      return { type: "boolean", run: (row) => holdsWords(field.run(row), expr.text, context.schema.typeOf(expr.field.name)) };
    }
  }
}

function literalType(value: EsqlValue, decimal: boolean): EsqlType {
  const first = isList(value) ? (value[0] ?? null) : value;
  if (first === null) return "null";
  if (typeof first === "string") return "text";
  if (typeof first === "boolean") return "boolean";
  return decimal ? "double" : "integer";
}

// --------------------------------------------------------------------------------------------------- calls

function call(expr: CallExpr, compile: (expr: EsqlExpr) => Compiled, context: CompileContext): Compiled {
  const { name, args, nameSpan } = expr;
  if (name === "kql" || name === "qstr") return queryCall(expr, context);
  if (name === "match") {
    const [field, text] = args;
    if (field?.kind !== "name" || text?.kind !== "literal" || typeof text.value !== "string")
      throw new EsqlError("esql/bad-argument", "`match` takes a column and a text", expr.span);
    return compile({ kind: "match", field, text: text.value, span: expr.span });
  }
  if (name === "replace") return replaceCall(expr, compile, context);
  const found = esqlFunction(name);
  if (found === undefined) throw unknownFunction(expr);
  const [least, most] = found.arity;
  if (args.length < least || args.length > most)
    throw new EsqlError(
      "esql/bad-argument",
      `\`${name}\` takes ${least === most ? least : `${least} to ${most}`} ${most === 1 ? "argument" : "arguments"}, and there are ${args.length}`,
      nameSpan,
    );
  const compiled = args.map(compile);
  const types = compiled.map(({ type }) => type);
  const values: EsqlValue[] = compiled.map(() => null);
  return {
    type: typeof found.type === "function" ? found.type(types) : found.type,
    run: (row) => {
      for (let at = 0; at < compiled.length; at++) values[at] = compiled[at]!.run(row);
      return found.run(values.slice(), context, row.event);
    },
  };
}

/** Functions of places on a map, models and the like, which are Elasticsearch's alone. */
const ELSEWHERE =
  /^(?:st_(?!distance|x$|y$)|to_(?:geoshape|geohash|geotile|geohex|cartesian|aggregate|dense)|v_|knn|text_embedding|score|categorize|rate|decay|hash$|md5$|sha1$|sha256$|(?:weighted_)?(?:avg|sum|min|max|count)_over_time|median_absolute_deviation)/;

function unknownFunction({ name, nameSpan }: CallExpr): EsqlError {
  if (esqlAggregate(name) !== undefined)
    return new EsqlError("esql/aggregate-place", `\`${name}\` aggregates, and stands in \`stats\` alone`, nameSpan);
  if (ELSEWHERE.test(name)) return new EsqlError("esql/not-supported", `\`${name}\` does not run here`, nameSpan);
  const functions = [...ESQL_FUNCTIONS, ...ESQL_AGGREGATES].map((one) => one.name);
  return new EsqlError("esql/unknown-function", `There is no function \`${name}\``, nameSpan, suggestion(name, functions));
}

/** `kql("..")` and `qstr("..")`: a query of Kibana's language, or of Lucene's, over the event. */
function queryCall({ name, args, span }: CallExpr, context: CompileContext): Compiled {
  const [text] = args;
  if (args.length !== 1 || text?.kind !== "literal" || typeof text.value !== "string")
    throw new EsqlError("esql/bad-argument", `\`${name}\` takes a text`, span);
  const { filter, diagnostics } = name === "kql" ? readKql(text.value, context.schema) : readLucene(text.value, context.schema);
  if (filter === null) {
    const reason = diagnostics.find(({ severity }) => severity === "error");
    throw new EsqlError("esql/bad-query", reason?.summary ?? "The query cannot be read", text.span, reason?.help ?? null);
  }
  const test = compileFilter(filter, { schema: context.schema, now: context.now });
  return { type: "boolean", run: ({ event }) => event !== null && test(event) };
}

/** A regular expression that is written out is prepared once. */
function replaceCall({ args, span }: CallExpr, compile: (expr: EsqlExpr) => Compiled, context: CompileContext): Compiled {
  const [text, pattern, replacement] = args;
  if (args.length !== 3)
    throw new EsqlError("esql/bad-argument", "`replace` takes a text, a regular expression and what stands for it", span);
  const [value, by] = [compile(text!), compile(replacement!)];
  const fixed = pattern!.kind === "literal" && typeof pattern.value === "string" ? regexOf(pattern.value, pattern.span) : null;
  const source = fixed === null ? compile(pattern!) : null;
  return {
    type: "text",
    run: (row) => {
      const [input, output] = [single(value.run(row)), single(by.run(row))];
      if (input === null || output === null) return null;
      try {
        const written = source === null ? null : single(source.run(row));
        const regex = fixed ?? (written === null ? null : regexOf(textOf(written), span));
        return regex === null ? null : regex.replaceAll(textOf(input), textOf(output));
      } catch (error) {
        context.warn(`replace: ${(error as Error).message}`);
        return null;
      }
    },
  };
}

/** Analysed text holds any of the words; other values are one of them. */
function holdsWords(value: EsqlValue, text: string, type: string | undefined): boolean | null {
  if (value === null) return null;
  const values = listOf(value).map(textOf);
  if (type !== "text" && type !== "match_only_text") return values.includes(text);
  const words = (of: string): string[] => of.toLowerCase().match(/[\p{L}\p{N}_]+/gu) ?? [];
  const wanted = new Set(words(text));
  return values.some((one) => words(one).some((word) => wanted.has(word)));
}

// ------------------------------------------------------------------------------------------------ operators

function binary(expr: BinaryExpr, compile: (expr: EsqlExpr) => Compiled, context: CompileContext): Compiled {
  const { op } = expr;
  const [first, second] = [compile(expr.left), compile(expr.right)];
  switch (op) {
    case "and":
    case "or": {
      // One side that decides is enough, whatever the other is.
      const deciding = op === "or";
      return {
        type: "boolean",
        run: (row) => {
          const left = single(first.run(row));
          if (left === deciding) return deciding;
          const right = single(second.run(row));
          if (right === deciding) return deciding;
          return left === !deciding && right === !deciding ? !deciding : null;
        },
      };
    }
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(op, first, second, context);
    default: {
      const left = dated(first, second.type, context);
      const right = dated(second, first.type, context);
      const test = COMPARE[op];
      return {
        type: "boolean",
        run: (row) => {
          const [a, b] = [single(left.run(row)), single(right.run(row))];
          if (a === null || b === null) return null;
          if (op === "=~") return textOf(a).toLowerCase() === textOf(b).toLowerCase();
          const order = compareScalars(a, b);
          return Number.isNaN(order) ? null : test(order);
        },
      };
    }
  }
}

const COMPARE: Readonly<Record<"==" | "!=" | "=~" | "<" | "<=" | ">" | ">=", (order: number) => boolean>> = {
  "==": (order) => order === 0,
  "!=": (order) => order !== 0,
  "=~": (order) => order === 0,
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

/** A text that is compared with a date is one. */
function dated(value: Compiled, other: EsqlType, context: CompileContext): Compiled {
  if (other !== "date" || value.type !== "text") return value;
  return {
    type: "date",
    run: (row) => {
      const text = single(value.run(row));
      if (text === null) return null;
      const date = toDate(text);
      if (date === undefined) context.warn(`\`${textOf(text)}\` is no date`);
      return date ?? null;
    },
  };
}

function arithmetic(op: "+" | "-" | "*" | "/" | "%", left: Compiled, right: Compiled, context: CompileContext): Compiled {
  const isDate = left.type === "date" || right.type === "date";
  const known = [left.type, right.type];
  const type: EsqlType = isDate
    ? "date"
    : known.includes("double")
      ? "double"
      : known.every((one) => one === "integer")
        ? "integer"
        : "unknown";
  return {
    type,
    run: (row) => {
      const [a, b] = [left.run(row), right.run(row)];
      const moved = moveDate(op, a, b);
      if (moved !== undefined) return moved;
      const [x, y] = [numberOf(single(a)), numberOf(single(b))];
      if (x === null || y === null) return null;
      const whole = type === "integer" || (type === "unknown" && Number.isInteger(x) && Number.isInteger(y));
      const result = compute(op, x, y, whole);
      if (Number.isFinite(result)) return result;
      context.warn(y === 0 ? "a division by zero" : "the result of an operation is no number");
      return null;
    },
  };
}

/** Undefined where neither side is a length of time. */
function moveDate(op: string, a: EsqlValue, b: EsqlValue): EsqlValue | undefined {
  const span: unknown = (b as unknown) instanceof Timespan ? b : (a as unknown) instanceof Timespan ? a : null;
  if (!(span instanceof Timespan)) return undefined;
  const date = toDate(single((span as unknown) === b ? a : b) ?? undefined);
  if (date === undefined || (op !== "+" && op !== "-")) return null;
  return span.addTo(date, op === "+" ? 1 : -1);
}

function numberOf(value: EsqlScalar | null): number | null {
  if (typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  return value instanceof EsqlDate ? value.ms : null;
}

function compute(op: "+" | "-" | "*" | "/" | "%", x: number, y: number, whole: boolean): number {
  switch (op) {
    case "+":
      return x + y;
    case "-":
      return x - y;
    case "*":
      return x * y;
    case "/":
      return whole ? (y === 0 ? Number.NaN : Math.trunc(x / y)) : x / y;
    case "%":
      return x % y;
  }
}

/** Conditions of SQL over ECS columns; what databases write differently is a flavour. */
import type { Expr, Unsupported } from "../../../eql/index.ts";
import { among, type Dialect, type Operand } from "../../dialect.ts";
import { fieldType } from "../../field-type.ts";
import { bare } from "../../infix.ts";
import { lowerCase, wildcardOf } from "../../patterns.ts";
import { UNSUPPORTED } from "../../unsupported.ts";

/** What the databases write differently. Operands are SQL; the results are SQL of a truth value, null where the operand is. */
export interface SqlFlavour {
  /** A column, quoted. */
  readonly name: (field: string) => string;
  readonly lower: (text: string) => string;
  /** Anywhere in the text. */
  readonly regex: (text: string, source: string, flags: string) => string;
  /** A pattern of `LIKE` whose `!` escapes. */
  readonly like: (text: string, pattern: string, insensitive: boolean) => string;
  /** True where one value of the list passes the predicate, in which it is `x`. */
  readonly some: (list: string, predicate: string) => string;
  /** True where the list holds the literal. */
  readonly has: (list: string, literal: string) => string;
  readonly notEmpty: (list: string) => string;
  readonly cidr: (address: string, block: string) => string | Unsupported;
  readonly text: (value: string) => string;
  readonly number: (value: string, whole: boolean) => string;
  readonly length: (text: string) => string;
  /** A literal. */
  readonly string: (text: string) => string;
  readonly time: (milliseconds: number) => string;
  readonly lastBefore: (value: string) => string;
}

/** Conditions over columns. A column of several values is a list; predicates test each value, `x`. */
export function sqlDialect(flavour: SqlFlavour, nameOf: (field: string) => string): Dialect {
  const textOf = ({ value, type }: Operand): string => (type === "text" || type === "ip" ? value : flavour.text(value));
  return {
    and: "AND",
    or: "OR",
    equal: "=",
    not: (operand) => `NOT coalesce(${bare(operand).trim()}, FALSE)`,
    indent: "  ",
    never: "FALSE",
    operand: (field) => {
      const { kind, several } = fieldType(field);
      if (several) return { name: nameOf(field), value: "x", type: "text" };
      const type = kind === "integer" || kind === "real" ? "number" : kind === "words" || kind === "other" ? "text" : kind;
      return { name: nameOf(field), type };
    },
    some: ({ field, name }, predicate, test) => {
      if (!fieldType(field).several) return null;
      const [first, ...others] = test.kind === "text" && !test.insensitive ? test.patterns : [];
      const [only, ...more] = first?.parts ?? [];
      const literal = only?.kind === "literal" && more.length === 0 && others.length === 0 ? only.text : null;
      return literal === null ? flavour.some(name, predicate) : flavour.has(name, flavour.string(literal));
    },
    exists: ({ field, name }) => (fieldType(field).several ? flavour.notEmpty(name) : `${name} IS NOT NULL`),
    equals: (operand, texts, insensitive) => {
      // A whole text that is a number is compared as one.
      if (operand.type === "number" && texts.every((text) => /^-?\d{1,15}$/.test(text))) return among(operand.value, texts, "=", "IN");
      const literals = texts.map((text) => flavour.string(insensitive ? lowerCase(text) : text));
      return among(insensitive ? flavour.lower(textOf(operand)) : textOf(operand), literals, "=", "IN");
    },
    patterns: (operand, patterns, insensitive) =>
      patterns.map((parts) =>
        flavour.like(
          textOf(operand),
          wildcardOf(parts, "%", "_", (text) => text.replaceAll(/[!%_]/g, "!$&")),
          insensitive,
        ),
      ),
    regex: (operand, { source, flags }) => flavour.regex(textOf(operand), source, flags),
    boolean: (operand, value) =>
      operand.type === "boolean" ? `${operand.value} = ${value ? "TRUE" : "FALSE"}` : `${textOf(operand)} = '${value}'`,
    number: ({ value: column, type, field }, operator, value) => {
      if (type === "number") return `${column} ${operator} ${value}`;
      if (type !== "text") return UNSUPPORTED.notANumber(field);
      return `${flavour.number(column, Number.isInteger(Number(value)))} ${operator} ${value}`;
    },
    order: ({ value, type, field }, operator, text) =>
      type === "text" ? `${value} ${operator} ${flavour.string(text)}` : UNSUPPORTED.notOfType(field, fieldType(field).mapping),
    ranges: (operand, blocks) => {
      const predicates: string[] = [];
      for (const block of blocks) {
        const predicate = flavour.cidr(textOf(operand), block);
        if (typeof predicate === "string") predicates.push(predicate);
        else if (blocks.length === 1) return predicate;
        else operand.report("narrower", `${predicate.unsupported}: ${block} is left out`, predicate.advice);
      }
      return predicates.length === 0 ? UNSUPPORTED.addressRanges : predicates;
    },
    computed: (expr) => computed(expr, flavour, nameOf),
  };
}

function computed(expr: Expr, flavour: SqlFlavour, nameOf: (field: string) => string): string | Unsupported {
  if (expr.kind !== "comparison") return UNSUPPORTED.computed;
  const left = operandOf(expr.left, flavour, nameOf);
  const right = operandOf(expr.right, flavour, nameOf);
  if (left === null || right === null) return UNSUPPORTED.computed;
  if (left.type !== right.type) return UNSUPPORTED.mixedTypes;
  return `${left.sql} ${expr.op === "==" ? "=" : expr.op === "!=" ? "<>" : expr.op} ${right.sql}`;
}

function operandOf(
  expr: Expr,
  flavour: SqlFlavour,
  nameOf: (field: string) => string,
): { readonly sql: string; readonly type: "text" | "number" } | null {
  switch (expr.kind) {
    case "number":
      return { sql: String(expr.value), type: "number" };
    case "string":
      return { sql: flavour.string(expr.value), type: "text" };
    case "field": {
      const { kind, several } = fieldType(expr.name);
      if (several) return null;
      if (kind === "integer" || kind === "real") return { sql: nameOf(expr.name), type: "number" };
      return kind === "boolean" || kind === "time" ? null : { sql: nameOf(expr.name), type: "text" };
    }
    case "call": {
      const [only, ...more] = expr.args;
      if (expr.name.toLowerCase() !== "length" || only === undefined || more.length > 0) return null;
      const operand = operandOf(only, flavour, nameOf);
      return operand?.type === "text" ? { sql: flavour.length(operand.sql), type: "number" } : null;
    }
    default:
      return null;
  }
}

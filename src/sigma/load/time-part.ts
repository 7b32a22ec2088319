/**
 * Parts of a point in time, in UTC, from its text in ISO 8601 (`2026-01-31T10:00:00Z`), as arithmetic of the tree: no engine and no
 * translator needs to know of them.
 */
import type { Expr, Span } from "../../eql/index.ts";
import { call, number } from "../expr.ts";
import type { TimePart } from "./modifiers.ts";

const AT = { year: [0, 4], month: [5, 7], day: [8, 10], hour: [11, 13], minute: [14, 16] } as const;

export function timePartExpr(value: Expr, part: TimePart, span: Span): Expr {
  return part === "week" ? week(value, span) : digits(value, part, span);
}

function digits(value: Expr, part: keyof typeof AT, span: Span): Expr {
  const [from, to] = AT[part];
  return call("number", [call("substring", [value, number(from, span), number(to, span)], false, span)], false, span);
}

/** The ISO 8601 week, 1 to 53, by way of the Julian day number (both formulas: Calendar FAQ, Claus Tøndering). */
function week(value: Expr, span: Span): Expr {
  const arithmetic = (op: "+" | "-" | "*" | "/" | "%", left: Expr, right: Expr | number): Expr => ({
    kind: "arithmetic",
    span,
    op,
    left,
    right: typeof right === "number" ? number(right, span) : right,
  });
  const [year, month, day] = [digits(value, "year", span), digits(value, "month", span), digits(value, "day", span)];
  // January and February count as months 13 and 14 of the year before.
  const before = arithmetic("/", arithmetic("-", number(14, span), month), 12);
  const y = arithmetic("-", arithmetic("+", year, 4800), before);
  const m = arithmetic("-", arithmetic("+", month, arithmetic("*", before, 12)), 3);
  const leaps = arithmetic("+", arithmetic("-", arithmetic("/", y, 4), arithmetic("/", y, 100)), arithmetic("/", y, 400));
  const months = arithmetic("/", arithmetic("+", arithmetic("*", m, 153), 2), 5);
  const julian = arithmetic("-", arithmetic("+", arithmetic("+", arithmetic("+", day, months), arithmetic("*", y, 365)), leaps), 32045);
  const d4 = arithmetic(
    "%",
    arithmetic("%", arithmetic("%", arithmetic("-", arithmetic("+", julian, 31741), arithmetic("%", julian, 7)), 146097), 36524),
    1461,
  );
  const l = arithmetic("/", d4, 1460);
  const d1 = arithmetic("+", arithmetic("%", arithmetic("-", d4, l), 365), l);
  return arithmetic("+", arithmetic("/", d1, 7), 1);
}

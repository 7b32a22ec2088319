/** Every function held to its own examples: as written, with its arguments out of a document, and as its `~` form. */
import { describe, expect, test } from "vitest";
import { checkCondition } from "../check/check.ts";
import { compileExpr } from "../run/compile.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { parseExpression } from "../syntax/parse.ts";
import { printExpr } from "../syntax/print.ts";
import { walk } from "../syntax/walk.ts";
import type { CallExpr, Expr } from "../syntax/tree.ts";
import { Double, type FaultCode, type Value } from "../values/values.ts";
import { FUNCTIONS, findFunction } from "./index.ts";
import type { EqlFunction } from "./function.ts";

interface Outcome {
  readonly value: Value | undefined;
  readonly problems: readonly string[];
}

function callOf(text: string): CallExpr {
  const { expr, diagnostics } = parseExpression(text);
  if (expr?.kind !== "call") throw new Error(`${text}: ${diagnostics.map((d) => d.summary).join("; ")}`);
  return expr;
}

function evaluate(expr: Expr, event: Record<string, unknown> = {}, doubles: ReadonlySet<string> = new Set()): Outcome {
  const problems: string[] = [];
  const value = compileExpr(expr, {
    schema: { typeOf: (field) => (doubles.has(field) ? "double" : undefined) },
    onDiagnostic: (diagnostic: Diagnostic) => problems.push(diagnostic.summary),
    onFault: (code: FaultCode) => problems.push(code),
  })(event);
  return { value: value instanceof Double ? value.value : value, problems };
}

interface OfFields {
  readonly expr: Expr;
  readonly event: Record<string, unknown>;
  /** Fields that a mapping must call doubles: in JSON `7.0` is `7`. */
  readonly doubles: ReadonlySet<string>;
  readonly moved: number;
}

/** The call with every argument that need not be a literal as a field, and the document that holds them; a null is a missing field. */
function withFields(call: CallExpr, found: EqlFunction): OfFields {
  const event: Record<string, unknown> = {};
  const doubles = new Set<string>();
  let moved = 0;
  const args = call.args.map((arg, i): Expr => {
    const parameter = found.parameters[Math.min(i, found.parameters.length - 1)]!;
    if (parameter.constant === true) return arg;
    const { value } = evaluate(arg);
    if (value !== undefined) event[`a${i}`] = value;
    if (arg.kind === "number" && arg.type === "double") doubles.add(`a${i}`);
    moved++;
    return callOf(`length(a${i})`).args[0]!;
  });
  return { expr: { ...call, args }, event, doubles, moved };
}

const functions: readonly EqlFunction[] = FUNCTIONS;

describe.each(functions.map((found) => [found.name, found] as const))("%s", (name, found) => {
  test("is found by its name in any case", () => {
    expect(findFunction(name.toUpperCase())).toBe(found);
    expect(findFunction(name)).toBe(found);
  });

  test("has examples, among them one of null", () => {
    expect(found.examples.length).toBeGreaterThan(1);
    expect(found.examples.map((example) => example.result)).toContain(undefined);
    // Whoever ignores case shows it.
    expect(found.examples.some((example) => example.call.startsWith(`${name}~`))).toBe(found.insensitive);
  });

  test.each(found.examples.map((example) => [example.call, example.result] as const))("%s is %s", (text, result) => {
    const call = callOf(text);
    expect(evaluate(call)).toEqual({ value: result, problems: [] });
    expect(result === undefined || typeof result === found.returns).toBe(true);
    // What is printed of it says the same.
    expect(evaluate(callOf(printExpr(call)))).toEqual({ value: result, problems: [] });
  });

  test.each(found.examples.map((example) => [example.call, example.result] as const))("%s is %s of fields too", (text, result) => {
    const { expr, event, doubles, moved } = withFields(callOf(text), found);
    expect(moved).toBeGreaterThan(0);
    expect(evaluate(expr, event, doubles)).toEqual({ value: result, problems: [] });
    // Of an array the first value counts here.
    const listed = Object.fromEntries(Object.entries(event).map(([field, value]) => [field, [value, "other"]]));
    expect(evaluate(expr, listed, doubles)).toEqual({ value: result, problems: [] });
  });

  test(found.insensitive ? "its ~ form gives every example's answer whatever the case" : "it has no ~ form", () => {
    if (!found.insensitive) {
      for (const example of found.examples) {
        const { diagnostics } = checkCondition({ ...callOf(example.call), insensitive: true }, { profile: "tocsin" });
        expect(diagnostics.map((d) => d.code)).toContain("eql/no-insensitive-form");
      }
      return;
    }
    const swapped = (text: string): string => [...text].map((c) => (c === c.toLowerCase() ? c.toUpperCase() : c.toLowerCase())).join("");
    for (const example of found.examples) {
      const call = callOf(example.call);
      const insensitive = evaluate({ ...call, insensitive: true });
      // Swap the case of all but the first argument: the first is what `between` cuts from.
      const args = call.args.map((arg, i): Expr => (i > 0 && arg.kind === "string" ? { ...arg, value: swapped(arg.value) } : arg));
      expect(evaluate({ ...call, args, insensitive: true }), example.call).toEqual(insensitive);
      if (call.insensitive) expect(insensitive.value).toBe(example.result);
    }
  });

  test("of no value at all is null, never a fault", () => {
    for (const example of found.examples) {
      const { expr, moved } = withFields(callOf(example.call), found);
      expect(moved).toBeGreaterThan(0);
      expect(evaluate(expr, {}), example.call).toEqual({ value: undefined, problems: [] });
    }
  });
});

test("a name that objects have by nature is no function", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) expect(findFunction(name)).toBeUndefined();
});

test("what cannot be computed is a fault, and the value null", () => {
  const fault = (text: string): Outcome => evaluate(callOf(text));
  expect(fault('number("12x")')).toEqual({ value: undefined, problems: ["eql/bad-number"] });
  expect(fault('number("0x")')).toEqual({ value: undefined, problems: ["eql/bad-number"] });
  expect(fault('number("9", 8)')).toEqual({ value: undefined, problems: ["eql/bad-number"] });
  expect(fault("divide(1, 0)")).toEqual({ value: undefined, problems: ["eql/division-by-zero"] });
  expect(fault("modulo(1.5, 0)")).toEqual({ value: undefined, problems: ["eql/division-by-zero"] });
  expect(fault('cidrMatch("no address", "10.0.0.0/8")')).toEqual({ value: undefined, problems: ["eql/bad-ip"] });
});

test("every call in the examples names the function it stands at", () => {
  for (const found of functions) {
    for (const example of found.examples) {
      const names: string[] = [];
      walk(callOf(example.call), (node) => {
        if (node.kind === "call") names.push(node.name.toLowerCase());
      });
      expect(names).toContain(found.name.toLowerCase());
    }
  }
});

import type { Value } from "../values/values.ts";

export type ParameterType = "string" | "number" | "boolean" | "ip" | "any";

export interface Parameter {
  readonly name: string;
  readonly type: ParameterType;
  /** May be left out. */
  readonly optional?: boolean;
  /** May be repeated; the last one only. */
  readonly variadic?: boolean;
  /** Must be a literal. */
  readonly constant?: boolean;
}

export interface FunctionExample {
  /** As written in a query. */
  readonly call: string;
  /** undefined is null. */
  readonly result: string | number | boolean | undefined;
}

/** A literal argument's value; null the literal null; undefined an argument that is no literal. */
export type Constant = Value | null | undefined;

/** What is wrong with a literal argument. */
export interface ArgumentProblem {
  readonly argument: number;
  readonly code: "eql/bad-cidr" | "eql/bad-base";
  readonly summary: string;
  readonly help: string | null;
}

/** The work done once per call in a query; `problem` where a literal cannot be used. */
export type Prepared<P> = { readonly prepared: P; readonly problem: null } | { readonly prepared: null; readonly problem: ArgumentProblem };

/** One function of the language. It takes values, never nodes; a missing value is undefined. */
export interface EqlFunction<P = unknown> {
  /** As documented; calls are matched without regard to case. */
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly returns: "string" | "number" | "boolean";
  /** Whether there is a `name~` form, which ignores case. */
  readonly insensitive: boolean;
  /** The result is an int32 whatever the arguments. */
  readonly narrow?: boolean;
  /** For the reference; Markdown. */
  readonly doc: string;
  /** Run as tests, printed into the reference. */
  readonly examples: readonly FunctionExample[];
  prepare?(constants: readonly Constant[], insensitive: boolean): Prepared<P>;
  /** May throw a `Fault`. A method, so that a function with a type of its own for `prepared` is still one of the list. */
  run(values: readonly (Value | undefined)[], insensitive: boolean, prepared: P | null): Value | undefined;
}

/** `substring(source, start[, end])` */
export function signature(definition: EqlFunction): string {
  const parts = definition.parameters.map((parameter, i) => {
    const name = `${parameter.name}${parameter.variadic === true ? "..." : ""}`;
    const comma = i === 0 ? "" : ", ";
    return parameter.optional === true ? `[${comma}${name}]` : `${comma}${name}`;
  });
  return `${definition.name}(${parts.join("")})`;
}

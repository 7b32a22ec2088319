/** `condition`: `selection and not 1 of filter_*`. */
import type { Span } from "../../eql/index.ts";
import { SigmaError } from "../problem.ts";
import { entry, type MapNode, type YamlNode, type ScalarNode } from "./yaml-node.ts";

export type Condition =
  | { readonly kind: "name"; readonly name: string; readonly span: Span }
  /** `least` of those whose names fit the pattern; null is all of them. */
  | { readonly kind: "of"; readonly least: number | null; readonly pattern: string; readonly span: Span }
  | { readonly kind: "not"; readonly operand: Condition; readonly span: Span }
  | { readonly kind: "and" | "or"; readonly operands: readonly Condition[]; readonly span: Span };

/** `selection | count(field) by a, b > 5`, of Sigma before 2. */
export interface Aggregation {
  readonly function: string;
  readonly field: string | null;
  readonly by: readonly string[];
  readonly op: string;
  readonly value: number;
  readonly span: Span;
}

/** `selection | near first and not second by a, b`, of Sigma before 2: these within the time frame of it as well, or not. */
export interface Near {
  readonly others: readonly { readonly condition: Condition; readonly negated: boolean }[];
  readonly by: readonly string[];
  readonly span: Span;
}

export interface ParsedCondition {
  readonly condition: Condition;
  readonly aggregation: Aggregation | null;
  readonly near: Near | null;
}

const MAX_DEPTH = 200;
const MAX_TOKENS = 20_000;

interface Token {
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

/** The `condition` of a detection: a text, or a list of texts of which any is enough. */
export function conditionOf(detection: MapNode): readonly { readonly text: string; readonly node: ScalarNode }[] {
  const found = entry(detection, "condition");
  if (found === undefined) throw new SigmaError("sigma/no-condition", "The detection has no `condition`", detection.span.from);
  const nodes: readonly YamlNode[] = found.value.kind === "list" ? found.value.items : [found.value];
  if (nodes.length === 0) throw new SigmaError("sigma/no-condition", "The condition is empty", found.keySpan.from);
  return nodes.map((node) => {
    if (node.kind !== "scalar" || typeof node.value !== "string" || node.value.trim() === "") {
      throw new SigmaError("sigma/bad-condition", "A condition is a text", node.span.from);
    }
    return { text: node.value, node };
  });
}

export function parseCondition(text: string, node: ScalarNode): ParsedCondition {
  return new ConditionParser(text, node).whole();
}

class ConditionParser {
  readonly #tokens: readonly Token[];
  readonly #node: ScalarNode;
  readonly #length: number;
  #at = 0;
  #depth = 0;

  constructor(text: string, node: ScalarNode) {
    this.#node = node;
    this.#length = text.length;
    const tokens: Token[] = [];
    for (const match of text.matchAll(/[()|,]|[<>=!]=?|[^\s()|,<>=!]+/g)) {
      tokens.push({ text: match[0], from: match.index, to: match.index + match[0].length });
      if (tokens.length > MAX_TOKENS) throw this.#error("The condition is too long", match.index);
    }
    this.#tokens = tokens;
  }

  whole(): ParsedCondition {
    const condition = this.#or();
    const piped = this.#take("|");
    const near = piped && this.#tokens[this.#at]?.text.toLowerCase() === "near" ? this.#near() : null;
    const aggregation = piped && near === null ? this.#aggregation() : null;
    const left = this.#tokens[this.#at];
    if (left !== undefined) throw this.#error(`\`${left.text}\` is not expected here`, left.from);
    return { condition, aggregation, near };
  }

  #or(): Condition {
    return this.#chain("or", () => this.#chain("and", () => this.#not()));
  }

  #chain(op: "and" | "or", next: () => Condition): Condition {
    const operands = [next()];
    while (this.#word(op)) operands.push(next());
    if (operands.length === 1) return operands[0]!;
    return { kind: op, operands, span: { from: operands[0]!.span.from, to: operands.at(-1)!.span.to } };
  }

  #not(): Condition {
    if (++this.#depth > MAX_DEPTH) throw this.#error("The condition is nested too deeply", this.#tokens[this.#at]?.from ?? this.#length);
    const start = this.#tokens[this.#at];
    let out: Condition;
    if (this.#word("not")) {
      const operand = this.#not();
      out = { kind: "not", operand, span: { from: this.#span(start!).from, to: operand.span.to } };
    } else out = this.#primary();
    this.#depth--;
    return out;
  }

  #primary(): Condition {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw this.#error("The condition ends where a selection's name is expected", this.#length);
    this.#at++;
    if (token.text === "(") {
      const inner = this.#or();
      if (!this.#take(")")) throw this.#error("This parenthesis is not closed", token.from);
      return inner;
    }
    if (/^[()|,<>=!]/.test(token.text) || ["and", "or", "not", "of"].includes(token.text.toLowerCase())) {
      throw this.#error(`A selection's name is expected, not \`${token.text}\``, token.from);
    }
    const quantity = token.text.toLowerCase();
    if (this.#tokens[this.#at]?.text.toLowerCase() === "of" && (quantity === "all" || quantity === "any" || /^\d{1,6}$/.test(quantity))) {
      this.#at++;
      const pattern = this.#tokens[this.#at];
      if (pattern === undefined || /^[()|,<>=!]/.test(pattern.text))
        throw this.#error("`of` is followed by `them` or by names such as `selection_*`", token.from);
      this.#at++;
      const least = quantity === "all" ? null : quantity === "any" ? 1 : Number(quantity);
      if (least === 0) throw this.#error("`0 of` is always true", token.from);
      return { kind: "of", least, pattern: pattern.text, span: { from: this.#span(token).from, to: this.#span(pattern).to } };
    }
    return { kind: "name", name: token.text, span: this.#span(token) };
  }

  #near(): Near {
    const start = this.#tokens[this.#at++]!;
    const written = this.#or();
    const by: string[] = [];
    if (this.#word("by")) {
      do {
        const name = this.#tokens[this.#at++];
        if (name === undefined || /^[()|,<>=!]/.test(name.text))
          throw this.#error("`by` is followed by fields", name?.from ?? this.#length);
        by.push(name.text);
      } while (this.#take(","));
    }
    const others = (written.kind === "and" ? written.operands : [written]).map((operand) =>
      operand.kind === "not" ? { condition: operand.operand, negated: true } : { condition: operand, negated: false },
    );
    return { others, by, span: this.#span(start) };
  }

  #aggregation(): Aggregation {
    const start = this.#tokens[this.#at];
    const rest = this.#tokens.slice(this.#at).map((token) => token.text);
    const fail = (): never => {
      throw new SigmaError(
        "sigma/old-aggregation",
        `\`| ${rest.join(" ")}\` is not understood`,
        this.#span(start ?? { text: "", from: this.#length, to: this.#length }).from,
        "Sigma 2 writes aggregations as correlation rules.",
      );
    };
    // count ( field? ) [by a , b] op number
    let i = 0;
    const name = rest[i++]?.toLowerCase() ?? "";
    if (!["count", "sum", "avg", "min", "max"].includes(name) || rest[i++] !== "(") return fail();
    const inside: string | null = rest[i] === ")" ? null : (rest[i++] ?? null);
    if (rest[i++] !== ")") return fail();
    const by: string[] = [];
    if (rest[i]?.toLowerCase() === "by") {
      i++;
      while (i < rest.length && !/^[<>=!]/.test(rest[i]!)) {
        if (rest[i] !== ",") by.push(rest[i]!);
        i++;
      }
    }
    const op = rest[i++] ?? "";
    const value = Number(rest[i++]);
    if (!/^[<>=]=?$/.test(op) || !Number.isFinite(value) || i !== rest.length) return fail();
    this.#at = this.#tokens.length;
    return { function: name, field: inside, by, op, value, span: this.#span(start!) };
  }

  #take(text: string): boolean {
    if (this.#tokens[this.#at]?.text !== text) return false;
    this.#at++;
    return true;
  }

  #word(text: string): boolean {
    if (this.#tokens[this.#at]?.text.toLowerCase() !== text) return false;
    this.#at++;
    return true;
  }

  #span(token: Token): Span {
    const { textAt, span } = this.#node;
    return textAt === null ? span : { from: textAt + token.from, to: textAt + token.to };
  }

  #error(message: string, at: number): SigmaError {
    return new SigmaError("sigma/bad-condition", message, this.#node.textAt === null ? this.#node.span.from : this.#node.textAt + at);
  }
}

/** The names that `1 of pattern` means. `them` leaves out those that begin with `_`. */
export function namesOf(pattern: string, names: readonly string[]): string[] {
  if (pattern.toLowerCase() === "them") return names.filter((name) => !name.startsWith("_"));
  if (!pattern.includes("*")) return names.filter((name) => name === pattern);
  const pieces = pattern.split("*");
  return names.filter((name) => fits(name, pieces));
}

function fits(name: string, pieces: readonly string[]): boolean {
  const [first, last] = [pieces[0]!, pieces.at(-1)!];
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found < 0) return false;
    at = found + piece.length;
  }
  return at <= name.length - last.length;
}

import { identityOf, walk, type EventFilter, type Expr, type WildcardPart } from "../../eql/index.ts";
import { isLogSourceField } from "./log-source.ts";

/** Functions that have no fault whatever they are given. */
const WITHOUT_FAULT: ReadonlySet<string> = new Set(["concat", "startswith", "endswith", "stringcontains", "length"]);

/** What a filter's tree says before it is made ready: which fields it reads, what it asks of the log source, whether it could have a fault. */
export class FilterGate {
  /** What it asks of the log source, with its category: it holds wherever the filter does. */
  readonly filter: EventFilter;
  /** The parts of that: tests of a log source field. */
  readonly parts: readonly Expr[];
  /** No fault is possible as long as there is no event, so the filter can be made ready later. */
  readonly canWait: boolean;
  /** It reads more fields than it names: all of an event, or those of its ancestors. */
  readonly readsUnnamed: boolean;
  readonly #parts: Expr[] = [];
  readonly #fields: Set<string>;
  #canWait = true;
  #readsUnnamed = false;

  /** @param fields where the fields that it reads are added. */
  constructor(filter: EventFilter, fields: Set<string>) {
    this.#fields = fields;
    const condition = this.#relaxed(filter.condition, true);
    this.filter = {
      ...filter,
      condition: typeof condition === "boolean" ? { kind: "boolean", span: filter.condition.span, value: condition } : condition,
    };
    this.parts = this.#parts;
    this.canWait = this.#canWait;
    this.readsUnnamed = this.#readsUnnamed;
  }

  /** The same for filters that ask the same of the log source. */
  get identity(): string {
    const { category, condition } = this.filter;
    return `${category === null ? "" : JSON.stringify(category.value)} ${identityOfGate(condition)}`;
  }

  /** @param positive false under an odd number of `not`: there what is not known does not hold, elsewhere it does. */
  #relaxed(expr: Expr, positive: boolean): Expr | boolean {
    switch (expr.kind) {
      case "logical": {
        const decisive = expr.op === "or";
        const operands: Expr[] = [];
        let isDecided = false;
        for (const operand of expr.operands) {
          const one = this.#relaxed(operand, positive);
          if (typeof one !== "boolean") operands.push(one);
          else if (one === decisive) isDecided = true;
        }
        if (isDecided) return decisive;
        if (operands.length === 0) return !decisive;
        return operands.length === 1 ? operands[0]! : { ...expr, operands };
      }
      case "not": {
        const value = this.#relaxed(expr.value, !positive);
        return typeof value === "boolean" ? !value : { ...expr, value };
      }
      case "boolean":
        return expr.value;
      case "match": {
        const isText = expr.patterns.every(({ kind }) => kind !== "regex");
        return this.#isOfSource(expr, expr.value) && isText ? this.#part(expr) : positive;
      }
      case "in":
        return this.#isOfSource(expr, expr.value) && expr.list.every(isLiteral) ? this.#part(expr) : positive;
      case "comparison":
        return this.#isOfSource(expr, expr.left) && isLiteral(expr.right) ? this.#part(expr) : positive;
      default:
        this.#note(expr);
        return positive;
    }
  }

  #part(expr: Expr): Expr {
    this.#parts.push(expr);
    return expr;
  }

  /** Notes what is in an expression; whether it is about a log source field. */
  #isOfSource(expr: Expr, subject: Expr): boolean {
    if (subject.kind !== "field" || expr.kind === "comparison") this.#note(expr);
    else {
      this.#fields.add(subject.name);
      if (expr.kind === "in") for (const member of expr.list) if (!isLiteral(member)) this.#note(member);
    }
    return subject.kind === "field" && isLogSourceField(subject.name);
  }

  #note(expr: Expr): void {
    walk(expr, (node) => {
      if (node.kind === "any-field" || node.kind === "lineage") this.#readsUnnamed = true;
      if (node.kind === "field") this.#fields.add(node.name);
      else if (node.kind === "arithmetic" || node.kind === "negate" || node.kind === "lineage") this.#canWait = false;
      else if (node.kind === "call") {
        const name = node.name.toLowerCase();
        // Of a field that is missing it is null, and no fault.
        const isAddress = name === "cidrmatch" && node.args[0]?.kind === "field";
        if (!isAddress && !WITHOUT_FAULT.has(name)) this.#canWait = false;
      }
    });
  }
}

function isLiteral({ kind }: Expr): boolean {
  return kind === "string" || kind === "number" || kind === "boolean" || kind === "null";
}

/** Faster than `identityOf`, for the few kinds that are left of a condition. */
function identityOfGate(expr: Expr): string {
  switch (expr.kind) {
    case "logical":
      return `${expr.op}(${expr.operands.map(identityOfGate).join()})`;
    case "not":
      return `!${identityOfGate(expr.value)}`;
    case "match": {
      const patterns = expr.patterns.map((pattern) => (pattern.kind === "wildcard" ? textOf(pattern.parts) : identityOf(pattern)));
      return `${identityOfGate(expr.value)}${expr.op}${expr.insensitive ? "~" : ""}(${patterns.join()})`;
    }
    case "field":
      return JSON.stringify(expr.name);
    default:
      return identityOf(expr);
  }
}

function textOf(parts: readonly WildcardPart[]): string {
  return parts.map((part) => (part.kind === "any" ? "*" : part.kind === "one" ? "?" : JSON.stringify(part.text))).join("");
}

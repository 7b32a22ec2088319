import { parseAst } from "vitest/node";

/** One small change of a source that a test should notice. */
export interface Mutant {
  /** Half-open, in UTF-16 units of the source. */
  readonly start: number;
  readonly end: number;
  readonly replacement: string;
  /** `condition negated` */
  readonly operator: string;
}

type SyntaxNode = { readonly type: string; readonly start: number; readonly end: number } & { readonly [key: string]: unknown };

const SWAPS: { readonly [operator: string]: string } = {
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "===": "!==",
  "!==": "===",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "&&": "||",
  "||": "&&",
  "&": "|",
  "|": "&",
};
const METHODS: { readonly [name: string]: string } = {
  some: "every",
  every: "some",
  min: "max",
  max: "min",
  startsWith: "endsWith",
  endsWith: "startsWith",
};

/** Rows of a table are facts of others (codes, names, flags), which a test could only repeat. */
const TABLE_ROWS = 8;

/** Every mutant of a source in TypeScript, in the order of the text. */
export function mutantsOf(source: string): Mutant[] {
  const mutants: Mutant[] = [];
  const add = (start: number, end: number, replacement: string, operator: string): void => {
    mutants.push({ start, end, replacement, operator });
  };
  const text = (node: SyntaxNode): string => source.slice(node.start, node.end);
  const negate = (test: SyntaxNode): void => add(test.start, test.end, `!(${text(test)})`, "condition negated");

  const visit = (node: SyntaxNode): void => {
    switch (node.type) {
      case "BinaryExpression":
      case "LogicalExpression": {
        const [left, right] = [node["left"] as SyntaxNode, node["right"] as SyntaxNode];
        const operator = node["operator"] as string;
        const at = source.indexOf(operator, left.end);
        const swapped = SWAPS[operator];
        const joinsText = operator === "+" && (isText(left) || isText(right));
        if (swapped !== undefined && !joinsText && at >= 0 && at < right.start)
          add(at, at + operator.length, swapped, `${operator} to ${swapped}`);
        break;
      }
      case "IfStatement":
      case "ConditionalExpression":
      case "WhileStatement":
        negate(node["test"] as SyntaxNode);
        break;
      case "UnaryExpression":
        if (node["operator"] === "!") add(node.start, node.start + 1, "", "! dropped");
        break;
      case "Literal": {
        const { value } = node;
        if (typeof value === "boolean") add(node.start, node.end, String(!value), `${value} to ${!value}`);
        if (typeof value === "number") add(node.start, node.end, String(value + 1), "constant + 1");
        break;
      }
      case "UpdateExpression": {
        const [from, to] = node["operator"] === "++" ? ["++", "--"] : ["--", "++"];
        add(node.start, node.end, text(node).replace(from, to), `${from} to ${to}`);
        break;
      }
      case "ExpressionStatement": {
        const { type } = node["expression"] as SyntaxNode;
        const isEffect = type === "CallExpression" || type === "AssignmentExpression";
        if (isEffect && !text(node).startsWith("super(")) add(node.start, node.end, ";", "statement dropped");
        break;
      }
      case "MemberExpression": {
        const property = node["property"] as SyntaxNode;
        const swapped = node["computed"] === true ? undefined : METHODS[text(property)];
        if (swapped !== undefined && Object.hasOwn(METHODS, text(property)))
          add(property.start, property.end, swapped, `${text(property)} to ${swapped}`);
        break;
      }
      default:
    }
    if (isTable(node)) return;
    for (const [key, child] of Object.entries(node)) {
      if (key === "key" && node["computed"] === false) continue;
      if (key === "typeAnnotation" || key === "typeArguments" || key === "typeParameters" || key === "returnType") continue;
      for (const one of Array.isArray(child) ? (child as unknown[]) : [child]) if (isNode(one) && hasCode(one)) visit(one);
    }
  };
  visit(parseAst(source, { lang: "ts" }) as unknown as SyntaxNode);
  return mutants.sort((a, b) => a.start - b.start || a.end - b.end);
}

export function mutated(source: string, { start, end, replacement }: Mutant): string {
  return source.slice(0, start) + replacement + source.slice(end);
}

function isNode(value: unknown): value is SyntaxNode {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Types and imports are gone when the code runs. */
function hasCode({ type }: SyntaxNode): boolean {
  return type === "TSAsExpression" || type === "TSNonNullExpression" || type === "TSSatisfiesExpression" || !/^TS|^Import/.test(type);
}

function isTable({ type, elements }: SyntaxNode): boolean {
  if (type !== "ArrayExpression" || !Array.isArray(elements) || elements.length < TABLE_ROWS) return false;
  return elements.every((one) => isNode(one) && (one.type === "Literal" || one.type === "ArrayExpression"));
}

function isText({ type, value }: SyntaxNode): boolean {
  return type === "TemplateLiteral" || (type === "Literal" && typeof value === "string");
}

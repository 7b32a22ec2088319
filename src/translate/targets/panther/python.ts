/**
 * Conditions as Python: an expression over the values of an event, for platforms whose rules are functions. Nothing of the source text
 * becomes code but through `pythonString`, which writes literals.
 *
 * Facts (Python's reference): `str.lower` maps the dotted capital I to
 * two characters and knows final sigmas, which the engine's folding does not.
 */
import { isUnsupported, literalText, type Condition, type Expr, type Unsupported } from "../../../eql/index.ts";
import { conditionText, type Dialect, type FieldTest } from "../../dialect.ts";
import type { LossList } from "../../loss-list.ts";
import { lowerCase, shapeOf, wildcardOf, type Parts } from "../../patterns.ts";
import { pythonRegex, type PythonRegex } from "./python-regex.ts";
import { UNSUPPORTED } from "../../unsupported.ts";

export function pythonString(text: string): string {
  let out = "";
  for (const char of text) {
    const code = char.codePointAt(0)!;
    if (char === '"' || char === "\\") out += `\\${char}`;
    else if (code >= 0x20 && code < 0x7f) out += char;
    else out += code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
  }
  return `"${out}"`;
}

/** What every rule brings along: how values are taken out of an event. */
export const PRELUDE = `import re
from ipaddress import ip_address, ip_network


def values(event, *path):
    """All values at a path: none, one, or those of a list."""
    for key in path:
        event = event.get(key) if hasattr(event, "get") else None
    if event is None:
        return []
    if isinstance(event, (list, tuple)):
        return [value for value in event if value is not None]
    return [event]


def text(value):
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def texts(event, *path):
    return [text(value) for value in values(event, *path)]


def folded(event, *path):
    """As texts, in lower case."""
    return [value.replace("\\u0130", "i").replace("\\u03a3", "\\u03c3").lower() for value in texts(event, *path)]


def numbers(event, *path):
    found = []
    for value in values(event, *path):
        try:
            found.append(int(value))
        except (TypeError, ValueError):
            try:
                found.append(float(value))
            except (TypeError, ValueError):
                pass
    return found


def within(address, networks):
    try:
        address = ip_address(address)
    except ValueError:
        return False
    address = getattr(address, "ipv4_mapped", None) or address
    return any(address in network for network in networks if network.version == address.version)
`;

/** Definitions that conditions share: compiled expressions and networks, each once. */
export class Constants {
  readonly lines: string[] = [];

  readonly name = (stem: string, value: string): string => {
    const known = this.lines.find((line) => line.startsWith(stem) && line.endsWith(` = ${value}`));
    if (known !== undefined) return known.slice(0, known.indexOf(" "));
    const name = `${stem}_${this.lines.length + 1}`;
    this.lines.push(`${name} = ${value}`);
    return name;
  };
}

/** @param pathOf the keys that lead to a field's values. Null where nothing of the condition can be translated. */
export function pythonOf(
  condition: Condition,
  pathOf: (field: string) => readonly string[],
  constants: Constants,
  losses: LossList,
): string | null {
  const fragment = conditionText(condition, python(pathOf, constants), { columns: new Map(), reportLoss: losses.add });
  return fragment?.text === "" ? "True" : (fragment?.text ?? null);
}

/** Predicates test each value of a field, `value`; a field's name is the path to its values. */
const python = (pathOf: (field: string) => readonly string[], constants: Constants): Dialect => ({
  and: "and",
  or: "or",
  equal: "==",
  not: (operand) => `not ${operand}`,
  indent: "    ",
  never: "False",
  operand: (field) => ({ name: pathOf(field).map(pythonString).join(", "), value: "value" }),
  some: ({ name }, predicate, test) => `any(${predicate} for value in ${valuesOf(test)}(event, ${name}))`,
  exists: ({ name }) => `bool(values(event, ${name}))`,
  equals: (_, texts, insensitive) => {
    const literals = texts.map((text) => pythonString(cased(text, insensitive)));
    return literals.length === 1 ? `value == ${literals[0]!}` : `value in (${literals.join(", ")})`;
  },
  patterns: (_, patterns, insensitive) => {
    const starts: string[] = [];
    const ends: string[] = [];
    const others: string[] = [];
    for (const parts of patterns) {
      const shape = literalText(parts) === null ? shapeOf(parts) : null;
      const literal = shape === null ? "" : pythonString(cased(shape.text, insensitive));
      if (shape?.shape === "startswith") starts.push(literal);
      else if (shape?.shape === "endswith") ends.push(literal);
      else if (shape?.shape === "contains") others.push(`${literal} in value`);
      else others.push(`${compiled("PATTERN", { source: wholeValue(parts, insensitive), flags: "re.S" }, constants)}.fullmatch(value)`);
    }
    return [
      ...(starts.length === 0 ? [] : [`value.startswith(${tuple(starts)})`]),
      ...(ends.length === 0 ? [] : [`value.endswith(${tuple(ends)})`]),
      ...others,
    ];
  },
  regex: (_, pcre) => {
    const regex = pythonRegex(pcre);
    return isUnsupported(regex) ? regex : `${compiled("REGEX", regex, constants)}.search(value)`;
  },
  boolean: (_, value) => `value == "${value}"`,
  number: (_, operator, value) => `value ${operator} ${value}`,
  order: (_, operator, text) => `value ${operator} ${pythonString(text)}`,
  ranges: (_, blocks) => {
    const networks = blocks.map((block) => `ip_network(${pythonString(block)}, strict=False)`);
    return `within(value, ${constants.name("NETWORKS", `[${networks.join(", ")}]`)})`;
  },
  computed: (expr) => computed(expr, pathOf),
});

/** The function of the prelude that gives the values as the test compares them. */
function valuesOf(test: FieldTest): string {
  if (test.kind === "text") return test.insensitive ? "folded" : "texts";
  return test.kind === "value" && (typeof test.value === "number" || typeof test.value === "bigint") ? "numbers" : "texts";
}

function cased(text: string, insensitive: boolean): string {
  return insensitive ? lowerCase(text) : text;
}

function compiled(stem: string, { source, flags }: PythonRegex, constants: Constants): string {
  return constants.name(stem, `re.compile(${pythonString(source)}, ${flags})`);
}

function tuple(items: readonly string[]): string {
  return items.length === 1 ? items[0]! : `(${items.join(", ")})`;
}

function wholeValue(parts: Parts, insensitive: boolean): string {
  return wildcardOf(parts, ".*", ".", (text) => cased(text, insensitive).replaceAll(/[\\^$.|?*+()[\]{}/]/g, String.raw`\$&`));
}

/** Two fields compared, and lengths. */
function computed(expr: Expr, pathOf: (field: string) => readonly string[]): string | Unsupported {
  if (expr.kind !== "comparison") return UNSUPPORTED.computed;
  const side = (of: Expr, name: string): { readonly value: string; readonly loop: string } | null => {
    const path = (field: string): string => pathOf(field).map(pythonString).join(", ");
    if (of.kind === "number") return { value: String(of.value), loop: "" };
    if (of.kind === "string") return { value: pythonString(of.value), loop: "" };
    if (of.kind === "field") return { value: name, loop: ` for ${name} in values(event, ${path(of.name)})` };
    const [only, ...more] = of.kind === "call" && of.name.toLowerCase() === "length" ? of.args : [];
    if (only?.kind !== "field" || more.length > 0) return null;
    return { value: `len(${name})`, loop: ` for ${name} in texts(event, ${path(only.name)})` };
  };
  const left = side(expr.left, "left");
  const right = side(expr.right, "right");
  if (left === null || right === null) return UNSUPPORTED.computed;
  if (expr.op !== "==" && expr.op !== "!=" && (expr.left.kind === "field" || expr.right.kind === "field")) return UNSUPPORTED.computed;
  return `any(${left.value} ${expr.op} ${right.value}${left.loop}${right.loop})`;
}

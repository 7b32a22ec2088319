/**
 * Conditions as Python: an expression over the values of an event, for platforms whose rules are functions. Nothing of the source text
 * becomes code but through `pythonString`, which writes literals.
 *
 * Facts (Python's reference): `$` matches before a last line break, so texts are matched whole; `str.lower` maps the dotted capital I to
 * two characters and knows final sigmas, which the engine's folding does not.
 */
import type { Expr, WildcardPart } from "../../../eql/index.ts";
import type { Folded, Unsupported } from "../../fold.ts";
import type { Formula, Test, TextPattern } from "../../formula.ts";
import { infix, type Fragment } from "../../infix.ts";
import { escapePcre, pcreOf } from "../../regex/pcre.ts";
import type { LossList } from "../../loss-list.ts";

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
    """Without regard to case."""
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

/** Definitions that expressions share: expressions compiled, networks read. Equal ones are one. */
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

/** @param pathOf of a field's name the keys that lead to its values. Null where nothing of the formula can be said. */
export function pythonOf(
  formula: Formula,
  pathOf: (field: string) => readonly string[],
  constants: Constants,
  losses: LossList,
): string | null {
  const constant = constants.name;
  const test = (of: Test): string | Unsupported => {
    if (of.kind === "any-field") return { unsupported: "There is no search over every value", advice: "Name the fields." };
    if (of.kind === "computed") return computed(of.expr, pathOf);
    const path = pathOf(of.field).map(pythonString).join(", ");
    switch (of.kind) {
      case "exists":
        return `bool(values(event, ${path}))`;
      case "text": {
        const [only] = of.patterns[0]!.parts;
        if (of.patterns.some(({ parts }) => parts.length === 1 && parts[0]!.kind === "any") && only !== undefined)
          return `bool(values(event, ${path}))`;
        return `any(${textOf(of.patterns, of.insensitive, constant)} for value in ${of.insensitive ? "folded" : "texts"}(event, ${path}))`;
      }
      case "regex": {
        const parts: string[] = [];
        for (const pattern of of.patterns) {
          const told = pcreOf(pattern, of.insensitive);
          if ("unsupported" in told) return told;
          const flags = [...told.flags].map((flag) => ` | re.${flag.toUpperCase()}`).join("");
          // A backslash before it is itself escaped or none, so these are never parts of other escapes.
          const source = told.source
            .replaceAll(/\\(z|[^z])/gs, (_, char: string) => `\\${char === "z" ? "Z" : char}`)
            .replace(/^((?:[^\\]|\\.)*)\$$/s, String.raw`$1\Z`);
          // With `re.A` no letter but those of ASCII has another case.
          const ascii = told.flags.includes("i") && /[^\0-\x7f]/.test(source) ? "re.U" : "re.A";
          parts.push(`${constant("REGEX", `re.compile(${pythonString(source)}, ${ascii}${flags})`)}.search(value)`);
        }
        return `any(${parts.join(" or ")} for value in texts(event, ${path}))`;
      }
      case "cidr": {
        const networks = constant(
          "NETWORKS",
          `[${of.blocks.map((block) => `ip_network(${pythonString(block)}, strict=False)`).join(", ")}]`,
        );
        return `any(within(value, ${networks}) for value in texts(event, ${path}))`;
      }
      case "value":
        if (typeof of.value === "boolean") return `${pythonString(String(of.value))} in texts(event, ${path})`;
        if (typeof of.value === "string") return `any(value ${of.op} ${pythonString(of.value)} for value in texts(event, ${path}))`;
        return `any(value ${of.op} ${of.value} for value in numbers(event, ${path}))`;
    }
  };
  const told: Folded<Fragment> = infix(
    formula,
    { and: "and", or: "or", not: (operand) => `not ${operand}`, indent: "    ", test },
    losses.add,
  );
  if (told.kind === "lost") return null;
  return told.kind === "constant" ? (told.value ? "True" : "False") : told.value.text;
}

function textOf(patterns: readonly TextPattern[], insensitive: boolean, constant: (stem: string, value: string) => string): string {
  const fold = (text: string): string =>
    insensitive ? [...text].map((char) => (char === "\u0130" ? "i" : char.toLowerCase())).join("") : text;
  const whole: string[] = [];
  const starts: string[] = [];
  const ends: string[] = [];
  const parts: string[] = [];
  for (const { parts: of } of patterns) {
    const kinds = of.map((part) => part.kind).join(" ");
    const literal = pythonString(fold(of.find((part) => part.kind === "literal")?.text ?? ""));
    if (kinds === "" || kinds === "literal") whole.push(literal);
    else if (kinds === "literal any") starts.push(literal);
    else if (kinds === "any literal") ends.push(literal);
    else if (kinds === "any literal any") parts.push(`${literal} in value`);
    else parts.push(`${constant("PATTERN", `re.compile(${pythonString(sourceOf(of, fold))}, re.S)`)}.fullmatch(value)`);
  }
  if (ends.length > 0) parts.unshift(`value.endswith(${tuple(ends)})`);
  if (starts.length > 0) parts.unshift(`value.startswith(${tuple(starts)})`);
  if (whole.length > 0) parts.unshift(whole.length === 1 ? `value == ${whole[0]!}` : `value in ${tuple(whole)}`);
  return parts.join(" or ");
}

function tuple(items: readonly string[]): string {
  return items.length === 1 ? items[0]! : `(${items.join(", ")})`;
}

function sourceOf(parts: readonly WildcardPart[], fold: (text: string) => string): string {
  return parts.map((part) => (part.kind === "any" ? ".*" : part.kind === "one" ? "." : escapePcre(fold(part.text)))).join("");
}

/** Two fields compared, and lengths. */
function computed(expr: Expr, pathOf: (field: string) => readonly string[]): string | Unsupported {
  const unsupported: Unsupported = { unsupported: "This computation is not carried over to Python" };
  if (expr.kind !== "comparison") return unsupported;
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
  if (left === null || right === null) return unsupported;
  if (expr.op !== "==" && expr.op !== "!=" && (expr.left.kind === "field" || expr.right.kind === "field")) return unsupported;
  return `any(${left.value} ${expr.op} ${right.value}${left.loop}${right.loop})`;
}

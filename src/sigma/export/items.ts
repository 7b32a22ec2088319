/** Predicates on ECS fields as items of Sigma's selections, with what is lost on the way. */
import {
  FALSE,
  junction,
  literalText,
  mergedParts,
  negation,
  turned,
  type AnyFieldPredicate,
  type Condition,
  type Expr,
  type Loss,
  type Predicate,
  type RegexPredicate,
  type Span,
  type Unsupported,
  type WildcardPart,
} from "../../eql/index.ts";
import { printText } from "../text.ts";
import type { SigmaFields, WordsField } from "./sigma-fields.ts";

export type SigmaValue = string | number | boolean | null;

/** `key: values`, any of the values. */
export interface FieldItem {
  readonly kind: "item";
  readonly key: string;
  readonly values: readonly SigmaValue[];
}

/** Values that are looked for in every field. */
export interface Keywords {
  readonly kind: "keywords";
  readonly key: string;
  readonly values: readonly string[];
}

export type SelectionItem = FieldItem | Keywords;

type Items = Condition<SelectionItem>;

/** What a field is compared with: a pattern, or a number or truth value as it is. */
type Value = { readonly parts: readonly WildcardPart[] } | { readonly literal: string | number | boolean };

/** A predicate with what its losses need. */
interface Context {
  readonly span: Span;
  /** False under an odd number of `not`. */
  readonly positive: boolean;
}

type End = "equals" | "contains" | "startswith" | "endswith";

const ANY: WildcardPart = { kind: "any" };
const ORDER = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" } as const;
const REFERENCES: ReadonlyMap<string, End> = new Map([
  ["startswith", "startswith"],
  ["endswith", "endswith"],
  ["stringcontains", "contains"],
]);

const COMPUTED: Unsupported = { unsupported: "Sigma compares fields, not computed values" };

/** Writes predicates for one log source. */
export class ItemWriter {
  readonly #fields: SigmaFields;
  readonly #reportLoss: (loss: Loss) => void;
  /** Fields that were asked for and that the log source does not have. */
  readonly missing = new Set<string>();

  constructor(fields: SigmaFields, reportLoss: (loss: Loss) => void) {
    this.#fields = fields;
    this.#reportLoss = reportLoss;
  }

  /** @param positive false under an odd number of `not`. */
  items(predicate: Predicate, positive: boolean): Items | Unsupported {
    const context: Context = { span: predicate.span, positive };
    switch (predicate.kind) {
      case "text":
        return this.#values(predicate.field, predicate.patterns, predicate.insensitive, context);
      case "value": {
        const { field, op, value } = predicate;
        if (op === "==") return this.#values(field, [{ literal: typeof value === "bigint" ? String(value) : value }], true, context);
        if (typeof value !== "number" && typeof value !== "bigint")
          return { unsupported: "Sigma's `lt`, `gt` and their like compare with numbers" };
        const key = this.#fields.whole(field);
        return key === null ? this.#unmapped(field) : item(`${key}|${ORDER[op]}`, [Number(value)]);
      }
      case "exists": {
        const key = this.#fields.whole(predicate.field) ?? this.#fields.path(predicate.field);
        return key === null ? this.#unmapped(predicate.field) : negation(item(key, [null]));
      }
      case "regex":
        return this.#regex(predicate);
      case "cidr": {
        const key = this.#fields.whole(predicate.field);
        return key === null ? this.#unmapped(predicate.field) : item(`${key}|cidr`, predicate.blocks);
      }
      case "any-field":
        return keywords(predicate);
      case "computed":
        return this.#computed(predicate.expr);
    }
  }

  #unmapped(field: string): Unsupported {
    this.missing.add(field);
    return { unsupported: `Sigma has no field for \`${field}\` in this log source` };
  }

  #report(effect: "wider" | "narrower", { span, positive }: Context, reason: string): void {
    this.#reportLoss({ effect: turned(effect, positive), span, reason, advice: null });
  }

  /** Two fields compared; nothing else is computed in Sigma. */
  #computed(expr: Expr): Items | Unsupported {
    if (expr.kind === "comparison" && expr.op === "==" && expr.left.kind === "field" && expr.right.kind === "field")
      return this.#reference(expr.left.name, expr.right.name, "cased");
    if (expr.kind === "call") {
      const end = REFERENCES.get(expr.name.toLowerCase());
      const [subject, text] = expr.args;
      if (end !== undefined && expr.args.length === 2 && subject?.kind === "field" && text?.kind === "field")
        return this.#reference(subject.name, text.name, `${end}${expr.insensitive ? "" : "|cased"}`);
      return { unsupported: `Sigma has nothing like \`${expr.name}\` here` };
    }
    return COMPUTED;
  }

  #reference(left: string, right: string, modifiers: string): Items | Unsupported {
    const [a, b] = [this.#fields.whole(left), this.#fields.whole(right)];
    if (a === null || b === null) return this.#unmapped(a === null ? left : right);
    return item(`${a}|fieldref|${modifiers}`, [b]);
  }

  // ------------------------------------------------------------------------------------------------- values

  #values(name: string, values: readonly Value[], insensitive: boolean, context: Context): Items | Unsupported {
    const fields = this.#fields;
    const whole = fields.whole(name);
    if (whole !== null) return written(whole, values, insensitive);
    const words = fields.inWords(name);
    if (words !== null) return this.#words(words, values, context);
    const path = name === "file.extension" ? fields.whole("file.path") : fields.path(name);
    if (path !== null && name === "file.extension") return written(path, values.map(placed([ANY, literal(".")], [])), insensitive);
    if (path !== null) return this.#lastPart(path, values, insensitive, context);
    const line = fields.commandLine(name);
    if (line !== null) {
      this.#report("wider", context, "Sigma has no arguments, only the command line: the text is looked for anywhere in it");
      return written(line, values.map(placed([ANY], [ANY])), insensitive);
    }
    if ((name === "user.name" || name === "user.domain") && fields.hasAccount) {
      this.#report("wider", context, "Sigma's `User` is domain and name in one; the pattern may reach over both");
      const place = name === "user.name" ? placed([ANY, literal("\\")], []) : placed([], [literal("\\"), ANY]);
      return written("User", values.map(place), insensitive);
    }
    return this.#unmapped(name);
  }

  /** A name is what follows the path's last backslash. */
  #lastPart(path: string, values: readonly Value[], insensitive: boolean, context: Context): Items {
    const out: Value[] = [];
    for (const value of values) {
      if (!("parts" in value)) {
        out.push(value);
        continue;
      }
      const { parts } = value;
      if (parts.findIndex((part) => part.kind === "any") > 0)
        this.#report("wider", context, "Sigma has paths, not names: a `*` inside of a name may also match a folder");
      // `*` at the start matches the path as well.
      out.push(parts[0]?.kind === "any" ? value : placed([ANY, literal("\\")], [])(value));
      // What is no name of a file, such as `System`, may be recorded without a path.
      const text = literalText(parts);
      if (text !== null && !text.includes(".")) out.push(value);
      else
        this.#report(
          "narrower",
          context,
          "A program that is recorded by its name alone, without a path, is not matched by the end of a path",
        );
    }
    return written(path, out, insensitive);
  }

  #words({ field, words }: WordsField, values: readonly Value[], context: Context): Items | Unsupported {
    const known = new Set<string>();
    const unknown: string[] = [];
    for (const value of values) {
      const text = "parts" in value ? literalText(value.parts) : null;
      const found = Object.entries(words).find(([, same]) => same.some((word) => word.toLowerCase() === text?.toLowerCase()));
      if (found === undefined) {
        unknown.push(text === null ? "a pattern" : `"${text}"`);
        continue;
      }
      known.add(found[0]);
      if (found[1].length > 1) this.#report("wider", context, `Sigma's \`${field}: ${found[0]}\` is any of ${found[1].join(", ")}`);
    }
    if (known.size === 0) return { unsupported: `Sigma has no value of \`${field}\` for this` };
    for (const value of unknown) this.#report("narrower", context, `\`${field}\` has no value for ${value}`);
    return item(field, [...known]);
  }

  #regex({ field, patterns, insensitive }: RegexPredicate): Items | Unsupported {
    const name = this.#fields.whole(field);
    if (name === null) return this.#unmapped(field);
    const groups = new Map<string, string[]>();
    for (const pattern of patterns) {
      let { source, flags } = pattern;
      if (pattern.flavour === "lucene") {
        if (/[~&<>@#"]/.test(source))
          return {
            unsupported: "The regular expression uses operators that only Lucene has",
            advice: "Write it without `~`, `&`, `<>`, `@`, `#` and quotes.",
          };
        source = `\\A(?:${source})\\z`;
        flags = insensitive ? "is" : "s";
      }
      const key = [name, "re", ...[...flags].sort()].join("|");
      groups.set(key, [...(groups.get(key) ?? []), source]);
    }
    return anyOf([...groups].map(([key, values]) => item(key, values)));
  }
}

function item(key: string, values: readonly SigmaValue[]): Items {
  return { kind: "predicate", predicate: { kind: "item", key, values } };
}

function anyOf(items: readonly Items[]): Items {
  return junction("or", items);
}

function literal(text: string): WildcardPart {
  return { kind: "literal", text };
}

/** The value with something before and behind it. */
function placed(before: readonly WildcardPart[], after: readonly WildcardPart[]): (value: Value) => Value {
  return (value) => {
    const parts = "parts" in value ? value.parts : [literal(String(value.literal))];
    return { parts: mergedParts([...before, ...parts, ...after]) };
  };
}

/** The field is one of the values. */
function written(field: string, values: readonly Value[], insensitive: boolean): Items {
  const groups = new Map<string, Set<SigmaValue>>();
  const put = (key: string, value: SigmaValue): void => {
    const known = groups.get(key);
    if (known === undefined) groups.set(key, new Set([value]));
    else known.add(value);
  };
  for (const value of values) {
    if (!("parts" in value)) {
      put(field, value.literal);
      continue;
    }
    const { end, parts } = endOf(value.parts);
    const text = printText(parts);
    // As plain values these also stand for a field that is not there.
    if (end === "equals" && (text === "" || text === "-")) put(`${field}|re`, `\\A${text}\\z`);
    else if (field === "EventID" && end === "equals" && /^\d{1,9}$/.test(text)) put(field, Number(text));
    else put([field, ...(end === "equals" ? [] : [end]), ...(insensitive || !hasCase(text) ? [] : ["cased"])].join("|"), text);
  }
  return groups.size === 0 ? FALSE : anyOf([...groups].map(([key, list]) => item(key, [...list])));
}

/** `*x*` is `contains: x`. The wildcards at the ends go where a modifier says them. */
function endOf(parts: readonly WildcardPart[]): { readonly end: End; readonly parts: readonly WildcardPart[] } {
  const first = parts[0]?.kind === "any";
  const last = parts.length > 1 && parts.at(-1)!.kind === "any";
  const inner = parts.slice(first ? 1 : 0, last ? -1 : undefined);
  if (inner.length === 0 || (!first && !last)) return { end: "equals", parts };
  return { end: first ? (last ? "contains" : "endswith") : "startswith", parts: inner };
}

function hasCase(text: string): boolean {
  return text.toLowerCase() !== text.toUpperCase();
}

function keywords({ patterns, insensitive }: AnyFieldPredicate): Items {
  const groups = new Map<string, string[]>();
  for (const pattern of patterns) {
    if (pattern.kind === "value") continue;
    const key = pattern.kind === "regex" ? ["", "re", ...pattern.flags].join("|") : insensitive ? "" : "|cased";
    const text = pattern.kind === "regex" ? pattern.source : printText(withoutEnds(pattern.parts));
    groups.set(key, [...(groups.get(key) ?? []), text]);
  }
  return anyOf([...groups].map(([key, values]): Items => ({ kind: "predicate", predicate: { kind: "keywords", key, values } })));
}

/** Keywords are looked for anywhere in a value. */
function withoutEnds(parts: readonly WildcardPart[]): readonly WildcardPart[] {
  return parts.length > 1 && parts[0]!.kind === "any" && parts.at(-1)!.kind === "any" ? parts.slice(1, -1) : parts;
}

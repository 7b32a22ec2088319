/** Conditions on ECS fields as items of Sigma's selections, with what is lost on the way. */
import type { Expr, FieldExpr, Loss, Pattern, Span, WildcardPart } from "../../eql/index.ts";
import { fieldsOf, serve } from "../taxonomy/log-source.ts";
import type { Branch } from "./source.ts";
import { CATEGORIES, HEADER, SERVICES, type FieldTable, type FieldMapping } from "../taxonomy/taxonomy.ts";
import { plainOf, printText } from "../text.ts";

export type SigmaValue = string | number | boolean | null;

/** A condition in Sigma's terms. */
export type Item =
  /** `key: values`; any of the values. */
  | { readonly kind: "item"; readonly key: string; readonly values: readonly SigmaValue[] }
  | { readonly kind: "keywords"; readonly key: string; readonly values: readonly string[] }
  | { readonly kind: "and" | "or"; readonly operands: readonly Item[] }
  | { readonly kind: "not"; readonly operand: Item }
  | { readonly kind: "constant"; readonly value: boolean };

/** How the reason begins where a field is missing. */
export const NO_FIELD = "Sigma has no field for";

const TRUE: Item = { kind: "constant", value: true };
const FALSE: Item = { kind: "constant", value: false };

export function both(kind: "and" | "or", operands: readonly Item[]): Item {
  const neutral = kind === "and";
  const kept: Item[] = [];
  for (const operand of operands) {
    if (operand.kind === "constant") {
      if (operand.value !== neutral) return operand;
    } else if (operand.kind === kind) kept.push(...operand.operands);
    else kept.push(operand);
  }
  if (kept.length === 0) return neutral ? TRUE : FALSE;
  return kept.length === 1 ? kept[0]! : { kind, operands: kept };
}

function negated(operand: Item): Item {
  if (operand.kind === "constant") return operand.value ? FALSE : TRUE;
  return operand.kind === "not" ? operand.operand : { kind: "not", operand };
}

export function itemsOf(branch: Branch, losses: Loss[]): Item {
  return new ItemWriter(branch, losses).condition(branch.condition, true);
}

/** The Sigma field that holds an ECS field in a log source, for group-by; null where there is none or only a part of one. */
export function fieldFor(branch: Branch, name: string): string | null {
  return new ItemWriter(branch, []).plainField(name);
}

/** The last part of a path has a field of its own in ECS; Sigma has the path. */
const NAMES: Readonly<Record<string, string>> = {
  "process.name": "process.executable",
  "process.parent.name": "process.parent.executable",
  "file.name": "file.path",
  "dll.name": "dll.path",
};
const ARGUMENTS: Readonly<Record<string, string>> = {
  "process.args": "process.command_line",
  "process.parent.args": "process.parent.command_line",
};
/** The Security log's events whose `user` is the account they are about, not the one that did it. */
const TARGET_IS_USER: ReadonlySet<string> = new Set([
  "4624",
  "4625",
  "4634",
  "4647",
  "4648",
  "4768",
  "4769",
  "4770",
  "4771",
  "4776",
  "4964",
]);
const USER_FIELDS: Readonly<Record<string, readonly [subject: string, target: string]>> = {
  "user.name": ["SubjectUserName", "TargetUserName"],
  "user.domain": ["SubjectDomainName", "TargetDomainName"],
  "user.id": ["SubjectUserSid", "TargetUserSid"],
  "winlog.logon.id": ["SubjectLogonId", "TargetLogonId"],
};
/** The same thing in Sigma, whatever the log source. */
const SAME: Readonly<Record<string, string>> = { "host.id": "Computer", "host.hostname": "Computer" };

/** The value as a field, or said in other words. */
interface Mapped {
  readonly field: string;
  readonly words: Readonly<Record<string, readonly string[]>> | null;
}

type Kind = "equals" | "contains" | "startswith" | "endswith";

class ItemWriter {
  readonly #branch: Branch;
  readonly #losses: Loss[];
  readonly #byEcs = new Map<string, Mapped>();
  readonly #source: NonNullable<ReturnType<typeof serve>>;

  constructor(branch: Branch, losses: Loss[]) {
    this.#branch = branch;
    this.#losses = losses;
    const { category, service } = branch.logsource;
    this.#source = serve(branch.logsource)!;
    const own = category === null ? (service === null ? null : SERVICES[service]!) : CATEGORIES[category]!;
    if (own !== null) this.#take(own.fields);
    this.#take(HEADER);
    if (own === null) this.#take(SERVICES["sysmon"]!.fields);
  }

  #take(table: FieldTable): void {
    for (const [field, targets] of Object.entries(table)) {
      for (const target of targets) {
        if (typeof target === "string") this.#note(target, { field, words: null });
        else if (target.kind === "hive") this.#note(target.field, { field, words: null });
        else if (target.kind === "words") this.#note(target.field, { field, words: target.words });
      }
    }
  }

  #note(name: string, mapped: Mapped): void {
    if (!this.#byEcs.has(name)) this.#byEcs.set(name, mapped);
  }

  plainField(name: string): string | null {
    if (Object.hasOwn(SAME, name)) return SAME[name]!;
    const user = this.#userField(name);
    if (user !== null) return user;
    const mapped = this.#byEcs.get(name);
    if (mapped !== undefined) return mapped.words === null ? mapped.field : null;
    const raw = /^winlog\.(?:event_data|user_data)\.([^|]+)$/.exec(name)?.[1];
    if (raw === undefined) return null;
    // The name in Sigma must lead back to the field.
    return this.#source.targets(raw).some((target) => fieldsOf(target).includes(name)) ? raw : null;
  }

  #userField(name: string): string | null {
    const pair = Object.hasOwn(USER_FIELDS, name) ? USER_FIELDS[name]! : null;
    const { about, logsource } = this.#branch;
    if (pair === null || logsource.service !== "security" || about.length === 0) return null;
    const targets = about.filter((code) => TARGET_IS_USER.has(code)).length;
    if (targets === about.length) return about.includes("4964") || about.includes("4648") ? null : pair[1];
    return targets === 0 ? pair[0] : null;
  }

  /** @param positive whether matching more here matches more in all. */
  condition(expr: Expr, positive: boolean): Item {
    switch (expr.kind) {
      case "logical":
        return both(
          expr.op,
          expr.operands.map((operand) => this.condition(operand, positive)),
        );
      case "not":
        return negated(this.condition(expr.value, !positive));
      case "boolean":
        return expr.value ? TRUE : FALSE;
      case "comparison":
        return this.#comparison(expr, positive);
      case "in": {
        if (expr.negated) return negated(this.condition({ ...expr, negated: false }, !positive));
        if (expr.value.kind !== "field") return this.#lost(expr, positive, "Sigma compares fields, not computed values");
        const patterns: Pattern[] = [];
        for (const member of expr.list) {
          if (member.kind === "string") patterns.push(literalPattern(member.value, member.span));
          else if (member.kind === "number" || member.kind === "boolean")
            patterns.push({ kind: "value", span: member.span, value: member });
          else return this.#lost(expr, positive, "A list with anything but texts, numbers, true and false cannot be written in Sigma");
        }
        return this.#texts(expr.value, patterns, expr.insensitive, expr.span, positive);
      }
      case "match":
        if (expr.value.kind !== "field") return this.#lost(expr, positive, "Sigma compares fields, not computed values");
        if (expr.op === "regex") return this.#regex(expr.value, expr.patterns, expr.insensitive, expr.span, positive);
        return this.#texts(expr.value, expr.patterns, expr.insensitive, expr.span, positive);
      case "call":
        return this.#call(expr, positive);
      case "field":
        return this.#texts(
          expr,
          [{ kind: "value", span: expr.span, value: { kind: "boolean", span: expr.span, value: true } }],
          true,
          expr.span,
          positive,
        );
      case "any-field":
        return this.#keywords(expr.patterns, expr.insensitive);
      default:
        return this.#lost(expr, positive, "Sigma cannot compute values");
    }
  }

  /** What cannot be said is left out so that nothing is missed; where it stands under `not`, the other way round. */
  #lost(expr: Expr, positive: boolean, reason: string, advice: string | null = null): Item {
    this.#reportLoss("wider", expr.span, `${reason}: this part of the condition is left out`, advice);
    return positive ? TRUE : FALSE;
  }

  #reportLoss(effect: Loss["effect"], span: Span, reason: string, advice: string | null = null): void {
    if (!this.#losses.some((loss) => loss.effect === effect && loss.reason === reason)) this.#losses.push({ effect, span, reason, advice });
  }

  /** A part that matches more than it should makes the rule wider, under `not` narrower. */
  #more(positive: boolean, span: Span, reason: string, advice: string | null = null): void {
    this.#reportLoss(positive ? "wider" : "narrower", span, reason, advice);
  }

  #fewer(positive: boolean, span: Span, reason: string): void {
    this.#reportLoss(positive ? "narrower" : "wider", span, reason);
  }

  #comparison(expr: Expr & { kind: "comparison" }, positive: boolean): Item {
    const { op, left, right } = expr;
    if (op === "!=") return negated(this.condition({ ...expr, op: "==" }, !positive));
    if (left.kind !== "field" && right.kind === "field") {
      const mirrored = { "==": "==", "<": ">", "<=": ">=", ">": "<", ">=": "<=" } as const;
      return this.#comparison({ ...expr, op: mirrored[op], left: right, right: left }, positive);
    }
    if (left.kind !== "field") {
      if (op === "==" && right.kind === "boolean")
        return right.value ? this.condition(left, positive) : negated(this.condition(left, !positive));
      return this.#lost(expr, positive, "Sigma compares fields, not computed values");
    }
    if (op === "==") {
      switch (right.kind) {
        case "null":
          return this.#isNull(left, expr, positive);
        case "string":
          return this.#texts(left, [literalPattern(right.value, right.span)], false, expr.span, positive);
        case "number":
        case "boolean":
          return this.#texts(left, [{ kind: "value", span: right.span, value: right }], true, expr.span, positive);
        case "field": {
          const [a, b] = [this.plainField(left.name), this.plainField(right.name)];
          if (a !== null && b !== null) return { kind: "item", key: `${a}|fieldref|cased`, values: [b] };
          return this.#unmapped(a === null ? left : right, expr, positive);
        }
        default:
          return this.#lost(expr, positive, "Sigma compares fields, not computed values");
      }
    }
    if (right.kind !== "number") return this.#lost(expr, positive, "Sigma's `lt`, `gt` and their like compare with numbers");
    const field = this.plainField(left.name);
    if (field === null) return this.#unmapped(left, expr, positive);
    const modifier = { "<": "lt", "<=": "lte", ">": "gt", ">=": "gte" }[op as "<"];
    return { kind: "item", key: `${field}|${modifier}`, values: [Number(right.value)] };
  }

  #isNull(field: FieldExpr, expr: Expr, positive: boolean): Item {
    const path = Object.hasOwn(NAMES, field.name) ? NAMES[field.name]! : field.name;
    const mapped = this.plainField(field.name) ?? this.plainField(path);
    if (mapped === null) return this.#unmapped(field, expr, positive);
    return { kind: "item", key: mapped, values: [null] };
  }

  #unmapped(field: FieldExpr, expr: Expr, positive: boolean): Item {
    return this.#lost(expr, positive, `${NO_FIELD} \`${field.name}\` in this log source`);
  }

  // ------------------------------------------------------------------------------------------------- texts

  #texts(field: FieldExpr, patterns: readonly Pattern[], insensitive: boolean, span: Span, positive: boolean): Item {
    const { name } = field;
    const mapped = this.plainField(name);
    if (mapped !== null) return this.#write(mapped, patterns, insensitive, span, positive);
    const known = this.#byEcs.get(name);
    if (known?.words !== null && known !== undefined) return this.#words(known, patterns, span, positive);
    if (Object.hasOwn(NAMES, name)) {
      const path = this.plainField(NAMES[name]!);
      if (path !== null) return this.#lastPart(path, patterns, insensitive, span, positive);
    }
    if (name === "file.extension") {
      const path = this.plainField("file.path");
      if (path !== null) {
        return this.#write(
          path,
          patterns.map((pattern) => prefixed(pattern, [{ kind: "any" }, { kind: "literal", text: "." }])),
          insensitive,
          span,
          positive,
        );
      }
    }
    if (Object.hasOwn(ARGUMENTS, name)) {
      const line = this.plainField(ARGUMENTS[name]!);
      if (line !== null) {
        this.#more(positive, span, "Sigma has no arguments, only the command line: the text is looked for anywhere in it");
        return this.#write(
          line,
          patterns.map((pattern) => surrounded(pattern)),
          insensitive,
          span,
          positive,
        );
      }
    }
    const account = this.#account(name, patterns, insensitive, span, positive);
    if (account !== null) return account;
    const words =
      patterns.length > 0
        ? { kind: "match" as const, span, op: ":" as const, insensitive: true, value: field, patterns, list: true }
        : field;
    return this.#unmapped(field, words, positive);
  }

  /** `user.name` and `user.domain` are the two halves of Sysmon's `User`. */
  #account(name: string, patterns: readonly Pattern[], insensitive: boolean, span: Span, positive: boolean): Item | null {
    if (name !== "user.name" && name !== "user.domain") return null;
    const user = this.#source.targets("User").some((target: FieldMapping) => typeof target !== "string" && target.kind === "account");
    if (!user) return null;
    const backslash: WildcardPart = { kind: "literal", text: "\\" };
    this.#more(positive, span, "Sigma's `User` is domain and name in one; the pattern may reach over both");
    return this.#write(
      "User",
      patterns.map((pattern) =>
        name === "user.name" ? prefixed(pattern, [{ kind: "any" }, backslash]) : suffixed(pattern, [backslash, { kind: "any" }]),
      ),
      insensitive,
      span,
      positive,
    );
  }

  /** A name is what follows the path's last backslash. */
  #lastPart(path: string, patterns: readonly Pattern[], insensitive: boolean, span: Span, positive: boolean): Item {
    const written: Pattern[] = [];
    for (const pattern of patterns) {
      if (pattern.kind !== "wildcard") {
        written.push(pattern);
        continue;
      }
      const { parts } = pattern;
      if (parts.some((part) => part.kind === "any") && parts.findIndex((part) => part.kind === "any") > 0) {
        this.#more(positive, span, "Sigma has paths, not names: a `*` inside of a name may also take in a folder");
      }
      // `*` at the start takes in the path as well.
      written.push(parts[0]?.kind === "any" ? pattern : prefixed(pattern, [{ kind: "any" }, { kind: "literal", text: "\\" }]));
      const text = plainOf(parts);
      if (text !== null && !text.includes(".")) written.push(pattern);
      else if (text === null || text.includes("."))
        this.#fewer(positive, span, "A program that is recorded by its name alone, without a path, is not matched by the end of a path");
    }
    return this.#write(path, written, insensitive, span, positive);
  }

  #words(known: Mapped, patterns: readonly Pattern[], span: Span, positive: boolean): Item {
    const values = new Set<string>();
    for (const pattern of patterns) {
      const text = pattern.kind === "wildcard" ? plainOf(pattern.parts) : null;
      const found =
        text === null
          ? undefined
          : Object.entries(known.words!).find(([, said]) => said.some((word) => word.toLowerCase() === text.toLowerCase()));
      if (found === undefined) {
        if (patterns.length > 1) {
          this.#fewer(positive, span, `\`${known.field}\` has no value for ${text === null ? "a pattern" : `"${text}"`}`);
          continue;
        }
        this.#reportLoss("wider", span, `Sigma has no value of \`${known.field}\` for this: this part of the condition is left out`);
        return positive ? TRUE : FALSE;
      }
      values.add(found[0]);
      if (found[1].length > 1) this.#more(positive, span, `Sigma's \`${known.field}: ${found[0]}\` is any of ${found[1].join(", ")}`);
    }
    return { kind: "item", key: known.field, values: [...values] };
  }

  #write(field: string, patterns: readonly Pattern[], insensitive: boolean, span: Span, positive: boolean): Item {
    const groups = new Map<string, SigmaValue[]>();
    const put = (key: string, value: SigmaValue): void => {
      const values = groups.get(key) ?? [];
      values.push(value);
      groups.set(key, values);
    };
    for (const pattern of patterns) {
      if (pattern.kind === "regex")
        return this.#lost({ kind: "boolean", span, value: true }, positive, "Sigma cannot mix regular expressions with wildcards");
      if (pattern.kind === "value") {
        if (pattern.value.kind === "null") continue;
        const { value } = pattern.value;
        put(field, typeof value === "bigint" ? String(value) : value);
        continue;
      }
      const { kind, parts } = shapeOf(pattern.parts);
      const text = printText(parts);
      if (kind === "equals" && (text === "" || text === "-")) {
        // As plain values these also stand for a field that is not there.
        put(`${field}|re`, `\\A${text}\\z`);
        continue;
      }
      const key = [field, ...(kind === "equals" ? [] : [kind]), ...(insensitive || !hasCase(text) ? [] : ["cased"])].join("|");
      put(key, text);
    }
    return both(
      "or",
      [...groups].map(([key, values]): Item => ({ kind: "item", key, values: [...new Set(values)] })),
    );
  }

  // ----------------------------------------------------------------------------------- regexes, calls, keywords

  #regex(field: FieldExpr, patterns: readonly Pattern[], insensitive: boolean, span: Span, positive: boolean): Item {
    const name = this.plainField(field.name);
    if (name === null)
      return this.#unmapped(field, { kind: "match", span, op: "regex", insensitive, value: field, patterns, list: false }, positive);
    const groups = new Map<string, string[]>();
    for (const pattern of patterns) {
      if (pattern.kind !== "regex") continue;
      let source = pattern.source;
      let flags = pattern.flags;
      if (pattern.flavour === "lucene") {
        if (/[~&<>@#"]/.test(source)) {
          return this.#lost(
            { kind: "boolean", span, value: true },
            positive,
            "The regular expression uses operators that only Lucene has",
            "Write it without `~`, `&`, `<>`, `@`, `#` and quotes.",
          );
        }
        source = `\\A(?:${source})\\z`;
        flags = "s";
        if (insensitive) flags += "i";
      }
      const key = [name, "re", ...[...flags].sort()].join("|");
      groups.set(key, [...(groups.get(key) ?? []), source]);
    }
    return both(
      "or",
      [...groups].map(([key, values]): Item => ({ kind: "item", key, values })),
    );
  }

  #call(expr: Expr & { kind: "call" }, positive: boolean): Item {
    const name = expr.name.toLowerCase();
    const [first, ...rest] = expr.args;
    if (first?.kind === "field") {
      if (name === "cidrmatch" && rest.every((arg) => arg.kind === "string")) {
        const field = this.plainField(first.name);
        if (field === null) return this.#unmapped(first, expr, positive);
        return { kind: "item", key: `${field}|cidr`, values: rest.map((arg) => (arg as { value: string }).value) };
      }
      const position = ({ startswith: "startswith", endswith: "endswith", stringcontains: "contains" } as const)[name as "startswith"];
      const argument = rest[0];
      if (position !== undefined && rest.length === 1 && argument?.kind === "string" && argument.value !== "") {
        const text: WildcardPart = { kind: "literal", text: argument.value };
        const any: WildcardPart = { kind: "any" };
        const parts = position === "startswith" ? [text, any] : position === "endswith" ? [any, text] : [any, text, any];
        return this.#texts(
          first,
          [{ kind: "wildcard", span: argument.span, parts, form: "quoted" }],
          expr.insensitive,
          expr.span,
          positive,
        );
      }
      if (position !== undefined && rest.length === 1 && argument?.kind === "field") {
        const [a, b] = [this.plainField(first.name), this.plainField(argument.name)];
        if (a !== null && b !== null)
          return { kind: "item", key: `${a}|fieldref|${position}${expr.insensitive ? "" : "|cased"}`, values: [b] };
      }
    }
    return this.#lost(expr, positive, `Sigma has nothing like \`${expr.name}\` here`);
  }

  #keywords(patterns: readonly Pattern[], insensitive: boolean): Item {
    const groups = new Map<string, string[]>();
    for (const pattern of patterns) {
      if (pattern.kind === "value") continue;
      const key = pattern.kind === "regex" ? ["", "re", ...pattern.flags].join("|") : insensitive ? "" : "|cased";
      let text: string;
      if (pattern.kind === "regex") text = pattern.source;
      else {
        const { parts } = pattern;
        const inner = parts.length > 1 && parts[0]!.kind === "any" && parts.at(-1)!.kind === "any" ? parts.slice(1, -1) : parts;
        text = printText(inner);
      }
      groups.set(key, [...(groups.get(key) ?? []), text]);
    }
    return both(
      "or",
      [...groups].map(([key, values]): Item => ({ kind: "keywords", key, values })),
    );
  }
}

function literalPattern(text: string, span: Span): Pattern {
  return { kind: "wildcard", span, parts: text === "" ? [] : [{ kind: "literal", text }], form: "quoted" };
}

function prefixed(pattern: Pattern, before: readonly WildcardPart[]): Pattern {
  if (pattern.kind === "value")
    return prefixed(literalPattern(String(pattern.value.kind === "null" ? "" : pattern.value.value), pattern.span), before);
  return pattern.kind === "wildcard" ? { ...pattern, parts: tidy([...before, ...pattern.parts]) } : pattern;
}

function suffixed(pattern: Pattern, after: readonly WildcardPart[]): Pattern {
  return pattern.kind === "wildcard" ? { ...pattern, parts: tidy([...pattern.parts, ...after]) } : pattern;
}

function surrounded(pattern: Pattern): Pattern {
  return suffixed(prefixed(pattern, [{ kind: "any" }]), [{ kind: "any" }]);
}

function tidy(parts: readonly WildcardPart[]): WildcardPart[] {
  const out: WildcardPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (part.kind === "any" && last?.kind === "any") continue;
    if (part.kind === "literal" && last?.kind === "literal") out[out.length - 1] = { kind: "literal", text: last.text + part.text };
    else out.push(part);
  }
  return out;
}

/** `*x*` is `contains: x`. The wildcards at the ends go where a modifier says them. */
function shapeOf(parts: readonly WildcardPart[]): { readonly kind: Kind; readonly parts: readonly WildcardPart[] } {
  const first = parts[0]?.kind === "any";
  const last = parts.length > 1 && parts.at(-1)!.kind === "any";
  const inner = parts.slice(first ? 1 : 0, last ? -1 : undefined);
  if (inner.length === 0 || (!first && !last)) return { kind: "equals", parts };
  return { kind: first ? (last ? "contains" : "endswith") : "startswith", parts: inner };
}

function hasCase(text: string): boolean {
  return text.toLowerCase() !== text.toUpperCase();
}

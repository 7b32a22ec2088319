/** A test of a Sigma field as tests of the places in ECS that hold it. Each function returns alternatives: any is enough. */
import { literalText, mergedParts, type Expr, type Pattern, type RegexPattern, type Span, type WildcardPart } from "../../eql/index.ts";
import { all, any, call, exists, field, isMissing, literal, matches, not, string, textIn, wildcard } from "../expr.ts";
import type { FieldMapping } from "./taxonomy.ts";

export interface TextTest {
  readonly parts: readonly WildcardPart[];
  readonly span: Span;
}

const ANY: WildcardPart = { kind: "any" };

/** Conditions, any of which is enough, that the field has one of the texts. */
export function matchTexts(target: FieldMapping, tests: readonly TextTest[], insensitive: boolean, span: Span): Expr[] {
  if (tests.length === 0) return [];
  if (typeof target === "string") return [matches(field(target, span), patternsOf(tests), insensitive, span)];
  switch (target.kind) {
    case "account":
      return tests.flatMap((test) => accountMatches(target, test, insensitive));
    case "hive":
      return [matches(field(target.field, span), patternsOf(tests.flatMap((test) => withHives(test, HIVES))), insensitive, span)];
    case "joined": {
      const value = call("concat", [field(target.left, span), string("\\", span), field(target.right, span)], false, span);
      const written = tests.flatMap((test) => withHives(test, KERNEL_HIVES)).flatMap(withControlSets);
      // The value without a name is Sysmon's `(Default)`.
      const unnamed = call("concat", [field(target.left, span), string("\\(Default)", span)], false, span);
      const patterns = patternsOf(written);
      const test = any(
        [
          matches(value, patterns, insensitive, span),
          all([isMissing(target.right, span), matches(unnamed, patterns, insensitive, span)], span),
        ],
        span,
      );
      return [all([textIn("event.code", [target.code], span), test], span)];
    }
    case "hashes":
      return tests.flatMap((test) => hashMatches(target.owner, test));
    case "words": {
      const words = tests.flatMap(({ parts }) =>
        Object.entries(target.words).flatMap(([word, values]) => (matchesWord(parts, word) ? values : [])),
      );
      return words.length === 0 ? [] : [textIn(target.field, [...new Set(words)], span)];
    }
    case "number":
      return [matches(field(target.field, span), patternsOf(tests.map(inDecimal)), insensitive, span)];
    case "registry-data":
      return tests.flatMap((test) => registryMatches(target, test, insensitive));
    case "object":
      return [anyValueOf(target.field, patternsOf(tests), insensitive, span)];
    default:
      return lineMatches(target.keys, tests, insensitive, span);
  }
}

export function matchRegexes(target: FieldMapping, patterns: readonly RegexPattern[], span: Span): Expr[] {
  if (patterns.length === 0) return [];
  const on = (value: Expr): Expr => matches(value, patterns, false, span);
  if (typeof target === "string") return [on(field(target, span))];
  switch (target.kind) {
    case "account":
    case "hive":
    case "number":
      return valuesOf(target, span).map(on);
    case "joined":
      return [all([textIn("event.code", [target.code], span), ...valuesOf(target, span).map(on)], span)];
    case "registry-data":
      return [on(field(target.value, span))];
    case "object":
      return [anyValueOf(target.field, patterns, false, span)];
    case "lines":
      return [...new Set(Object.values(target.keys))].map((name) => on(field(name, span)));
    default:
      return [];
  }
}

/** The target's value as an expression, where it has one. */
export function valuesOf(target: FieldMapping, span: Span): Expr[] {
  if (typeof target === "string") return [field(target, span)];
  switch (target.kind) {
    case "account":
      return [call("concat", [field(target.domain, span), string("\\", span), field(target.name, span)], false, span)];
    case "joined":
      return [call("concat", [field(target.left, span), string("\\", span), field(target.right, span)], false, span)];
    case "hive":
    case "number":
      return [field(target.field, span)];
    default:
      return [];
  }
}

function anyValueOf(object: string, patterns: readonly Pattern[], insensitive: boolean, span: Span): Expr {
  return { kind: "any-field", span, insensitive, patterns, names: [{ kind: "literal", text: `${object}.` }, ANY] };
}

function patternsOf(tests: readonly TextTest[]): Pattern[] {
  return tests.map((test) => wildcard(test.parts, test.span));
}

/** `0x4` as `4`; any other test as it is. */
function inDecimal(test: TextTest): TextTest {
  const text = literalText(test.parts);
  if (text === null || !/^0x[0-9a-f]{1,16}$/i.test(text)) return test;
  return { parts: [{ kind: "literal", text: BigInt(text).toString() }], span: test.span };
}

// ---------------------------------------------------------------------------------------------------- accounts

/** Neither a domain nor a name holds a backslash, so a text with one falls apart there, and one without lies on one side. */
function accountMatches(
  target: { readonly domain: string; readonly name: string },
  { parts, span }: TextTest,
  insensitive: boolean,
): Expr[] {
  const test = (name: string, side: readonly WildcardPart[]): Expr => {
    const tidy = mergedParts(side);
    return tidy.length === 1 && tidy[0]!.kind === "any"
      ? exists(name, span)
      : matches(field(name, span), [wildcard(tidy, span)], insensitive, span);
  };
  const backslashes = parts.reduce((count, part) => count + (part.kind === "literal" ? part.text.split("\\").length - 1 : 0), 0);
  if (backslashes === 1) {
    const at = parts.findIndex((part) => part.kind === "literal" && part.text.includes("\\"));
    const text = (parts[at] as { text: string }).text;
    const cut = text.indexOf("\\");
    const domain: WildcardPart[] = [...parts.slice(0, at), { kind: "literal", text: text.slice(0, cut) }];
    const name: WildcardPart[] = [{ kind: "literal", text: text.slice(cut + 1) }, ...parts.slice(at + 1)];
    return [all([test(target.domain, domain), test(target.name, name)], span)];
  }
  if (parts.length > 0 && parts.every((part) => part.kind === "any"))
    return [all([exists(target.domain, span), exists(target.name, span)], span)];
  if (backslashes === 0) {
    const [first, second, third] = parts;
    if (literalText(parts) !== null) return [];
    if (parts.length === 2 && first!.kind === "any" && second!.kind === "literal")
      return [all([test(target.name, parts), exists(target.domain, span)], span)];
    if (parts.length === 2 && first!.kind === "literal" && second!.kind === "any")
      return [all([test(target.domain, parts), exists(target.name, span)], span)];
    if (parts.length === 3 && first!.kind === "any" && second!.kind === "literal" && third!.kind === "any") {
      return [
        all(
          [exists(target.domain, span), exists(target.name, span), any([test(target.domain, parts), test(target.name, parts)], span)],
          span,
        ),
      ];
    }
  }
  if (backslashes > 1) return [];
  const value = call("concat", [field(target.domain, span), string("\\", span), field(target.name, span)], false, span);
  return [matches(value, [wildcard(parts, span)], insensitive, span)];
}

// ---------------------------------------------------------------------------------------------------- registry

/** Ways to write the root of a registry path; the first of each is Sysmon's. */
const HIVES: readonly (readonly string[])[] = [
  ["HKLM\\", "HKEY_LOCAL_MACHINE\\"],
  ["HKU\\", "HKEY_USERS\\"],
  ["HKCU\\", "HKEY_CURRENT_USER\\"],
  ["HKCR\\", "HKEY_CLASSES_ROOT\\"],
  ["HKCC\\", "HKEY_CURRENT_CONFIG\\"],
];
/** Sysmon's names for the kernel's, which Security 4657 has. */
const KERNEL_HIVES: readonly (readonly string[])[] = [
  ["HKLM\\", "HKEY_LOCAL_MACHINE\\", "\\REGISTRY\\MACHINE\\"],
  ["HKU\\", "HKEY_USERS\\", "\\REGISTRY\\USER\\"],
  ["HKCR\\", "HKEY_CLASSES_ROOT\\", "\\REGISTRY\\MACHINE\\SOFTWARE\\Classes\\"],
];

/** The test, and the same with the other names of the hive that its first text begins with. */
function withHives(test: TextTest, hives: readonly (readonly string[])[]): TextTest[] {
  const at = test.parts[0]?.kind === "any" ? 1 : 0;
  const first = test.parts[at];
  if (first?.kind !== "literal") return [test];
  const upper = first.text.toUpperCase();
  for (const names of hives) {
    const written = names.find((name) => upper.startsWith(name.toUpperCase()));
    if (written === undefined) continue;
    const rest = first.text.slice(written.length);
    const others = names.filter((name) => name !== written);
    return [test, ...others.map((name) => ({ span: test.span, parts: test.parts.with(at, { kind: "literal", text: name + rest }) }))];
  }
  return [test];
}

const CONTROL_SET = /CurrentControlSet(?=\\|$)/i;

/** `CurrentControlSet` is a link: the kernel names the control set that it leads to, `ControlSet001` and on. */
function withControlSets(test: TextTest): TextTest[] {
  const at = test.parts.findIndex((part) => part.kind === "literal" && CONTROL_SET.test(part.text));
  const part = test.parts[at];
  if (part?.kind !== "literal") return [test];
  const found = CONTROL_SET.exec(part.text)!;
  const numbered: WildcardPart[] = [
    { kind: "literal", text: `${part.text.slice(0, found.index)}ControlSet00` },
    { kind: "one" },
    { kind: "literal", text: part.text.slice(found.index + found[0].length) },
  ];
  const parts = [...test.parts.slice(0, at), ...numbered, ...test.parts.slice(at + 1)];
  return [test, { span: test.span, parts: parts.filter((one) => one.kind !== "literal" || one.text !== "") }];
}

/** More numbers than this are not written out for a pattern that leaves digits open. */
const MAX_NUMBERS = 256;

type RegistryData = Extract<FieldMapping, { readonly kind: "registry-data" }>;

/** `Details` of Sysmon: a number is `DWORD (0x00000001)`; elsewhere it is "1" and a type. */
function registryMatches(target: RegistryData, test: TextTest, insensitive: boolean): Expr[] {
  const { parts, span } = test;
  const { value, type } = target;
  const out: Expr[] = [];
  for (const { width, numbers } of numbersOf(parts)) {
    const typed = textIn(type, target[width], span);
    out.push(numbers === null ? typed : all([typed, textIn(value, numbers, span)], span));
  }
  if (matchesWord(parts, "Binary Data")) out.push(textIn(type, target.binary, span));
  const text = matches(field(value, span), [wildcard(parts, span)], insensitive, span);
  const literals = parts.map((part) => (part.kind === "literal" ? part.text : "")).join("");
  // Sysmon's text of a number is never digits alone; here it is.
  if (/^\d+$/.test(literals)) out.push(all([text, not(textIn(type, [...target.dword, ...target.qword], span), span)], span));
  else out.push(text);
  return out;
}

/** The numbers of one width that a pattern fits; null stands for all of them. */
interface Numbers {
  readonly width: "dword" | "qword";
  readonly numbers: readonly string[] | null;
}

function numbersOf(parts: readonly WildcardPart[]): readonly Numbers[] {
  const literals = parts.filter((part) => part.kind === "literal");
  const open = parts.at(-1)?.kind === "any";
  const leading = parts[0]?.kind === "any";
  if (literals.length !== 1 || parts.some((part) => part.kind === "one")) return [];
  const text = literals[0]!.text;
  const qword = /^(?:QWORD \()?0x([0-9a-f]{8})-0x([0-9a-f]{8})\)?$/i.exec(text);
  if (qword !== null) {
    const [high, low] = [Number.parseInt(qword[1]!, 16), Number.parseInt(qword[2]!, 16)];
    // Elastic's pipelines shift the high half by 8 bits only.
    return [{ width: "qword", numbers: [...new Set([String((BigInt(high) << 32n) + BigInt(low)), String(high * 256 + low)])] }];
  }
  const dword = /^(.*)0x([0-9a-f]{1,8})(\)?)$/i.exec(text);
  if (dword !== null) {
    const before = dword[1]!.toUpperCase();
    const digits = dword[2]!;
    const closed = dword[3] !== "";
    if (before !== "DWORD (" && !(leading && "DWORD (".endsWith(before))) return [];
    if (digits.length === 8 && (closed || open)) return [{ width: "dword", numbers: [String(Number.parseInt(digits, 16))] }];
    const missing = 8 - digits.length;
    if (!closed && open && 16 ** missing <= MAX_NUMBERS) {
      const first = Number.parseInt(digits, 16) * 16 ** missing;
      return [{ width: "dword", numbers: Array.from({ length: 16 ** missing }, (_, i) => String(first + i)) }];
    }
    return [];
  }
  const upper = text.toUpperCase();
  if (!open || upper === "") return [];
  const out: Numbers[] = [];
  if (leading ? "DWORD (0X".includes(upper) && upper.length > 2 : "DWORD (0X".startsWith(upper))
    out.push({ width: "dword", numbers: null });
  if (leading ? "QWORD (0X".includes(upper) && upper.length > 2 : "QWORD (0X".startsWith(upper))
    out.push({ width: "qword", numbers: null });
  return out;
}

// ------------------------------------------------------------------------------------------------------ hashes

const HASH_FIELDS: Readonly<Record<string, string>> = { MD5: "hash.md5", SHA1: "hash.sha1", SHA256: "hash.sha256", IMPHASH: "pe.imphash" };
const HASH_LENGTH: Readonly<Record<string, number>> = { MD5: 32, SHA1: 40, SHA256: 64, IMPHASH: 32 };

/** A list of hashes holds `MD5=..`; or a number of hexadecimal digits of any of them. */
function hashMatches(owner: string, { parts, span }: TextTest): Expr[] {
  const tests: Expr[] = [];
  const on = (algorithm: string, digits: string, whole: boolean): Expr => {
    const name = `${owner}.${HASH_FIELDS[algorithm]!}`;
    if (whole || digits.length === HASH_LENGTH[algorithm]) return matches(field(name, span), [literal(digits, span)], true, span);
    return matches(field(name, span), [wildcard([{ kind: "literal", text: digits }, ANY], span)], true, span);
  };
  for (const part of parts) {
    if (part.kind === "one") return [];
    if (part.kind === "any") continue;
    for (const piece of part.text.split(",")) {
      if (piece === "") continue;
      const named = /^(MD5|SHA1|SHA256|IMPHASH)=([0-9a-f]*)$/i.exec(piece);
      if (named !== null) {
        tests.push(
          named[2] === ""
            ? exists(`${owner}.${HASH_FIELDS[named[1]!.toUpperCase()]!}`, span)
            : on(named[1]!.toUpperCase(), named[2]!, false),
        );
        continue;
      }
      if (!/^[0-9a-f]+$/i.test(piece)) return [];
      const fitting = Object.keys(HASH_FIELDS).filter((algorithm) => HASH_LENGTH[algorithm]! >= piece.length);
      const exactly = fitting.filter((algorithm) => HASH_LENGTH[algorithm] === piece.length);
      if (exactly.length > 0)
        tests.push(
          any(
            exactly.map((algorithm) => on(algorithm, piece, true)),
            span,
          ),
        );
      else {
        const inside: WildcardPart[] = [ANY, { kind: "literal", text: piece }, ANY];
        tests.push(
          any(
            fitting.map((algorithm) => matches(field(`${owner}.${HASH_FIELDS[algorithm]!}`, span), [wildcard(inside, span)], true, span)),
            span,
          ),
        );
      }
    }
  }
  return tests.length === 0 ? [] : [all(tests, span)];
}

// ------------------------------------------------------------------------------------------------ words, lines

function matchesWord(parts: readonly WildcardPart[], word: string): boolean {
  const text = word.toLowerCase();
  const from = (part: number, at: number): boolean => {
    const found = parts[part];
    if (found === undefined) return at === text.length;
    if (found.kind === "one") return at < text.length && from(part + 1, at + 1);
    if (found.kind === "literal") return text.startsWith(found.text.toLowerCase(), at) && from(part + 1, at + found.text.length);
    for (let next = at; next <= text.length; next++) if (from(part + 1, next)) return true;
    return false;
  };
  // A pattern of many wildcards matches no word of ours that a shorter one would not.
  return parts.length <= 8 && from(0, 0);
}

/** `Key=value` of a text that a pipeline took apart: the field of that key begins with the value. */
function lineMatches(keys: Readonly<Record<string, string>>, tests: readonly TextTest[], insensitive: boolean, span: Span): Expr[] {
  const byField = new Map<string, Pattern[]>();
  const add = (name: string, parts: readonly WildcardPart[], at: Span): void => {
    const patterns = byField.get(name) ?? [];
    patterns.push(wildcard(mergedParts(parts), at));
    byField.set(name, patterns);
  };
  const all = [...new Set(Object.values(keys))];
  for (const { parts, span: at } of tests) {
    const start = parts.findIndex((part) => part.kind === "literal");
    const first = parts[start];
    const named = first?.kind === "literal" ? /^\s*([A-Za-z ]*?)\s*=\s*/.exec(first.text) : null;
    const key = named === null ? "" : named[1]!.replaceAll(" ", "");
    if (named !== null && (key === "" || Object.hasOwn(keys, key))) {
      const rest: WildcardPart[] = [
        { kind: "literal", text: (first as { text: string }).text.slice(named[0].length) },
        ...parts.slice(start + 1),
      ];
      for (const name of key === "" ? all : [keys[key]!]) add(name, rest, at);
    } else for (const name of all) add(name, parts, at);
  }
  return [...byField].map(([name, patterns]) => matches(field(name, span), patterns, insensitive, span));
}

/** True where none of these places holds a value. */
export function missing(targets: readonly FieldMapping[], span: Span): Expr {
  const names = new Set<string>();
  const objects: Expr[] = [];
  for (const target of targets) {
    if (typeof target === "string") names.add(target);
    else if (target.kind === "object") objects.push(not(anyValueOf(target.field, [wildcard([ANY], span)], false, span), span));
    else if (target.kind === "account") names.add(target.name);
    else if (target.kind === "hive" || target.kind === "words" || target.kind === "number") names.add(target.field);
    else if (target.kind === "registry-data") names.add(target.value);
    else if (target.kind === "hashes") for (const hash of Object.values(HASH_FIELDS)) names.add(`${target.owner}.${hash}`);
    else if (target.kind === "lines") for (const name of Object.values(target.keys)) names.add(name);
  }
  return all([...[...names].map((name) => isMissing(name, span)), ...objects], span);
}

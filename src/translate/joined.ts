/**
 * Patterns over two fields joined by a character, `concat(user.domain, "\\", user.name) : "*\\svc-*"`, as predicates of the fields: the
 * character stands where the pattern says it, or where a wildcard of the pattern takes it in.
 */
import {
  FALSE,
  foldedOf,
  identityOf,
  junction,
  type Condition,
  type Expr,
  type Predicate,
  type Span,
  type WildcardPart,
} from "../eql/index.ts";

interface JoinedFields {
  readonly left: string;
  readonly right: string;
  readonly separator: string;
}

/** One way to divide a pattern at the character. */
interface Division {
  readonly left: readonly WildcardPart[];
  readonly right: readonly WildcardPart[];
  readonly span: Span;
}

/** Places of the character tried; beyond them the condition is left as it is. */
const MAX_PLACES = 60;

/** The predicate as predicates of both fields, or of the one field where a text follows it; itself where it is anything else. */
export function splitJoined(predicate: Predicate): Condition {
  const whole: Condition = { kind: "predicate", predicate };
  if (predicate.kind !== "computed" || predicate.expr.kind !== "match") return whole;
  const { value, patterns, span, insensitive } = predicate.expr;
  const fields = joinedFields(value);
  const wildcards = patterns.filter((pattern) => pattern.kind === "wildcard");
  const suffixed = suffixedField(value);
  if (suffixed !== null && wildcards.length === patterns.length) {
    const rests = wildcards.flatMap(({ parts, span: at }) =>
      withoutSuffix(parts, suffixed.suffix, insensitive).map((rest) => ({ parts: rest, span: at })),
    );
    if (rests.length === 0) return FALSE;
    return {
      kind: "predicate",
      predicate: { kind: "text", field: suffixed.field, span, insensitive, compares: "text", patterns: rests },
    };
  }
  if (fields === null || wildcards.length < patterns.length) return whole;
  const divisions = divide(wildcards, fields.separator);
  if (divisions === null) return whole;
  const text = (field: string, parts: readonly WildcardPart[], at: Span): Condition => ({
    kind: "predicate",
    predicate: { kind: "text", field, span, insensitive, compares: "text", patterns: [{ parts, span: at }] },
  });
  return junction(
    "or",
    divisions.map(({ left, right, span: at }) => junction("and", [text(fields.left, left, at), text(fields.right, right, at)])),
  );
}

/** The fields of `concat(left, "c", right)`; null for anything else. The character has no case. */
function joinedFields(value: Expr): JoinedFields | null {
  if (value.kind !== "call" || value.name.toLowerCase() !== "concat" || value.args.length !== 3) return null;
  const [left, middle, right] = value.args;
  if (left?.kind !== "field" || right?.kind !== "field" || middle?.kind !== "string") return null;
  const separator = middle.value;
  if (separator.length !== 1 || separator.toLowerCase() !== separator.toUpperCase()) return null;
  return { left: left.name, right: right.name, separator };
}

/** The field of `concat(field, "suffix")`; null for anything else. */
function suffixedField(value: Expr): { readonly field: string; readonly suffix: string } | null {
  if (value.kind !== "call" || value.name.toLowerCase() !== "concat" || value.args.length !== 2) return null;
  const [left, right] = value.args;
  return left?.kind === "field" && right?.kind === "string" ? { field: left.name, suffix: right.value } : null;
}

/** The patterns any of which a text fits that fits `parts` with the suffix after it. */
function withoutSuffix(parts: readonly WildcardPart[], suffix: string, insensitive: boolean): readonly (readonly WildcardPart[])[] {
  let rests: readonly (readonly WildcardPart[])[] = [parts];
  for (const char of [...suffix].reverse()) {
    const next = new Map<string, readonly WildcardPart[]>();
    for (const rest of rests) for (const one of withoutLast(rest, char, insensitive)) next.set(identityOf(one), one);
    rests = [...next.values()];
  }
  return rests;
}

function withoutLast(parts: readonly WildcardPart[], char: string, insensitive: boolean): readonly (readonly WildcardPart[])[] {
  const last = parts.at(-1);
  const before = parts.slice(0, -1);
  if (last === undefined) return [];
  if (last.kind === "any") return [parts, ...withoutLast(before, char, insensitive)];
  if (last.kind === "one") return [before];
  if (last.text === "") return withoutLast(before, char, insensitive);
  const own = [...last.text];
  const end = own.pop()!;
  if (insensitive ? foldedOf(end) !== foldedOf(char) : end !== char) return [];
  return [[...before, ...literal(own.join(""))]];
}

/** What both sides may be, by the place of the character; null where there are too many places. */
function divide(
  patterns: readonly { readonly parts: readonly WildcardPart[]; readonly span: Span }[],
  separator: string,
): readonly Division[] | null {
  const divisions: Division[] = [];
  for (const { parts, span } of patterns) {
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at]!;
      const before = parts.slice(0, at);
      const after = parts.slice(at + 1);
      if (part.kind === "any") divisions.push({ left: [...before, part], right: [part, ...after], span });
      else if (part.kind === "one") divisions.push({ left: before, right: after, span });
      else {
        for (let place = part.text.indexOf(separator); place >= 0; place = part.text.indexOf(separator, place + 1))
          divisions.push({
            left: [...before, ...literal(part.text.slice(0, place))],
            right: [...literal(part.text.slice(place + 1)), ...after],
            span,
          });
      }
      if (divisions.length > MAX_PLACES) return null;
    }
  }
  return divisions;
}

function literal(text: string): WildcardPart[] {
  return text === "" ? [] : [{ kind: "literal", text }];
}

/**
 * Patterns over two fields joined by a character, `concat(user.domain, "\\", user.name) : "*\\svc-*"`, as tests of the fields: the
 * character stands where the pattern says it, or where a wildcard of the pattern takes it in.
 */
import type { MatchExpr, Span, WildcardPart } from "../eql/index.ts";

export interface JoinedFields {
  readonly left: string;
  readonly right: string;
  readonly separator: string;
}

/** Places of the character tried; beyond them the condition is left as it is. */
const MAX_PLACES = 60;

/** The fields of `concat(left, "c", right)`; null for anything else. The character has no case. */
export function joinedFields(value: MatchExpr["value"]): JoinedFields | null {
  if (value.kind !== "call" || value.name.toLowerCase() !== "concat" || value.args.length !== 3) return null;
  const [left, middle, right] = value.args;
  if (left?.kind !== "field" || right?.kind !== "field" || middle?.kind !== "string") return null;
  const separator = middle.value;
  if (separator.length !== 1 || separator.toLowerCase() !== separator.toUpperCase()) return null;
  return { left: left.name, right: right.name, separator };
}

/** What both sides may be, by the place of the character; null where there are too many places. */
export function splitPatterns(
  patterns: readonly { readonly parts: readonly WildcardPart[]; readonly span: Span }[],
  separator: string,
): readonly { readonly left: readonly WildcardPart[]; readonly right: readonly WildcardPart[]; readonly span: Span }[] | null {
  const found: { left: readonly WildcardPart[]; right: readonly WildcardPart[]; span: Span }[] = [];
  for (const { parts, span } of patterns) {
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at]!;
      const before = parts.slice(0, at);
      const after = parts.slice(at + 1);
      if (part.kind === "any") found.push({ left: [...before, part], right: [part, ...after], span });
      else if (part.kind === "one") found.push({ left: before, right: after, span });
      else {
        for (let place = part.text.indexOf(separator); place >= 0; place = part.text.indexOf(separator, place + 1))
          found.push({
            left: [...before, ...literal(part.text.slice(0, place))],
            right: [...literal(part.text.slice(place + 1)), ...after],
            span,
          });
      }
      if (found.length > MAX_PLACES) return null;
    }
  }
  return found;
}

function literal(text: string): WildcardPart[] {
  return text === "" ? [] : [{ kind: "literal", text }];
}

/**
 * A query string run on single documents, out of the tree that the npm package `lucene` reads it into; apart from the engine and the
 * translator. For tests; not exported from the room. It throws on what translations have no business to say.
 */
import { ecsField } from "../../ecs/index.ts";
import { compare, equal, valuesOf } from "./query-dsl.ts";
import { jsOf } from "./regex.ts";

/** What `lucene` makes of a text. */
export type LuceneTree = Operation | Leaf;

interface Operation {
  readonly left: LuceneTree;
  readonly operator?: string;
  readonly right?: LuceneTree;
  /** `NOT` before the left. */
  readonly start?: string;
  /** Of a group of values. */
  readonly field?: string;
  readonly parenthesized?: boolean;
}

interface Leaf {
  readonly field: string;
  readonly term?: string;
  readonly quoted?: boolean;
  readonly regex?: boolean;
  readonly term_min?: string;
  readonly term_max?: string;
  readonly inclusive?: "both" | "none" | "left" | "right";
}

type Values = ReadonlyMap<string, readonly unknown[]>;

export function luceneMatches(tree: LuceneTree, document: unknown): boolean {
  return matches(tree, valuesOf(document), null);
}

function matches(tree: LuceneTree, values: Values, field: string | null): boolean {
  if (!("left" in tree)) return leaf(tree, values, field);
  // Classic Lucene has no precedence: one operator a group, or it means something else.
  const clauses: { readonly tree: LuceneTree; readonly negated: boolean }[] = [];
  const operators = new Set<string>();
  let at: LuceneTree = tree;
  let negated = tree.start === "NOT";
  for (;;) {
    const group = at as Operation;
    if (!("left" in at) || (at !== tree && group.parenthesized === true) || at.operator === undefined) {
      clauses.push({
        tree: "left" in at && at.operator === undefined ? at.left : at,
        negated: negated || ("left" in at && at !== tree && at.start === "NOT"),
      });
      break;
    }
    clauses.push({ tree: group.left, negated: negated || (at !== tree && group.start === "NOT") });
    const [operator, more] = group.operator!.split(" ");
    operators.add(operator!);
    negated = more === "NOT";
    at = group.right!;
  }
  if (operators.size > 1) throw new Error("AND and OR in one group");
  const name = ("field" in tree ? tree.field : undefined) ?? field;
  const results = clauses.map((clause) => ({ negated: clause.negated, result: matches(clause.tree, values, name) }));
  if (results.some((one) => one.negated && one.result)) return false;
  const asked = results.filter((one) => !one.negated);
  if (operators.has("OR")) return asked.some((one) => one.result);
  // A group that only denies finds nothing.
  return asked.length > 0 && asked.every((one) => one.result);
}

function leaf(one: Leaf, values: Values, outer: string | null): boolean {
  const field = one.field === "<implicit>" ? outer : unescaped(one.field);
  if (field === null) throw new Error("a value without a field");
  if (field === "*" && one.term === "*") return true;
  if (field === "_exists_") return (values.get(unescaped(one.term!))?.length ?? 0) > 0;
  const found = values.get(field) ?? [];
  const type = ecsField(field)?.type ?? "keyword";
  if (one.term === undefined) {
    const low = one.inclusive === "both" || one.inclusive === "left";
    const high = one.inclusive === "both" || one.inclusive === "right";
    return found.some(
      (value) =>
        (one.term_min === "*" || compare(value, one.term_min, type) > (low ? -1 : 0)) &&
        (one.term_max === "*" || compare(value, one.term_max, type) < (high ? 1 : 0)),
    );
  }
  if (one.regex === true) {
    const regex = compiled(one);
    return found.some((value) => regex.test(String(value)));
  }
  if (one.quoted !== true && /[*?]/.test(one.term)) throw new Error(`a wildcard: ${one.term}`);
  const term = unescaped(one.term);
  return found.some((value) => equal(value, term, type, false));
}

const regexes = new WeakMap<Leaf, RegExp>();

function compiled(one: Leaf): RegExp {
  let regex = regexes.get(one);
  if (regex === undefined) regexes.set(one, (regex = new RegExp(`^(?:${jsOf(one.term!)})$`, "su")));
  return regex;
}

function unescaped(text: string): string {
  return text.replaceAll(/\\([\s\S])/g, "$1");
}

import { foldCase } from "../values/case.ts";
import type { CharSet } from "./char-set.ts";
import type { RegexNode } from "./node.ts";

/** Texts that a part of the expression stands for, at most this many. */
const MAX_TEXTS = 16;
const MAX_LENGTH = 64;
/** A set of more code points is taken for any character. */
const MAX_MEMBERS = 8;

interface Facts {
  /** All texts the part matches, folded; null where they are too many. */
  readonly exact: readonly string[] | null;
  /** Texts one of which every match holds, folded; null where none are known. */
  readonly required: readonly string[] | null;
}

const UNKNOWN: Facts = { exact: null, required: null };
const NOTHING: Facts = { exact: [""], required: null };

/**
 * Texts one of which is in every text that the expression matches, both folded (`foldCase`): where none of them is, the
 * expression need not be run. Empty where no such texts are known.
 */
export function requiredTexts(root: RegexNode): readonly string[] {
  const facts = factsOf(root, new Map());
  return better(facts.required, facts.exact) ?? [];
}

function factsOf(node: RegexNode, known: Map<number, Facts>): Facts {
  let facts = known.get(node.id);
  if (facts === undefined) {
    facts = newFacts(node, known);
    known.set(node.id, facts);
  }
  return facts;
}

function newFacts(node: RegexNode, known: Map<number, Facts>): Facts {
  switch (node.kind) {
    case "empty":
    case "anchor":
      return NOTHING;
    case "set": {
      const texts = textsOf(node.set);
      return texts === null ? UNKNOWN : { exact: texts, required: null };
    }
    case "concat":
      return concatenated(node, known);
    case "or":
      return alternatives(node.operands.map((operand) => factsOf(operand, known)));
    case "and":
      return {
        exact: null,
        required: node.operands
          .map((operand) => factsOf(operand, known))
          .reduce<readonly string[] | null>((best, facts) => better(best, better(facts.required, facts.exact)), null),
      };
    case "repeat": {
      const { exact, required } = factsOf(node.operand, known);
      if (node.min === 0 && node.max === 1 && exact !== null) return { exact: unique(["", ...exact]), required: null };
      return { exact: null, required: node.min === 0 ? null : better(required, exact) };
    }
    case "never":
    case "not":
      return UNKNOWN;
  }
}

/** Along the right spine, which may be long: the texts that follow each other without a gap grow into longer ones. */
function concatenated(node: RegexNode, known: Map<number, Facts>): Facts {
  let whole = true;
  let run: readonly string[] = [""];
  let required: readonly string[] | null = null;
  for (let rest: RegexNode | null = node; rest !== null;) {
    const part: RegexNode = rest.kind === "concat" ? rest.left : rest;
    rest = rest.kind === "concat" ? rest.right : null;
    const facts = factsOf(part, known);
    const longer = facts.exact === null ? null : product(run, facts.exact);
    if (longer !== null) {
      run = longer;
      continue;
    }
    whole = false;
    required = better(better(required, run), facts.required);
    run = facts.exact ?? [""];
  }
  return { exact: whole ? run : null, required: better(required, run) };
}

function alternatives(operands: readonly Facts[]): Facts {
  const exact = operands.every((facts) => facts.exact !== null) ? unique(operands.flatMap((facts) => facts.exact!)) : null;
  const each = operands.map((facts) => better(facts.required, facts.exact));
  const required = each.every((texts) => texts !== null) ? unique(each.flat()) : null;
  return { exact: exact !== null && exact.length <= MAX_TEXTS ? exact : null, required };
}

function product(before: readonly string[], after: readonly string[]): readonly string[] | null {
  if (before.length === 1 && after.length === 1) return before[0]!.length + after[0]!.length > MAX_LENGTH ? null : [before[0]! + after[0]!];
  if (before.length * after.length > MAX_TEXTS) return null;
  const texts = unique(before.flatMap((a) => after.map((b) => a + b)));
  return texts.some((text) => text.length > MAX_LENGTH) ? null : texts;
}

/** The choice whose shortest text is longer; the empty text is in every text and makes a choice void. */
function better(a: readonly string[] | null, b: readonly string[] | null): readonly string[] | null {
  const [x, y] = [shortest(a), shortest(b)];
  if (x === 0 && y === 0) return null;
  return x > y || (x === y && a!.length <= b!.length) ? a : b;
}

function shortest(texts: readonly string[] | null): number {
  return texts === null || texts.length === 0 ? 0 : Math.min(...texts.map((text) => text.length));
}

/** The members of a small set, folded. */
function textsOf(set: CharSet): readonly string[] | null {
  const texts = new Set<string>();
  let members = 0;
  for (let i = 0; i < set.length; i += 2) {
    members += set[i + 1]! - set[i]! + 1;
    if (members > MAX_MEMBERS) return null;
    for (let code = set[i]!; code <= set[i + 1]!; code++) texts.add(foldCase(String.fromCodePoint(code)));
  }
  return [...texts];
}

function unique(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)];
}

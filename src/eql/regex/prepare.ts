import type { RegexPattern } from "../syntax/tree.ts";
import { REGEX_TOO_COMPLEX } from "../values/values.ts";
import { Automaton, MAX_NODES, startOf } from "./automaton.ts";
import { BadRegex } from "./cursor.ts";
import { parseLucene } from "./lucene.ts";
import { NodeTable, TooComplex, type RegexNode } from "./node.ts";
import { parsePcre } from "./pcre.ts";
import { requiredTexts } from "./required.ts";

/** A regular expression made ready. */
export interface RegexTest {
  /** Linear in the value. Throws the fault `eql/regex-too-complex` where the automaton outgrows its bound on this value. */
  readonly test: (value: string) => boolean;
  /** Texts one of which is in every value that matches, both folded (`foldCase`); empty where none are known. */
  readonly required: readonly string[];
  /** Characters read and states made so far, for tests of linear time. */
  readonly steps: () => number;
}

/** What is wrong with a pattern. */
export interface RegexProblem {
  readonly summary: string;
  /** UTF-16 offset into the pattern's source. */
  readonly offset: number;
  readonly help: string | null;
}

/** Either the test, or why there is none. */
export type PreparedRegex =
  | { readonly regex: RegexTest; readonly problem: null }
  | { readonly regex: null; readonly problem: RegexProblem };

/** Longest accepted pattern, in UTF-16 units. */
export const MAX_REGEX_LENGTH = 5_000;

/** Never throws: what is wrong with the pattern comes back as a problem. */
export function prepareRegex(pattern: Pick<RegexPattern, "source" | "flavour" | "flags">, insensitive: boolean): PreparedRegex {
  const { source, flavour, flags } = pattern;
  if (source.length > MAX_REGEX_LENGTH) {
    return {
      regex: null,
      problem: {
        summary: `The regular expression is longer than ${MAX_REGEX_LENGTH} characters`,
        offset: MAX_REGEX_LENGTH,
        help: "Use wildcards, or several expressions.",
      },
    };
  }
  const build =
    flavour === "lucene"
      ? (table: NodeTable): RegexNode => parseLucene(source, insensitive, table)
      : (table: NodeTable): RegexNode => parsePcre(source, insensitive ? `${flags}i` : flags, table);
  const search = flavour === "pcre";
  let required: readonly string[];
  try {
    const table = new NodeTable(MAX_NODES);
    const root = build(table);
    startOf(root, table, search);
    required = requiredTexts(root);
  } catch (error) {
    if (error instanceof BadRegex) return { regex: null, problem: { summary: error.message, offset: error.offset, help: error.help } };
    if (error instanceof TooComplex) {
      return {
        regex: null,
        problem: {
          summary: "The regular expression is too complex",
          offset: 0,
          help: "Lower the repeat counts: written out it may have at most 5,000 parts.",
        },
      };
    }
    throw error;
  }
  // Made when a value first needs it: of a long list most never do.
  let automaton: Automaton | null = null;
  const test = (value: string): boolean => {
    automaton ??= new Automaton(build, search);
    try {
      return automaton.test(value);
    } catch (error) {
      throw error instanceof TooComplex ? REGEX_TOO_COMPLEX : error;
    }
  };
  return { regex: { test, required, steps: () => automaton?.steps ?? 0 }, problem: null };
}

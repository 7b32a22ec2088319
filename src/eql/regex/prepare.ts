import type { RegexPattern } from "../syntax/tree.ts";
import { REGEX_TOO_COMPLEX } from "../values/values.ts";
import { Automaton } from "./automaton.ts";
import { BadRegex } from "./cursor.ts";
import { parseLucene } from "./lucene.ts";
import { TooComplex, type NodeTable, type Node } from "./node.ts";
import { parsePcre } from "./pcre.ts";

/** A regular expression made ready. */
export interface RegexTest {
  /** Linear in the value. Throws the fault `eql/regex-too-complex` where the automaton outgrows its bound on this value. */
  readonly test: (value: string) => boolean;
  /** Characters read and states made so far, for tests of linear time. */
  readonly steps: () => number;
}

export interface RegexProblem {
  readonly summary: string;
  /** UTF-16 offset into the pattern's source. */
  readonly offset: number;
  readonly help: string | null;
}

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
      ? (table: NodeTable): Node => parseLucene(source, insensitive, table)
      : (table: NodeTable): Node => parsePcre(source, insensitive ? `${flags}i` : flags, table);
  let automaton: Automaton;
  try {
    automaton = new Automaton(build, flavour === "pcre");
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
  const test = (value: string): boolean => {
    try {
      return automaton.test(value);
    } catch (error) {
      throw error instanceof TooComplex ? REGEX_TOO_COMPLEX : error;
    }
  };
  return { regex: { test, steps: () => automaton.steps }, problem: null };
}

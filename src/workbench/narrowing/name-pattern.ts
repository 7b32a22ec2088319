import { foldedOf, parseWildcard, prepareWildcard } from "../../eql/index.ts";

/** Whether a name is one of those that patterns ask for: any case, `*` for any run of characters, `?` for one. */
export function namePatterns(patterns: readonly string[]): (name: string) => boolean {
  const tests = patterns.map((pattern) => prepareWildcard(parseWildcard(pattern), true).test);
  return (name) => {
    const folded = foldedOf(name);
    return tests.some((test) => test(folded));
  };
}

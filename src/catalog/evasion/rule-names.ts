/** The names that rules look for: what an attacker who knows the rules would call otherwise. */
import { walk, type Expr, type Query } from "../../eql/index.ts";

export interface RuleNames {
  /** Whether a rule's conditions name the program, by its file name or that without its ending. */
  readonly nameProgram: (file: string) => boolean;
}

export function ruleNames(queries: readonly Query[]): RuleNames {
  const texts = queries.flatMap(conditionsOf).flatMap(literalsIn);
  return {
    nameProgram(file) {
      const name = file.toLowerCase();
      const stem = name.replace(/\.[a-z0-9]{1,4}$/, "");
      return stem !== "" && texts.some((text) => holdsWord(text, name) || holdsWord(text, stem));
    },
  };
}

function conditionsOf(query: Query): Expr[] {
  return query.kind === "event" ? [query.filter.condition] : query.items.map(({ filter }) => filter.condition);
}

function literalsIn(condition: Expr): string[] {
  const texts: string[] = [];
  walk(condition, (node) => {
    if (node.kind === "string") texts.push(node.value.toLowerCase());
    if (node.kind !== "match" && node.kind !== "any-field") return;
    for (const pattern of node.patterns) {
      if (pattern.kind === "regex") texts.push(pattern.source.replaceAll("\\", "").toLowerCase());
      if (pattern.kind === "wildcard") for (const part of pattern.parts) if (part.kind === "literal") texts.push(part.text.toLowerCase());
    }
  });
  return texts;
}

/** Not as a part of a longer name. */
function holdsWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isNameCharacter(text[at - 1]) && !isNameCharacter(text[at + word.length])) return true;
  }
  return false;
}

function isNameCharacter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_-]/u.test(character);
}

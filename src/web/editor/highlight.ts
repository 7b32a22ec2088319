import { type Extension, RangeSetBuilder, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { tokenClass, tokenize, type TokenClass } from "../../eql/index.ts";
import { codeTokens } from "../../report/index.ts";
import type { QueryLanguage } from "../../workbench/index.ts";

/** The classes are those of the pages' own highlighting. */
const MARKS = {
  keyword: Decoration.mark({ class: "eql-keyword" }),
  string: Decoration.mark({ class: "eql-string" }),
  number: Decoration.mark({ class: "eql-number" }),
  function: Decoration.mark({ class: "eql-function" }),
  comment: Decoration.mark({ class: "eql-comment" }),
  bad: Decoration.mark({ class: "eql-bad" }),
} as const satisfies Record<TokenClass, Decoration>;

/** Beyond this a text is no query that somebody writes; it stays plain. */
const MAX_LENGTH = 100_000;

/** Colours from our own lexers: the whole text at each change, which for a query takes less than a frame. */
export function queryHighlight(language: QueryLanguage): Extension {
  return StateField.define<DecorationSet>({
    create: (state) => decorate(state.doc, language),
    update: (marks, transaction) => (transaction.docChanged ? decorate(transaction.newDoc, language) : marks),
    provide: (field) => EditorView.decorations.from(field),
  });
}

function decorate(doc: Text, language: QueryLanguage): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  // The lexers count line breaks as the text has them; the editor has one character for each.
  if (doc.length <= MAX_LENGTH)
    for (const { from, to, kind } of marksOf(doc.toString(), language)) if (to > from) builder.add(from, to, MARKS[kind]);
  return builder.finish();
}

interface Marked {
  readonly from: number;
  readonly to: number;
  readonly kind: TokenClass;
}

function* marksOf(text: string, language: QueryLanguage): Generator<Marked> {
  if (language === "eql") {
    const { tokens } = tokenize(text);
    for (const [i, token] of tokens.entries()) {
      const kind = tokenClass(token, tokens[i + 1]);
      if (kind !== null) yield { ...token.span, kind };
    }
    return;
  }
  let from = 0;
  for (const { text: piece, kind } of codeTokens(text, language === "kql" ? "kuery" : language)) {
    const to = from + piece.length;
    if (kind !== null) yield { from, to, kind };
    from = to;
  }
}

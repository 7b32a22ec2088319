import { type Extension, RangeSetBuilder, StateField, type Text } from "@codemirror/state";
import { Decoration, type DecorationSet, EditorView } from "@codemirror/view";
import { tokenClass, tokenize, type TokenClass } from "../../eql/index.ts";

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

/** Colours from our own lexer: the whole text at each change, which for a query takes less than a frame. */
export const eqlHighlight: Extension = StateField.define<DecorationSet>({
  create: (state) => decorate(state.doc),
  update: (marks, transaction) => (transaction.docChanged ? decorate(transaction.newDoc) : marks),
  provide: (field) => EditorView.decorations.from(field),
});

function decorate(doc: Text): DecorationSet {
  const builder = new RangeSetBuilder<Decoration>();
  if (doc.length <= MAX_LENGTH) {
    // The lexer counts line breaks as the text has them; the editor has one character for each.
    const { tokens } = tokenize(doc.toString());
    tokens.forEach((token, i) => {
      const kind = tokenClass(token, tokens[i + 1]);
      if (kind !== null && token.span.to > token.span.from) builder.add(token.span.from, token.span.to, MARKS[kind]);
    });
  }
  return builder.finish();
}

import { autocompletion, closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { bracketMatching } from "@codemirror/language";
import { lintGutter, linter, lintKeymap } from "@codemirror/lint";
import { highlightSelectionMatches, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers, placeholder } from "@codemirror/view";
import type { SeenField } from "../protocol.ts";
import { QUERY_LANGUAGES, type QueryLanguage, type SeenFields } from "../../workbench/index.ts";
import { completeQuery } from "../editor/completion.ts";
import { diagnosticsOf } from "../editor/diagnostics.ts";
import { queryHighlight } from "../editor/highlight.ts";

const theme = EditorView.theme({
  "&": {
    backgroundColor: "var(--raised)",
    color: "var(--ink)",
    border: "1px solid var(--line)",
    borderRadius: "var(--radius)",
    fontSize: "var(--text-14)",
  },
  "&.cm-focused": { outline: "2px solid var(--focus)", outlineOffset: "1px" },
  ".cm-scroller": { fontFamily: "var(--mono)", lineHeight: "1.5" },
  ".cm-gutter": { minHeight: "6.5rem" },
  ".cm-content": { minHeight: "6.5rem", caretColor: "var(--ink)" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  ".cm-gutters": { backgroundColor: "var(--sunken)", color: "var(--soft)", border: "none" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground": {
    backgroundColor: "color-mix(in srgb, var(--focus) 28%, transparent)",
  },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "color-mix(in srgb, var(--good) 25%, transparent)" },
  ".cm-placeholder": { color: "var(--soft)" },
  ".eql-keyword": { color: "var(--keyword)", fontWeight: "600" },
  ".eql-string": { color: "var(--string)" },
  ".eql-number": { color: "var(--number)" },
  ".eql-function": { color: "var(--function)" },
  ".eql-comment": { color: "var(--comment)", fontStyle: "italic" },
  ".eql-bad": { color: "var(--high)" },
  ".cm-tooltip": { backgroundColor: "var(--raised)", color: "var(--ink)", border: "1px solid var(--line)", borderRadius: "var(--radius)" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--mono)", maxHeight: "16rem" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--focus)", color: "var(--paper)" },
  ".cm-completionDetail": { color: "inherit", opacity: "0.8", fontStyle: "normal" },
  ".cm-completionMatchedText": { textDecoration: "none", fontWeight: "700" },
  // The stock marks are images of data: addresses, which the page's policy has no need to allow.
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error, .cm-lintRange-error.cm-lintRange-active": { textDecorationColor: "var(--high)" },
  ".cm-lintRange-warning": { textDecorationColor: "var(--medium)" },
  ".cm-lintRange-hint, .cm-lintRange-info": { textDecorationColor: "var(--low)" },
  ".cm-lint-marker": { width: "0.8em", height: "1em" },
  ".cm-lint-marker-error, .cm-lint-marker-warning, .cm-lint-marker-info, .cm-lint-marker-hint": { content: "none" },
  ".cm-lint-marker::before": { content: "'●'", color: "var(--low)" },
  ".cm-lint-marker-error::before": { color: "var(--high)" },
  ".cm-lint-marker-warning::before": { color: "var(--medium)" },
  ".cm-diagnostic": { fontFamily: "var(--sans)", whiteSpace: "pre-wrap", maxWidth: "60ch" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--high)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--medium)" },
  ".cm-diagnosticSource": { color: "var(--soft)", fontSize: "var(--text-13)", opacity: "1" },
  ".cm-panels": { backgroundColor: "var(--sunken)", color: "var(--ink)" },
});

const PLACEHOLDERS = {
  eql: 'process where process.name : "psexec*"',
  kql: "process.name: psexec*",
  lucene: "process.name:psexec*",
  esql: "from logs | stats n = count(*) by event.code",
} as const satisfies Record<QueryLanguage, string>;

/** CodeMirror with our own colours, diagnostics and completion. It lives in a shadow root: there its styles need no leave of the policy. */
export class QueryEditor {
  readonly #view: EditorView;
  /** What depends on the language. */
  readonly #ofLanguage = new Compartment();
  #values: SeenFields = new Map();

  constructor(parent: HTMLElement, options: { readonly text: string; readonly language: QueryLanguage; readonly onRun: () => void }) {
    const root = parent.shadowRoot ?? parent.attachShadow({ mode: "open", delegatesFocus: true });
    this.#view = new EditorView({
      parent: root,
      root,
      state: EditorState.create({
        doc: options.text,
        extensions: [
          keymap.of([
            {
              key: "Mod-Enter",
              run: () => {
                options.onRun();
                return true;
              },
            },
          ]),
          lineNumbers(),
          history(),
          drawSelection(),
          bracketMatching(),
          closeBrackets(),
          highlightSelectionMatches(),
          this.#ofLanguage.of(this.#extensions(options.language)),
          lintGutter(),
          EditorView.lineWrapping,
          keymap.of([...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...completionKeymap, ...lintKeymap]),
          theme,
        ],
      }),
    });
  }

  #extensions(language: QueryLanguage): Extension {
    return [
      queryHighlight(language),
      linter((view) => diagnosticsOf(view.state.doc.toString(), language, this.#values), { delay: 200 }),
      autocompletion({
        override: [(context) => completeQuery(context, language, this.#values)],
        maxRenderedOptions: 60,
        icons: false,
      }),
      placeholder(PLACEHOLDERS[language]),
      EditorView.contentAttributes.of({ "aria-label": `${QUERY_LANGUAGES[language]} query`, spellcheck: "false" }),
    ];
  }

  setLanguage(language: QueryLanguage): void {
    this.#view.dispatch({ effects: this.#ofLanguage.reconfigure(this.#extensions(language)) });
  }

  focus(): void {
    this.#view.focus();
  }

  get text(): string {
    return this.#view.state.doc.toString();
  }

  setText(text: string): void {
    this.#view.dispatch({ changes: { from: 0, to: this.#view.state.doc.length, insert: text } });
  }

  setValues(fields: readonly SeenField[]): void {
    this.#values = new Map(fields.map(({ field, values }) => [field, values]));
  }
}

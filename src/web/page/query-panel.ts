import { h, replace } from "../dom.ts";
import type { QueryAnswer, QueryAsk, QueryExportFormat, SeenField, StoredQuery } from "../protocol.ts";
import { logText } from "../log-text.ts";
import type * as Editor from "../entries/query-editor.ts";
import { QUERY_LANGUAGES, type QueryLanguage } from "../../workbench/index.ts";
import { QueryStore } from "./query-store.ts";
import { resultLine, resultTable } from "./query-result.ts";
import { StoredQueries } from "./stored-queries.ts";

export interface QueryPanelOptions {
  readonly run: (ask: QueryAsk) => Promise<QueryAnswer>;
  readonly values: () => Promise<readonly SeenField[]>;
  /** Saves the last result. */
  readonly onExport: (format: QueryExportFormat) => void;
  readonly storage: Pick<Storage, "getItem" | "setItem"> | null;
}

/** The editor is a bundle of its own, beside this one: most visitors never write a query. */
const EDITOR = new URL("query-editor.js", import.meta.url).href;

/** What stands in the editor until somebody writes: it finds something in most logs of Windows. */
const EXAMPLES = {
  eql: `sequence by host.name with maxspan=1m
  [any where event.code == "5145" and winlog.event_data.ShareName : "*ADMIN$"]
  [process where event.type == "start"]`,
  kql: "event.category: process and process.name: (net.exe or psexec*.exe)",
  lucene: "event.category:process AND process.name:(net.exe OR psexec*.exe)",
  esql: "from logs\n| stats n = count(*) by event.code, host.name\n| sort n desc\n| limit 20",
} as const satisfies Record<QueryLanguage, string>;

/** Ad-hoc queries over the files that were given; the editor is loaded when the panel is first shown. */
export class QueryPanel {
  readonly element: HTMLElement;
  readonly #options: QueryPanelOptions;
  readonly #store: QueryStore;
  readonly #stored: StoredQueries;
  readonly #editorBox = h("div", { class: "editor-box" });
  readonly #matches = h("div", { class: "query-found" });
  readonly #doubts = h("div", { class: "query-doubts" });
  readonly #status = h("p", { class: "soft", role: "status" });
  readonly #exports = h("div", { class: "row", hidden: true });
  readonly #button = h("button", { type: "button", class: "primary" }, "Run the query");
  readonly #save = h("button", { type: "button" }, "Save");
  readonly #language = h("select", {});
  readonly #countBy = h("input", {
    type: "text",
    class: "mono",
    placeholder: "host.name, user.name",
    spellcheck: "false",
    autocomplete: "off",
  });
  readonly #countByLabel = h("label", {}, "Count by ", this.#countBy);
  #editor: Editor.QueryEditor | null = null;
  #hasFiles = false;

  constructor(options: QueryPanelOptions) {
    this.#options = options;
    this.#store = new QueryStore(options.storage, Object.keys(QUERY_LANGUAGES));
    this.#stored = new StoredQueries(this.#store, QUERY_LANGUAGES, (query) => this.#choose(query));
    replace(
      this.#language,
      Object.entries(QUERY_LANGUAGES).map(([name, title]) => h("option", { value: name }, title)),
    );
    this.#language.addEventListener("change", () => this.#setLanguage(this.#language.value as QueryLanguage));
    this.#button.addEventListener("click", () => void this.run());
    this.#save.addEventListener("click", () => this.#keep());
    this.#countBy.addEventListener("keydown", (event) => {
      if (event.key === "Enter") void this.run();
    });
    replace(
      this.#exports,
      h("span", { class: "soft" }, "Save the result:"),
      (["csv", "ndjson"] as const).map((format) =>
        h("button", { type: "button", class: "quiet", onclick: () => options.onExport(format) }, format.toUpperCase()),
      ),
    );
    this.element = h(
      "div",
      { class: "query-panel" },
      h("div", { class: "row" }, h("label", {}, "Language ", this.#language), this.#countByLabel),
      this.#editorBox,
      h(
        "div",
        { class: "row" },
        this.#button,
        this.#save,
        h("span", { class: "soft" }, "Ctrl-Enter runs, Ctrl-Space completes, Escape then Tab leaves"),
      ),
      this.#stored.element,
      h("div", { class: "row between" }, this.#status, this.#exports),
      this.#doubts,
      this.#matches,
    );
  }

  async open(): Promise<void> {
    if (this.#editor !== null) return;
    replace(this.#editorBox, h("p", { class: "soft" }, "Loading the editor …"));
    try {
      const { QueryEditor } = (await import(EDITOR)) as typeof Editor;
      replace(this.#editorBox);
      const language = this.#language.value as QueryLanguage;
      this.#editor = new QueryEditor(this.#editorBox, { text: EXAMPLES[language], language, onRun: () => void this.run() });
      await this.refreshValues();
    } catch (error) {
      replace(this.#editorBox, h("p", { class: "notice" }, `The editor cannot be loaded: ${String(error)}`));
    }
  }

  /** Files were read: values in them can be completed. */
  async refreshValues(): Promise<void> {
    if (this.#editor !== null) this.#editor.setValues(await this.#options.values());
  }

  /** Other files: what was found in those before is gone, the query stays. */
  setFiles(there: boolean): void {
    this.#hasFiles = there;
    this.#clear("");
  }

  async run(): Promise<void> {
    const query = this.#query();
    if (this.#editor === null || query === null) return;
    if (!this.#hasFiles) {
      this.#clear("Give some logs first: drop them above, or try the proof cases.");
      return;
    }
    this.#button.disabled = true;
    try {
      const answer = await this.#options.run({ ...query, countBy: query.language === "esql" ? [] : this.#countFields() });
      if (answer.kind !== "refused") this.#store.ran(query);
      this.#stored.draw();
      this.#show(answer);
    } catch (error) {
      this.#clear(error instanceof Error ? error.message : String(error));
    } finally {
      this.#button.disabled = false;
    }
  }

  #query(): StoredQuery | null {
    return this.#editor === null ? null : { language: this.#language.value as QueryLanguage, text: this.#editor.text };
  }

  #countFields(): string[] {
    return this.#countBy.value
      .split(",")
      .map((field) => field.trim())
      .filter((field) => field !== "");
  }

  #choose({ language, text }: StoredQuery): void {
    this.#language.value = language;
    this.#setLanguage(language);
    this.#editor?.setText(text);
    this.#editor?.focus();
  }

  #setLanguage(language: QueryLanguage): void {
    this.#countByLabel.hidden = language === "esql";
    const editor = this.#editor;
    if (editor === null) return;
    // Somebody's own text stays: it may well be in the language that was chosen.
    const isExample = Object.values(EXAMPLES).some((example) => example === editor.text) || editor.text.trim() === "";
    editor.setLanguage(language);
    if (isExample) editor.setText(EXAMPLES[language]);
  }

  #keep(): void {
    const query = this.#query();
    if (query === null || query.text.trim() === "") return;
    this.#store.save(query);
    this.#stored.draw();
    this.#save.textContent = "Saved";
    setTimeout(() => (this.#save.textContent = "Save"), 1500);
  }

  #clear(status: string): void {
    replace(this.#matches);
    replace(this.#doubts);
    this.#exports.hidden = true;
    this.#status.textContent = status;
  }

  #show(answer: QueryAnswer): void {
    if (answer.kind === "refused") {
      const { messages, looksLike } = answer;
      this.#clear("The query cannot be run:");
      replace(
        this.#matches,
        h(
          "ul",
          { class: "refused" },
          messages.map((message) => h("li", {}, logText(message, 600))),
        ),
        looksLike !== null && this.#otherLanguage(looksLike),
      );
      return;
    }
    const found = resultTable(answer);
    this.#clear(resultLine(answer));
    this.#exports.hidden = found === null;
    replace(
      this.#doubts,
      answer.doubts.map((doubt) => h("p", { class: "notice warning" }, logText(doubt, 400))),
    );
    if (found !== null) replace(this.#matches, found);
    else if (answer.doubts.length === 0)
      replace(
        this.#matches,
        h("p", { class: "empty" }, "Nothing matches. Ask for less, one condition at a time, or count what there is: "),
        h(
          "button",
          { type: "button", onclick: () => this.#choose({ language: "esql", text: EXAMPLES.esql }) },
          "Count events by id and host",
        ),
      );
  }

  #otherLanguage({ title, language }: NonNullable<(QueryAnswer & { readonly kind: "refused" })["looksLike"]>): HTMLElement {
    if (language === null) return h("p", {}, `It looks like ${title}, which does not run here.`);
    const choose = (): void => {
      this.#language.value = language;
      this.#setLanguage(language);
      void this.run();
    };
    return h("p", {}, `It looks like ${title}. `, h("button", { type: "button", onclick: choose }, `Run it as ${title}`));
  }
}

import { h, replace } from "../dom.ts";
import type { QueryAnswer, QueryEvent, QueryGroup, SeenField } from "../protocol.ts";
import { count, millisText, plural, timeText } from "../../report/index.ts";
import { logLines, logText } from "../log-text.ts";
import type * as Editor from "../entries/query-editor.ts";
import { copyButton, scroller } from "./parts.ts";

export interface QueryPanelOptions {
  readonly run: (text: string) => Promise<QueryAnswer>;
  readonly values: () => Promise<readonly SeenField[]>;
  /** A query to begin with. */
  readonly initial: string;
}

/** The editor is a bundle of its own, beside this one: most visitors never write a query. */
const EDITOR = new URL("query-editor.js", import.meta.url).href;

/** Ad-hoc EQL over the files that were given; the editor is loaded when the panel is first shown. */
export class QueryPanel {
  readonly element: HTMLElement;
  readonly #options: QueryPanelOptions;
  readonly #editorBox = h("div", { class: "editor-box" });
  readonly #matches = h("div", { class: "query-found" });
  readonly #status = h("p", { class: "soft", role: "status" });
  readonly #button = h("button", { type: "button", class: "primary" }, "Run the query");
  #editor: Editor.QueryEditor | null = null;
  #hasFiles = false;

  constructor(options: QueryPanelOptions) {
    this.#options = options;
    this.#button.addEventListener("click", () => void this.run());
    this.element = h(
      "div",
      { class: "query-panel" },
      this.#editorBox,
      h(
        "div",
        { class: "row" },
        this.#button,
        h("span", { class: "soft" }, "Ctrl-Enter runs, Ctrl-Space completes, Escape then Tab leaves"),
      ),
      this.#status,
      this.#matches,
    );
  }

  async open(): Promise<void> {
    if (this.#editor !== null) return;
    replace(this.#editorBox, h("p", { class: "soft" }, "Loading the editor …"));
    try {
      const { QueryEditor } = (await import(EDITOR)) as typeof Editor;
      replace(this.#editorBox);
      this.#editor = new QueryEditor(this.#editorBox, { text: this.#options.initial, onRun: () => void this.run() });
      await this.refreshValues();
    } catch (error) {
      replace(this.#editorBox, h("p", { class: "notice" }, `The editor cannot be loaded: ${String(error)}`));
    }
  }

  /** Files were read: values in them can be completed. */
  async refreshValues(): Promise<void> {
    if (this.#editor !== null) this.#editor.setValues(await this.#options.values());
  }

  setFiles(there: boolean): void {
    this.#hasFiles = there;
    replace(this.#matches);
    this.#status.textContent = "";
  }

  async run(): Promise<void> {
    if (this.#editor === null) return;
    if (!this.#hasFiles) {
      this.#status.textContent = "Give some logs first: drop them above, or try the proof cases.";
      return;
    }
    this.#button.disabled = true;
    try {
      this.#show(await this.#options.run(this.#editor.text));
    } catch (error) {
      replace(this.#matches);
      this.#status.textContent = error instanceof Error ? error.message : String(error);
    } finally {
      this.#button.disabled = false;
    }
  }

  #show(answer: QueryAnswer): void {
    if (answer.kind === "refused") {
      this.#status.textContent = "The query cannot be run:";
      replace(
        this.#matches,
        h(
          "ul",
          { class: "refused" },
          answer.messages.map((message) => h("li", {}, logText(message, 600))),
        ),
      );
      return;
    }
    const { groups, columns, counts } = answer;
    const noun = groups[0]?.keys === null || groups.length === 0 ? "event" : "sequence";
    const notes = [
      `${plural(counts === null ? answer.total : counts.length, counts === null ? noun : "value")} of ${plural(answer.events, "event")} in ${millisText(answer.ms)}`,
      ...(answer.total > groups.length && counts === null ? [`the first ${count(groups.length)} are shown`] : []),
      ...(answer.notKept > 0 ? [`${count(answer.notKept)} further candidates found no room and were not searched`] : []),
      ...(answer.withoutTimestamp > 0 ? [`${count(answer.withoutTimestamp)} events have no time`] : []),
      ...answer.faults,
      ...(answer.aborted ? ["stopped before the end"] : []),
    ];
    this.#status.textContent = `${notes.join("; ")}.`;
    if (counts !== null) {
      replace(
        this.#matches,
        scroller(
          "Counts",
          h(
            "table",
            {},
            head(["Value", "Events"]),
            h(
              "tbody",
              {},
              counts.map(({ key, count: n }) => h("tr", {}, h("td", {}, logText(key)), h("td", { class: "number" }, count(n)))),
            ),
          ),
        ),
      );
      return;
    }
    if (groups.length === 0) return replace(this.#matches);
    const width = columns.length + 3;
    replace(
      this.#matches,
      scroller(
        "Matches",
        h(
          "table",
          { class: "matches" },
          head(["Time", "Host", "Event", ...columns]),
          h(
            "tbody",
            {},
            groups.map((group, i) => groupRows(group, i, width)),
          ),
        ),
      ),
    );
  }
}

function head(titles: readonly string[]): HTMLElement {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      titles.map((title) => h("th", { scope: "col" }, title)),
    ),
  );
}

function groupRows(group: QueryGroup, number: number, width: number): readonly Node[] {
  const rows = group.events.flatMap((event): readonly Node[] =>
    event === null
      ? [h("tr", {}, h("td", { colspan: width, class: "soft" }, "No such event, as the query requires."))]
      : eventRows(event, width),
  );
  if (group.keys === null) return rows;
  const title = h(
    "tr",
    { class: "group-row" },
    h("th", { colspan: width, scope: "colgroup" }, `Sequence ${number + 1}`, group.keys !== "" && [": ", logText(group.keys, 300)]),
  );
  return [title, ...rows];
}

function eventRows(event: QueryEvent, width: number): readonly Node[] {
  const open = h(
    "button",
    { type: "button", class: "expand", "aria-expanded": "false" },
    logText(timeText(event.time === "" ? null : event.time), 60),
  );
  const cell = h("td", { colspan: width });
  const below = h("tr", { class: "detail-row", hidden: true }, cell);
  open.addEventListener("click", () => {
    below.hidden = !below.hidden;
    open.setAttribute("aria-expanded", String(!below.hidden));
    if (!below.hidden && !cell.hasChildNodes())
      cell.append(
        h(
          "p",
          { class: "row" },
          h("span", { class: "soft" }, logText(event.place, 400)),
          copyButton("Copy JSON", () => event.json),
        ),
        h("pre", { class: "json", tabindex: 0, "aria-label": "Event as JSON" }, logLines(event.json)),
      );
  });
  return [
    h(
      "tr",
      {},
      h("td", { class: "time" }, open),
      h("td", {}, logText(event.host)),
      h("td", {}, logText(event.code)),
      event.values.map((value) => h("td", { class: "what mono" }, logText(value))),
    ),
    below,
  ];
}

import { count, millisText, plural, timeText } from "../../report/index.ts";
import { h } from "../dom.ts";
import { logLines, logText } from "../log-text.ts";
import type { QueryAnswer, QueryEvent, QueryGroup } from "../protocol.ts";
import { clamped, copyButton, scroller } from "./parts.ts";

type Answered = Exclude<QueryAnswer, { readonly kind: "refused" }>;

/** What a query came to, in one line. */
export function resultLine(answer: Answered): string {
  const shown = answer.kind === "rows" ? answer.rows.length : answer.groups.length;
  const noun = answer.kind === "rows" ? answer.noun : answer.groups.length > 0 && answer.groups[0]!.keys !== null ? "sequence" : "event";
  const notes = [
    `${plural(answer.total, noun)} of ${plural(answer.events, "event")} in ${millisText(answer.ms)}`,
    ...(answer.total > shown ? [`the first ${count(shown)} are shown`] : []),
    ...answer.notes,
    ...(answer.aborted ? ["stopped before the end"] : []),
  ];
  return `${notes.join("; ")}.`;
}

/** The table of a result; null where there is nothing to show. */
export function resultTable(answer: Answered): HTMLElement | null {
  if (answer.kind === "rows") return answer.rows.length === 0 ? null : rowsTable(answer);
  const { groups, columns } = answer;
  if (groups.length === 0) return null;
  const width = columns.length + 3;
  return scroller(
    "Matches",
    h(
      "table",
      { class: "matches" },
      head(["Time", "Host", "Event", ...columns].map((name) => ({ name, isNumber: false }))),
      h(
        "tbody",
        {},
        groups.map((group, i) => groupRows(group, i, width)),
      ),
    ),
  );
}

function rowsTable({ columns, rows }: Answered & { readonly kind: "rows" }): HTMLElement {
  return scroller(
    "Rows",
    h(
      "table",
      { class: "rows" },
      head(columns),
      h(
        "tbody",
        {},
        rows.map((row) =>
          h(
            "tr",
            {},
            row.map((cell, i) => h("td", { class: columns[i]?.isNumber === true ? "number" : "mono" }, clamped(cell))),
          ),
        ),
      ),
    ),
  );
}

function head(columns: readonly { readonly name: string; readonly isNumber: boolean }[]): HTMLElement {
  return h(
    "thead",
    {},
    h(
      "tr",
      {},
      columns.map(({ name, isNumber }) => h("th", { scope: "col", class: isNumber ? "number" : null }, logText(name, 120))),
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
      event.values.map((value) => h("td", { class: "what mono" }, clamped(value))),
    ),
    below,
  ];
}

import { plural, WORDS, type AlertEvidence, type EventDetail } from "../../report/index.ts";
import { h } from "../dom.ts";
import { logLines, logText } from "../log-text.ts";

import { explanationPart } from "./explanation.ts";
import { copyButton, scroller, table } from "./parts.ts";

/** Hosts, accounts or addresses of an alert. */
const MAX_CONCERNED = 20;

/** All there is to an alert: why it matched, who is concerned, the events. @param onTune null where no exception can be tried out. */
export function alertDetail(detail: AlertEvidence, onTune: (() => void) | null): HTMLElement {
  const { description, concerned, explanation, query, events } = detail;
  return h(
    "div",
    { class: "alert-detail" },
    description !== "" && h("p", {}, logText(description)),
    h(
      "dl",
      { class: "facts" },
      concerned.flatMap(({ title, values }) => [
        h("dt", {}, title),
        h(
          "dd",
          {},
          values.slice(0, MAX_CONCERNED).map((value, i) => [i === 0 ? "" : ", ", logText(value)]),
        ),
      ]),
    ),
    h("h5", {}, `${WORDS.why} · ${plural(events.length, "event")}`),
    explanation === null ? h("p", { class: "soft" }, WORDS.notExplained) : explanationPart(explanation),
    query !== null && h("details", {}, h("summary", {}, WORDS.query), h("pre", {}, logLines(query))),
    onTune !== null && h("p", {}, h("button", { type: "button", onclick: onTune }, "Add an exception for this")),
    h("h5", {}, WORDS.evidence),
    events.map((event, i) => eventPart(event, events.length > 1 ? `Event ${i + 1}` : "Event", events.length === 1)),
  );
}

function eventPart(event: EventDetail | null, label: string, open: boolean): HTMLElement {
  if (event === null) return h("p", { class: "soft" }, `${label}: ${WORDS.absentEvent}`);
  const body = h("div", { class: "inside" });
  const details = h(
    "details",
    { class: "matched-event" },
    h("summary", {}, `${label} `, h("span", { class: "soft" }, logText(event.where), `, ${event.source}`)),
    body,
  );
  // An event may have hundreds of fields: their rows are made when it is opened.
  const fill = (): void => {
    if (body.hasChildNodes()) return;
    const json = h("pre", { class: "json", tabindex: 0, "aria-label": "Event as JSON", hidden: true }, logLines(event.json));
    const fields = scroller(
      "Fields of the event",
      table(
        ["Field", "Value"],
        event.fields.map(({ name, value, note }) =>
          h(
            "tr",
            {},
            h("td", {}, logText(name, 200)),
            h("td", { class: "mono" }, logText(value), note !== "" && h("span", { class: "cut" }, note)),
          ),
        ),
      ),
    );
    const toggle = h("button", { type: "button", class: "quiet", "aria-pressed": "false" }, "Show as JSON");
    toggle.addEventListener("click", () => {
      json.hidden = !json.hidden;
      fields.hidden = !json.hidden;
      toggle.setAttribute("aria-pressed", String(!json.hidden));
      toggle.textContent = json.hidden ? "Show as JSON" : "Show as fields";
    });
    body.append(
      h(
        "p",
        { class: "row" },
        toggle,
        copyButton("Copy JSON", () => event.json),
      ),
      ...(event.cut ? [h("p", { class: "soft" }, "Very long values are cut; the log has them whole.")] : []),
      fields,
      json,
      ...(event.moreFields > 0 ? [h("p", { class: "soft" }, `${plural(event.moreFields, "more field")} not shown.`)] : []),
    );
  };
  details.addEventListener("toggle", () => details.open && fill());
  if (open) {
    details.open = true;
    fill();
  }
  return details;
}

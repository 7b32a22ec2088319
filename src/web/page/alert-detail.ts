import { h } from "../dom.ts";
import type { AlertDetail, EventView, WhyNode } from "../protocol.ts";
import { logText, plural } from "../text.ts";
import { copyButton, scroller, table } from "./parts.ts";

/** All there is to an alert: why it matched, who is concerned, the events. */
export function alertDetail(detail: AlertDetail, onTune: (detail: AlertDetail) => void): HTMLElement {
  const { entities } = detail;
  const facts: readonly (readonly [string, readonly string[]])[] = [
    ["Hosts", entities.hosts],
    ["Accounts", entities.users],
    ["Addresses", entities.addresses],
  ];
  return h(
    "div",
    { class: "alert-detail" },
    detail.description !== "" && h("p", {}, logText(detail.description)),
    h(
      "dl",
      { class: "facts" },
      facts.flatMap(([title, values]) =>
        values.length === 0
          ? []
          : [
              h("dt", {}, title),
              h(
                "dd",
                {},
                values.slice(0, 20).map((value, i) => [i === 0 ? "" : ", ", logText(value, 200)]),
              ),
            ],
      ),
    ),
    h("h5", {}, "Why it matched"),
    detail.why === null
      ? h("p", { class: "soft" }, "The rule says something that EQL text cannot; it is not explained.")
      : detail.why.map(({ title, nodes }) => [
          title !== null && h("p", { class: "stage" }, h("code", {}, logText(title, 600))),
          h("ul", { class: "reasons" }, nodes.map(whyNode)),
        ]),
    h("p", {}, h("button", { type: "button", onclick: () => onTune(detail) }, "Add an exception for this")),
    h("h5", {}, detail.events.length === 1 ? "The event" : "The events"),
    detail.events.map((event, i) => eventDetail(event, i, detail.events.length)),
  );
}

const TRUTH = { true: "true", false: "false", missing: "not there" } as const;

function whyNode(node: WhyNode): HTMLElement {
  return h(
    "li",
    {},
    h("span", { class: `truth ${node.truth}` }, TRUTH[node.truth]),
    " ",
    node.children.length > 0 ? node.text : h("code", {}, logText(node.text)),
    node.seen !== "" && h("span", { class: "seen" }, " ", logText(node.seen, 800)),
    node.children.length > 0 && h("ul", { class: "reasons" }, node.children.map(whyNode)),
  );
}

function eventDetail(event: EventView | null, at: number, of: number): HTMLElement {
  if (event === null) return h("p", { class: "soft" }, `Event ${at + 1}: none, as the rule wants.`);
  const body = h("div", { class: "inside" });
  const details = h(
    "details",
    { class: "matched-event" },
    h("summary", {}, of === 1 ? "" : `Event ${at + 1}: `, logText(event.place, 500), h("span", { class: "soft" }, ` ${event.source}`)),
    body,
  );
  // Four hundred rows for each of many events are made when somebody wants them.
  const fill = (): void => {
    if (body.hasChildNodes()) return;
    const json = h("pre", { class: "json", tabindex: 0, "aria-label": "Event as JSON", hidden: true }, logText(event.json, 300_000));
    const fields = scroller(
      "Fields of the event",
      table(
        ["Field", "Value"],
        event.fields.map(({ field, value }) => h("tr", {}, h("td", {}, logText(field, 200)), h("td", { class: "mono" }, logText(value)))),
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
      ...(event.more > 0 ? [h("p", { class: "soft" }, `${plural(event.more, "more field")} not shown.`)] : []),
    );
  };
  details.addEventListener("toggle", () => details.open && fill());
  if (of === 1) {
    details.open = true;
    fill();
  }
  return details;
}

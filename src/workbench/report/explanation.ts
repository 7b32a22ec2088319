import type { EventDocument, FieldValue } from "../../eql/index.ts";
import type { AlertExplanation } from "../explain/alert.ts";
import type { ExplainNode, FilterExplanation } from "../explain/explain.ts";
import { html, type Html } from "./html.ts";
import { logText } from "./text.ts";
import { eventLine } from "../prove/report.ts";

/** Why a rule matched, as nested lists: each condition with its truth and the values that were seen. */
export function explanationHtml({ explanation, events, stages }: AlertExplanation): Html {
  if (explanation.kind === "event") return filterHtml(explanation.explanation);
  return html`${stages.map(
    ({ number, text, event, filter }) =>
      html`<p><b>Stage ${number}</b> <code>${logText(text)}</code></p>
        ${
          event === null || filter === null
            ? html`<p class="soft">No such event, as the rule wants.</p>`
            : html`<p class="soft">${eventHtml(events[event]!)}</p>
                ${filterHtml(filter)}`
        }`,
  )}`;
}

function eventHtml(event: EventDocument): Html {
  return logText(eventLine(event), 600);
}

function filterHtml(filter: FilterExplanation): Html {
  const category =
    filter.category === null
      ? null
      : html`<li>${truthHtml(filter.category.holds ? "true" : "false")} <code>event.category</code> is ${filter.category.wanted}</li>`;
  return html`<ul class="tree">
    ${category}${nodeHtml(filter.condition)}
  </ul>`;
}

function nodeHtml(node: ExplainNode): Html {
  if (node.children.length === 0) {
    const seen = node.seen.map(
      ({ field, value }, i) => html`${i === 0 ? "" : "; "}<code>${logText(field, 200)}</code> = ${valueHtml(value)}`,
    );
    return html`<li>
      ${truthHtml(node.truth)} <code>${logText(node.text, 600)}</code>
      ${seen.length === 0 ? null : html`<span class="soft">${seen}</span>`}
    </li>`;
  }
  return html`<li>
    ${truthHtml(node.truth)} ${JOINED[node.op]}
    <ul class="tree">
      ${node.children.map(nodeHtml)}
    </ul>
  </li>`;
}

const JOINED = { and: "all of", or: "any of", not: "not", is: "is" } as const satisfies Record<ExplainNode["op"], string>;

function truthHtml(truth: ExplainNode["truth"]): Html {
  return html`<span class="truth ${truth}">${truth === "missing" ? "not there" : truth}</span>`;
}

function valueHtml(value: FieldValue): Html {
  if (value === undefined) return html`nothing`;
  if (typeof value !== "object") return logText(String(value), 400);
  const items: readonly unknown[] = value;
  return logText(`[${items.slice(0, 20).map(String).join(", ")}${items.length > 20 ? ", …" : ""}]`, 400);
}

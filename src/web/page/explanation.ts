import { OUTCOMES, plural, type ConditionView, type ExplanationView, type StageView } from "../../report/index.ts";
import { h } from "../dom.ts";
import { logText } from "../log-text.ts";

/** Why a rule matched, as elements. */
export function explanationPart({ matches, verdict, waitedFor, stages }: ExplanationView): HTMLElement {
  return h(
    "div",
    {},
    !matches && h("p", {}, verdict),
    waitedFor.map((line) => h("p", {}, logText(line))),
    stages.map(stagePart),
  );
}

function stagePart({ number, text, note, events, moreEvents, conditions }: StageView): Node[] {
  return [
    ...(number === null ? [] : [h("p", { class: "stage" }, h("b", {}, `Stage ${number}`), " ", h("code", {}, logText(text ?? "", 600)))]),
    ...(note === ""
      ? []
      : [
          h(
            "p",
            { class: "soft" },
            `${note} `,
            events.map(({ line }, i) => [i > 0 && ", ", logText(line, 600)]),
            moreEvents > 0 && ` and ${plural(moreEvents, "more event")}`,
          ),
        ]),
    ...(conditions.length === 0 ? [] : [conditionList(conditions)]),
  ];
}

function conditionList(conditions: readonly ConditionView[]): HTMLElement {
  const unneeded = conditions.filter((condition) => condition.unneeded);
  return h(
    "ul",
    { class: "conditions" },
    conditions.filter((condition) => !condition.unneeded).map(conditionItem),
    unneeded.length > 0 &&
      h(
        "li",
        {},
        h(
          "details",
          {},
          h("summary", {}, `${plural(unneeded.length, "alternative")} that need not hold`),
          h("ul", { class: "conditions" }, unneeded.map(conditionItem)),
        ),
      ),
  );
}

function conditionItem({ outcome, text, seen, children }: ConditionView): HTMLElement {
  return h(
    "li",
    {},
    h("span", { class: `truth ${outcome}` }, h("span", { "aria-hidden": "true" }, OUTCOMES[outcome].mark), ` ${OUTCOMES[outcome].text}`),
    " ",
    children.length > 0 ? text : h("code", {}, logText(text, 600)),
    seen !== "" && h("span", { class: "soft" }, " ", logText(seen)),
    children.length > 0 && conditionList(children),
  );
}

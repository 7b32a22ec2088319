import { plural } from "../../report/index.ts";
import { h, replace } from "../dom.ts";
import { logText } from "../log-text.ts";
import type { AddedRules } from "../protocol.ts";
import { scroller, table } from "./parts.ts";

/** Faults that are listed. */
const MAX_LISTED = 200;

/** Rules that were given to the page: how many run, and what does not with its place. */
export class AddedRulesView {
  readonly element = h("div", { class: "added-rules", hidden: true });
  readonly #onRemove: () => void;

  constructor(onRemove: () => void) {
    this.#onRemove = onRemove;
  }

  show({ rules, problems, other }: AddedRules): void {
    this.element.hidden = false;
    const errors = problems.filter(({ severity }) => severity === "error").length;
    replace(
      this.element,
      h(
        "p",
        { class: "row" },
        h(
          "span",
          {},
          h("strong", {}, `${plural(rules.length, "rule")} of yours`),
          ` ${rules.length === 1 ? "runs" : "run"} beside the package's`,
          errors > 0 && `; ${plural(errors, "error")}`,
        ),
        h("button", { type: "button", class: "quiet", onclick: this.#onRemove }, "Remove them"),
      ),
      other.length > 0 &&
        h("p", { class: "soft" }, `No rule in ${plural(other.length, "file")}: `, logText(other.slice(0, 5).join(", "), 400)),
      problems.length > 0 &&
        h(
          "details",
          { open: rules.length === 0 },
          h("summary", {}, `${plural(problems.length, "fault")} of these rules`),
          scroller(
            "Faults of rules",
            table(
              ["Where", "", "Fault"],
              problems
                .slice(0, MAX_LISTED)
                .map(({ place, severity, message, help }) =>
                  h(
                    "tr",
                    {},
                    h("td", { class: "mono" }, logText(place, 300)),
                    h("td", { class: severity === "error" ? "high" : "medium" }, severity),
                    h("td", {}, logText(message, 600), help !== null && h("div", { class: "soft" }, logText(help, 400))),
                  ),
                ),
            ),
          ),
          problems.length > MAX_LISTED && h("p", { class: "soft" }, `${plural(problems.length - MAX_LISTED, "more fault")} not listed.`),
        ),
    );
  }

  clear(): void {
    this.element.hidden = true;
    replace(this.element);
  }
}

import { h, replace } from "../dom.ts";
import type { HuntSummary } from "../protocol.ts";
import { count, millisText, plural, RULE_COLUMNS, WORDS } from "../../report/index.ts";
import { logText } from "../log-text.ts";
import { scroller, severityMark, table } from "./parts.ts";

/** What was read, what could not be, what each rule saw, and what was blind. */
export class ReadPanel {
  readonly element = h("div", { class: "read-panel" });

  show(summary: HuntSummary, listing: readonly string[]): void {
    const { input } = summary;
    replace(
      this.element,
      h(
        "dl",
        { class: "facts" },
        fact(
          "Formats",
          Object.entries(input.formats)
            .map(([format, files]) => `${format} (${count(files)})`)
            .join(", ") || "none",
        ),
        summary.facts.map(({ title, text }) => fact(title, text)),
        fact("Time taken", millisText(summary.ms)),
      ),
      h("h4", {}, "Problems"),
      listing.map((line) => h("p", { class: "notice" }, line)),
      input.errors + input.warnings === 0
        ? h(
            "p",
            {},
            summary.unmapped === 0
              ? "None: everything was read."
              : `No part of the input was unreadable, but ${unmappedText(summary.unmapped)}`,
          )
        : [
            h("p", {}, `${plural(input.errors, "error")}, ${plural(input.warnings, "warning")}.`),
            scroller(
              "Problems while reading",
              table(
                ["Where", "", "Problem"],
                input.problems.map((p) =>
                  h(
                    "tr",
                    {},
                    h("td", { class: "mono" }, logText(p.place, 400)),
                    h("td", {}, p.severity),
                    h(
                      "td",
                      {},
                      logText(p.message, 400),
                      p.help !== undefined && h("div", { class: "soft" }, p.help),
                      " ",
                      h("span", { class: "soft" }, p.code),
                    ),
                  ),
                ),
              ),
            ),
            input.errors + input.warnings > input.problems.length &&
              h("p", { class: "soft" }, `${count(input.errors + input.warnings - input.problems.length)} more are not listed.`),
          ],
      h("h4", {}, WORDS.rulesSaw),
      scroller(
        WORDS.rulesSaw,
        table(
          Object.values(RULE_COLUMNS),
          summary.rules.map((rule) =>
            h(
              "tr",
              {},
              h("td", {}, rule.key),
              h("td", {}, severityMark(rule.severity)),
              h("td", { class: "number" }, count(rule.matched)),
              h("td", { class: "number" }, count(rule.alerts)),
              h("td", { class: "number" }, rule.millis === null ? "" : millisText(rule.millis)),
              h("td", {}, logText(rule.name, 200)),
            ),
          ),
        ),
      ),
      summary.blind.length > 0 && [
        h("h4", {}, `${count(summary.blind.length)} of ${plural(summary.rules.length, "rule")} cannot fire with these logs`),
        h("p", {}, WORDS.blindWhole),
        scroller(
          "Rules that were blind",
          table(
            ["Rule", "Not in the input"],
            summary.blind.map(({ rule, missing }) =>
              h("tr", {}, h("td", {}, rule), h("td", { class: "soft" }, missing.map(({ events }) => events).join("; "))),
            ),
          ),
        ),
      ],
    );
  }
}

/** Records that were read and say little: rules about them find nothing. */
function unmappedText(records: number): string {
  return `${plural(records, "record is", "records are")} of a kind that is not mapped to ECS: rules find ${records === 1 ? "it" : "them"} by raw fields only, see "Not mapped to ECS" above.`;
}

function fact(title: string, text: string): readonly Node[] {
  return [h("dt", {}, title), h("dd", {}, logText(text))];
}

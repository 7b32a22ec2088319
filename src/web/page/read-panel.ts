import { h, replace } from "../dom.ts";
import type { HuntSummary } from "../protocol.ts";
import { byteText, count, logText, plural, timeText } from "../text.ts";
import { scroller, severityMark, table } from "./parts.ts";

/** What was read, what could not be, what each rule saw, and what was blind. */
export class ReadPanel {
  readonly element = h("div", { class: "read-panel" });

  show(summary: HuntSummary, listing: readonly string[]): void {
    const { input, losses } = summary;
    const lost = losses.droppedEvents + losses.withoutTimestamp + losses.sequenceState;
    const unmapped = summary.unmapped.reduce((sum, u) => sum + u.count, 0);
    replace(
      this.element,
      h(
        "dl",
        { class: "facts" },
        fact(
          "Input",
          `${plural(input.files, "file")}, ${byteText(input.bytes)}, in ${(summary.ms / 1000).toFixed(1)} s${input.aborted ? "; stopped before the end" : ""}`,
        ),
        fact("Formats", input.formats.map(({ format, files }) => `${format} (${count(files)})`).join(", ") || "none"),
        fact("Events", `${count(summary.events)}, ${timeText(summary.firstEvent)} to ${timeText(summary.lastEvent)}`),
        fact("Data sources", summary.sources.map(({ source, events }) => `${source} (${count(events)})`).join(", ") || "none"),
        summary.excepted > 0 && fact("Answered by exceptions", plural(summary.excepted, "alert")),
        unmapped > 0 &&
          fact(
            "Not mapped to ECS",
            `${plural(unmapped, "record")}: ${summary.unmapped
              .slice(0, 12)
              .map((u) => `${u.provider} ${u.code} (${count(u.count)})`)
              .join(", ")}${summary.unmapped.length > 12 ? ", …" : ""}`,
          ),
        lost > 0 &&
          fact(
            "Sequences may have missed",
            `${count(losses.withoutTimestamp)} events without a time, ${count(losses.droppedEvents)} without room, ${count(losses.sequenceState)} states given up`,
          ),
      ),
      h("h4", {}, "Problems"),
      listing.map((line) => h("p", { class: "notice" }, line)),
      input.errors + input.warnings === 0
        ? h("p", {}, "None: everything was read.")
        : [
            h("p", {}, `${plural(input.errors, "error")}, ${plural(input.warnings, "warning")}.`),
            scroller(
              "Problems while reading",
              table(
                ["Place", "", "Problem"],
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
                      p.help !== null && h("div", { class: "soft" }, p.help),
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
      h("h4", {}, "What each rule saw"),
      scroller(
        "What each rule saw",
        table(
          ["Rule", "Severity", "Events", "Alerts", "Name"],
          summary.rules.map((rule) =>
            h(
              "tr",
              {},
              h("td", {}, rule.key),
              h("td", {}, severityMark(rule.severity)),
              h("td", { class: "number" }, count(rule.matched)),
              h("td", { class: "number" }, count(rule.alerts)),
              h("td", {}, logText(rule.name, 200)),
            ),
          ),
        ),
      ),
      summary.blind.length > 0 && [
        h("h4", {}, "What was blind"),
        h("p", {}, "No event of any kind these rules need was in the input, so their silence says nothing."),
        scroller(
          "Rules that were blind",
          table(
            ["Rule", "Needs"],
            summary.blind.map((rule) => h("tr", {}, h("td", {}, `${rule.key} ${rule.name}`), h("td", { class: "soft" }, rule.needs))),
          ),
        ),
      ],
    );
  }
}

function fact(title: string, text: string): readonly Node[] {
  return [h("dt", {}, title), h("dd", {}, logText(text))];
}

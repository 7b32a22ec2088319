import { ALERT_COLUMNS, plural, timeText, type AlertView } from "../../report/index.ts";
import { h } from "../dom.ts";
import { logText } from "../log-text.ts";
import type { ProposedException, TuneAnswer } from "../protocol.ts";
import { clamped, copyButton, scroller, severityMark, table } from "./parts.ts";

const MAX_LISTED = 50;
/** Reasons that are listed. */
const MAX_REASONS = 5;

type TunedCase = TuneAnswer["cases"][number];

/** Where an exception belongs. */
export interface ExceptionTarget {
  /** The package. */
  readonly detection: string;
  /** The page on which the server writes it; null where it does not. */
  readonly writesAt: string | null;
}

/** What an exception would do: what is lost first and in red, then what it suppresses, then its text. @param refusal why the proposal is no safe one */
export function effectPart(answer: TuneAnswer, refusal: readonly string[], target: ExceptionTarget): HTMLElement {
  const { removed, kept, casesRun, problems, yaml } = answer;
  const lost = answer.cases.filter(({ kind }) => kind !== "negative").sort((a, b) => Number(b.silenced) - Number(a.silenced));
  const harmless = answer.cases.filter(({ kind }) => kind === "negative");
  return h(
    "div",
    {},
    lossPart(lost),
    lost.length === 0 && refusalPart(refusal),
    h(
      "p",
      {},
      h("strong", {}, `Suppresses ${plural(removed.length, "alert")} of this hunt`),
      `, leaves ${plural(kept, "alert")}; changes ${plural(answer.cases.length, "proof case")} of ${casesRun}.`,
    ),
    removed.length > 0 && removedTable(removed),
    removed.length > MAX_LISTED && h("p", { class: "soft" }, `${plural(removed.length - MAX_LISTED, "more alert")} not listed.`),
    harmless.length > 0 && casesTable("Ordinary work that no longer alerts", harmless),
    problems.length > 0 && [
      h("h5", {}, "Not an exception yet"),
      h(
        "ul",
        {},
        problems.map((problem) => h("li", {}, problem)),
      ),
    ],
    yaml !== null && yamlPart(yaml, lost.length, target),
  );
}

/** Attacks of the proof that alerts are lost of. */
function lossPart(lost: readonly TunedCase[]): HTMLElement | null {
  if (lost.length === 0) return null;
  const silenced = lost.filter((c) => c.silenced).length;
  return h(
    "section",
    { class: "notice danger", "aria-label": "Proofs that are lost" },
    h(
      "p",
      {},
      h("strong", {}, "It hides attacks: "),
      `${plural(lost.length, "proof case")} of an attack ${lost.length === 1 ? "loses" : "lose"} alerts`,
      silenced > 0
        ? `, and ${silenced === lost.length ? "none" : String(silenced)} of them ${silenced === lost.length ? "would alert at all" : "would not alert at all"}.`
        : ", which other rules still catch.",
      " Narrow it: tocsin prove would fail.",
    ),
    casesTable("Attacks that lose alerts", lost),
  );
}

function refusalPart(refusal: readonly string[]): HTMLElement | null {
  if (refusal.length === 0) return null;
  return h(
    "div",
    { class: "notice danger" },
    h("p", {}, h("strong", {}, "There is no safe exception for this alert.")),
    h(
      "ul",
      {},
      refusal.slice(0, MAX_REASONS).map((reason) => h("li", {}, logText(reason, 400))),
    ),
    refusal.length > MAX_REASONS && h("p", {}, `${plural(refusal.length - MAX_REASONS, "more reason")}.`),
  );
}

function removedTable(removed: readonly AlertView[]): HTMLElement {
  return scroller(
    "Alerts it suppresses",
    table(
      Object.values(ALERT_COLUMNS),
      removed
        .slice(0, MAX_LISTED)
        .map((row) =>
          h(
            "tr",
            {},
            h("td", { class: "time" }, logText(timeText(row.time))),
            h("td", {}, severityMark(row.severity)),
            h("td", {}, logText(row.host)),
            h("td", {}, logText(row.rule)),
            h("td", {}, logText(row.who)),
            h("td", { class: "what mono" }, clamped(row.what)),
          ),
        ),
    ),
  );
}

function casesTable(label: string, cases: readonly TunedCase[]): HTMLElement {
  return scroller(
    label,
    table(
      ["Proof case", "Kind", "Loses", ""],
      cases.map((c) =>
        h(
          "tr",
          {},
          h("td", {}, c.title, " ", h("span", { class: "soft" }, c.name)),
          h("td", {}, c.kind),
          h("td", {}, c.rules.join(", ")),
          h(
            "td",
            { class: c.silenced ? "high" : "soft" },
            c.silenced ? "attack unseen" : c.kind === "negative" ? "no attack" : "still caught by other rules",
          ),
        ),
      ),
    ),
  );
}

function yamlPart(yaml: string, lost: number, { detection, writesAt }: ExceptionTarget): HTMLElement {
  const button =
    lost === 0
      ? copyButton("Copy as YAML", () => yaml)
      : copyButton("Copy as YAML", () => yaml, `It loses ${plural(lost, "proof")}. Copy it all the same?`);
  return h(
    "section",
    { "aria-label": "The exception" },
    h("h5", {}, `For tuning.yaml of ${detection}, under exceptions`),
    h(
      "p",
      { class: "row" },
      button,
      // Another page: this one may make no connection at all. Behind the # it reaches no server before somebody confirms it there.
      writesAt !== null &&
        h(
          "a",
          { href: `${writesAt}#${encodeURIComponent(JSON.stringify({ detection, yaml }))}`, target: "_blank", rel: "noopener" },
          "Write it into the package …",
        ),
      writesAt === null && h("span", { class: "soft" }, "tocsin serve --write puts it there from the page."),
    ),
    h("pre", { class: "yaml", tabindex: 0, "aria-label": "The exception as YAML" }, yaml),
  );
}

/** The exception of a rule of no package, as its platform takes it. */
export function ruleExceptionPart(
  row: Pick<AlertView, "rule">,
  { file, text, removes, alsoHides }: ProposedException & { readonly kind: "rule" },
): HTMLElement {
  return h(
    "section",
    { "aria-label": "The exception" },
    h("p", {}, h("strong", {}, logText(row.rule, 200)), " is of no package: its exception is a file in the form of its platform."),
    alsoHides > 0 &&
      h(
        "p",
        { class: "notice danger" },
        h("strong", {}, `It also hides ${plural(alsoHides, "other alert")} of this hunt.`),
        " Look at them first.",
      ),
    h("p", {}, `It takes away ${plural(removes, "alert")}. It was held against this hunt alone: run tocsin prove with the rule's cases.`),
    h("h5", {}, file),
    h(
      "p",
      {},
      alsoHides === 0
        ? copyButton("Copy", () => text)
        : copyButton("Copy", () => text, `It hides ${plural(alsoHides, "other alert")}. Copy it all the same?`),
    ),
    h("pre", { class: "yaml", tabindex: 0, "aria-label": "The exception" }, text),
  );
}

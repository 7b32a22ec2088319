/** One story on every face: the terminal, the HTML report, the server's pages and the page in the browser say the same facts in the same words. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../server/index.ts";
import { alertDetail as alertElement } from "../web/page/alert-detail.ts";
import { AlertsPanel } from "../web/page/alerts-panel.ts";
import { explanationPart } from "../web/page/explanation.ts";
import { installDom } from "../web/testing/dom.ts";
import { detailOf, summaryOf } from "../web/worker/summaries.ts";
import { explain, parse, readTimeZone, type Alert } from "../workbench/index.ts";
import {
  alertDetail,
  alertFacts as countFacts,
  alertHistogram,
  alertsLines,
  alertsText,
  alertView,
  ExplanationPart,
  explanationText,
  explanationView,
  histogramTitle,
  hitRules,
  huntReport,
  OUTCOMES,
  summaryText,
  WORDS,
  type ConditionView,
  type ExplanationView,
  type StageView,
  type TextTerminal,
} from "./index.ts";
import { huntIn, labLog, smbDetection, smbFiles, today } from "./testing/smb-hunt.ts";

const PLAIN: TextTerminal = { width: undefined, paint: (_, text) => text };

/** The words of a page, without its mark-up. */
function wordsOf(html: string): string {
  return oneLine(
    html
      .replaceAll(/<style>[\s\S]*?<\/style>/g, "")
      .replaceAll(/<\/(p|td|th|li|dt|dd|h\d|summary|div|pre|time|title)>/g, " ")
      .replaceAll(/<[^>]*>/g, "")
      .replaceAll("&quot;", '"')
      .replaceAll("&#39;", "'")
      .replaceAll("&lt;", "<")
      .replaceAll("&gt;", ">")
      .replaceAll("&amp;", "&"),
  );
}

function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, " ");
}

/** The outcome of each condition before it, and what was seen. */
function conditionWords({ outcome, text, seen, children }: ConditionView): string[] {
  return [`${OUTCOMES[outcome].text} ${text}`, ...(seen === "" ? [] : [seen]), ...children.flatMap(conditionWords)];
}

function explanationWords({ waitedFor, stages }: ExplanationView): string[] {
  return [...waitedFor, ...stages.flatMap(stageWords)];
}

function stageWords({ number, text, note, events, conditions }: StageView): string[] {
  return [
    ...(number === null ? [] : [`Stage ${number}`, text!]),
    note,
    ...events.map(({ line }) => line),
    ...conditions.flatMap(conditionWords),
  ];
}

let dom: ReturnType<typeof installDom>;
beforeAll(() => {
  dom = installDom();
});
afterAll(() => dom.uninstall());

const detection = smbDetection();
const { result, input } = huntIn(detection, [labLog()]);

describe.each([
  ["of one event", "T1021.002/B1", "Incident 2", "2026-03-04 09:07:58.524"],
  ["of a sequence", "T1021.002/C2", "Incident 2", "2026-03-04 09:17:52.760"],
])("an alert with why it matched: a rule %s", (_kind, key, incident, time) => {
  const alert = result.alerts.find(({ rule }) => rule.key === key)!;
  const explanation = alertDetail(alert).explanation!;
  const facts = alertFacts(alert, incident, time);

  /** What a face shows of the list of alerts, and what of why one matched. */
  interface Shown {
    readonly list: string;
    readonly why: string;
  }
  const ofPage = (html: string): Shown => ({
    list: wordsOf([...html.matchAll(/<h3[\s\S]*?<\/h3>|<tr class="alert">[\s\S]*?<\/tr>/g)].join(" ")),
    why: wordsOf(html),
  });
  const faces: Record<string, () => Promise<Shown> | Shown> = {
    terminal: () => ({ list: oneLine(alertsText(result, PLAIN)), why: oneLine(explanationText(explanation).join("\n")) }),
    "HTML report": () => ofPage(huntReport({ result, input, packages: [detection], createdAt: "2026-03-04T10:00:00.000Z" })),
    "server page": async () => {
      const packages = [{ detection, files: smbFiles() }];
      const app = createApp({ packages, rules: null, hunt: result, synthetic: true, today, documents: new Map(), assets: "" });
      return ofPage(await (await app.request("http://127.0.0.1/alerts/")).text());
    },
    "page in the browser": () => {
      const panel = new AlertsPanel({ detail: async () => null, onExport: () => {}, onTune: () => {} });
      panel.show(
        summaryOf(result, { ...input, formats: {}, records: 0, staleRecords: 0, problems: [], problemsByCode: {} }, [detection], 1),
      );
      return { list: oneLine(panel.element.textContent), why: oneLine(alertElement(detailOf(alert), () => {}).textContent) };
    },
  };

  test.each(Object.keys(faces))("%s", async (face) => {
    const { list, why } = await faces[face]!();
    for (const fact of facts) expect(list, fact).toContain(oneLine(fact));
    // The columns are in the same order.
    const { severity, ruleId, host } = alertView(alert);
    const squeezed = list.replaceAll(" ", "");
    const before = `${time.replace(" ", "")}${severity}${host}`;
    const behind = squeezed.split(before).slice(1);
    // On a terminal the number of repeats stands between host and rule.
    expect(behind.some((text) => text.replace(/^\d+/, "").startsWith(ruleId))).toBe(true);
    for (const fact of explanationWords(explanation)) expect(why, fact).toContain(oneLine(fact));
    // The terminal explains by a command of its own, whose output is nothing else.
    if (face !== "terminal") expect(why).toContain(WORDS.why);
  });

  test("the facts are not empty", () => {
    for (const fact of facts) expect(fact).not.toBe("");
    const words = explanationWords(explanation).join("\n");
    for (const word of ["true all of", "host.os.type is "]) expect(words).toContain(word);
  });
});

function alertFacts(alert: Alert, incident: string, time: string): string[] {
  const { severity, ruleId, title, host, who, what } = alertView(alert);
  return [incident, time, severity, ruleId, title, host, who, what];
}

describe.each(["UTC", "+05:45"])("the counts of alerts, their times and what rules saw, by the clocks of %s", (name) => {
  const zone = readTimeZone(name)!;
  const faces: Record<string, () => Promise<string> | string> = {
    terminal: () => oneLine([...alertsLines(result, PLAIN, zone), summaryText(result, input, PLAIN, zone)].join("\n")),
    "HTML report": () => wordsOf(huntReport({ result, input, packages: [detection], createdAt: "2026-03-04T10:00:00.000Z", zone })),
    "server page": async () => {
      const packages = [{ detection, files: smbFiles() }];
      const app = createApp({ packages, rules: null, hunt: result, zone, synthetic: true, today, documents: new Map(), assets: "" });
      return wordsOf(await (await app.request("http://127.0.0.1/alerts/")).text());
    },
  };

  test.each(Object.keys(faces))("%s", async (face) => {
    const words = await faces[face]!();
    const facts = countFacts(result, zone);
    expect(facts.map(({ title }) => title)).toEqual(["Alerts", "By host", "By user", "By tactic", `By day (${name})`]);
    for (const { title, text } of facts) expect(words.replaceAll(`${title}: `, `${title} `)).toContain(`${title} ${text}`);
    const histogram = alertHistogram(result, zone)!;
    expect(words).toContain(histogramTitle(histogram, zone));
    for (const bar of histogram.bars) expect(words.replaceAll(/ +/g, " ")).toContain(`${bar.name} ${bar.alerts}`);
    // The first alert, at 08:49:21.886Z.
    expect(words.toLowerCase()).toContain(`time (${name.toLowerCase()})`);
    expect(words).toContain(name === "UTC" ? "2026-03-04 08:49:21.886" : "2026-03-04 14:34:21.886");
    // Its events say when they were as the log did.
    expect(words.includes("2026-03-04 08:49:21.886 medium")).toBe(name === "UTC");
    // Rules in one order, and those without a hit in a line.
    const { hit, quiet, quietText } = hitRules(result);
    const saw = words.slice(0, words.indexOf(quietText));
    const places = hit.map((rule) => saw.lastIndexOf(`${rule.key} `));
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(quiet.length).toBeGreaterThan(0);
    expect(words).toContain(quietText);
  });
});

describe("why a rule does not match", () => {
  const text =
    'process where event.type == "start" and (process.name : "net.exe" or ?process.pe.original_file_name : "net.exe") and not process.args : "/d"';
  const { query } = parse(text);
  const events = [
    {
      "@timestamp": "2026-03-04T09:15:00.000Z",
      event: { category: ["process"], type: ["start"] },
      process: { name: "n.exe", args: ["n", "/d"] },
    },
  ];
  const view = explanationView(explain(query!, text, events)!, events);
  const faces: Record<string, () => string> = {
    terminal: () => oneLine(explanationText(view).join("\n")),
    // oxlint-disable-next-line typescript/no-base-to-string -- the text of a JSX node is its HTML
    html: () => wordsOf(String(<ExplanationPart of={view} />)),
    "page in the browser": () => oneLine(explanationPart(view).textContent),
  };

  test.each(Object.keys(faces))("%s", (face) => {
    const words = faces[face]!();
    for (const fact of ["Does not match", "Nearest event", ...explanationWords(view)]) expect(words, fact).toContain(fact);
    expect(words).toContain('not present ?process.pe.original_file_name : "net.exe"');
    expect(words).toContain("process.pe.original_file_name is not present");
    expect(words).toContain("undecided any of");
    expect(words).toContain("false not");
  });
});

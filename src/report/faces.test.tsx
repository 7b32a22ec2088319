/** One story on every face: the terminal, the HTML report, the server's pages and the page in the browser say the same facts in the same words. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../server/index.ts";
import { alertDetail as alertElement } from "../web/page/alert-detail.ts";
import { AlertsPanel } from "../web/page/alerts/panel.ts";
import { NO_CHOICE, type PanelState } from "../web/page/alerts/state.ts";
import { explanationPart } from "../web/page/explanation.ts";
import { installDom } from "../web/testing/dom.ts";
import { detailOf, summaryOf } from "../web/worker/summaries.ts";
import { explain, parse, readTimeZone, UTC } from "../workbench/index.ts";
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
  incidentViews,
  OUTCOMES,
  plural,
  summaryText,
  unpackAlertList,
  WORDS,
  type AlertEvidence,
  type AlertList,
  type ConditionView,
  type ExplanationView,
  type PackedAlertList,
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

/** Pages name their files; none is asked for. */
const assets = join(import.meta.dirname, "..", "web", "entries");

let dom: ReturnType<typeof installDom>;
beforeAll(() => {
  dom = installDom();
});
afterAll(() => dom.uninstall());

const detection = smbDetection();
const { result, input } = huntIn(detection, [labLog()]);

describe.each([
  ["of one event", "T1021.002/B1", "Incident 1", "2026-03-04 09:07:58.524"],
  ["of a sequence", "T1021.002/C2", "Incident 1", "2026-03-04 09:17:52.760"],
])("an alert with why it matched: a rule %s", (_kind, key, incident, time) => {
  const alert = result.alerts.find(({ rule }) => rule.key === key)!;
  const explanation = alertDetail(alert).explanation!;
  const { severity, ruleId, title, host, who, what } = alertView(alert);
  const views = incidentViews(result);
  const act = views[0]!.acts.find(({ rules }) => rules.some((rule) => rule.key === key))!;
  const story = [incident, views[0]!.title, act.title, act.severity];
  const facts = [time, severity, ruleId, title, host, who, what];

  /** What a face shows of what happened, of the alert as a line of a list, and of why it matched. */
  interface Shown {
    readonly story: string;
    readonly alert: string | null;
    readonly why: string | null;
  }
  const served = (path: string): Promise<Response> | Response => {
    const packages = [{ detection, files: smbFiles() }];
    const app = createApp({ packages, rules: null, hunt: result, synthetic: true, today, documents: new Map(), assets });
    return app.request(`http://127.0.0.1${path}`);
  };
  /** The panel of the pages, with a list as it came to it. */
  const panelOf = (list: AlertList, evidence: AlertEvidence): Shown => {
    const panel = (state: PanelState): string => {
      const one = new AlertsPanel({ zone: UTC, detail: async () => evidence, exports: [], guide: () => [], onTune: null, onAddress: null });
      one.show(list, state);
      return oneLine(one.element.textContent);
    };
    return {
      story: panel(NO_CHOICE),
      alert: panel({ ...NO_CHOICE, group: "none", text: title }),
      why: oneLine(alertElement(evidence, null).textContent),
    };
  };
  const faces: Record<string, () => Promise<Shown> | Shown> = {
    // The terminal lists single alerts, and explains them, by commands of their own.
    terminal: () => ({ story: oneLine(alertsText(result, PLAIN)), alert: null, why: oneLine(explanationText(explanation).join("\n")) }),
    "HTML report": () => {
      const words = wordsOf(huntReport({ result, input, packages: [detection], createdAt: "2026-03-04T10:00:00.000Z" }));
      return { story: words, alert: words, why: words };
    },
    "server page": async () => {
      const packed = (await (await served("/alerts/alerts.json")).json()) as PackedAlertList;
      const evidence = (await (await served(`/alerts/${alert.id}.json`)).json()) as AlertEvidence;
      return panelOf(unpackAlertList(packed), evidence);
    },
    "server page without a script": async () => {
      const words = wordsOf(await (await served("/alerts/")).text());
      return { story: words, alert: words, why: null };
    },
    "page in the browser": () => {
      const { list } = summaryOf(
        result,
        { ...input, formats: {}, records: 0, staleRecords: 0, problems: [], problemsByCode: {} },
        [detection],
        1,
      );
      return panelOf(list, detailOf(alert));
    },
  };

  test.each(Object.keys(faces))("%s", async (face) => {
    const { story: told, alert: line, why } = await faces[face]!();
    for (const fact of face === "server page without a script" ? story.slice(0, 2) : story) expect(told, fact).toContain(oneLine(fact));
    if (line !== null) for (const fact of facts) expect(line, fact).toContain(oneLine(fact));
    if (why === null) return;
    for (const fact of explanationWords(explanation)) expect(why, fact).toContain(oneLine(fact));
    if (face !== "terminal") expect(why).toContain(`${WORDS.why} · ${plural(alert.events.length, "event")}`);
  });

  test("the facts are not empty", () => {
    for (const fact of [...facts, ...story]) expect(fact).not.toBe("");
    const words = explanationWords(explanation).join("\n");
    for (const word of ["true all of", "host.os.type is "]) expect(words).toContain(word);
  });
});

describe.each(["UTC", "+05:45"])("the counts of alerts, their times and what rules saw, by the clocks of %s", (name) => {
  const zone = readTimeZone(name)!;
  const faces: Record<string, () => Promise<string> | string> = {
    terminal: () => oneLine([...alertsLines(result, PLAIN, zone), summaryText(result, input, PLAIN, zone)].join("\n")),
    "HTML report": () => wordsOf(huntReport({ result, input, packages: [detection], createdAt: "2026-03-04T10:00:00.000Z", zone })),
    "server page": async () => {
      const packages = [{ detection, files: smbFiles() }];
      const app = createApp({ packages, rules: null, hunt: result, zone, synthetic: true, today, documents: new Map(), assets });
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

/** Public Sigma rules and recordings that lie beside the repository, through every translator; without them these tests are skipped. */
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createNormaliser } from "../../ecs/index.ts";
import { EventTable } from "../../../scripts/duckdb-table.ts";
import { compileFilter, fieldsOf, parse, type EventDocument, type EventQuery } from "../../eql/index.ts";
import { openInput, type LogRecord } from "../../readers/index.ts";
import { loadSigma, type SigmaRule } from "../../sigma/index.ts";
import { esqlRows } from "../../translate/testing/esql.ts";
import { luceneMatches, type LuceneTree } from "../../translate/testing/lucene.ts";
import { dslMatches } from "../../translate/testing/query-dsl.ts";
import { repeatedOperands } from "../../translate/testing/repeats.ts";
import { PLATFORM_NAMES, type PlatformName } from "../../translate/index.ts";
import { dropsConjunct, translatableSigma, translate } from "./translate.ts";

const root = fileURLToPath(new URL("../../../../shared/suites/sigma/", import.meta.url));
const queryStrings = createRequire(import.meta.url)("lucene") as { readonly parse: (text: string) => LuceneTree };

function filesBelow(folder: string, name: RegExp): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((file) => file.isFile() && name.test(file.name))
    .map((file) => join(file.parentPath, file.name))
    .sort();
}

/** An event of the recordings in ECS, and as Panther's log type holds it. */
interface Recorded {
  readonly event: EventDocument;
  readonly panther: object;
}

function recorded(): EventDocument[] {
  return recordings().map(({ event }) => event);
}

function recordings(): Recorded[] {
  const normaliser = createNormaliser();
  const events: Recorded[] = [];
  for (const path of filesBelow(join(root, "regression"), /\.evtx$/)) {
    const decoder = openInput(path);
    const sink = {
      record: (record: Parameters<typeof normaliser.normalise>[0]) =>
        void events.push({ event: normaliser.normalise(record).event, panther: pantherEvent(record) }),
      problem: () => {},
    };
    decoder.push(readFileSync(path), sink);
    decoder.end(sink);
  }
  return events;
}

function pantherEvent(record: LogRecord): object {
  if (record.kind !== "windows") return {};
  const { system, eventData } = record.event;
  const data = Object.fromEntries((eventData?.data ?? []).flatMap(({ name, value }) => (name === undefined ? [] : [[name, value]])));
  return { EventID: system.eventId, Channel: system.channel, Computer: system.computer, ExtraEventData: data };
}

const RUN = {
  elasticsearch: (text) => {
    const { query } = JSON.parse(text) as { query: unknown };
    return (event) => dslMatches(query, event);
  },
  lucene: (text) => {
    const tree = queryStrings.parse(text);
    return (event) => luceneMatches(tree, event);
  },
  esql: (text) => (event) => esqlRows(text, [event], queryStrings.parse).length === 1,
  "kibana-rule": (text) => {
    const { query } = JSON.parse(text.split("\n")[0]!) as { query: string };
    return compileFilter((parse(query).query as EventQuery).filter);
  },
} as const satisfies { readonly [platform in PlatformName]?: (text: string) => (event: EventDocument) => boolean };

/** The parser of query strings at hand knows no classes such as `\s`, which Lucene does, and recurses over a long list. */
function readable(text: string): boolean {
  return !/\\[sSdDwW]/.test(text) && text.split(" OR ").length < 300 && text.split("\n").length < 300;
}

describe.skipIf(!existsSync(root))("public rules and recordings (../shared/suites/sigma)", () => {
  const rules = existsSync(root)
    ? loadSigma(filesBelow(root, /\.ya?ml$/).map((path) => ({ path, text: readFileSync(path, "utf8") }))).rules
    : [];

  test.each(PLATFORM_NAMES)("%s has a text or a reason for every rule", (platform) => {
    const counts: { [effect: string]: number } = { exact: 0, wider: 0, narrower: 0, untranslatable: 0, refused: 0 };
    const some = Object.hasOwn(RUN, platform) ? rules : rules.filter((_, at) => at % 5 === 0);
    for (const rule of some) {
      const made = translate(translatableSigma(rule, ""), platform);
      if ((made.text === "") !== (made.effect === "untranslatable")) expect.fail(`${rule.title} to ${platform}`);
      counts[made.effect]!++;
      if (made.text !== "" && dropsConjunct(made)) counts["refused"]!++;
    }
    console.log(
      `${platform}: ${some.length} rules: ${Object.entries(counts)
        .map(([effect, count]) => `${count} ${effect}`)
        .join(", ")}`,
    );
  });

  test("a repeated operand is seen", () => {
    expect(repeatedOperands('A="x" OR (B="y" AND B="y")')).toEqual(['B="y"']);
    expect(repeatedOperands('A="x" OR A="y"\n| where in(B, "x") and (A="x" or B="x")')).toEqual([]);
  });

  test.each([
    "lucene",
    "sentinel",
    "defender-xdr",
    "splunk",
    "splunk-classic",
    "splunk-cim",
    "crowdstrike",
    "google-secops",
    "qradar",
    "sumo-logic",
    "clickhouse",
  ] as const)("%s asks nothing twice in one group", (platform) => {
    const repeated = rules
      .filter((_, at) => at % 5 === 0)
      .flatMap((rule) => repeatedOperands(translate(translatableSigma(rule, ""), platform).text).map((one) => `${rule.title}: ${one}`));
    expect(repeated).toEqual([]);
  });

  test.each([
    ["crowdstrike", 0.02],
    ["google-secops", 0.06],
    ["splunk", 0.02],
    ["splunk-classic", 0.17],
    ["sentinel", 0.03],
  ] as const)("%s has a text for most rules about Windows", (platform, share) => {
    const windows = rules.filter(({ place }) => /[\\/]rules[\\/]windows[\\/]/.test(place.file));
    const without = windows.filter((rule) => translate(translatableSigma(rule, ""), platform).text === "");
    expect(windows.length).toBeGreaterThan(1000);
    expect(without.length / windows.length).toBeLessThan(share);
  });

  test.each(Object.keys(RUN) as (keyof typeof RUN)[])(
    "what is exact on %s finds in recordings what the rule finds",
    (platform) => {
      const events = recorded();
      let matched = 0;
      let tried = 0;
      const differing: string[] = [];
      const check = (rule: SigmaRule, at: number): void => {
        const made = translate(translatableSigma(rule, ""), platform);
        if (made.effect !== "exact" || (platform === "lucene" && !readable(made.text))) return;
        const engine = compileFilter(rule.query.filter);
        let run: ((event: EventDocument) => boolean) | null = null;
        events.forEach((event, number) => {
          const wanted = engine(event);
          // Each rule sees all it matches, and some of the rest.
          if (!wanted && (number + at) % 40 !== 0) return;
          run ??= RUN[platform](made.text);
          tried++;
          if (wanted) matched++;
          if (run(event) !== wanted) differing.push(`${rule.title}, event ${number + 1}: ${wanted ? "missed" : "found"}`);
        });
      };
      rules.forEach(check);
      console.log(`${platform}: ${matched} matches and ${tried - matched} others of ${events.length} recorded events`);
      expect(differing).toEqual([]);
      expect(matched).toBeGreaterThan(100);
    },
    120_000,
  );

  test("what is exact in DuckDB finds in recordings what the rule finds", async () => {
    const events = recorded();
    const hits = (rule: SigmaRule): number[] => {
      const engine = compileFilter(rule.query.filter);
      return events.flatMap((event, at) => (engine(event) ? [at] : []));
    };
    const hitting = rules.filter((rule) => hits(rule).length > 0);
    const made = hitting.flatMap((rule) => {
      const { text, effect } = translate(translatableSigma(rule, ""), "duckdb");
      return effect === "exact" ? [{ rule, text }] : [];
    });
    const table = await EventTable.of(events, ["event.category", ...made.flatMap(({ rule }) => fieldsOf(rule.query))]);
    for (const { rule, text } of made) expect(await table.find(text), rule.title).toEqual(hits(rule));
    expect(made.length).toBeGreaterThan(80);
  }, 120_000);

  test.skipIf(spawnSync("python3", ["--version"]).status !== 0)(
    "over Windows' own records Panther finds what a rule finds, or as much as its losses say (needs python3)",
    () => {
      const all = recordings();
      const made = rules.flatMap((rule) => {
        const engine = compileFilter(rule.query.filter);
        const hits = all.flatMap(({ event }, at) => (engine(event) ? [at] : []));
        const { text, effect } = translate(translatableSigma(rule, ""), "panther");
        return hits.length === 0 || text === "" ? [] : [{ rule, hits, text, effect }];
      });
      const answer = spawnSync("python3", [join(import.meta.dirname, "../../../scripts/panther.py")], {
        input: JSON.stringify({
          rules: Object.fromEntries(made.map(({ rule, text }) => [rule.key, text])),
          events: all.map(({ panther }) => panther),
        }),
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      expect(answer.stderr).toBe("");
      const found = JSON.parse(answer.stdout) as Record<string, number[]>;
      const wrong = made.flatMap(({ rule, hits, effect }) => {
        const of = found[rule.key] ?? [];
        const missed = effect === "narrower" ? [] : hits.filter((at) => !of.includes(at));
        const more = effect === "exact" ? of.filter((at) => !hits.includes(at)) : [];
        return missed.length + more.length === 0 ? [] : [`${rule.title}: missed ${missed.join()}, found ${more.join()}`];
      });
      expect(wrong).toEqual([]);
      expect(made.length).toBeGreaterThan(80);
    },
    120_000,
  );
});

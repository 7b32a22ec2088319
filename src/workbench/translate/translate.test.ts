import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { shippedPackage, TODAY } from "../../../scripts/shipped.ts";
import type { Rule } from "../../catalog/index.ts";
import { compileFilter, parse, print, type EventDocument } from "../../eql/index.ts";
import { esqlRows } from "../../translate/testing/esql.ts";
import { luceneMatches, type LuceneTree } from "../../translate/testing/lucene.ts";
import { loadSigma } from "../../sigma/index.ts";
import { dslMatches } from "../../translate/testing/query-dsl.ts";
import { KIBANA_LINE } from "../../translate/index.ts";
import { prove } from "../prove/prove.ts";
import { runnable } from "../query/run-query.ts";
import { ruleMetadata, sigmaMetadata, wholeVersion } from "./metadata.ts";
import { PLATFORM_NAMES, type PlatformName } from "../../translate/index.ts";
import { translateRule, translations } from "./translate.ts";

const goldens = join(import.meta.dirname, "goldens");
const queryStrings = createRequire(import.meta.url)("lucene") as { readonly parse: (text: string) => LuceneTree };

const detection = shippedPackage();
const cases = prove(detection, { today: TODAY }).cases.map(({ case: { name }, events }) => ({ name, events }));
const eventRules = detection.rules.filter((rule): rule is Rule & { tree: { kind: "event" } } => rule.tree.kind === "event");

/** Rules on cases where the engine and the target find different events; and how many events were found. */
function compare(matches: (rule: Rule, event: EventDocument) => boolean): {
  readonly differing: string[];
  readonly found: number;
  readonly tried: number;
} {
  const differing: string[] = [];
  let found = 0;
  let tried = 0;
  for (const rule of eventRules) {
    const engine = compileFilter(rule.tree.filter);
    for (const { name, events } of cases) {
      events.forEach((event, at) => {
        const wanted = engine(event);
        tried++;
        if (wanted) found++;
        if (matches(rule, event) !== wanted) differing.push(`${rule.id} on ${name}, event ${at + 1}: ${wanted ? "missed" : "found"}`);
      });
    }
  }
  return { differing, found, tried };
}

/** The text of an exact translation; fails where it is not exact. */
function exactText(rule: Rule, platform: PlatformName): string {
  const { text, effect } = translateRule(detection, rule, platform);
  expect(effect, rule.id).toBe("exact");
  return text;
}

function remembered<T>(make: (rule: Rule) => T): (rule: Rule) => T {
  const made = new Map<string, T>();
  return (rule) => {
    let one = made.get(rule.id);
    if (one === undefined) made.set(rule.id, (one = make(rule)));
    return one;
  };
}

describe("run on every event of the package's cases", () => {
  test.each(["elasticsearch", "opensearch"] as const)("%s finds what the engine finds", (platform) => {
    const queries = remembered((rule) => (JSON.parse(exactText(rule, platform)) as { query: unknown }).query);
    const { differing, found, tried } = compare((rule, event) => dslMatches(queries(rule), event));
    expect(differing).toEqual([]);
    expect(found).toBeGreaterThan(100);
    expect(tried).toBeGreaterThan(1000);
  });

  test("a Lucene query string finds what the engine finds", () => {
    const trees = remembered((rule) => queryStrings.parse(exactText(rule, "lucene")));
    const { differing, found } = compare((rule, event) => luceneMatches(trees(rule), event));
    expect(differing).toEqual([]);
    expect(found).toBeGreaterThan(100);
  });
});

describe("Sigma", () => {
  test.each(["sigma", "opensearch-security-analytics"] as const)(
    "our own reader of %s finds what the rule finds, or a loss says why not",
    (platform) => {
      const tests = remembered((rule) => {
        const { rules, problems } = loadSigma([{ path: `${rule.id}.yml`, text: translateRule(detection, rule, platform).text }]);
        expect(problems, rule.id).toEqual([]);
        return rules.map((one) => compileFilter(one.query.filter));
      });
      const { differing, found } = compare((rule, event) => tests(rule).some((matches) => matches(event)));
      const unexplained = differing.filter((one) => {
        const rule = eventRules.find(({ id }) => one.startsWith(`${id} `))!;
        const effect = one.endsWith("missed") ? "narrower" : "wider";
        return !translateRule(detection, rule, platform).losses.some((loss) => loss.effect === effect);
      });
      expect(unexplained).toEqual([]);
      expect(found).toBeGreaterThan(100);
      expect(differing.length).toBeLessThan(found / 20);
    },
  );
});

describe("ES|QL", () => {
  test("finds what the engine finds, event by event", () => {
    const everything = cases.flatMap(({ events }) => events);
    const differing: string[] = [];
    let found = 0;
    for (const rule of eventRules) {
      const engine = compileFilter(rule.tree.filter);
      const text = exactText(rule, "esql");
      const wanted = everything.filter(engine);
      found += wanted.length;
      const rows = new Set(esqlRows(text, everything, queryStrings.parse).map(({ document }) => document));
      for (const [at, event] of everything.entries())
        if (engine(event) !== rows.has(event)) differing.push(`${rule.id}, event ${at + 1} of all`);
    }
    expect(differing).toEqual([]);
    expect(found).toBeGreaterThan(100);
  });

  test("finds every sequence's case, and says how it is wider", () => {
    const sequences = detection.rules.filter(({ tree }) => tree.kind === "sequence");
    let found = 0;
    const missed: string[] = [];
    for (const rule of sequences) {
      const { text, effect } = translateRule(detection, rule, "esql");
      expect(effect, rule.id).toBe("wider");
      const engine = runnable(rule.tree);
      for (const { name, events } of cases) {
        const matches = engine(events).length;
        found += matches;
        if (matches > 0 && esqlRows(text, events, queryStrings.parse).length === 0) missed.push(`${rule.id} on ${name}`);
      }
    }
    expect(missed).toEqual([]);
    expect(found).toBeGreaterThan(20);
  });
});

describe("Kibana rules", () => {
  test("are what the import takes in, and say the same query", () => {
    for (const rule of detection.rules)
      for (const platform of ["kibana-rule", "esql"] as const) {
        const made = translateRule(detection, rule, platform);
        expect(["exact", "wider"], rule.id).toContain(made.effect);
        const ndjson = platform === "esql" ? (made.files[0]?.text ?? "") : made.text;
        if (platform === "esql") expect(ndjson === "", rule.id).toBe(rule.tree.kind !== "event");
        for (const [at, line] of ndjson.split("\n").entries()) {
          if (line === "") continue;
          const parsed = KIBANA_LINE.parse(JSON.parse(line));
          if (at === 0 && platform === "kibana-rule" && "query" in parsed) {
            const { query, diagnostics } = parse(parsed.query);
            expect(diagnostics, rule.id).toEqual([]);
            expect(print(query!), rule.id).toBe(print(rule.tree));
          }
        }
      }
  });

  test("bring the exceptions of tuning.yaml", () => {
    const rule = detection.rules.find(({ id }) => id === "C1")!;
    const names = translateRule(detection, rule, "kibana-rule")
      .text.split("\n")
      .map((line) => /"item_id":"[0-9a-f-]{36}-([a-z-]+?)(-\d+)?"/.exec(line)?.[1]);
    expect(new Set(names)).toContain("sccm-push-files");
  });
});

describe("the metadata of a rule", () => {
  test("is what the package says", () => {
    const metadata = ruleMetadata(
      detection,
      detection.rules.find(({ id }) => id === "C1")!,
      TODAY,
    );
    expect(metadata).toMatchObject({ id: "C1", version: 10_000, severity: "high", interval: 300, lookback: 540 });
    expect(metadata.exceptions?.map(({ id }) => id)).toContain("sccm-push-files");
    expect(metadata.setup).toContain("Audit Detailed File Share");
    expect(metadata.guide).toContain("C9 sees any write");
  });

  test("leaves out exceptions that have expired", () => {
    const rule = detection.rules.find(({ id }) => id === "C1")!;
    expect(ruleMetadata(detection, rule, "2099-01-01").exceptions).toEqual([]);
  });

  test("of Sigma has an id that is one, whatever the rule calls itself", () => {
    const ruleWith = (id: string) =>
      loadSigma([
        {
          path: "a.yml",
          text: JSON.stringify({ title: "A", id, logsource: { product: "windows" }, detection: { a: { Image: "x" }, condition: "a" } }),
        },
      ]).rules[0]!;
    expect(sigmaMetadata(ruleWith("0f6b2d1c-5a3e-4c59-8d21-7b9e4f10a2c3")).uuid).toBe("0f6b2d1c-5a3e-4c59-8d21-7b9e4f10a2c3");
    expect(sigmaMetadata(ruleWith("x')]\nenabled: true")).uuid).toMatch(/^[0-9a-f-]{36}$/);
  });

  test("counts versions upwards", () => {
    const versions = ["0.0.1", "0.1.0", "1.0.0", "1.0.9", "1.2.0", "2.0.0"].map(wholeVersion);
    expect(versions).toEqual([...versions].sort((a, b) => a - b));
    expect(wholeVersion("0.0.0")).toBe(1);
  });
});

test("every rule has a translation or a reason on every platform", () => {
  for (const rule of detection.rules)
    for (const made of translations(detection, rule)) {
      const where = `${rule.id} to ${made.platform}`;
      expect(made.text === "", where).toBe(made.effect === "untranslatable");
      for (const loss of made.losses) {
        expect(loss.source, where).not.toBe("");
        expect(loss.place.file, where).toBe(rule.file);
      }
    }
});

describe("goldens", () => {
  test.each(PLATFORM_NAMES)("%s", (platform) => {
    const said = detection.rules.map((rule) => goldenOf(translateRule(detection, rule, platform))).join("\n");
    const golden = join(goldens, `${platform}.txt`);
    if (process.env["UPDATE"] === "1") {
      mkdirSync(goldens, { recursive: true });
      writeFileSync(golden, said);
    }
    expect(existsSync(golden), `${platform} has no golden: UPDATE=1 makes it`).toBe(true);
    expect(said).toBe(readFileSync(golden, "utf8"));
  });
});

test("exceptions that the platform's form does not hold are named", () => {
  const rule = detection.rules.find(({ id }) => id === "B1")!;
  const named = (platform: PlatformName): readonly string[] =>
    translateRule(detection, rule, platform).losses.flatMap(({ reason }) => (reason.startsWith("The exceptions") ? [reason] : []));
  expect(named("sentinel")).toEqual(["The exceptions of tuning.yaml are not part of it: netuse-inventory-script"]);
  expect(named("kibana-rule")).toEqual([]);
  expect(named("opensearch")).toEqual([]);
});

function goldenOf({ rule, title, effect, text, files, losses }: ReturnType<typeof translateRule>): string {
  const lines = [`######## ${rule} ${title}: ${effect}`];
  for (const { effect: one, place, reason, advice } of losses) {
    lines.push(`#### ${one} at ${place.line}:${place.column}: ${reason}`);
    if (advice !== null) lines.push(`##     ${advice}`);
  }
  if (text !== "") lines.push(text.trimEnd());
  for (const file of files) if (file.text !== text) lines.push(`######## ${file.name}`, file.text.trimEnd());
  return `${lines.join("\n")}\n`;
}

import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { Hunt, loadRules, type LoadRulesOptions, type RuleCache, type RuleFile, type RuleSet } from "../../workbench/index.ts";
import { workFolder } from "../testing/work-folder.ts";
import { RuleStore } from "./rule-store.ts";

const work = workFolder();
let folders = 0;
const newFolder = (): string => join(work.path, `cache${folders++}`);

const file = (path: string, text: string): RuleFile => ({ path, bytes: new TextEncoder().encode(text) });

const SIGMA = `title: Shells
id: 11111111-1111-4111-8111-111111111111
logsource: { product: windows, category: process_creation }
detection:
  selection: { Image|endswith: ['\\cmd.exe', '\\%shell%'], CommandLine|re: '/c .*' }
  many: { ProcessId: 123456789012345678901 }
  odd: { __proto__: x, constructor: y }
  condition: selection or many or odd
---
title: Many shells
id: 22222222-2222-4222-8222-222222222222
correlation:
  type: event_count
  rules: [11111111-1111-4111-8111-111111111111]
  group-by: [Computer]
  timespan: 1h
  condition: { gte: 2 }
---
title: No condition
logsource: { product: windows }
`;
const ESQL = JSON.stringify({
  rule_id: "r1",
  name: "Counts",
  type: "esql",
  severity: "low",
  query: 'from logs-* | where process.name == "cmd.exe" | stats n = count(*) by host.name',
});
const EXCEPTION = (expires: string): string =>
  `${JSON.stringify({ rule_id: "r2", name: "x", type: "query", language: "kuery", severity: "low", query: "process.name : a*", exceptions_list: [{ list_id: "l" }] })}\n${JSON.stringify({ list_id: "l", type: "simple", entries: [{ field: "user.name", operator: "included", type: "match", value: "svc" }], expire_time: expires })}`;

const FILES = [
  file("rules/a.yml", SIGMA),
  file("rules/b.ndjson", ESQL),
  file("rules/c.eql", "process where true"),
  file("rules/a.cases.yaml", "- name: x\n"),
];

/** A set of rules without its functions; of these what they give for a few offsets. */
function plain(set: RuleSet): object {
  return {
    ...set,
    rules: set.rules.map((rule) => ({ ...rule, grouping: rule.grouping?.kind === "pipeline" ? rule.grouping.text : rule.grouping })),
    origins: [...set.origins].map(([key, { place, placeOf }]) => [key, place, [0, 7, 40].map(placeOf)]),
    sources: [...set.sources].map(([key, source]) => [key, { ...source }]),
  };
}

/** The same files read without a cache, read into one, and read from it. `hits` counts what came from it. */
function thrice(
  files: readonly RuleFile[],
  options: LoadRulesOptions,
): { readonly sets: readonly [RuleSet, RuleSet, RuleSet]; readonly hits: number } {
  const store = new RuleStore(newFolder(), "build");
  let hits = 0;
  const cache: RuleCache = {
    get: (...asked) => {
      const found = store.get(...asked);
      if (found !== null) hits++;
      return found;
    },
    put: (...given) => store.put(...given),
  };
  return {
    sets: [loadRules(files, options), loadRules(files, { ...options, cache }), loadRules(files, { ...options, cache })],
    get hits() {
      return hits;
    },
  };
}

const TODAY = { today: "2026-11-24" };

test("rules from the cache are those that were read: trees, places, problems", () => {
  const { sets, hits } = thrice(FILES, { ...TODAY, placeholders: new Map([["shell", ["pwsh.exe"]]]) });
  expect(hits).toBe(1);
  expect(sets[0].rules.map(({ key }) => key)).toEqual(["r1", "c"]);
  expect(sets[0].parts).toHaveLength(1);
  expect(sets[0].correlations).toHaveLength(1);
  expect(sets[0].problems.length).toBeGreaterThan(0);
  for (const set of sets.slice(1)) expect(plain(set)).toEqual(plain(sets[0]));
});

const suites = fileURLToPath(new URL("../../../../shared/suites/", import.meta.url));
const logs = join(fileURLToPath(new URL("../../../", import.meta.url)), "samples", "lab.ndjson");

describe.skipIf(!existsSync(suites))("public rules (skipped: no ../shared beside the checkout)", () => {
  const sigma = readdirSync(join(suites, "sigma", "rules"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".yml"))
    .sort()
    .map((name) => ({ path: `sigma/${name}`, bytes: readFileSync(join(suites, "sigma", "rules", name)) }));
  const elastic = [{ path: "rules.ndjson", bytes: readFileSync(join(suites, "elastic-rules", "rules.ndjson")) }];

  test.each([
    ["Sigma", sigma],
    ["Elastic", elastic],
  ] as const)("%s: the same rules, problems, places and verdicts", (_, files) => {
    const { sets, hits } = thrice(files, TODAY);
    expect(hits).toBe(1);
    const [read, , kept] = sets;
    expect(read.rules.length).toBeGreaterThan(500);
    expect(plain(kept)).toEqual(plain(read));
    const verdicts = (set: RuleSet): unknown => {
      const hunt = new Hunt({ ...set, now: 0 });
      const events = readFileSync(logs, "utf8").trimEnd().split("\n");
      events.forEach((line, at) =>
        hunt.record({
          kind: "document",
          document: JSON.parse(line) as Record<string, unknown>,
          place: { file: "lab", line: at + 1 },
        } as never),
      );
      const { alerts, rules, faults } = hunt.finish();
      return { alerts: alerts.map(({ id }) => id), rules: rules.map(({ rule, matched }) => [rule.key, matched]), faults };
    };
    expect(verdicts(kept)).toEqual(verdicts(read));
  });
});

describe("an entry is not used", () => {
  const stored = (): { readonly folder: string; readonly store: RuleStore; readonly entry: string } => {
    const folder = newFolder();
    const store = new RuleStore(folder, "build");
    loadRules(FILES, { ...TODAY, cache: store });
    return { folder, store, entry: join(folder, readdirSync(folder)[0]!) };
  };

  test("of other files, names, options, or another build", () => {
    const { folder, store } = stored();
    expect(store.get(FILES, TODAY)).not.toBeNull();
    expect(store.get([...FILES].reverse(), TODAY)).toBeNull();
    expect(store.get([file("other.yml", SIGMA), ...FILES.slice(1)], TODAY)).toBeNull();
    expect(store.get([file("rules/a.yml", `${SIGMA}\n`), ...FILES.slice(1)], TODAY)).toBeNull();
    expect(store.get(FILES, { ...TODAY, placeholders: new Map([["shell", ["x"]]]) })).toBeNull();
    expect(new RuleStore(folder, "other").get(FILES, TODAY)).toBeNull();
  });

  test("that is damaged anywhere, cut short, or of another key", () => {
    const { store, entry, folder } = stored();
    const whole = readFileSync(entry);
    for (const at of [0, 5, 40, whole.length >> 1, whole.length - 1]) {
      const damaged = Buffer.from(whole);
      damaged[at]! ^= 1;
      writeFileSync(entry, damaged);
      expect(store.get(FILES, TODAY)).toBeNull();
    }
    for (const length of [0, 3, 20, whole.length - 1]) {
      writeFileSync(entry, whole.subarray(0, length));
      expect(store.get(FILES, TODAY)).toBeNull();
    }
    writeFileSync(entry, whole);
    const others = FILES.slice(1);
    loadRules(others, { ...TODAY, cache: store });
    const other = readdirSync(folder).find((name) => join(folder, name) !== entry)!;
    copyFileSync(entry, join(folder, other));
    expect(store.get(others, TODAY)).toBeNull();
    // What is read anew takes its place.
    loadRules(others, { ...TODAY, cache: store });
    expect(store.get(others, TODAY)).not.toBeNull();
  });

  test.skipIf(process.platform === "win32")("of a folder that others may write to", () => {
    const { store, folder } = stored();
    chmodSync(folder, 0o777);
    expect(store.get(FILES, TODAY)).toBeNull();
  });

  test("of a day on which other exceptions are in force", () => {
    const store = new RuleStore(newFolder(), "build");
    const files = [file("x.ndjson", EXCEPTION("2026-11-26T00:00:00Z"))];
    loadRules(files, { ...TODAY, cache: store });
    const known = (today: string): boolean => store.get(files, { today }) !== null;
    expect([known("2026-11-23"), known("2026-11-24"), known("2026-11-26"), known("2026-11-27")]).toEqual([false, true, true, false]);
  });
});

test("rules made with indicators or pipelines are not kept", () => {
  const folder = newFolder();
  const cache = new RuleStore(folder, "build");
  loadRules(FILES, { ...TODAY, indicators: [], cache });
  loadRules(FILES, { ...TODAY, pipelines: [{ name: "p", priority: 0, vars: new Map(), steps: [], timestampFields: [] }], cache });
  expect(existsSync(folder) ? readdirSync(folder) : []).toEqual([]);
});

test("a folder that cannot be is no error", () => {
  const cache = new RuleStore(join(work.file("a-file", "x"), "cache"), "build");
  expect(loadRules(FILES, { ...TODAY, cache }).rules).toHaveLength(2);
  expect(cache.get(FILES, TODAY)).toBeNull();
});

test("the entries that were not used for longest are removed, other files are not", () => {
  const folder = newFolder();
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, "notes"), "x");
  const all = [1, 2, 3].map((n) => [file(`${n}.eql`, `process where process.pid == ${n}`)]);
  const put = (cache: RuleStore, files: readonly RuleFile[]): void => void loadRules(files, { ...TODAY, cache });
  const roomy = new RuleStore(folder, "build");
  put(roomy, all[0]!);
  put(roomy, all[1]!);
  const first = readdirSync(folder).find((name) => name !== "notes")!;
  const size = readFileSync(join(folder, first)).length;
  for (const name of readdirSync(folder)) utimesSync(join(folder, name), 1_000, 1_000);
  // Using one makes it the newest.
  expect(roomy.get(all[0]!, TODAY)).not.toBeNull();
  const tight = new RuleStore(folder, "build", Math.floor(size * 2.5));
  put(tight, all[2]!);
  expect(all.map((files) => tight.get(files, TODAY) !== null)).toEqual([true, false, true]);
  expect(existsSync(join(folder, "notes"))).toBe(true);
});

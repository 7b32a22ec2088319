// The pages of rules that belong to no package.
import { beforeAll, describe, expect, test } from "vitest";
import { Hunt, loadRules, openInput, planProof, readEvents, RuleCaseRun, rulesProof } from "../workbench/index.ts";
import type { LooseRules } from "./rule-view.ts";
import { Site } from "./site.tsx";
import { checkLinks, readTags, textOf, type Tag } from "./testing/html.ts";

const SIGMA = `title: <b>PsExec</b> by name
id: 0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12
status: test
author: A. Author
license: DRL-1.1
level: high
tags: [attack.lateral-movement, attack.t1021.002]
references: ['https://example.com/psexec', 'javascript:alert(1)']
falsepositives: [Administrators who use PsExec]
logsource: { product: windows, category: process_creation }
detection:
  selection: # by its name
    Image|endswith: '\\PsExec.exe'
    FileVersion: '2.*'
  condition: selection
`;
const TOML = `[rule]
rule_id = "4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01"
name = "PsExec, as KQL"
author = ["Somebody"]
license = "Elastic License v2"
type = "query"
language = "kuery"
severity = "medium"
risk_score = 47
note = "## Triage\\n\\nLook at the parent."
query = 'process.name:"PsExec.exe"'
`;
const ESQL = `${JSON.stringify({ rule_id: "esql-1", name: "Many", type: "esql", language: "esql", query: "from logs-* | stats n = count(*) by host.name | where n > 3", severity: "low", risk_score: 21 })}\n`;
const CASES = `- name: It runs
  events: [{ event: { category: process, type: start, code: '1' }, winlog: { channel: Microsoft-Windows-Sysmon/Operational }, process: { executable: 'C:\\\\T\\\\PsExec.exe', pe: { file_version: '2.4' } } }]
  expect: 1
- name: It is not there
  events: [{ process: { name: a.exe } }]
  expect: 1
`;

function loose(files: Readonly<Record<string, string>>): LooseRules {
  const encoder = new TextEncoder();
  const set = loadRules(
    Object.entries(files).map(([path, text]) => ({ path, bytes: encoder.encode(text) })),
    { today: "2026-11-24" },
  );
  const plan = planProof(set);
  const results = plan.cases.map((planned) => {
    const run = new RuleCaseRun(planned, 0);
    readEvents(planned.case, run);
    return run.finish();
  });
  return { set, proof: rulesProof(plan, results) };
}

const siteOf = (rules: LooseRules): Site =>
  new Site({ packages: [], rules, hunt: null, synthetic: false, today: "2026-11-24", documents: new Map() }, "written");

const pages = new Map<string, { readonly html: string; readonly tags: readonly Tag[] }>();
const others = new Set<string>();
const faults: string[] = [];

beforeAll(() => {
  const site = siteOf(
    loose({
      "rules/psexec.yml": SIGMA,
      "rules/psexec.cases.yaml": CASES,
      "rules/broken.yml": SIGMA.replace("condition: selection", "condition: selction").replace("0f0c", "1f0c"),
      "rules/kql.toml": TOML,
      "rules/many.ndjson": ESQL,
      "rules/con.eql": 'process where process.name : "psexec.exe" // by name',
    }),
  );
  for (const page of site.pages()) {
    if (page.kind !== "html") others.add(page.path);
    else {
      const html = site.html(page);
      const found: string[] = [];
      pages.set(page.path, { html, tags: readTags(html, found) });
      faults.push(...found.map((fault) => `${page.path}: ${fault}`));
    }
  }
}, 60_000);

const SIGMA_PAGE = "rules/0f0c1d0a-53b9-4c8b-9a39-1c1c8d8a2b12/";

describe("rules of no package on the site", () => {
  test("pages are nested as HTML wants it, links lead somewhere, ids are unique", () => {
    expect(faults).toEqual([]);
    const bundled = new Map(["catalog.js", "style.css"].map((name) => [name, ""]));
    expect(checkLinks(pages, others, bundled).broken).toEqual([]);
    for (const [path, { tags }] of pages) {
      const ids = tags.flatMap((tag) => tag.attributes.get("id") ?? []);
      expect(new Set(ids).size, path).toBe(ids.length);
    }
    expect([...pages.keys()].filter((path) => path.startsWith("rules/")).sort()).toEqual(
      [
        "rules/",
        "rules/4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01/",
        SIGMA_PAGE,
        "rules/all/",
        "rules/esql-1/",
        "rules/not-run/",
        "rules/rule-con/",
        "rules/source/elastic-esql/",
        "rules/source/elastic-query/",
        "rules/source/eql/",
        "rules/source/windows-process_creation/",
        "rules/technique/t1021-002/",
      ].sort(),
    );
  });

  test("a Sigma rule with everything it says, what sources see of it, its cases, and other platforms", () => {
    const { html, tags } = pages.get(SIGMA_PAGE)!;
    const text = textOf(html);
    for (const part of [
      "<b>PsExec</b> by name",
      "A. Author",
      "DRL-1.1",
      "T1021.002",
      "Administrators who use PsExec",
      "rules/psexec.yml",
      "test",
    ])
      expect(text).toContain(part);
    expect(html).not.toContain("<b>PsExec</b>");
    expect(html).toContain('<span class="keyword">Image|endswith</span>:');
    expect(html).toContain('<span class="comment"> # by its name</span>');
    expect(text).toMatch(/Sysmon : can match/);
    expect(text).toMatch(/the Security log : .* can never satisfy the rule: .*file_version/);
    expect(text).toMatch(/It runs 1 1 alert 1 yes/);
    expect(text).toMatch(/It is not there 1 1 alert 0 no: too-few/);
    expect(text).toContain("Splunk");
    const hrefs = tags.flatMap((tag) => tag.attributes.get("href") ?? []);
    expect(hrefs).toContain("https://example.com/psexec");
    expect(hrefs.filter((href) => href.startsWith("javascript:"))).toEqual([]);
  });

  test("Elastic's rule with its guide and licence; an aggregation says why it is not translated", () => {
    const kql = textOf(pages.get("rules/4f0d86e5-9d0a-4d3c-8a4d-0c7d5d8f0a01/")!.html);
    for (const part of ["Elastic License v2", "Somebody", "Look at the parent.", 'process.name: "PsExec.exe"'.replace(" ", "")])
      expect(kql.replaceAll(' "', '"')).toContain(part);
    expect(textOf(pages.get("rules/esql-1/")!.html)).toContain("It is a rule of groups of events");
  });

  test("what does not run is listed with its place and why", () => {
    const text = textOf(pages.get("rules/not-run/")!.html);
    expect(text).toMatch(/rules\/broken\.yml:\d+ .* error There is no selection `selction`/);
    expect(textOf(pages.get("rules/")!.html)).toContain("4 rules of no package, 1 with cases");
  });

  test("a list of thousands is several pages of a bounded size", () => {
    const many: Record<string, string> = {};
    for (let i = 0; i < 1_201; i++)
      many[`r${i}.yml`] = SIGMA.replace("0f0c1d0a-53b9", `0f0c1d0a-${String(i).padStart(4, "0")}`).replace("<b>PsExec</b>", `Rule ${i}`);
    const site = siteOf(loose(many));
    const lists = [...site.pages()].filter(({ path }) => /^rules\/(?:all|source\/[^/]+)\//.test(path));
    expect(lists.map(({ path }) => path).sort()).toEqual(
      ["rules/all/", "rules/source/windows-process_creation/"].flatMap((path) => [path, `${path}2/`, `${path}3/`]).sort(),
    );
    const htmls = lists.map((page) => (page.kind === "html" ? site.html(page) : ""));
    for (const html of htmls) expect(html.length).toBeLessThan(300_000);
    expect(htmls.reduce((sum, html) => sum + html.split('<th scope="row"').length - 1, 0)).toBe(2 * 1_201);
    const rule = site.page("rules/0f0c1d0a-0007-4c8b-9a39-1c1c8d8a2b12/");
    expect(rule?.kind === "html" ? textOf(site.html(rule)) : "").toContain("tocsin translate r7.yml --to all FOLDER");
  });
});

test("alerts of a rule of no package lead to its page, by its name", () => {
  const rules = loose({ "psexec.toml": TOML });
  const hunt = new Hunt({ ...rules.set, today: "2026-11-24" });
  const decoder = openInput("log.ndjson");
  const event = {
    "@timestamp": "2026-01-01T00:00:00Z",
    event: { category: ["process"], type: ["start"] },
    process: { name: "PsExec.exe" },
  };
  decoder.push(new TextEncoder().encode(JSON.stringify(event)), hunt);
  decoder.end(hunt);
  const state = { packages: [], rules, hunt: hunt.finish(), synthetic: false, today: "2026-11-24", documents: new Map<string, string>() };
  const site = new Site(state, "served");
  const page = site.page("alerts/");
  if (page?.kind !== "html") throw new Error("no page of alerts");
  const links = [...site.html(page).matchAll(/<a href="\.\.\/(rules\/[^"]+)">(.*?)<\/a>/g)].map(([, path, text]) => [
    path,
    textOf(text!).trim(),
  ]);
  expect(links).toEqual([
    [expect.stringMatching(/^rules\/4f0d86e5/), "PsExec, as KQL"],
    [expect.stringMatching(/^rules\/4f0d86e5/), "PsExec, as KQL"],
  ]);
  for (const [path] of links) expect(site.page(path!)).toBeDefined();
  // The list of all alerts says it, too.
  const file = site.page("alerts/alerts.json");
  if (file?.kind !== "file") throw new Error("no list of alerts");
  const { rules: listed } = JSON.parse(new TextDecoder().decode(file.bytes())) as { rules: { page: string }[] };
  expect(listed.map(({ page: at }) => at)).toEqual([links[0]![0]]);
});

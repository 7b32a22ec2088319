import { readdirSync, readFileSync } from "node:fs";
import { join, posix, relative } from "node:path";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import { unzipSync } from "fflate";
import { beforeAll, describe, expect, test } from "vitest";
import { loadPackage } from "../workbench/index.ts";
import { Site } from "./site.tsx";
import { checkLinks, decode, readTags, textOf, type Tag } from "./testing/html.ts";
import type { PackageSource, SiteState } from "./state.ts";

const root = join(import.meta.dirname, "..", "..");

function packageFiles(name: string): Map<string, string> {
  const folder = join(root, "detections", name);
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).replaceAll("\\", "/"), readFileSync(path, "utf8"));
  }
  return files;
}

function source(files: ReadonlyMap<string, string>): PackageSource {
  const loaded = loadPackage(files);
  if (loaded.package === null) throw new Error(JSON.stringify(loaded.problems[0]));
  return { detection: loaded.package, files };
}

const state = (packages: readonly PackageSource[]): SiteState => ({
  packages,
  hunt: null,
  rules: null,
  synthetic: false,
  today: "2026-11-24",
  documents: new Map([["language.md", readFileSync(join(root, "docs", "language.md"), "utf8")]]),
});

const FOLDER = "T1021.002-smb-admin-shares";
const packFiles = packageFiles(FOLDER);
const pack = source(packFiles);
const site = new Site(state([pack]), "written");

/** The parts of the bundles that a page loads at once. */
async function assets(): Promise<Map<string, string>> {
  const { outputFiles } = await build({
    entryPoints: ["catalog.ts", "style.css"].map((name) => join(root, "src", "web", "entries", name)),
    outdir: "assets",
    loader: { ".woff2": "file" },
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
  });
  return new Map(outputFiles.map((file) => [posix.basename(file.path.replaceAll("\\", "/")), file.text]));
}

const pages = new Map<string, { readonly html: string; readonly tags: readonly Tag[] }>();
const faults: string[] = [];
const others = new Set<string>();

beforeAll(() => {
  for (const page of site.pages()) {
    if (page.kind !== "html") {
      others.add(page.path);
      continue;
    }
    const html = site.html(page);
    const found: string[] = [];
    pages.set(page.path, { html, tags: readTags(html, found) });
    faults.push(...found.map((fault) => `${page.path}: ${fault}`));
  }
}, 120_000);

const page = (path: string): string => {
  const found = pages.get(path);
  if (found === undefined) throw new Error(`there is no page ${path}`);
  return found.html;
};

describe("the written site", () => {
  test("every page is nested as HTML wants it, and says each id once", () => {
    expect(faults.slice(0, 10)).toEqual([]);
    for (const [path, { tags }] of pages) {
      const ids = tags.flatMap((tag) => tag.attributes.get("id") ?? []);
      expect(
        ids.filter((id, i) => ids.indexOf(id) !== i),
        path,
      ).toEqual([]);
      expect(tags.filter((tag) => tag.name === "h1").length, path).toBe(1);
    }
  });

  test("every link inside it resolves, page and anchor", async () => {
    const bundled = await assets();
    const { broken, links } = checkLinks(pages, others, bundled);
    expect(broken.slice(0, 20)).toEqual([]);
    expect(links).toBeGreaterThan(5000);
  });

  test("nothing is loaded from elsewhere, no script or style stands in a page, and each says so in its policy", () => {
    for (const [path, { tags }] of pages) {
      for (const { name, attributes } of tags) {
        const loads = attributes.get("src") ?? (name === "link" ? attributes.get("href") : undefined);
        expect(loads === undefined || !/^([a-z]+:)?\/\//i.test(loads), `${path}: ${loads}`).toBe(true);
        expect(
          [...attributes.keys()].filter((key) => key === "style" || key.startsWith("on")),
          path,
        ).toEqual([]);
        expect(["iframe", "object", "embed", "base", "form", "style", "img"].includes(name), `${path}: ${name}`).toBe(false);
        if (name === "script") expect(attributes.has("src"), path).toBe(true);
      }
      const policy = tags.find((tag) => tag.attributes.get("http-equiv") === "Content-Security-Policy")?.attributes.get("content") ?? "";
      expect(policy, path).toContain("default-src 'none'");
      expect(policy, path).not.toMatch(/unsafe|https?:|\*/);
    }
    expect(page("")).toContain("Nothing you open is uploaded");
  });

  test("a detection's page loads in less than 100 kB, compressed", async () => {
    const bundled = await assets();
    const html = page("detections/T1021.002/");
    const now = pages
      .get("detections/T1021.002/")!
      .tags.flatMap(({ name, attributes }) =>
        name === "script"
          ? attributes.get("src")!
          : name === "link" && attributes.get("rel") === "stylesheet"
            ? attributes.get("href")!
            : [],
      );
    expect(now.map((path) => posix.basename(path)).sort()).toEqual(["catalog.js", "style.css"]);
    const sizes = [html, ...now.map((path) => bundled.get(posix.basename(path))!)].map((text) => gzipSync(text, { level: 6 }).length);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(100_000);
  });

  test("the downloads are what they say", () => {
    const bytes = (path: string): Uint8Array => {
      const file = site.page(path);
      if (file?.kind !== "file") throw new Error(`no file ${path}`);
      return file.bytes();
    };
    const text = (path: string): string => new TextDecoder().decode(bytes(path));
    const unpacked = unzipSync(bytes("detections/T1021.002/files/T1021.002.zip"));
    expect(Object.keys(unpacked).length).toBe(packFiles.size);
    expect(new TextDecoder().decode(unpacked["T1021.002/package.yaml"])).toBe(packFiles.get("package.yaml"));
    expect(loadPackage(JSON.parse(text("data/T1021.002.json")) as Record<string, string>).package?.id).toBe("T1021.002");
    for (const rule of pack.detection.rules) {
      expect(text(`detections/T1021.002/files/eql/${rule.id}.eql`).trimEnd()).toBe(rule.query);
      expect(text(`detections/T1021.002/files/sigma/${rule.id}.yml`)).toMatch(/^title: /m);
    }
    const rules = text("detections/T1021.002/files/kibana.ndjson").trimEnd().split("\n");
    expect(rules.map((line) => (JSON.parse(line) as { readonly type?: string }).type).filter((type) => type === "eql").length).toBe(
      pack.detection.rules.length,
    );
    expect(JSON.parse(text("attack/navigator.json"))).toMatchObject({ domain: "enterprise-attack" });
  });
});

/**
 * What the published page shows and what it sells, by the words our pages have for it: the page, the anchor of the part, and what must be
 * read there.
 */
const CHECKLIST: Readonly<Record<string, readonly [page: string, anchor: string, ...must: RegExp[]]>> = {
  "title and technique": ["", "title", /T1021\.002/, /SMB\/Windows Admin Shares/],
  story: ["reference/", "story", /ADMIN\$/, /Conti/, /Sandworm/, /PsExec/],
  "tactic, technique, sub-technique": ["", "title", /Lateral Movement \(TA0008\)/, /T1021 Remote Services/],
  "canonical reference": ["", "title", /attack\.mitre\.org\/techniques\/T1021\/002/],
  "a query": ["", "get-query", /winlog\.event_data\.ShareName/],
  "the published query": ["rules/A1/", "title", /process\.command_line like~ \( "\*ADMIN\$\*" , "\*IPC\$\*" , "\*C\$\*" \)/],
  "severity and confidence": ["", "title", /high severity/, /medium confidence/],
  "what the query looks for, by its three angles": ["rules/A1/", "title", /network/i, /PsExec/i, /net use/i],
  "data sources": ["", "data-sources", /Elastic Defend/, /Winlogbeat/, /Filebeat/, /Elastic Agent/],
  "required tables": [
    "",
    "data-sources",
    /logs-endpoint\.events\.network-\*/,
    /logs-endpoint\.events\.process-\*/,
    /logs-system\.security-\*/,
  ],
  "false positives, the first": ["", "false-positives", /ConfigMgr/, /Veeam/, /PDQ/],
  "false positives": ["tune/", "false-positives", /ConfigMgr/, /Veeam/, /PDQ/, /a person decides/],
  "portable Sigma": ["deploy/", "downloads", /sigma\.zip/],
  "other platforms": ["deploy/", "platforms", /Splunk/, /Sentinel/, /Sigma/],
  "a platform by its name": ["deploy/sentinel/", "title", /Detect SMB\/Windows Admin Shares in Microsoft Sentinel/],
  "testing methodology": ["coverage/", "tests", /Map an admin share with net use/, /Copy a file to ADMIN\$/, /PsExec/, /net view/],
  "expected signals": ["tests/T3/", "signals", /Expected signal/, /7045/],
  "response playbook": ["respond/", "playbook", /Contain/, /Eradicate/, /Recover/],
  "investigation guide": ["respond/", "guide", /The first five minutes/],
  "hunting queries": ["respond/", "hunting", /H1/, /STATS/],
  "executable tests with cleanup": ["tests/T1/", "commands", /net use \\\\10\.10\.30\.12\\C\$ \/delete \/y/],
  "tuning guidance": ["tune/", "recipes", /Combine/, /Never/],
  "related detections": ["reference/", "related", /T1570/, /T1047/],
};

describe("everything the published page shows or sells has its place", () => {
  const section = (path: string, anchor: string): string => {
    const html = page(`detections/T1021.002/${path}`);
    const at = html.indexOf(`id="${anchor}"`);
    expect(at, anchor).toBeGreaterThan(0);
    // To the next heading of the second level, or the end.
    const end = html.indexOf("<h2", at);
    return textOf(html.slice(html.lastIndexOf("<", at), end < 0 ? undefined : end));
  };

  test.each(Object.entries(CHECKLIST))("%s", (_, [path, anchor, ...must]) => {
    for (const pattern of must) expect(section(path, anchor)).toMatch(pattern);
  });

  const seed = new URL("../../../shared/spec/seed_page.txt", import.meta.url);
  let published: string | null = null;
  try {
    published = readFileSync(seed, "utf8");
  } catch {
    // The specification is not beside every checkout.
  }

  test.skipIf(published === null)(
    "the published query stands on our page character for character, and nothing the page names is missing",
    () => {
      const query = /^eql\n(any where[\s\S]*?\n {2}\))\nhigh severity/m.exec(published!)![1]!;
      const shown = /aria-label="A1: the query"><code>([\s\S]*?)<\/code>/.exec(page("detections/T1021.002/rules/A1/"))![1]!;
      expect(decode(shown.replaceAll(/<[^>]*>/g, ""))).toBe(query);
      const text = [...pages.keys()]
        .filter((path) => /^detections\/T1021\.002\/(?:[a-z]+\/|tests\/\w+\/)?$/.test(path))
        .map((path) => textOf(page(path)))
        .join(" ");
      for (const id of new Set(published!.match(/\bTA?\d{4}(?:\.\d{3})?\b/g))) expect(text).toContain(id);
      for (const heading of published!.matchAll(/^ {2}\d\. Test (\d)/gm)) expect(text).toContain(`T${heading[1]}`);
      for (const code of new Set(published!.match(/(?<=Event ID )\d+/g))) expect(text, code).toContain(code);
    },
  );
});

test("a package with the least in it has its pages beside another, and they say what it lacks", () => {
  const small = new Map<string, string>([
    ["package.yaml", "id: T1570\ntitle: Lateral Tool Transfer\n"],
    ["rules/B1.yaml", 'id: B1\nname: A tool\nquery: |-\n  process where process.name : "tool.exe"\n'],
    ["cases/b1-notepad/case.yaml", "title: Notepad\nsynthetic: true\nkind: negative\nevents: events.ndjson\nfires: []\nsilent: [B1]\n"],
    [
      "cases/b1-notepad/events.ndjson",
      '{"@timestamp":"2026-01-15T09:30:00Z","event":{"category":["process"],"type":["start"]},"process":{"name":"notepad.exe"}}\n',
    ],
  ]);
  const both = new Site(state([pack, source(small)]), "served");
  const wrong: string[] = [];
  for (const path of [
    "",
    "detections/T1570/",
    "detections/T1570/cases/",
    "detections/T1570/cases/b1-notepad/",
    "detections/T1570/rules/B1/",
    ...["rules/", "coverage/", "coverage/matrix/", "deploy/", "deploy/eql/", "deploy/sentinel/", "reference/"].map(
      (path) => `detections/T1570/${path}`,
    ),
    "detections/",
    "detections/rules/",
    "attack/",
    "fleet/",
    "reference/",
    "sources/",
    "lint/",
    "run/",
  ]) {
    const made = both.page(path);
    if (made?.kind !== "html") throw new Error(`no page ${path}`);
    const found: string[] = [];
    const tags = readTags(both.html(made), found);
    wrong.push(...found.map((fault) => `${path}: ${fault}`));
    const ids = new Set(tags.flatMap((tag) => tag.attributes.get("id") ?? []));
    for (const { attributes } of tags) {
      const target = attributes.get("href") ?? "";
      if (target.startsWith("#") && !ids.has(target.slice(1))) wrong.push(`${path}: ${target} leads nowhere`);
    }
    // What is not said is not shown as a gap.
    expect(textOf(both.html(made)), path).not.toMatch(/undefined|\bnull layer\b/);
  }
  expect(wrong).toEqual([]);
  for (const path of ["", "reference/"])
    expect(textOf(both.html(both.page(`detections/T1570/${path}`) as Parameters<typeof both.html>[0]))).not.toMatch(
      /Respond|Tune|At stake|Changelog/,
    );
  for (const path of ["respond/", "tune/"]) expect(both.page(`detections/T1570/${path}`), path).toBeUndefined();
  const html = (path: string): string => {
    const made = both.page(path);
    return made?.kind === "html" ? both.html(made) : "";
  };
  expect(textOf(html("detections/T1570/coverage/"))).toMatch(/B1 has no positive case/);
  // A related technique that has a package of its own leads to it.
  expect(html("detections/T1021.002/reference/")).toContain('href="../../../detections/T1570/"');
  expect(html("run/")).toContain('data-package="T1021.002 T1570"');
  expect(html("detections/rules/")).toContain('data-facet="package"');
}, 60_000);

describe("hostile content", () => {
  const evil = "</script><img src=x onerror=alert(1)>\u202e\u0007\"'&amp;";

  test("in a case's events and in a package's documents it is shown, never interpreted", () => {
    const files = new Map(packFiles);
    const name = "t1-map-share-remote-source-sysmon";
    const line = JSON.parse(files.get(`cases/${name}/events.ndjson`)!.split("\n")[0]!) as {
      winlog: { event_data: Record<string, string> };
      message: string;
    };
    line.winlog.event_data["CommandLine"] = `net use \\\\a\\C$ ${evil}`;
    line.message = evil;
    files.set(`cases/${name}/events.ndjson`, `${JSON.stringify(line)}\n`);
    files.set(
      "guide.md",
      `# Guide\n\n<script>alert(1)</script>\n\n[a](javascript:alert(1)) [b](data:text/html,x) ![c](https://evil.example/x.png) <b>bold</b> \`<i>\`\n\n- [d](https://ok.example/)\n`,
    );
    const hostile = new Site(state([source(files)]), "written");
    for (const path of [`detections/T1021.002/cases/${name}/`, "detections/T1021.002/"]) {
      const made = hostile.page(path);
      if (made?.kind !== "html") throw new Error(path);
      const html = hostile.html(made);
      const found: string[] = [];
      const tags = readTags(html, found);
      expect(found).toEqual([]);
      expect(tags.filter((tag) => tag.name === "img" || tag.name === "i")).toEqual([]);
      expect(tags.filter((tag) => tag.name === "script").length).toBe(1);
      expect(tags.filter((tag) => /^(javascript|data):/i.test(tag.attributes.get("href") ?? ""))).toEqual([]);
      expect(html).not.toContain("\u202e");
      expect(html).not.toContain("\u0007");
    }
    const first = hostile.page(`detections/T1021.002/cases/${name}/`);
    expect(first?.kind === "html" ? hostile.html(first) : "").toContain("&lt;img src=x onerror=alert(1)&gt;\\u202e");
    const guide = hostile.page("detections/T1021.002/respond/");
    expect(guide?.kind === "html" ? hostile.html(guide) : "").toMatch(
      /&lt;script&gt;alert\(1\)&lt;\/script&gt;[\s\S]*&lt;b&gt;bold&lt;\/b&gt;/,
    );
  });
});

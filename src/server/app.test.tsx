import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { Hunt, loadPackage, openInput, type HuntResult } from "../workbench/index.ts";
import { unpackAlertList, type AlertEvidence, type PackedAlertList } from "../report/index.ts";
import { createApp } from "./app.tsx";
import { Assets } from "./assets.ts";
import type { HtmlPage } from "./page.ts";
import { Site } from "./site.tsx";
import { decode } from "./testing/html.ts";
import type { ExceptionWriter, PackageSource, ServerState } from "./state.ts";

const root = join(import.meta.dirname, "..", "..");

function packageSource(): PackageSource {
  const folder = join(root, "detections", "T1021.002-smb-admin-shares");
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    files.set(relative(folder, path).replaceAll("\\", "/"), readFileSync(path, "utf8"));
  }
  return { detection: loadPackage(files).package!, files };
}

const packed = packageSource();
const pack = packed.detection;

function hunt(...lines: readonly object[]): HuntResult {
  const run = new Hunt({ packages: [pack] });
  const decoder = openInput("log.ndjson");
  decoder.push(new TextEncoder().encode(lines.map((line) => JSON.stringify(line)).join("\n")), run);
  decoder.end(run);
  return run.finish();
}

const evil = {
  "@timestamp": "2026-01-01T00:00:00Z",
  event: { category: ["process"], type: ["start"] },
  process: { name: "psexec.exe", command_line: "<script>alert(1)</script>\u202egpj.exe\u0000" },
  host: { name: '"><img src=x onerror=alert(1)>' },
};
const state: ServerState = {
  packages: [packed],
  hunt: hunt(evil),
  rules: null,
  synthetic: true,
  today: "2026-11-24",
  documents: new Map(),
  assets: join(root, "src", "web", "entries"),
};
const app = createApp(state);
const get = (path: string, host = "127.0.0.1:4450") => app.request(`http://${host}${path}`);

test("the start page leads to the example incident, whose page says that the log is synthetic, and to the detections", async () => {
  const html = await (await get("/")).text();
  expect(html.startsWith("<!doctype html>")).toBe(true);
  expect(html).toContain('href="./detections/T1021.002/"');
  expect(html).toMatch(/<a class="action" href="\.\/alerts\/">\s*See an example incident/);
  expect(await (await get("/alerts/")).text()).toContain("synthetic lab log");
});

test("exceptions are written where the server allows it, and only for its own page", async () => {
  const got: string[] = [];
  const writer: ExceptionWriter = {
    token: "t0k3n",
    check: ({ detection }) => ({ file: `/x/${detection}/tuning.yaml`, problems: [], lost: [], casesRun: 1 }),
    write: ({ detection, yaml }, isLossAccepted) => {
      if (yaml === "bad") return Promise.reject(new Error("It is bad."));
      got.push(`${detection} ${yaml} ${isLossAccepted}`);
      return Promise.resolve("/x/tuning.yaml");
    },
  };
  const own = createApp({ ...state, writer });
  const ours = { origin: "http://127.0.0.1:4450", "content-type": "application/json", "x-tocsin-token": "t0k3n" };
  const post = (body: object, headers: Record<string, string> = ours, app = own, path = "write"): Promise<Response> =>
    Promise.resolve(app.request(`http://127.0.0.1:4450/tuning/${path}`, { method: "POST", headers, body: JSON.stringify(body) }));
  const page = await (await own.request("http://127.0.0.1:4450/tuning/")).text();
  expect(page).toContain('data-token="t0k3n"');
  expect(await (await own.request("http://127.0.0.1:4450/run/")).text()).toContain('data-writes="../tuning/"');
  const asked = { detection: "T1021.002", yaml: "- a" };
  expect(await (await post(asked, ours, own, "check")).json()).toMatchObject({ file: "/x/T1021.002/tuning.yaml" });
  expect(await (await post(asked)).json()).toEqual({ file: "/x/tuning.yaml" });
  await post({ ...asked, acceptLoss: true });
  expect(got).toEqual(["T1021.002 - a false", "T1021.002 - a true"]);
  expect([(await post({ ...asked, yaml: "bad" })).status, (await post({ yaml: 7 })).status]).toEqual([400, 400]);
  expect((await post({ ...asked, yaml: "x".repeat(70_000) })).status).toBe(413);
  for (const headers of [
    { ...ours, origin: "http://evil.example" },
    { ...ours, origin: "http://127.0.0.1:9999" },
    { ...ours, "x-tocsin-token": "other" },
    { ...ours, "content-type": "text/plain" },
    {},
  ])
    expect((await post(asked, headers)).status).toBe(403);
  expect((await own.request("http://evil.example/tuning/write", { method: "POST", headers: ours, body: "{}" })).status).toBe(421);
  expect(got).toHaveLength(2);
  // Without the option there is no such page and nothing that writes.
  expect([(await get("/tuning/")).status, (await post(asked, ours, app)).status]).toEqual([404, 404]);
  expect(await (await get("/run/")).text()).not.toContain("data-writes");
});

test("the faults of a hunt are on the page of its alerts", async () => {
  const { rule } = state.hunt!.rules[0]!;
  const faulty = createApp({ ...state, hunt: { ...state.hunt!, faults: [{ rule, code: "eql/regex-too-complex", count: 3 }] } });
  const page = async (path: string): Promise<string> => (await faulty.request(`http://127.0.0.1:4450${path}`)).text();
  expect(await page("/alerts/")).toContain("3 values on which a condition could not be computed");
  expect(await page("/alerts/")).toContain("Faults, by which alerts may be missing");
  expect(await (await get("/alerts/")).text()).not.toContain("by which alerts may be missing");
});

test("a hunt in logs that were given begins with its alerts, and the catalogue has an address of its own", async () => {
  const given = createApp({ ...state, synthetic: false });
  const page = (path: string) => given.request(`http://127.0.0.1:4450${path}`);
  const root = await page("/");
  expect([root.status, root.headers.get("location")]).toEqual([302, "/alerts/"]);
  const alerts = await (await page("/alerts/")).text();
  expect(alerts).toContain('<a href="../detections/">Detections</a>');
  const catalogue = await (await page("/detections/")).text();
  expect(catalogue).toContain('href="../detections/T1021.002/"');
  expect(catalogue).toContain('<a href="../detections/" aria-current="page">');
  // Without a hunt, and in the sample, the catalogue is the start.
  expect((await createApp({ ...state, hunt: null, synthetic: false }).request("http://127.0.0.1:4450/")).status).toBe(200);
  expect((await get("/")).status).toBe(200);
  expect(new Site({ ...state, synthetic: false }, "written").page("")).toBeDefined();
});

test("hostile log content is shown, never interpreted", async () => {
  const html = await (await get("/alerts/")).text();
  expect(html).not.toContain("<script>alert");
  expect(html).not.toContain("<img");
  expect(html).not.toContain("\u202e");
  expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;\\u202egpj.exe\\x00");
});

test("what stands behind each alert is asked for by its id; the list of all comes as JSON, and as documents of ECS", async () => {
  const list = unpackAlertList((await (await get("/alerts/alerts.json")).json()) as PackedAlertList);
  expect(list.alerts.map(({ id }) => id)).toEqual(state.hunt!.alerts.map(({ id }) => id));
  for (const { id } of list.alerts) {
    const response = await get(`/alerts/${id}.json`);
    expect(response.headers.get("content-type")).toContain("application/json");
    const evidence = (await response.json()) as AlertEvidence;
    expect(evidence.explanation!.matches).toBe(true);
    expect(evidence.events[0]!.json).toContain('"command_line": "<script>');
  }
  expect((await get(`/alerts/${"0".repeat(32)}.json`)).status).toBe(404);
  const lines = (await (await get("/alerts/alerts.ndjson")).text()).trim().split("\n");
  const documents = lines.map((line) => JSON.parse(line) as { readonly event: { readonly id: string; readonly kind: string } });
  expect(documents.map(({ event }) => [event.kind, event.id])).toEqual(list.alerts.map(({ id }) => ["signal", id]));
});

test("the page of thousands of alerts holds the first of them, leads to all, and names what loads the rest", async () => {
  const many = Array.from({ length: 400 }, (_, i) => ({
    ...evil,
    host: { name: `h${i}`, os: { type: "windows" } },
    x: "A".repeat(50_000),
  }));
  const big = createApp({ ...state, hunt: hunt(...many) });
  const page = await (await big.request("http://127.0.0.1:4450/alerts/")).text();
  expect(page.match(/<tr class="alert"/g)).toHaveLength(100);
  expect(page).toMatch(/The first 100 of [\d,]{3,} alerts\. All of them: <a href="\.\.\/alerts\/alerts\.ndjson">NDJSON<\/a>/);
  expect(page).toContain('data-list="../alerts/alerts.json"');
  expect(page.length).toBeLessThan(150_000);
  // Texts stand once in the list: it stays small, and what is large is in the events alone.
  const list = await (await big.request("http://127.0.0.1:4450/alerts/alerts.json")).text();
  expect(list.length).toBeLessThan(1_500 * 400);
});

test("a detection's pages show ATT&CK, severity, sources and every query with colours", async () => {
  const html = await (await get("/detections/T1021.002/")).text();
  for (const part of ["Lateral Movement", "T1021.002", "logs-endpoint.events.process-*", '<span class="keyword">where</span>'])
    expect(html).toContain(part);
  const rules = await (await get("/detections/T1021.002/rules/")).text();
  for (const rule of pack.rules) expect(rules).toContain(`href="../../../detections/T1021.002/rules/${rule.id}/"`);
  // Files are served beside the pages.
  const sigma = await get("/detections/T1021.002/files/sigma/B1.yml");
  expect(sigma.headers.get("content-type")).toContain("yaml");
  expect(await sigma.text()).toContain("title: ");
  // What the browser shows of the published query is that query.
  const published = await (await get("/detections/T1021.002/rules/A1/")).text();
  const shown = /<pre[^>]*><code>([\s\S]*?)<\/code>/.exec(published)![1]!;
  expect(decode(shown.replaceAll(/<[^>]+>/g, ""))).toBe(pack.rules.find((rule) => rule.id === "A1")!.query);
});

test("a package's documents lead to each other's pages, also where they name a file", async () => {
  const html = await (await get("/detections/T1021.002/respond/")).text();
  expect(html).toMatch(/<a href="[^"]*respond\/#H1">hunts\/H1\.yaml<\/a>/);
  expect(html).toMatch(/<a href="[^"]*respond\/#guide">guide\.md<\/a>/);
  expect(html).toMatch(/<a href="[^"]*tune\/">tuning\.yaml<\/a>/);
  // The two facts of the story are a list.
  const reference = await (await get("/detections/T1021.002/reference/")).text();
  expect(reference).toMatch(/id="story"[\s\S]{0,2500}<ol><li>[\s\S]{0,60}SMB is spoken by the kernel/);
});

test("a page of a server that has just begun waits for nothing that is measured, and shows it afterwards", async () => {
  const fresh = new Site(state, "served");
  const pageOf = (path: string): string => fresh.html(fresh.page(path)! as HtmlPage);
  const begun = performance.now();
  const paths = [
    "detections/T1021.002/",
    "detections/",
    "",
    ...["rules/", "coverage/", "deploy/", "reference/"].map((path) => `detections/T1021.002/${path}`),
  ];
  const early = paths.map(pageOf);
  // Proving alone takes several times as long.
  expect(performance.now() - begun).toBeLessThan(1000);
  for (const html of early) {
    expect(html).toContain("data-pending");
    expect(html).not.toMatch(/tests? pass/);
  }
  expect(early[0]).toContain('class="get-query"');
  for (const _ of fresh.steps());
  for (const path of paths) expect(pageOf(path), path).not.toContain("data-pending");
  for (const path of paths.slice(0, 3)) expect(pageOf(path), path).toMatch(new RegExp(`${pack.cases.length} of ${pack.cases.length}`));
}, 60_000);

test("what is measured and translated is made in steps, in any order with the pages that need it", async () => {
  const site = new Site(state, "served", new Assets(state.assets).version);
  const steps = site.steps();
  for (let i = 0; i < 10; i++) steps.next();
  // In the middle of them somebody asks for a page that needs them all.
  expect(site.html(site.page("attack/")! as HtmlPage)).toBe(await (await get("/attack/")).text());
  let left = 0;
  while (steps.next().done !== true) left++;
  expect(left).toBeGreaterThanOrEqual(pack.rules.length);
  expect(steps.next()).toEqual({ done: true, value: undefined });
});

test("unknown pages, foreign hosts and paths outside the assets are refused", async () => {
  expect((await get("/nothing")).status).toBe(404);
  expect((await get("/detections/T9999/")).status).toBe(404);
  expect((await get("/%ff")).status).toBe(404);
  expect((await get("/__proto__")).status).toBe(404);
  expect((await get("/detections/T1021.002")).headers.get("location")).toBe("/detections/T1021.002/");
  expect((await get("/", "evil.example:4450")).status).toBe(421);
  const { version } = new Assets(state.assets);
  expect((await get(`/assets/${version}/..%2f..%2fcli%2fmain.js`)).status).toBe(404);
  expect((await get(`/assets/${version}/bench-worker.ts`)).status).toBe(404);
  expect((await get("/assets/000000000000/style.css")).status).toBe(404);
  expect((await get(`/assets/${version}/style.css`)).status).toBe(200);
});

test("nothing may be loaded from elsewhere", async () => {
  const policy = (await get("/")).headers.get("content-security-policy")!;
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toContain("unsafe");
});

test("pages, styles and scripts are compressed for who takes that, the better way where there is a choice", async () => {
  const { version } = new Assets(state.assets);
  const unpack = { br: brotliDecompressSync, gzip: gunzipSync };
  for (const path of ["/detections/T1021.002/", `/assets/${version}/run-here.css`]) {
    const plain = await get(path);
    expect(plain.headers.get("content-encoding")).toBeNull();
    const text = await plain.text();
    for (const [accepted, encoding] of [
      ["gzip, deflate, br, zstd", "br"],
      ["gzip", "gzip"],
      ["br;q=0, gzip;q=0.5", "gzip"],
    ] as const) {
      const packed = await app.request(`http://127.0.0.1:4450${path}`, { headers: { "accept-encoding": accepted } });
      expect(packed.headers.get("content-encoding"), accepted).toBe(encoding);
      expect(packed.headers.get("vary")).toContain("accept-encoding");
      const bytes = Buffer.from(await packed.arrayBuffer());
      expect(bytes.length).toBeLessThan(text.length / 2);
      expect(unpack[encoding](bytes).toString()).toBe(text);
    }
  }
  // A font is compressed as it is, and what nobody asked for is not.
  expect(
    (await app.request("http://127.0.0.1:4450/", { headers: { "accept-encoding": "identity" } })).headers.get("content-encoding"),
  ).toBeNull();
});

test("a page is asked for again and not sent where it is the same; a style may be kept for ever, since its address changes with it", async () => {
  const page = await get("/detections/T1021.002/rules/");
  const tag = page.headers.get("etag")!;
  expect(page.headers.get("cache-control")).toBe("no-cache");
  const html = await page.text();
  const ask = (path: string, known: string) => app.request(`http://127.0.0.1:4450${path}`, { headers: { "if-none-match": known } });
  const again = await ask("/detections/T1021.002/rules/", tag);
  expect([again.status, await again.text(), again.headers.get("cache-control")]).toEqual([304, "", "no-cache"]);
  expect((await ask("/detections/T1021.002/rules/", 'W/"other"')).status).toBe(200);
  const style = /<link rel="stylesheet" href="[./]*(\/assets\/[0-9a-f]{12}\/style\.css)"/.exec(html)![1]!;
  expect((await get(style)).headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  // Another style sheet has another address.
  const folder = mkdtempSync(join(tmpdir(), "tocsin-assets-"));
  try {
    writeFileSync(join(folder, "style.css"), "a {}");
    const { version } = new Assets(folder);
    writeFileSync(join(folder, "style.css"), "b {}");
    expect(new Assets(folder).version).not.toBe(version);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

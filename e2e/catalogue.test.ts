/** The catalogue as `tocsin site` writes it, in a browser: below a path of a static host, and straight from the disk. */
import { execFileSync } from "node:child_process";
import { createReadStream, mkdirSync, mkdtempSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { pathToFileURL } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thinOut, violations, violationsInBothSchemes } from "./axe.ts";
import { launch, NO_BROWSER, PICTURES, root } from "./bench-page.ts";

const TYPES: { readonly [extension: string]: string } = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
};
/** The pages of a detection, which are bounded. */
const DETECTION = ["", "rules/", "coverage/", "respond/", "tune/", "deploy/", "reference/"].map(
  (path) => `detections/T1021.002/${path}index.html`,
);
/** As high as four and a half screens, and as heavy as a picture. */
const MOST_PIXELS = 4000;
const MOST_BYTES = 80_000;

const PAGES = [
  "index.html",
  ...DETECTION,
  "detections/T1021.002/deploy/sentinel/index.html",
  "detections/T1021.002/rules/C3/index.html",
  "detections/T1021.002/tests/T3/index.html",
  "detections/T1021.002/coverage/matrix/index.html",
  "detections/T1021.002/cases/index.html",
  "detections/T1021.002/cases/t3-psexec-remote-target-sysmon/index.html",
  "detections/index.html",
  "detections/rules/index.html",
  "attack/index.html",
  "fleet/index.html",
  "reference/index.html",
  "sources/index.html",
  "sources/winlogbeat.sysmon/index.html",
  "lint/dead-clause/index.html",
  "language/index.html",
  "design/index.html",
];

describe.skipIf(NO_BROWSER !== null)(`the catalogue in a browser${NO_BROWSER === null ? "" : ` (${NO_BROWSER})`}`, () => {
  let browser: Browser;
  let folder = "";
  let server: Server;
  let base = "";

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "tocsin-site-"));
    execFileSync(process.execPath, [join(root, "dist", "bin", "tocsin.js"), "site", join(folder, "site")], { encoding: "utf8" });
    server = createServer((request, response) => {
      const path = normalize(decodeURIComponent(new URL(request.url ?? "/", "http://localhost").pathname));
      const file = path.startsWith("/team/soc/") ? join(folder, "site", path.slice(10)) : null;
      if (file === null || statSync(file, { throwIfNoEntry: false })?.isFile() !== true) {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(200, { "content-type": TYPES[extname(file)] ?? "application/octet-stream" });
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("the server has no port");
    base = `http://127.0.0.1:${address.port}/team/soc/`;
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.close();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  /** A page of its own; what it asks of others, and what goes wrong in it, fails the test. */
  async function withPage(work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: "reduce", ...options });
    const page = await context.newPage();
    const wrong: string[] = [];
    page.on("pageerror", (error) => wrong.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") wrong.push(message.text());
    });
    context.on("request", (request) => {
      if (!request.url().startsWith(base) && !/^(file|blob):/.test(request.url())) wrong.push(`asks for ${request.url()}`);
    });
    try {
      await work(page);
      expect(wrong).toEqual([]);
    } finally {
      await context.close();
    }
  }

  test.each(PAGES)("%s: axe finds nothing serious in either scheme, and it is no wider than a phone", (path) =>
    withPage(async (page) => {
      await page.goto(base + path);
      await page.setViewportSize({ width: 390, height: 800 });
      expect(await page.evaluate("document.documentElement.scrollWidth - innerWidth")).toBeLessThanOrEqual(0);
      await page.setViewportSize({ width: 1280, height: 900 });
      await thinOut(page);
      expect(await violationsInBothSchemes(page)).toEqual([]);
    }),
  );

  test.each(DETECTION)("%s is no higher than some screens and no heavier than a picture", (path) =>
    withPage(async (page) => {
      const response = await page.goto(base + path);
      expect((await response!.body()).length).toBeLessThan(MOST_BYTES);
      expect(await page.evaluate("document.documentElement.scrollHeight")).toBeLessThanOrEqual(MOST_PIXELS);
    }),
  );

  test("the Overview's first screen holds a query to copy, and its first two what a published page shows on its first", () =>
    withPage(async (page) => {
      await page.goto(`${base}${DETECTION[0]}`);
      const bottomOf = async (text: ReturnType<Page["locator"]>): Promise<number> => {
        const box = await text.first().boundingBox();
        expect(box).not.toBeNull();
        return box!.y + box!.height;
      };
      const screen = 900;
      expect(await bottomOf(page.locator(".chosen-query pre"))).toBeLessThan(screen);
      expect(await bottomOf(page.locator(".chosen-query").getByRole("button", { name: "Copy" }))).toBeLessThan(screen);
      for (const part of [
        page.locator(".rating", { hasText: "high severity" }),
        page.locator(".rating", { hasText: "medium confidence" }),
        page.locator(".rating", { hasText: "Lateral Movement (TA0008)" }),
        page.locator(".lead"),
        page.locator("#data-sources"),
        page.getByText("logs-endpoint.events.process-*"),
        page.locator("#false-positives"),
        page.locator("#when-it-fires"),
        page.locator("#run-here"),
      ])
        expect(await bottomOf(part)).toBeLessThan(2 * screen);
      // The verdicts of what is caught stand beside what is missed.
      expect(await page.locator(".verdicts .caught").count()).toBeGreaterThan(0);
      expect(await page.locator(".verdicts .missed").count()).toBeGreaterThan(0);
    }));

  test("Sentinel's query is copied in two clicks, and the platform is remembered", () =>
    withPage(
      async (page) => {
        await page.goto(`${base}${DETECTION[0]}`);
        await page.getByRole("link", { name: "Microsoft Sentinel" }).click();
        await page.locator('.chosen-query pre[aria-label="C1 on Microsoft Sentinel (KQL)"]').waitFor();
        await page.locator(".chosen-query").getByRole("button", { name: "Copy" }).click();
        await page.getByText("Copied", { exact: true }).waitFor();
        const copied = await page.evaluate<string>("navigator.clipboard.readText()");
        expect(copied).toMatch(/SecurityEvent/);
        expect(copied).toMatch(/EventID == 5145/);
        // Its fidelity and what has to be audited stand beside it, and links in it still lead somewhere.
        expect(await page.locator(".chosen-query").textContent()).toMatch(/The same detection.*Audit Detailed File Share/s);
        await page.goto(`${base}${DETECTION[0]}`);
        await page.locator('.chosen-query pre[aria-label="C1 on Microsoft Sentinel (KQL)"]').waitFor();
        await page.getByLabel("Rule", { exact: true }).selectOption({ label: "A1 The published query, unchanged" });
        await page.locator('.chosen-query pre[aria-label="A1 on Microsoft Sentinel (KQL)"]').waitFor();
        await page.locator(".chosen-query").getByRole("link", { name: "A1 The published query, unchanged" }).click();
        await page.waitForURL(/rules\/A1\/index\.html$/);
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("without script the platforms lead to their pages", () =>
    withPage(
      async (page) => {
        await page.goto(`${base}${DETECTION[0]}`);
        await page.getByRole("link", { name: "Microsoft Sentinel" }).click();
        await page.waitForURL(/deploy\/sentinel\/index\.html$/);
        expect(await page.title()).toBe("T1021.002: Detect SMB/Windows Admin Shares in Microsoft Sentinel (KQL)");
        await page.locator("#A1 > summary").click();
        expect(await page.locator("#A1 pre").textContent()).toMatch(/psexec\.exe/);
      },
      { javaScriptEnabled: false },
    ));

  test("anchors of the one long page of before lead on", () =>
    withPage(async (page) => {
      for (const [anchor, target] of [
        ["B1", /rules\/B1\/index\.html$/],
        ["T3", /tests\/T3\/index\.html$/],
        ["platform-splunk", /deploy\/splunk\/index\.html$/],
        ["evasion-misses", /coverage\/index\.html#misses$/],
        ["guide", /respond\/index\.html#guide$/],
      ] as const) {
        await page.goto(`${base}${DETECTION[0]}#${anchor}`);
        await page.waitForURL(target);
      }
    }));

  test("the search finds rules, fields, event ids and techniques, by keyboard alone", () =>
    withPage(async (page) => {
      await page.goto(`${base}attack/index.html`);
      await page.keyboard.press("Control+k");
      const input = page.getByRole("combobox", { name: /^Search rules/ });
      const options = page.getByRole("option");
      for (const [text, first] of [
        ["licence", /B5 PsExec licence/],
        ["relativetargetname executable", /^rule C1 Executable written/],
        ["5145", /5145/],
        ["T1021.002 shares", /T1021\.002 SMB\/Windows Admin Shares/],
      ] as const) {
        await input.fill(text);
        await options.first().waitFor();
        expect(await options.first().textContent(), text).toMatch(first);
      }
      await input.fill("c1 executable");
      expect(await page.getByRole("option", { selected: true }).textContent()).toMatch(/C1 Executable written/);
      expect(await violations(page)).toEqual([]);
      await page.keyboard.press("Enter");
      await page.waitForURL(/rules\/C1\/index\.html$/);
      await page.getByRole("button", { name: /^Search/ }).click();
      await page.keyboard.press("Escape");
      expect(await page.getByRole("dialog").count()).toBe(0);
    }));

  test("Respond takes an alert's host, account and source into its queries, and nothing that would change them", () =>
    withPage(async (page) => {
      const codes = page.locator(".respond pre code");
      await page.goto(`${base}${DETECTION[3]}?host=web7.example.org&user=${encodeURIComponent("CORP\\eve")}&source=10.9.8.7`);
      expect(await page.getByLabel("Account", { exact: true }).inputValue()).toBe("eve");
      const text = (await codes.allTextContents()).join("\n");
      for (const part of [
        'winlog.computer_name : "web7.example.org"',
        'source.ip == "10.9.8.7"',
        '"eve"',
        "-RemoteAddress 10.9.8.7",
        "Disable-ADAccount eve",
      ])
        expect(`${text}\n${await page.locator(".respond").textContent()}`).toContain(part);
      for (const lab of ["SRV01", "10.10.20.31", "adm.kira"]) expect(text).not.toContain(lab);
      // The machine acted from has a name of its own.
      expect(text).toContain("WS01*");
      await page.getByLabel("Acted from, name", { exact: true }).fill("pc3");
      expect((await codes.allTextContents()).join("\n")).toContain('host.name : "pc3"');
      const hostile = '" or true or "';
      await page.goto(`${base}${DETECTION[3]}?host=${encodeURIComponent(hostile)}`);
      expect(await page.locator(".alert-values [role=status]").textContent()).toContain("Host acted on");
      expect((await codes.allTextContents()).join("\n")).not.toContain("or true or");
    }));

  test("rules are searched and sifted on a page of their own, with the keyboard alone", () =>
    withPage(async (page) => {
      await page.goto(`${base}detections/rules/index.html`);
      const rows = page.locator(".filtered tbody tr:visible");
      const all = await rows.count();
      expect(all).toBeGreaterThan(20);
      await page.getByRole("searchbox", { name: "Search the rules" }).focus();
      await page.keyboard.type("psexec licence");
      expect(await rows.allTextContents()).toHaveLength(1);
      expect(await rows.first().textContent()).toContain("B5");
      await page.keyboard.press("Control+a");
      await page.keyboard.press("Backspace");
      await page.getByLabel("Seen on").selectOption("target");
      const target = await rows.count();
      expect(target).toBeGreaterThan(0);
      expect(target).toBeLessThan(all);
      expect(await page.locator(".filters output").textContent()).toBe(`${target} of ${all}`);
      await rows.first().getByRole("link").focus();
      await page.keyboard.press("Enter");
      await page.waitForURL(/detections\/T1021\.002\/rules\/\w+\/index\.html$/);
    }));

  test("a fleet without a source is blind where the linter says so, and the ticks stay", () =>
    withPage(async (page) => {
      await page.goto(`${base}fleet/index.html`);
      const verdict = page.locator(".verdict");
      expect(await verdict.textContent()).toMatch(/^All \d+ rules can fire/);
      for (const box of await page.locator("input[data-source]").all()) await box.uncheck();
      expect(await verdict.textContent()).toMatch(/^(\d+) of \1 rules cannot fire with these logs/);
      await page.locator('input[data-source="winlogbeat.sysmon"]').check();
      const b1 = page.locator("tr", { has: page.getByRole("link", { name: "T1021.002 B1", exact: true }) });
      const c1 = page.locator("tr", { has: page.getByRole("link", { name: "T1021.002 C1", exact: true }) });
      expect(await b1.locator(".sees").textContent()).toBe("can fire");
      expect(await c1.locator(".sees").textContent()).toBe("cannot fire");
      // Sysmon alone shows net use on the source, and no test of the target's Security log.
      const t1 = page.locator("li[data-seen]", { has: page.getByRole("link", { name: "T1", exact: true }) });
      expect(await t1.locator(".sees").textContent()).toBe("detected");
      await page.locator('input[data-event="Sysmon 1"]').uncheck();
      expect(await b1.locator(".sees").textContent()).toBe("cannot fire");
      await page.reload();
      expect(await b1.locator(".sees").textContent()).toBe("cannot fire");
    }));

  test("the playbook's ticks stay, and it is copied as Markdown", () =>
    withPage(
      async (page) => {
        await page.goto(`${base}${DETECTION[3]}#playbook-prepare`);
        const first = page.locator("input[data-markdown]").first();
        await first.check();
        await page.reload();
        expect(await first.isChecked()).toBe(true);
        expect(await page.locator(".progress").textContent()).toMatch(/^1 of \d+ done$/);
        await page.getByRole("button", { name: "Copy as Markdown" }).click();
        await page.getByText("Copied", { exact: true }).waitFor();
        const copied = await page.evaluate<string>("navigator.clipboard.readText()");
        expect(copied).toMatch(/^# Response playbook\n/);
        expect(copied).toMatch(/\n- \[x\] .+\n/);
        expect(copied.match(/^- \[ \] /gm)!.length).toBeGreaterThan(10);
        await page.getByRole("button", { name: "Clear the ticks" }).click();
        expect(await first.isChecked()).toBe(false);
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("a link into a closed part opens it; a tab opens alone", () =>
    withPage(async (page) => {
      await page.goto(`${base}${DETECTION[3]}`);
      const link = page.getByRole("link", { name: "hunts/H2.yaml" }).first();
      await link.click();
      // The page hears of the new address after the click.
      const part = page.locator("details", { has: page.locator("#H2") });
      await part.and(page.locator("[open]")).waitFor();
      // Closed by hand, the same link opens it again, although the address stays.
      await page.locator("#H2").click();
      await part.and(page.locator(":not([open])")).waitFor();
      await link.click();
      await part.and(page.locator("[open]")).waitFor();
      await page.goto(`${base}detections/T1021.002/rules/C3/index.html`);
      const tabs = page.locator("#platforms ~ .tabs > details");
      expect(await tabs.evaluateAll((all) => all.filter((one) => one.hasAttribute("open")).length)).toBe(1);
      await page.locator("#splunk > summary").click();
      await page.locator("#splunk[open]").waitFor();
      expect(await tabs.evaluateAll((all) => all.filter((one) => one.hasAttribute("open")).map((one) => one.id))).toEqual(["splunk"]);
    }));

  test("the bench opens on the detection's page when it is asked for, not before", { timeout: 60_000 }, () =>
    withPage(async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url().slice(base.length)));
      await page.goto(`${base}detections/T1021.002/index.html`);
      expect(asked.map((url) => url.replace(/^assets\/[0-9a-f]{12}\//, "assets/")).sort()).toEqual([
        "assets/catalog.js",
        expect.stringMatching(/^assets\/inter-latin-wght-normal-\w+\.woff2$/),
        "assets/style.css",
        "detections/T1021.002/index.html",
        ...asked.filter((url) => url === "icon.svg"),
      ]);
      await page.getByRole("button", { name: "Open the bench" }).click();
      await page.getByRole("button", { name: "Choose files" }).waitFor();
      expect(await page.locator("#run-here").textContent()).toContain("Nothing is uploaded");
      await page.waitForFunction("document.querySelector('.bench-status')?.textContent !== 'The worker could not be started.'");
    }),
  );

  test("the run page loads its rules and its worker when there is a file, and shows the example incident", { timeout: 60_000 }, () =>
    withPage(async (page) => {
      const asked: string[] = [];
      page.on("request", (request) => asked.push(request.url()));
      const heavy = (): string[] => asked.filter((url) => /bench-worker|query-editor|data\//.test(url));
      await page.goto(`${base}run/index.html`);
      await page.getByRole("button", { name: "Choose files" }).waitFor();
      await page.getByRole("button", { name: /^Try it on the \d+ proof cases$/ }).waitFor();
      expect(heavy()).toEqual([]);
      await page.getByRole("link", { name: "See an example incident" }).click();
      await page.locator(".bench-status", { hasText: /alerts in/ }).waitFor({ timeout: 40_000 });
      expect(heavy().some((url) => url.includes("bench-worker"))).toBe(true);
      expect(await page.locator("#run-here").textContent()).toContain("SRV01");
    }),
  );

  test("straight from the disk: styles, search and links work, and the bench says what it needs", () =>
    withPage(async (page) => {
      const disk = pathToFileURL(join(folder, "site")).href;
      await page.goto(`${disk}/index.html`);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: /^Search rules/ }).fill("B5 licence");
      await page.getByRole("option").first().waitFor();
      await page.keyboard.press("Enter");
      await page.waitForURL(/rules\/B5\/index\.html/);
      await page.getByRole("link", { name: "T1021.002 SMB/Windows Admin Shares" }).first().click();
      await page.waitForURL(/T1021\.002\/index\.html/);
      expect(await page.evaluate("getComputedStyle(document.querySelector('.bar')).position")).toBe("sticky");
    }));

  test.skipIf(!PICTURES)("pictures for review (PICTURES=1 takes them)", async () => {
    const out = join(root, "e2e", "out");
    mkdirSync(out, { recursive: true });
    for (const colorScheme of ["light", "dark"] as const)
      for (const width of [1360, 390])
        await withPage(
          async (page) => {
            for (const path of PAGES) {
              await page.goto(base + path);
              const name = `catalogue-${path.replaceAll(/\/?index\.html$/g, "").replaceAll("/", "-") || "home"}-${colorScheme}-${width}.png`;
              expect((await page.screenshot({ path: join(out, name) })).length).toBeGreaterThan(10_000);
            }
          },
          { colorScheme, viewport: { width, height: 900 } },
        );
  });
});

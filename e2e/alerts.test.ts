/** The page of alerts as `tocsin serve` answers with it: few alerts, tens of thousands, a fleet, and no script. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Download, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { huntIn, labLog, smbDetection, smbFiles } from "../src/report/testing/smb-hunt.ts";
import { startServer, type RunningServer } from "../src/server/index.ts";
import type { HuntResult } from "../src/workbench/index.ts";
import { violations, violationsInBothSchemes } from "./axe.ts";
import { launch, NO_BROWSER, root, screenshot } from "./bench-page.ts";

const TIMEOUT = 120_000;
const detection = smbDetection();

function serve(hunt: HuntResult): Promise<RunningServer> {
  const packages = [{ detection, files: smbFiles() }];
  const assets = join(root, "dist", "web", "assets");
  return startServer({ packages, rules: null, hunt, synthetic: false, today: "2026-03-04", documents: new Map(), assets }, 0);
}

/** Acts between hosts, three alerts each. */
function fleet(acts: number, hosts: number): HuntResult {
  const lines = Array.from({ length: acts }, (_, i) => {
    const [from, to] = [(i * 7) % hosts, (i * 13 + 5) % hosts];
    return JSON.stringify({
      "@timestamp": new Date(Date.UTC(2026, 2, 4, 9) + i * 37_000).toISOString(),
      event: { category: ["process"], type: ["start"], code: "1" },
      host: { name: `host${from}.corp.example`, ip: [`10.0.${from >> 8}.${from & 255}`], os: { type: "windows" } },
      user: { name: `user${i % 9}`, domain: "CORP" },
      process: {
        name: "psexec.exe",
        args: ["psexec.exe", `\\\\10.0.${to >> 8}.${to & 255}`, "cmd"],
        command_line: `psexec.exe \\\\10.0.${to >> 8}.${to & 255} cmd /c task${i}`,
      },
    });
  });
  return huntIn(detection, [{ name: "fleet.ndjson", bytes: new TextEncoder().encode(lines.join("\n")) }]).result;
}

describe.skipIf(NO_BROWSER !== null)(`the page of alerts${NO_BROWSER === null ? "" : ` (${NO_BROWSER})`}`, { timeout: TIMEOUT }, () => {
  let browser: Browser;
  const servers: RunningServer[] = [];
  const started = async (hunt: HuntResult): Promise<string> => {
    const server = await serve(hunt);
    servers.push(server);
    return `http://127.0.0.1:${server.port}/`;
  };
  let lab = "";
  beforeAll(async () => {
    browser = await launch();
    lab = await started(huntIn(detection, [labLog()]).result);
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    for (const server of servers) await server.close();
  });

  /** A page of its own; what goes wrong in it fails the test. */
  async function withPage(url: string, work: (page: Page) => Promise<void>, options: BrowserContextOptions = {}): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    context.setDefaultTimeout(60_000);
    const page = await context.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") errors.push(message.text());
    });
    try {
      await page.goto(url);
      if (options.javaScriptEnabled !== false) await page.locator(".tree-line").first().waitFor();
      await work(page);
      expect(errors).toEqual([]);
    } finally {
      await context.close();
    }
  }

  test("tells incidents by name, each act once; one opens as words, as a picture, and down to why an alert matched", () =>
    withPage(`${lab}alerts/`, async (page) => {
      const titles = await page.locator(".tree-line .line-title").allTextContents();
      expect(titles).toEqual([
        "Incident 1: PsExec from WS01 to SRV01 as adm.kira",
        "1. net use from WS01 to SRV01 as adm.kira",
        "2. Write to ADMIN$ from WS01 to SRV01 as adm.kira",
        "3. PsExec from WS01 to SRV01 as adm.kira",
        "4. net view from WS01 to SRV01 as adm.kira",
        "5. PsExec on WS01 as adm.olin",
        "6. ccmsetup.exe on SRV01 as SYSTEM",
        "Incident 2: net use from WS01 to fs01 as j.doe",
        "1. net user on WS01 as j.doe",
        "2. net use from WS01 to fs01 as j.doe",
      ]);
      await page.getByText("Incident 1: PsExec").click();
      const pane = page.getByRole("region", { name: "Details" });
      expect(await pane.textContent()).toContain("Set apart, as it may be ordinary work");
      await pane.getByRole("button", { name: "PsExec from WS01 to SRV01 as adm.kira" }).click();
      expect(await pane.textContent()).toContain('SRV01 ran "cmd.exe" /c whoami under PSEXESVC.exe');
      expect(await pane.textContent()).toContain("Seen by 16 rules");
      await pane.getByRole("button", { name: /C2 Admin share write/ }).click();
      await pane.getByText("Why it matched · 2 events").waitFor();
      const guide = await pane.getByRole("link", { name: "Response playbook" }).getAttribute("href");
      expect(guide).toContain("/detections/T1021.002/respond/?host=SRV01.corp.example&user=adm.kira");
      expect(await pane.getByRole("link", { name: "Rule C2" }).getAttribute("href")).toContain("/detections/T1021.002/rules/C2/");
      await screenshot(page, "alerts-open");
    }));

  test("an arrow of the lanes opens its act, and dragging over them chooses a stretch of time", () =>
    withPage(`${lab}alerts/`, async (page) => {
      const lanes = page.locator("svg.lanes");
      await lanes.waitFor();
      expect(await lanes.locator(".host > title").allTextContents()).toEqual(["WS01", "fs01", "SRV01"]);
      await lanes.getByRole("link", { name: "Write to ADMIN$ from WS01 to SRV01 as adm.kira" }).locator("circle").click();
      await page.locator(".tree-line.current", { hasText: "Write to ADMIN$" }).waitFor();
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: "Close" }).click();
      // Drawn anew: no longer of the one incident alone.
      await lanes.locator(".host", { hasText: "fs01" }).waitFor();
      await page.waitForTimeout(500);
      const box = (await lanes.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.72, box.y + 20);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.8, box.y + 40, { steps: 4 });
      await page.mouse.up();
      await page
        .getByRole("status")
        .filter({ hasText: /of 61 alerts in 1 incident/ })
        .waitFor();
      expect(new URL(page.url()).searchParams.get("from")).toMatch(/^2026-03-04T09:1/);
      await page.getByRole("button", { name: "Show all" }).click();
      await page
        .getByRole("status")
        .filter({ hasText: /^61 alerts in 2 incidents/ })
        .waitFor();
    }));

  test("what is chosen is in the address, and the address brings it back", () =>
    withPage(`${lab}alerts/?group=host&severity=high&q=psexesvc`, async (page) => {
      expect(await page.locator(".tree-line").allTextContents()).toHaveLength(1);
      await page.locator(".tree-line .twisty").click();
      await page.locator(".tree-line.alert .line-title").first().click();
      await page.locator(".alert-detail").waitFor();
      await page.locator(".tree-line.alert .mark-box").nth(1).click();
      const address = page.url();
      expect(new URL(address).searchParams.get("open")).toMatch(/^alert:/);
      const title = await page.locator(".pane-head h4").textContent();
      await page.goto(`${lab}run/`);
      await page.goto(address);
      await page.locator(".alert-detail").waitFor();
      expect(await page.locator(".pane-head h4").textContent()).toBe(title);
      expect(await page.getByRole("status").first().textContent()).toContain("1 marked");
      expect(await page.getByRole("combobox", { name: "Group by" }).inputValue()).toBe("host");
    }));

  test("the keyboard alone: down to an alert, open it, mark two, export them", () =>
    withPage(`${lab}alerts/`, async (page) => {
      await page.getByRole("tree", { name: "Alerts" }).focus();
      for (const key of ["j", "j", "j", "ArrowRight", "j", "Enter"]) await page.keyboard.press(key);
      await page.locator(".alert-detail").waitFor();
      for (const key of ["x", "J", "x"]) await page.keyboard.press(key);
      const exported = page.waitForEvent("download");
      await page.keyboard.press("e");
      const lines = (await textOf(await exported)).replace("\uFEFF", "").trim().split("\r\n");
      expect(lines).toHaveLength(3);
      expect(lines[0]).toBe("time,severity,host,rule,name,title,who,what,place,id,incident,act");
      expect(lines[1]).toContain("PsExec from WS01 to SRV01 as adm.kira");
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "NDJSON" }).click()]);
      const documents = (await textOf(download))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { event: { id: string } });
      expect(documents.map(({ event }) => event.id).sort()).toEqual(
        lines
          .slice(1)
          .map((line) => /[0-9a-f]{32}/.exec(line)![0])
          .sort(),
      );
      await page.keyboard.press("Escape");
    }));

  test("axe finds nothing serious, in either scheme; on a phone nothing is wider than the screen", async () => {
    await withPage(`${lab}alerts/`, async (page) => {
      await page.getByText("Incident 1: PsExec").click();
      await page.locator(".act-list").first().waitFor();
      expect(await violationsInBothSchemes(page)).toEqual([]);
    });
    await withPage(
      `${lab}alerts/`,
      async (page) => {
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        await page.getByText("3. PsExec from").click();
        await page.locator(".act-alerts").waitFor();
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
        expect(await violations(page, "layout")).toEqual([]);
        await screenshot(page, "phone-alerts-page");
      },
      { viewport: { width: 390, height: 844 } },
    );
  });

  test("without a script the first alerts are there, with a link to all", () =>
    withPage(
      `${lab}alerts/`,
      async (page) => {
        expect(await page.locator("tr.alert").count()).toBe(61);
        expect(await page.locator("ol.incidents li").allTextContents()).toEqual([
          expect.stringContaining("PsExec from WS01 to SRV01 as adm.kira"),
          expect.stringContaining("net use from WS01 to fs01 as j.doe"),
        ]);
        const href = await page.getByRole("link", { name: "NDJSON" }).getAttribute("href");
        const all = await page.request.get(new URL(href!, page.url()).href);
        expect((await all.text()).trim().split("\n")).toHaveLength(61);
      },
      { javaScriptEnabled: false },
    ));

  test("a fleet of 120 hosts: the lanes stay few until all are asked for, and a host is found by its name", async () => {
    const url = await started(fleet(400, 120));
    await withPage(`${url}alerts/`, async (page) => {
      const hosts = page.locator("svg.lanes .host");
      await hosts.first().waitFor();
      expect(await hosts.count()).toBe(11);
      expect(await hosts.last().textContent()).toContain("and 110 more");
      await page.getByRole("button", { name: "A lane for each of 120 hosts" }).click();
      await hosts.nth(100).waitFor();
      expect(await hosts.count()).toBe(120);
      await page.getByRole("searchbox", { name: "Text" }).fill("host77.");
      await page.waitForFunction(() => document.querySelectorAll("svg.lanes .host").length < 20);
      expect((await hosts.allTextContents()).join(" ")).toContain("host77");
      await screenshot(page, "lanes-120-hosts");
    });
  });

  test("50,000 alerts: soon there, filtered at once, and quick to answer", async () => {
    const hunt = fleet(16_667, 120);
    expect(hunt.alerts.length).toBeGreaterThanOrEqual(50_000);
    const url = await started(hunt);
    await withPage(`${url}alerts/`, async (page) => {
      const cold = await timed(() => page.evaluate("1"));
      // The goals are 2 s, 100 ms and 200 ms on a quiet machine. These bounds hold where ten others work on it, too.
      const first = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]!.startTime);
      expect(first).toBeLessThan(15_000);
      await page.reload();
      const shown = await timed(() => page.locator(".tree-line").first().waitFor());
      expect(shown).toBeLessThan(30_000);
      expect(await page.locator(".tree-line").count()).toBeLessThan(80);
      const filtered = await page.evaluate(() => {
        const box = document.querySelector<HTMLInputElement>(".alert-filters input[type=search]")!;
        return ["host7", "user3", "task12", "psexec", ""].map((text) => {
          box.value = text;
          const begun = performance.now();
          box.dispatchEvent(new Event("input", { bubbles: true }));
          return performance.now() - begun;
        });
      });
      // The first one reads all texts.
      expect(Math.min(...filtered)).toBeLessThan(600);
      expect(Math.max(...filtered)).toBeLessThan(2_500);
      const slowest = await slowestInteraction(page);
      if (process.env["MEASURE"] === "1")
        process.stdout.write(`${JSON.stringify({ cold, first, shown, filtered: filtered.map(Math.round), slowest })}\n`);
      expect(slowest).toBeLessThan(4_000);
    });
  });

  /** Interaction to next paint, as browsers measure it (Event Timing), over keys, clicks and scrolling. */
  async function slowestInteraction(page: Page): Promise<number> {
    await page.evaluate(() => {
      const all = ((window as unknown as { slow: number[] }).slow = [] as number[]);
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) all.push(duration);
      }).observe({ type: "event", durationThreshold: 16, buffered: false } as PerformanceObserverInit);
    });
    const tree = page.getByRole("tree", { name: "Alerts" });
    await tree.focus();
    for (const key of ["j", "PageDown", "End", "Home", "Enter"]) await page.keyboard.press(key);
    await page.getByRole("combobox", { name: "Group by" }).selectOption("rule");
    await page.locator(".tree-line .twisty").first().click();
    await page.locator(".tree-line .line-title").nth(2).click();
    await page.getByRole("searchbox", { name: "Text" }).pressSequentially("host9");
    await page.waitForTimeout(500);
    return page.evaluate(() => Math.max(0, ...(window as unknown as { slow: number[] }).slow));
  }
});

async function timed(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return Math.round(performance.now() - begun);
}

async function textOf(download: Download): Promise<string> {
  return readFileSync(await download.path(), "utf8");
}

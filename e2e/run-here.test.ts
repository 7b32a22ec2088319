import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync, strToU8, zipSync } from "fflate";
import type { Browser, BrowserContextOptions, Download, Page, Request } from "playwright-core";
import { parse } from "yaml";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { thinOut, violations, violationsInBothSchemes } from "./axe.ts";
import { drop, launch, NO_BROWSER, openBench, root, screenshot, startSite, type Site } from "./bench-page.ts";
import { shareLog } from "./evtx-log.ts";

const lab = readFileSync(join(root, "samples", "lab.ndjson"));

// A busy machine runs a browser slowly; axe looks at every cell of every table.
const TIMEOUT = 120_000;

describe.skipIf(NO_BROWSER !== null)(`the bench in the page${NO_BROWSER === null ? "" : ` (${NO_BROWSER})`}`, { timeout: TIMEOUT }, () => {
  let browser: Browser;
  let site: Site;
  beforeAll(async () => {
    browser = await launch();
    site = await startSite();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    await site?.close();
  });

  /** A page of its own; whatever it asks for outside its own files, and whatever goes wrong in it, fails the test. */
  async function withPage(
    work: (page: Page, requests: Request[]) => Promise<void>,
    options: BrowserContextOptions = {},
    /** Errors that the test provokes. */
    provoked: RegExp | null = null,
  ): Promise<void> {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
    // Sooner than the test's own end, so that a failure tells what it waited for.
    context.setDefaultTimeout(30_000);
    const page = await context.newPage();
    const errors: string[] = [];
    const requests: Request[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    page.on("console", (message) => {
      // Before a screenshot Playwright puts this style into every shadow root, to hide the caret; the policy refuses it.
      const ofPlaywright = message.text().includes("sha256-YID1d0uHRLXo/ApwPcYnOr/L+A2DxXY310ANTrimNL8=");
      if (message.type() === "error" && !ofPlaywright) errors.push(message.text());
    });
    context.on("request", (request) => requests.push(request));
    try {
      await openBench(page, site);
      await work(page, requests);
      const origin = new URL(site.url).origin;
      expect(requests.map((r) => r.url()).filter((url) => !url.startsWith(`${origin}/`) && !url.startsWith("blob:"))).toEqual([]);
      expect(errors.filter((error) => provoked?.test(error) !== true)).toEqual([]);
    } finally {
      await context.close();
    }
  }

  const status = async (page: Page): Promise<string> => (await page.locator(".bench-status").textContent()) ?? "";
  async function hunted(page: Page, name: string, bytes: Uint8Array): Promise<void> {
    await drop(page, [{ name, bytes }]);
    await page.locator(".bench-status", { hasText: /alerts? in/ }).waitFor();
  }

  /** Opens the first alert of the list with such a title. */
  async function openAlert(page: Page, title: RegExp): Promise<void> {
    const group = page.getByLabel("Group by");
    if (!(await group.isVisible())) await page.getByText("Filter, group and sort").click();
    await group.selectOption("none");
    await page.locator(".tree-line.alert", { hasText: title }).first().locator(".line-title").click();
    await page.locator(".alert-detail").waitFor();
  }

  test("an EVTX file: the alert, why it matched, its event", () =>
    withPage(async (page) => {
      await hunted(page, "Security.evtx", shareLog());
      const list = page.getByRole("tree", { name: "Alerts" });
      await list.waitFor();
      expect(await page.locator(".tree-line.group").count()).toBe(1);
      expect(await list.textContent()).toMatch(/Incident 1: .* to SRV07/);
      await openAlert(page, /C1 .*implant\.exe/);
      const detail = page.locator(".alert-detail");
      expect(await detail.textContent()).toContain("Why it matched");
      expect(await detail.locator(".conditions").first().textContent()).toContain("%%4417");
      expect(await detail.textContent()).toContain("Security.evtx@0x");
      expect(await detail.locator("details.matched-event").textContent()).toContain("LAB");
      await detail.getByRole("button", { name: "Show as JSON" }).click();
      expect(await detail.locator("pre.json").textContent()).toContain('"implant.exe"');
    }));

  test("a zip of an EVTX file, a log of JSON lines and a text that is no log", () =>
    withPage(async (page) => {
      const zip = zipSync({ "a/Security.evtx": shareLog(), "b/lab.ndjson": lab, "readme.txt": strToU8("not a log\n") });
      await hunted(page, "evidence.zip", zip);
      expect(await page.locator(".tree-line.group").count()).toBe(3);
      await page.getByRole("tab", { name: "What was read" }).click();
      const read = page.locator(".read-panel");
      expect(await read.textContent()).toContain("evtx (1)");
      expect(await read.textContent()).toContain("evidence.zip!readme.txt");
      await screenshot(page, "read");
    }));

  test("bad records are reported with their place, and the rest is read", () =>
    withPage(async (page) => {
      const text = lab.toString("utf8").split("\n");
      text.splice(3, 0, '{"broken": ');
      await hunted(page, "lab.ndjson", strToU8(text.join("\n")));
      expect(await status(page)).toMatch(/alerts in 2 incidents/);
      await page.getByRole("tab", { name: "What was read" }).click();
      expect(await page.locator(".read-panel").textContent()).toContain("lab.ndjson:4");
    }));

  test("a folder: every file in it, by its path", () =>
    withPage(async (page) => {
      const folder = mkdtempSync(join(tmpdir(), "tocsin-folder-"));
      try {
        mkdirSync(join(folder, "srv07"));
        writeFileSync(join(folder, "srv07", "Security.evtx"), shareLog());
        writeFileSync(join(folder, "lab.ndjson.gz"), gzipSync(lab));
        await page.locator("input[webkitdirectory]").setInputFiles(folder);
        await page.locator(".bench-status", { hasText: /alerts in 3 incidents/ }).waitFor();
        await openAlert(page, /C1 .*implant/);
        expect(await page.locator(".alert-detail").textContent()).toContain(`${basename(folder)}/srv07/Security.evtx@0x`);
      } finally {
        rmSync(folder, { recursive: true });
      }
    }));

  test("the same alerts as on the command line", () =>
    withPage(async (page) => {
      await hunted(page, "lab.ndjson", lab);
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "NDJSON" }).click()]);
      const documents = (await text(download))
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line) as { event: { kind: string }; rule: { id: string } });
      expect(documents.every((d) => d.event.kind === "signal" && d.rule.id.startsWith("T1021.002/"))).toBe(true);
      expect(await status(page)).toContain(`${documents.length} alerts`);
      expect(await page.locator(".tree-line.group").count()).toBe(2);
      await screenshot(page, "alerts");
    }));

  test("filters narrow the list, and exports follow them", () =>
    withPage(async (page) => {
      await hunted(page, "lab.ndjson", lab);
      const filters = page.locator(".alert-filters");
      await filters.getByLabel("Group by").selectOption("none");
      await filters.getByRole("combobox", { name: "Rule", exact: true }).selectOption("=T1021.002/C1");
      const rows = page.locator(".tree-line");
      expect(await rows.count()).toBeGreaterThan(0);
      for (const row of await rows.all()) expect(await row.textContent()).toContain("C1 ");
      const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
      expect(csv.suggestedFilename()).toBe("tocsin-alerts.csv");
      const lines = (await text(csv)).replace("\uFEFF", "").trim().split("\r\n");
      expect(lines[0]).toBe("time,severity,host,rule,name,title,who,what,place,id");
      expect(lines.length).toBeGreaterThan(1);
      expect(lines.slice(1).every((line) => line.includes("T1021.002/C1"))).toBe(true);
      await filters.getByRole("combobox", { name: "Rule", exact: true }).selectOption("");
      await filters.getByRole("combobox", { name: "Severity", exact: true }).selectOption("high");
      expect(await rows.count()).toBeGreaterThan(0);
      expect(await page.locator(".tree-line .severity.medium, .tree-line .severity.low").count()).toBe(0);
      await filters.getByRole("combobox", { name: "Severity", exact: true }).selectOption("");
      await filters.getByRole("searchbox", { name: "Text" }).fill("no such thing anywhere");
      expect(await rows.count()).toBe(0);
      expect(await page.locator(".alerts-panel").textContent()).toContain("0 of ");
    }));

  test("the HTML report is the command line's: whole, and without a script", () =>
    withPage(async (page) => {
      await hunted(page, "lab.ndjson", lab);
      const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "HTML report" }).click()]);
      expect(download.suggestedFilename()).toBe("tocsin-report.html");
      const report = await text(download);
      expect(report).toContain("<h1>Hunt report</h1>");
      expect(report).not.toContain("<script");
      // Read as a page of its own, it asks for nothing and is well made.
      const context = await browser.newContext();
      const other = await context.newPage();
      const asked: string[] = [];
      other.on("request", (request) => asked.push(request.url()));
      await other.setContent(report);
      // Printed, what is folded stays folded.
      const pdf = (await other.pdf({ format: "A4" })).toString("latin1");
      const pages = pdf.match(/\/Type\s*\/Page[^s]/g)?.length ?? 0;
      expect(pages).toBeGreaterThan(1);
      expect(pages).toBeLessThan(15);
      // Some of them: axe looks at every cell.
      await other.evaluate(() => [...document.querySelectorAll("details")].slice(0, 3).forEach((details) => (details.open = true)));
      await thinOut(other);
      expect(await violations(other)).toEqual([]);
      expect(asked).toEqual([]);
      await screenshot(other, "report");
      await context.close();
    }));

  test("a long hunt can be cancelled and says so", () =>
    withPage(async (page) => {
      // Made in the page: sixty megabytes would be slow to hand over.
      await page.evaluate((line) => {
        const transfer = new DataTransfer();
        const block = `${line}\n`.repeat(2_000);
        transfer.items.add(
          new File(
            Array.from({ length: 40 }, () => block),
            "large.ndjson",
          ),
        );
        (window as unknown as { transfer: DataTransfer }).transfer = transfer;
        document
          .querySelector(".drop-zone")!
          .dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
      }, lab.toString("utf8").split("\n", 1)[0]!);
      await page.locator(".progress-line", { hasText: /events\/s/ }).waitFor();
      // While the worker works the page answers at once.
      const began = Date.now();
      await page.getByRole("tab", { name: "Tuning" }).click();
      await page.locator(".tuning-panel").waitFor();
      expect(Date.now() - began).toBeLessThan(1_000);
      await page.getByRole("button", { name: "Cancel" }).click();
      await page.locator(".bench-status", { hasText: /^Stopped/ }).waitFor();
      expect(await page.locator(".bench-progress").isVisible()).toBe(false);
      // And another one can begin.
      await hunted(page, "lab.ndjson", lab);
      await page.locator(".tree-line.group").nth(1).waitFor();
      expect(await page.locator(".tree-line.group").count()).toBe(2);
    }));

  test("a hostile log is text and nothing else", () =>
    withPage(async (page) => {
      const evil = '"><img src=x onerror="document.title=\'owned\'"><script>document.title="owned"</script>';
      const event = {
        "@timestamp": "2026-03-04T09:00:00.000Z",
        ecs: { version: "8.0.0" },
        event: { category: ["process"], type: ["start"], code: "1" },
        host: { name: `WS01${evil}`, os: { type: "windows" } },
        user: { name: `\u202Enimda${evil}` },
        process: { name: "net.exe", args: ["net", "use", evil, "A".repeat(1_000_000)], command_line: `net use \\\\srv\\C$ ${evil}\u0007` },
        [evil]: evil,
      };
      await hunted(page, `evil${evil.replaceAll("/", "")}.ndjson`, strToU8(`${JSON.stringify(event)}\n${evil}\n`));
      await openAlert(page, /./);
      await page.getByRole("button", { name: "Show as JSON" }).click();
      expect(await page.title()).toBe("Workbench");
      expect(await page.locator("#run-here img, #run-here script").count()).toBe(0);
      const shown = await page.locator("#run-here").innerText();
      expect(shown).toContain("\\u202enimda");
      // oxlint-disable-next-line no-control-regex
      expect(shown).not.toMatch(/[\u0000-\u0008\u202a-\u202e\u2066-\u2069]/);
      expect(shown).toContain("(cut: the first 20,000 of 1,000,000 characters)");
      expect(shown.length).toBeLessThan(200_000);
      await screenshot(page, "hostile");
    }));

  test("the editor: colours, diagnostics at their place, completion of fields and of values in the files", () =>
    withPage(async (page) => {
      await hunted(page, "lab.ndjson", lab);
      await page.getByRole("tab", { name: "Query" }).click();
      const editor = page.getByRole("textbox", { name: "EQL query" });
      await editor.waitFor();
      expect(await page.locator(".eql-keyword").first().textContent()).toBe("sequence");
      await editor.press("ControlOrMeta+a");
      await page.keyboard.insertText('process where process.nmae == "a" and and');
      await page.locator(".cm-lintRange-error").first().waitFor();
      await page.getByRole("button", { name: "Run the query" }).click();
      await page.locator(".refused li").first().waitFor();
      await screenshot(page, "editor-diagnostics");
      await editor.press("ControlOrMeta+a");
      await page.keyboard.insertText("any where process.ex");
      await editor.press("Control+Space");
      const options = page.locator(".cm-tooltip-autocomplete li");
      await options.first().waitFor();
      expect(await options.allTextContents()).toEqual(expect.arrayContaining([expect.stringContaining("process.executable")]));
      await page.keyboard.press("Escape");
      await options.first().waitFor({ state: "detached" });
      await editor.press("ControlOrMeta+a");
      await page.keyboard.insertText("any where host.name == ");
      await editor.press("Control+Space");
      await page.locator(".cm-tooltip-autocomplete li", { hasText: "SRV01.corp.example" }).first().waitFor();
      await screenshot(page, "editor-completion");
    }));

  test("a query of its own runs on the same files", () =>
    withPage(async (page) => {
      await hunted(page, "lab.ndjson", lab);
      await page.getByRole("tab", { name: "Query" }).click();
      const editor = page.getByRole("textbox", { name: "EQL query" });
      await editor.press("ControlOrMeta+a");
      await page.keyboard.insertText('any where event.code == "5145" and winlog.event_data.RelativeTargetName : "PSEXESVC.exe"');
      await editor.press("Control+Enter");
      const rows = page.locator("table.matches tbody > tr:not(.detail-row)");
      await rows.first().waitFor();
      expect(await rows.count()).toBeGreaterThan(0);
      for (const row of await rows.all()) expect(await row.textContent()).toMatch(/SRV01.*PSEXESVC\.exe/);
      await rows.first().getByRole("button").click();
      expect(await page.locator("table.matches pre.json").first().textContent()).toContain('"5145"');
      await editor.press("ControlOrMeta+a");
      await page.keyboard.insertText(
        'sequence by host.name with maxspan=10s [any where event.code == "5145" and winlog.event_data.ShareName : "*ADMIN$"] [process where event.type == "start"]',
      );
      await page.getByRole("button", { name: "Run the query" }).click();
      await page.locator(".group-row").first().waitFor();
      expect(await page.locator(".query-panel [role=status]").textContent()).toMatch(/^\d+ sequences? of 408 events/);
      await screenshot(page, "query");
    }));

  test("an exception is tried out: alerts and proof cases it removes, and its YAML", () =>
    withPage(async (page) => {
      await hunted(page, "Security.evtx", shareLog());
      await openAlert(page, /C1 /);
      await page.getByRole("button", { name: "Add an exception for this" }).click();
      const effect = page.locator(".tune-effect");
      await effect.getByText("Suppresses 1 alert of this hunt").waitFor();
      expect(await effect.textContent()).toContain("Not an exception yet");
      await page.locator(".texts").getByLabel("Title").fill("Mallory's tool");
      await page.locator(".texts").getByLabel("Owner").fill("Server operations");
      await page.locator(".texts").getByLabel("Reason").fill("Known");
      await effect.locator("pre.yaml").waitFor();
      const [item] = parse((await effect.locator("pre.yaml").textContent())!) as [Record<string, unknown>];
      expect(item).toMatchObject({ id: "mallory-s-tool", rules: ["C1"], source: { "source.ip": ["10.20.0.9"] } });
      // Wide open, it hides attacks: the page says so first.
      await page
        .locator("#tune-rules")
        .selectOption(await page.locator("#tune-rules option").evaluateAll((all) => all.map((o) => (o as HTMLOptionElement).value)));
      const values = page.getByRole("textbox", { name: /: value$/ });
      await values.nth(0).fill("10.0.0.0/8");
      for (let n = 1; n < (await values.count()); n++) await values.nth(n).fill("*");
      await effect.getByText("It hides attacks").waitFor();
      expect(await effect.locator("> div > *").first().getAttribute("class")).toContain("danger");
      expect(await effect.textContent()).toContain("matches anything");
      expect(await effect.locator("pre.yaml").count()).toBe(0);
      await screenshot(page, "tuning");
    }));

  test("the exception for a false alert is one that hides no attack; one that loses proofs is copied at the second asking", () =>
    withPage(
      async (page) => {
        await hunted(page, "lab.ndjson", lab);
        await openAlert(page, /A1 net\.exe/);
        await page.getByRole("button", { name: "Add an exception for this" }).click();
        const effect = page.locator(".tune-effect");
        await effect.getByText(/^Suppresses \d+ alerts? of this hunt$/).waitFor();
        expect(await effect.textContent()).not.toContain("hides attacks");
        for (const [label, text] of [
          ["Title", "A"],
          ["Owner", "B"],
          ["Reason", "C"],
        ] as const)
          await page.locator(".texts").getByLabel(label).fill(text);
        await effect.getByRole("button", { name: "Copy as YAML" }).click();
        await effect.getByRole("button", { name: "Copied" }).waitFor();
        // The program alone is what attacks use, too.
        for (const name of ["process.hash.sha256", "process.command_line", "process.parent.executable"]) {
          const line = page.locator('[data-part="artefact"] .condition').filter({ has: page.locator(`input[value="${name}"]`) });
          if ((await line.count()) > 0) await line.getByRole("textbox", { name: /value$/ }).fill("");
        }
        await effect.getByText("It hides attacks").waitFor();
        await page.evaluate("navigator.clipboard.writeText('nothing')");
        await effect.getByRole("button", { name: "Copy as YAML" }).click();
        const question = effect.getByRole("button", { name: /^It loses \d+ proofs?\. Copy it all the same\?$/ });
        await question.waitFor();
        expect(await page.evaluate("navigator.clipboard.readText()")).toBe("nothing");
        await screenshot(page, "tuning-lossy");
        await question.click();
        await effect.getByRole("button", { name: "Copied" }).waitFor();
        expect(await page.evaluate<string>("navigator.clipboard.readText()")).toContain("process.executable");
      },
      { permissions: ["clipboard-read", "clipboard-write"] },
    ));

  test("a query in another language, counted, saved, and the hunt is still there", () =>
    withPage(async (page) => {
      await hunted(page, "lab.ndjson", lab);
      const said = await status(page);
      await page.getByRole("tab", { name: "Query" }).click();
      await page.getByRole("textbox", { name: "EQL query" }).waitFor();
      await page.getByLabel("Language").selectOption("esql");
      await page.getByRole("textbox", { name: "ES|QL query" }).waitFor();
      await page.getByRole("button", { name: "Run the query" }).click();
      await page.locator("table.rows").waitFor();
      expect(await page.locator("table.rows thead").textContent()).toBe("nevent.codehost.name");
      const [csv] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).last().click()]);
      expect((await text(csv)).replace("\uFEFF", "").split("\r\n")[0]).toBe("n,event.code,host.name");
      await page.getByRole("button", { name: "Save", exact: true }).click();
      await page.getByLabel("Language").selectOption("kql");
      await page.getByLabel("Count by").fill("user.name");
      await page.getByRole("button", { name: "Run the query" }).click();
      await page.locator("table.rows thead", { hasText: "user.name" }).waitFor();
      await screenshot(page, "query-counted");
      // A name that is nearly one is said beside the result.
      const editor = page.getByRole("textbox", { name: "KQL (Kibana) query" });
      await editor.press("ControlOrMeta+a");
      await page.keyboard.insertText("process.nmae: net.exe");
      await page.getByRole("button", { name: "Run the query" }).click();
      await page.locator(".query-doubts", { hasText: "process.name" }).waitFor();
      await screenshot(page, "query-doubt");
      expect(await status(page)).toBe(said);
      await page.getByRole("tab", { name: "Alerts" }).click();
      expect(await page.locator(".tree-line.group").count()).toBe(2);
      // Another page of the same site has the queries.
      const other = await page.context().newPage();
      await openBench(other, site);
      await other.getByRole("tab", { name: "Query" }).click();
      await other.getByRole("textbox", { name: "EQL query" }).waitFor();
      await other.locator(".stored-queries > summary").click();
      await screenshot(other, "query-stored");
      await other
        .getByRole("region", { name: "Saved queries" })
        .getByRole("button", { name: /ES\|QL/ })
        .click();
      expect(await other.getByRole("textbox", { name: "ES|QL query" }).textContent()).toContain("stats n = count(*)");
    }));

  test("rules that are dropped join the hunt, and their faults are listed", () =>
    withPage(async (page) => {
      const sigma = (title: string, condition: string): Uint8Array =>
        strToU8(
          `title: ${title}\nlogsource: { product: windows, category: process_creation }\ndetection:\n  selection:\n    Image|endswith: '\\net.exe'\n  condition: ${condition}\nlevel: low\n`,
        );
      await hunted(page, "lab.ndjson", lab);
      const before = await status(page);
      await drop(page, [
        { name: "net.yml", bytes: sigma("Net by name", "selection") },
        { name: "broken.yml", bytes: sigma("Broken", "nothing") },
      ]);
      await page.getByText("1 rule of yours").waitFor();
      // The hunt runs again, and its list is a new one.
      const hunts = (text: string): string => text.split(" in ")[0]!;
      await expect
        .poll(async () => /alerts? in/.test(await status(page)) && hunts(await status(page)) !== hunts(before), { timeout: 30_000 })
        .toBe(true);
      await page.getByText(/^\d+ faults? of these rules$/).click();
      expect(await page.locator(".added-rules").textContent()).toMatch(/broken\.yml:\d+:\d+/);
      await page.getByRole("searchbox", { name: "Text" }).fill("Net by name");
      await openAlert(page, /Net by name/);
      await screenshot(page, "rules-added");
      await page.getByRole("button", { name: "Remove them" }).click();
      await page.waitForFunction(
        ([text]) => document.querySelector(".bench-status")?.textContent?.split(" in ")[0] === text,
        [hunts(before)],
      );
    }));

  test("leaving asks, once there is something to lose", () =>
    withPage(async (page) => {
      const asked: string[] = [];
      page.on("dialog", (dialog) => {
        asked.push(dialog.type());
        void dialog.accept();
      });
      await page.reload();
      await page.getByRole("button", { name: /^Try it on the/ }).waitFor();
      expect(asked).toEqual([]);
      await hunted(page, "lab.ndjson", lab);
      await page.getByRole("tab", { name: "Query" }).click();
      await page.reload();
      expect(asked).toEqual(["beforeunload"]);
    }));

  test("the proof cases can be hunted in, without any log of one's own", () =>
    withPage(async (page) => {
      await page.getByRole("button", { name: /^Try it on the/ }).click();
      await page.locator(".bench-status", { hasText: /alerts in \d+ incidents/ }).waitFor();
      // Of hundreds of alerts those in sight are in the page; the rest comes when the list is scrolled.
      await page.getByLabel("Group by").selectOption("none");
      const total = Number(/^([\d,]+) alerts/.exec(await status(page))![1]!.replaceAll(",", ""));
      expect(total).toBeGreaterThan(100);
      expect(await page.locator(".tree-line").count()).toBeLessThan(80);
      await page.getByRole("tree").press("End");
      await page.locator(`#tree-line-${total - 1}.cursor`).waitFor();
    }));

  test("keyboard alone: choose, move between the tabs, open an alert", () =>
    withPage(async (page) => {
      await page.locator("body").press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Choose files");
      const chosen = page.waitForEvent("filechooser");
      // A round trip: the browser must know that the test answers its dialog before there is one.
      await page.evaluate(() => document.activeElement?.tagName);
      await page.keyboard.press("Enter");
      await (await chosen).setFiles({ name: "lab.ndjson", mimeType: "application/x-ndjson", buffer: lab });
      await page.locator(".tree-line").first().waitFor();
      await page.getByRole("tab", { name: "Alerts" }).focus();
      await page.keyboard.press("ArrowRight");
      expect(await page.getByRole("tab", { name: "Query" }).getAttribute("aria-selected")).toBe("true");
      await page.keyboard.press("Home");
      expect(await page.getByRole("tab", { name: "Alerts" }).getAttribute("aria-selected")).toBe("true");
      for (let i = 0; i < 80; i++) {
        await page.keyboard.press("Tab");
        if (await page.evaluate(() => document.activeElement?.getAttribute("role") === "tree")) break;
      }
      // From the incident down to its first act, into it, and its first alert.
      for (const key of ["j", "ArrowRight", "j", "Enter"]) await page.keyboard.press(key);
      await page.locator(".alert-detail").waitFor();
      // The editor is no trap: Escape, then Tab leaves it.
      await page.getByRole("tab", { name: "Query" }).click();
      await page.getByRole("textbox", { name: "EQL query" }).press("Escape");
      await page.keyboard.press("Tab");
      expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Run the query");
    }));

  test("each tab is accessible in either colour scheme", () =>
    withPage(async (page) => {
      const scheme = async (colorScheme: "light" | "dark"): Promise<void> => {
        await page.emulateMedia({ colorScheme });
        const [red] = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor.match(/\d+/g)!.map(Number));
        expect(red! > 128).toBe(colorScheme === "light");
      };
      const look = async (tab: string): Promise<void> => {
        expect(await violationsInBothSchemes(page), tab).toEqual([]);
        for (const colorScheme of ["dark", "light"] as const) {
          await scheme(colorScheme);
          await screenshot(page, `${tab}-${colorScheme}`);
        }
      };
      await hunted(page, "lab.ndjson", lab);
      await openAlert(page, /A1 net\.exe/);
      await look("alerts");
      await page.getByRole("button", { name: "Add an exception for this" }).click();
      await page.locator(".tune-effect strong").first().waitFor();
      await look("tuning");
      await page.getByRole("tab", { name: "Query" }).click();
      await page.getByRole("textbox", { name: "EQL query" }).press("Control+Enter");
      await page.locator("table.matches").waitFor();
      await look("query");
      await page.getByRole("tab", { name: "What was read" }).click();
      await look("read");
    }));

  test("on a phone nothing is wider than the screen", () =>
    withPage(
      async (page) => {
        await hunted(page, "lab.ndjson", lab);
        await openAlert(page, /./);
        for (const tab of ["Alerts", "Query", "Tuning", "What was read"]) {
          await page.getByRole("tab", { name: tab }).click();
          if (tab === "Query") await page.getByRole("textbox", { name: "EQL query" }).waitFor();
          expect(await page.evaluate(() => document.documentElement.scrollWidth), tab).toBeLessThanOrEqual(390);
          expect(await violations(page, "layout"), tab).toEqual([]);
          await screenshot(page, `phone-${tab.toLowerCase().replaceAll(" ", "-")}`);
        }
      },
      { viewport: { width: 390, height: 844 }, deviceScaleFactor: 2 },
    ));

  test("once something is read, no connection can be made, neither by the page nor by its worker", () =>
    withPage(
      async (page, requests) => {
        await hunted(page, "Security.evtx", shareLog());
        const before = requests.length;
        const outcome = await page.evaluate(
          () =>
            new Promise<string>((resolve) => {
              document.addEventListener("securitypolicyviolation", (event) => resolve(event.effectiveDirective), { once: true });
              fetch("../data/T1021.002.json").then(
                () => resolve("a connection was made"),
                () => undefined,
              );
            }),
        );
        expect(outcome).toBe("connect-src");
        expect(page.workers()).toHaveLength(1);
        const inWorker = await page.workers()[0]!.evaluate((url) => fetch(url).then(() => "a connection was made", String), site.url);
        expect(inWorker).toContain("Failed to fetch");
        expect(requests.length).toBe(before);
      },
      {},
      /connect-src 'none'|Refused to connect/,
    ));
});

async function text(download: Download): Promise<string> {
  return readFileSync(await download.path(), "utf8");
}

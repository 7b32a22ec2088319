/** Pages of `tocsin serve` just after it has begun. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { violationsInBothSchemes } from "./axe.ts";
import { launch, NO_BROWSER, root, screenshot } from "./bench-page.ts";

describe.skipIf(NO_BROWSER !== null)(`served pages in a browser${NO_BROWSER === null ? "" : ` (${NO_BROWSER})`}`, () => {
  let browser: Browser;
  let server: ChildProcess;
  let base = "";
  let folder = "";

  beforeAll(async () => {
    // A package of its own: what is written goes into it.
    folder = mkdtempSync(join(tmpdir(), "tocsin-served-"));
    cpSync(join(root, "detections", "T1021.002-smb-admin-shares"), folder, { recursive: true });
    const args = ["serve", "--port", "0", "--rules", folder, "--write"];
    server = spawn(process.execPath, [join(root, "dist", "bin", "tocsin.js"), ...args], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    base = await new Promise<string>((resolve, reject) => {
      let text = "";
      server.stdout!.on("data", (data: Buffer) => {
        text += data.toString();
        const address = /Serving on (http:\/\/127\.0\.0\.1:\d+)/.exec(text)?.[1];
        if (address !== undefined) resolve(address);
      });
      server.once("exit", () => reject(new Error(`it has ended: ${text}`)));
    });
    browser = await launch();
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    server?.kill();
    if (folder !== "") rmSync(folder, { recursive: true, force: true });
  });

  test("a detection is there before it is measured, and its numbers come into the page by themselves", { timeout: 120_000 }, async () => {
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", (error) => errors.push(String(error)));
    await page.goto(`${base}/detections/T1021.002/rules/`);
    // The rest of the page is of use at once.
    expect(await page.locator("tbody tr").count()).toBeGreaterThan(20);
    const pending = page.locator("[data-pending]");
    await page.getByText("98.4 %").waitFor({ timeout: 90_000 });
    expect(await pending.count()).toBe(0);
    // What came later is searched as well.
    await page.getByRole("searchbox", { name: "Search the rules" }).fill("psexec licence");
    expect(await page.locator("tbody tr:visible").count()).toBe(1);
    expect(errors).toEqual([]);
  });

  test("an exception goes from the bench into the package, after a second look on a page of its own", { timeout: 120_000 }, async () => {
    const context = await browser.newContext({ reducedMotion: "reduce" });
    const page = await context.newPage();
    const errors: string[] = [];
    context.on("weberror", (error) => errors.push(String(error.error())));
    await page.goto(`${base}/run/`);
    await page.getByRole("button", { name: "Choose files" }).waitFor();
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles(join(root, "samples", "lab.ndjson"));
    await page.getByLabel("Group by").selectOption("none");
    await page.locator(".tree-line.alert", { hasText: "A1 net.exe" }).first().locator(".line-title").click();
    await page.getByRole("button", { name: "Add an exception for this" }).click();
    for (const label of ["Title", "Owner", "Reason"]) await page.locator(".texts").getByLabel(label).fill("Known job");
    const link = page.getByRole("link", { name: "Write it into the package" });
    const [second] = await Promise.all([context.waitForEvent("page"), link.click()]);
    const button = second.getByRole("button", { name: /^Write it into .*tuning\.yaml$/ });
    await button.waitFor();
    expect(await violationsInBothSchemes(second)).toEqual([]);
    await screenshot(second, "write-exception");
    const file = join(folder, "tuning.yaml");
    const before = readFileSync(file, "utf8");
    expect(before).not.toContain("known-job");
    await button.click();
    await second.getByText(/^It is in .*tuning\.yaml/).waitFor();
    const after = readFileSync(file, "utf8");
    expect(after).toContain("- id: known-job\n");
    for (const line of before.split("\n")) expect(after).toContain(line);
    expect(errors).toEqual([]);
    await context.close();
  });
});

/** Pages of `tocsin serve` just after it has begun. */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { launch, NO_BROWSER, root } from "./bench-page.ts";

describe.skipIf(NO_BROWSER !== null)(`served pages in a browser${NO_BROWSER === null ? "" : ` (${NO_BROWSER})`}`, () => {
  let browser: Browser;
  let server: ChildProcess;
  let base = "";

  beforeAll(async () => {
    server = spawn(process.execPath, [join(root, "dist", "bin", "tocsin.js"), "serve", "--port", "0"], {
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
});

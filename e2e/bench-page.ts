/** A page with nothing but the workbench, as a static host would serve it: the policy stands in the page, no file has headers of its own. */
import { createServer, type Server } from "node:http";
import { existsSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { chromium, type Browser, type Page } from "playwright-core";

export const root: string = join(import.meta.dirname, "..");
const assets = join(root, "dist", "web", "assets");

const CHROMIUM = [process.env["CHROMIUM"], "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"].find(
  (path) => path !== undefined && existsSync(path),
);

/** Why browser tests cannot run here; null where they can. */
export const NO_BROWSER: string | null =
  CHROMIUM === undefined ? "no chromium on this machine" : existsSync(assets) ? null : "the pages' scripts are not built";

export function launch(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM!, args: ["--no-sandbox"] });
}

export const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; worker-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none'";

const CASES = readdirSync(join(root, "detections", "T1021.002-smb-admin-shares", "cases")).length;

const PAGE = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Workbench</title>
<link rel="stylesheet" href="../assets/style.css"></head>
<body><main id="main"><h1>Workbench</h1><h2>Run it here</h2><h3>On your own logs</h3><div id="run-here" data-package="T1021.002" data-cases="${CASES}"></div></main>
<script type="module" src="../assets/run-here.js"></script></body></html>`;

/** The texts of the bundled package: path -> text. */
export function packageTexts(): Record<string, string> {
  const folder = join(root, "detections", "T1021.002-smb-admin-shares");
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((path) => [relative(folder, path), readFileSync(path, "utf8")]),
  );
}

const TYPES: { readonly [extension: string]: string } = {
  js: "text/javascript",
  css: "text/css",
  json: "application/json",
  woff2: "font/woff2",
};

export interface Site {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves below `/deep/path/`, since a static site may lie anywhere. */
export async function startSite(): Promise<Site> {
  const texts = JSON.stringify(packageTexts());
  const server: Server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://localhost").pathname;
    const asset = /^\/deep\/path\/assets\/([\w-]+\.(js|css|woff2))$/.exec(path);
    if (path === "/deep/path/run/") response.writeHead(200, { "content-type": "text/html" }).end(PAGE);
    else if (path === "/deep/path/data/T1021.002.json") response.writeHead(200, { "content-type": TYPES["json"]! }).end(texts);
    else if (asset !== null && existsSync(join(assets, asset[1]!)))
      response.writeHead(200, { "content-type": TYPES[asset[2]!]! }).end(readFileSync(join(assets, asset[1]!)));
    else if (path === "/favicon.ico") response.writeHead(204).end();
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}/deep/path/run/`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

/** Opens the page and waits until the package is there. */
export async function openBench(page: Page, site: Site): Promise<void> {
  await page.goto(site.url);
  await page.getByRole("button", { name: /^Try it on the \d+ proof cases$/ }).waitFor({ timeout: 20_000 });
}

/** Gives files to the page as a person drops them. */
export async function drop(page: Page, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void> {
  const data = await page.evaluateHandle(
    (list) => {
      const transfer = new DataTransfer();
      for (const { name, base64 } of list) {
        const text = atob(base64);
        const bytes = new Uint8Array(text.length);
        for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
        transfer.items.add(new File([bytes], name));
      }
      return transfer;
    },
    files.map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") })),
  );
  await page.locator(".drop-zone").dispatchEvent("drop", { dataTransfer: data });
}

const shots = join(root, "e2e", "out");

/** Whether pictures are wanted: they are for people to look at, take long, and check nothing. */
export const PICTURES: boolean = process.env["PICTURES"] === "1";

/** A picture in `e2e/out`, which is not part of the repository. */
export async function screenshot(page: Page, name: string): Promise<void> {
  if (!PICTURES) return;
  mkdirSync(shots, { recursive: true });
  // Hiding the caret would put a style into the page, which its policy forbids.
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true, caret: "initial" });
}

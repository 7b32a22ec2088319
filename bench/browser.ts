// Hunting in the browser against the command line on the same machine: a 100 MB NDJSON log and a 50 MB EVTX log.
// usage: node bench/browser.ts [--ndjson MB] [--evtx MB] [--rounds N]
// Prints for each log the seconds of both (the best of the rounds) and their ratio; the goal is at most 1.5. While the browser hunts,
// the page's longest stall is measured: the longest time between two turns of its event loop.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, writeSync, closeSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { launch, NO_BROWSER, openBench, root, startSite } from "../e2e/bench-page.ts";
import { shareLogOf } from "../e2e/evtx-log.ts";
import { ndjsonChunks } from "./ndjson-corpus.ts";

const { values } = parseArgs({
  options: {
    ndjson: { type: "string", default: "100" },
    evtx: { type: "string", default: "50" },
    rounds: { type: "string", default: "3" },
  },
});
if (NO_BROWSER !== null) {
  console.log(`skipped: ${NO_BROWSER}`);
  process.exit(0);
}
const rounds = Math.max(1, Number(values.rounds));
const out = join(root, "bench", "out");
mkdirSync(out, { recursive: true });

const logs = [
  { name: `sysmon-${values.ndjson}.ndjson`, chunks: () => ndjsonChunks(Number(values.ndjson) * 1_000_000) },
  { name: `security-${values.evtx}.evtx`, chunks: () => shareLogOf(Number(values.evtx) * 1_000_000) },
].map(({ name, chunks }) => {
  const path = join(out, name);
  if (!existsSync(path)) {
    const file = openSync(path, "w");
    for (const chunk of chunks()) writeSync(file, chunk);
    closeSync(file);
  }
  return path;
});

const cli = join(root, "dist", "bin", "tocsin.js");
const site = await startSite();
const browser = await launch();
let failed = false;
for (const path of logs) {
  const megabytes = statSync(path).size / 1e6;
  const command: number[] = [];
  const page: number[] = [];
  let stall = 0;
  // Asked once and not timed: to write all alerts as JSON is work that the page does not do.
  const json = spawnSync(process.execPath, [cli, "hunt", path, "--json"], { encoding: "utf8", maxBuffer: 1 << 30 });
  if (json.status !== 0) throw new Error(json.stderr);
  const alertsThere = String((JSON.parse(json.stdout) as { alerts: unknown[] }).alerts.length);
  let alertsHere = "";
  for (let round = 0; round < rounds; round++) {
    const begun = performance.now();
    const done = spawnSync(process.execPath, [cli, "hunt", path], { stdio: ["ignore", "ignore", "inherit"] });
    command.push((performance.now() - begun) / 1000);
    if (done.status !== 0) throw new Error(`tocsin hunt ended with ${done.status}`);
    const tab = await browser.newPage();
    tab.setDefaultTimeout(600_000);
    await openBench(tab, site);
    await tab.evaluate(() => {
      const state = window as unknown as { stall: number };
      state.stall = 0;
      let last = performance.now();
      setInterval(() => {
        const now = performance.now();
        state.stall = Math.max(state.stall, now - last);
        last = now;
      }, 5);
    });
    const chosen = performance.now();
    await tab.locator("input[type=file]").first().setInputFiles(path);
    await tab.locator(".bench-status", { hasText: /alerts? in/ }).waitFor();
    page.push((performance.now() - chosen) / 1000);
    const status = (await tab.locator(".bench-status").textContent()) ?? "";
    alertsHere = (/^([\d,]+) alert/.exec(status)?.[1] ?? "?").replaceAll(",", "");
    stall = Math.max(stall, await tab.evaluate(() => (window as unknown as { stall: number }).stall));
    await tab.close();
  }
  const [there, here] = [Math.min(...command), Math.min(...page)];
  const ratio = here / there;
  if (ratio > 1.5 || alertsThere !== alertsHere) failed = true;
  console.log(
    `${path.slice(out.length + 1)} (${megabytes.toFixed(0)} MB): command line ${there.toFixed(2)} s, browser ${here.toFixed(2)} s, ratio ${ratio.toFixed(2)}; alerts ${alertsThere} and ${alertsHere}; longest stall of the page ${stall.toFixed(0)} ms`,
  );
}
await browser.close();
await site.close();
if (failed) console.log("the goal (a ratio of at most 1.5, the same alerts) is missed");

// Peak memory and time of `tocsin hunt` where every event is an alert, by what is written of them. Alerts are kept to the end, in order of time.
// usage: node bench/many-alerts.ts [alerts, 1000000] [format..., ndjson csv]      (after npm run build)
import { spawnSync } from "node:child_process";
import { closeSync, copyFileSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { eventLine } from "./ndjson-corpus.ts";

const LIMIT_MB = 500;
/** Of one file of the folder; the rest are copies of it. */
const EVENTS_A_FILE = 100_000;

const [count = "1000000", ...asked] = process.argv.slice(2);
const formats = asked.length > 0 ? asked : ["ndjson", "csv"];
const main = fileURLToPath(new URL("../dist/bin/tocsin.js", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "alerts-bench-"));
const logs = mkdtempSync(join(folder, "logs-"));
const rule = join(folder, "every.eql");
const hook = join(folder, "peak.mjs");

try {
  writeFileSync(rule, "process where true\n");
  writeFileSync(
    hook,
    `process.on("exit", () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage();
  console.error(\`peak \${maxRSS / 1024} \${(userCPUTime + systemCPUTime) / 1e6}\`);
});\n`,
  );
  const first = join(logs, "0.ndjson");
  const out = openSync(first, "w");
  for (let n = 0; n < EVENTS_A_FILE; n += 100) {
    let text = "";
    for (let i = 0; i < 100; i++) text += eventLine(n + i);
    writeSync(out, text);
  }
  closeSync(out);
  for (let file = 1; file < Number(count) / EVENTS_A_FILE; file++) copyFileSync(first, join(logs, `${file}.ndjson`));
  for (const format of formats) {
    const args = ["--import", hook, main, "hunt", logs, "--rules", rule, "--keep-duplicates", "--jobs", "1", "--format", format];
    const run = spawnSync(process.execPath, args, { encoding: "utf8", stdio: ["ignore", "ignore", "pipe"] });
    const taken = /peak ([\d.]+) ([\d.]+)/.exec(run.stderr);
    // 4: more alerts than this form keeps.
    if ((run.status !== 0 && run.status !== 4) || taken === null) throw new Error(`${format}: ${run.error?.message ?? run.stderr}`);
    const peak = Number(taken[1]);
    console.log(`${count} alerts as ${format}: peak ${peak.toFixed(0)} MB (limit ${LIMIT_MB}), ${Number(taken[2]).toFixed(0)} s CPU`);
    if (peak > LIMIT_MB) process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}

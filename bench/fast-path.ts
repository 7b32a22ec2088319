// `tocsin hunt` with the bundled package over NDJSON, with and without the fast path, beside ripgrep with the literals of its rules and a loop of
// JSON.parse: CPU seconds of whole processes, in turns, medians. Both hunts must find the same.
// usage: node bench/fast-path.ts [megabytes, 330] [rounds, 3] [file..]      (after npm run build; without files: events that are ECS already, and raw ones)
import { spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, statSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { median } from "./clock.ts";
import { eventLine, QUIET_IMAGES } from "./ndjson-corpus.ts";

const [megabytes = "330", rounds = "3", ...given] = process.argv.slice(2);
const root = fileURLToPath(new URL("..", import.meta.url));
const main = join(root, "dist/bin/tocsin.js");
const folder = mkdtempSync(join(tmpdir(), "fast-path-bench-"));

/** Prints at its end what the process took. */
const hook = join(folder, "taken.mjs");
writeFileSync(
  hook,
  `process.on("exit", () => {
  const { userCPUTime, systemCPUTime } = process.resourceUsage();
  console.error(\`taken \${(userCPUTime + systemCPUTime) / 1e6}\`);
});`,
);
const parser = join(folder, "parse.mjs");
writeFileSync(
  parser,
  `import { createReadStream } from "node:fs";
let held = "";
for await (const chunk of createReadStream(process.argv[2], { highWaterMark: 262144 })) {
  let start = 0;
  for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
    try { JSON.parse(held + chunk.toString("utf8", start, end)); } catch {}
    held = "";
    start = end + 1;
  }
  held += chunk.toString("utf8", start);
}`,
);
/** What the rules look for, as far as a search in text can. */
const LITERALS = ["psexesvc", "admin\\$", "ipc\\$", "wmiprvse", "winrs", "svcctl", "\\\\\\\\c\\$"];

interface Run {
  readonly cpu: number;
  readonly output: string;
}

function ofNode(args: readonly string[]): Run {
  const run = spawnSync(process.execPath, ["--import", hook, ...args], { encoding: "utf8", maxBuffer: 1 << 30 });
  const taken = /taken ([\d.]+)/.exec(run.stderr);
  if (taken === null) throw new Error(run.error?.message ?? run.stderr);
  return { cpu: Number(taken[1]), output: run.stdout.replaceAll(/"milliseconds": ?[\d.e-]+/g, '"milliseconds": 0') };
}

function ofRipgrep(file: string): number {
  const script = `import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL)
usage = resource.getrusage(resource.RUSAGE_CHILDREN)
print(usage.ru_utime + usage.ru_stime)`;
  const { stdout } = spawnSync("python3", ["-c", script, "rg", "-c", "-i", "-a", ...LITERALS.flatMap((text) => ["-e", text]), file], {
    encoding: "utf8",
  });
  return Number(stdout);
}

function written(name: string, line: (n: number) => string): string {
  const file = join(folder, name);
  const to = openSync(file, "w");
  let bytes = 0;
  for (let n = 0; bytes < Number(megabytes) * 1e6;) {
    let text = "";
    for (let i = 0; i < 500; i++) text += line(n++);
    bytes += writeSync(to, text);
  }
  closeSync(to);
  return file;
}

/** Logons, processes and connections of the lab: events of which few are alerts. */
const lab = readFileSync(join(root, "samples/lab.ndjson"), "utf8")
  .trim()
  .split("\n")
  .filter((line) => /"code":"(?:3|5|4634|4672|4689|7036)"/.test(line));
/** The lab's log over and over, each time a day later and with numbers of its own. */
function labLine(n: number): string {
  const copy = Math.floor(n / lab.length);
  return `${lab[n % lab.length]!.replaceAll("2026-03-04", new Date(Date.UTC(2026, 2, 4 + copy)).toISOString().slice(0, 10)).replace(
    /"record_id":"?\d+"?/,
    `"record_id":${n + 1}`,
  )}\n`;
}

const files = given.length > 0 ? given : [written("ecs.ndjson", (n) => eventLine(n, QUIET_IMAGES)), written("raw.ndjson", labLine)];
const one = join(folder, "one.ndjson");
writeFileSync(one, eventLine(0, QUIET_IMAGES));
const start = median(Array.from({ length: Number(rounds) }, () => ofNode([main, "hunt", one, "--json"]).cpu));
console.log(`hunt in a file of one event: ${start.toFixed(2)} s of CPU time`);
for (const file of files) {
  const times = { fast: [] as number[], plain: [] as number[], parse: [] as number[], ripgrep: [] as number[] };
  for (let round = 0; round < Number(rounds); round++) {
    const fast = ofNode([main, "hunt", file, "--json", "--jobs", "1"]);
    const plain = ofNode([main, "hunt", file, "--json", "--jobs", "1", "--no-fast-path"]);
    if (fast.output !== plain.output) throw new Error(`${file}: the fast path finds something else`);
    times.fast.push(fast.cpu);
    times.plain.push(plain.cpu);
    times.parse.push(ofNode([parser, file]).cpu);
    times.ripgrep.push(ofRipgrep(file));
  }
  const [fast, plain, parse, ripgrep] = [times.fast, times.plain, times.parse, times.ripgrep].map((list) => median(list)) as [
    number,
    number,
    number,
    number,
  ];
  const size = statSync(file).size / 1e6;
  console.log(
    `${file}: ${size.toFixed(0)} MB; hunt ${fast.toFixed(2)} s (${(size / (fast - start) / 1000).toFixed(2)} GB/s without starting), every line parsed ${plain.toFixed(2)}, ` +
      `JSON.parse ${parse.toFixed(2)} (hunt ${(fast / parse).toFixed(2)} x), ripgrep ${ripgrep.toFixed(2)} (hunt ${(fast / ripgrep).toFixed(1)} x)`,
  );
}
rmSync(folder, { recursive: true });

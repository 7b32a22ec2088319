// `npm test`: install and build if needed, run every test, print how much of each suite from outside passes, count the tests in the last line.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build, install, node, root } from "./prepare.mjs";
import { countsTable } from "./test-counts.mjs";

install();
build();
const report = join(root, ".tocsin", "tests.json");
rmSync(report, { force: true });
const args = process.argv.slice(2);
const run = spawnSync(
  node,
  [
    join(root, "node_modules", "vitest", "vitest.mjs"),
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${report}`,
    ...args,
  ],
  { cwd: root, stdio: ["ignore", "inherit", "inherit"] },
);
let counts;
try {
  counts = JSON.parse(readFileSync(report, "utf8"));
} catch {
  console.error("tocsin: the test runner wrote no report");
  process.exit(run.status || 1);
}
console.log(`${countsTable(counts).join("\n")}\n`);
const skipped = counts.numPendingTests + (counts.numTodoTests ?? 0);
// A file that cannot even be loaded has no tests to count: it is a failure of its own.
const broken = counts.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0).length;
console.log(`${counts.numPassedTests} passed, ${counts.numFailedTests + broken} failed, ${skipped} skipped`);
process.exit(run.status ?? 1);

import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { workFolder } from "./testing/work-folder.ts";

const main = fileURLToPath(new URL("../../dist/bin/tocsin.js", import.meta.url));
const lab = fileURLToPath(new URL("../../samples/lab.ndjson", import.meta.url));
const work = workFolder();

test("the space for new objects does not grow", () => {
  const hook = work.file(
    "space.mjs",
    `import { getHeapSpaceStatistics } from "node:v8";
import { isMainThread } from "node:worker_threads";
if (isMainThread) process.on("exit", () => {
  const { space_size } = getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space");
  console.error(\`new space: \${space_size}\`);
});`,
  );
  const { stderr } = spawnSync(process.execPath, ["--import", hook, main, "hunt", lab, "--summary"], { encoding: "utf8" });
  const size = Number(/new space: (\d+)/.exec(stderr)?.[1]);
  // Twice what is in use: what survives is copied from one half to the other.
  expect(size).toBeGreaterThan(0);
  expect(size).toBeLessThanOrEqual(4 * 2 ** 20);
});

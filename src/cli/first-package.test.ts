/** docs/first-package.md: its commands are run, and what they print is what the page shows. */
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const recordings = join(root, "../shared/data/otrf");
const page = join(root, "docs", "first-package.md");

/** The blocks of commands with what they print. */
const BLOCK = /^```console\n([\s\S]*?)^```$/gm;

function commandsOf(text: string): string[] {
  return [...text.matchAll(BLOCK)].flatMap((block) =>
    block[1]!.split("\n").flatMap((line) => (line.startsWith("$ ") ? [line.slice(2)] : [])),
  );
}

test("it takes fewer than ten commands, and names no folder of anybody's machine", () => {
  const text = readFileSync(page, "utf8");
  expect(commandsOf(text).length).toBeGreaterThan(4);
  expect(commandsOf(text).length).toBeLessThan(10);
  expect(text).not.toMatch(/(?:^|[\s"'=(])\/(?:home|tmp|work|Users|var)\//m);
});

test.skipIf(!existsSync(recordings) || process.platform === "win32")(
  "its commands print what it shows (skipped where the recordings are not at hand)",
  () => {
    const folder = mkdtempSync(join(tmpdir(), "tocsin-first-"));
    try {
      const shim = join(folder, "bin-tocsin");
      writeFileSync(shim, `#!/bin/sh\nexec '${process.execPath}' '${join(root, "dist", "bin", "tocsin.js")}' "$@"\n`);
      chmodSync(shim, 0o755);
      execFileSync("mkdir", ["-p", join(folder, "bin"), join(folder, "work")]);
      symlinkSync(shim, join(folder, "bin", "tocsin"));
      symlinkSync(recordings, join(folder, "work", "RECORDINGS"));
      const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env["PATH"]}` };
      const run = (command: string): string => {
        const { stdout, stderr, status } = spawnSync("sh", ["-c", command], { cwd: join(folder, "work"), env, encoding: "utf8" });
        expect(status, `${command}\n${stdout}${stderr}`).toBe(0);
        return `${stdout}${stderr}`.replaceAll(/ in \d+ ms/g, " in 20 ms");
      };
      const text = readFileSync(page, "utf8");
      const made = text.replaceAll(BLOCK, (block) => {
        const outputs = commandsOf(block).map((command) => `$ ${command}\n${run(command)}`);
        return `\`\`\`console\n${outputs.join("")}\`\`\``;
      });
      if (process.env["UPDATE"] === "1") writeFileSync(page, made);
      expect(readFileSync(page, "utf8"), "out of date: UPDATE=1 rewrites it").toBe(made);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
  60_000,
);

import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { replaceFolder, requireWritable, writeFiles } from "./files.ts";

let folder = "";
const at = (...path: string[]): string => join(folder, ...path);
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tocsin-files-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Path below the folder -> text. */
function there(): { [path: string]: string } {
  return Object.fromEntries(
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => statSync(at(path)).isFile())
      .map((path) => [path.replaceAll("\\", "/"), readFileSync(at(path), "utf8")]),
  );
}

describe("writeFiles", () => {
  test("makes folders, replaces what is there, and keeps its mode", async () => {
    writeFileSync(at("old"), "before");
    chmodSync(at("old"), 0o640);
    await writeFiles([
      { path: at("old"), content: "after" },
      { path: at("a", "b", "new"), content: Buffer.from("new") },
    ]);
    expect(there()).toEqual({ old: "after", "a/b/new": "new" });
    expect(statSync(at("old")).mode & 0o777).toBe(0o640);
  });

  test("pieces of a text are one file; where they end in an error the old file stays", async () => {
    const piece = "é".repeat(40_000);
    await writeFiles([{ path: at("pieces"), content: [piece, "", piece, "end"] }]);
    expect(readFileSync(at("pieces"), "utf8")).toBe(`${piece}${piece}end`);
    const broken = function* (): Generator<string> {
      yield piece;
      yield piece;
      throw new RangeError("too long");
    };
    await expect(writeFiles([{ path: at("pieces"), content: broken() }])).rejects.toThrow("too long");
    expect(Object.keys(there())).toEqual(["pieces"]);
    expect(readFileSync(at("pieces"), "utf8")).toBe(`${piece}${piece}end`);
  });

  test("of several files that one prevents, none is written and no folder stays", async () => {
    mkdirSync(at("taken"));
    await expect(
      writeFiles([
        { path: at("a", "b", "new"), content: "new" },
        { path: at("taken"), content: "a folder has the name" },
      ]),
    ).rejects.toThrow(/taken cannot be written \(EISDIR: it is a folder\)/);
    expect(readdirSync(folder)).toEqual(["taken"]);
  });

  test("a link that was named stays, and leads to the new text", async () => {
    writeFileSync(at("file"), "before");
    symlinkSync("file", at("link"));
    await writeFiles([{ path: at("link"), content: "after" }]);
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
    expect(there()).toEqual({ file: "after", link: "after" });
  });

  test("exclusive: what exists is not replaced, not even a link that leads nowhere, and then nothing is written", async () => {
    symlinkSync("nowhere", at("link"));
    const files = [
      { path: at("a", "first"), content: "1" },
      { path: at("link"), content: "2" },
    ];
    await expect(writeFiles(files, { exclusive: true })).rejects.toThrow(/link cannot be written \(EEXIST/);
    expect(readdirSync(folder)).toEqual(["link"]);
    // One that appears only after all was prepared.
    const appears = function* (): Generator<{ path: string; content: string }> {
      yield { path: at("x"), content: "ours" };
      yield { path: at("y"), content: "ours" };
      writeFileSync(at("y"), "theirs");
    };
    await expect(writeFiles(appears(), { exclusive: true })).rejects.toThrow(/y cannot be written \(EEXIST/);
    expect(readdirSync(folder).sort()).toEqual(["link", "y"]);
    expect(readFileSync(at("y"), "utf8")).toBe("theirs");
  });

  test.skipIf(process.platform === "win32")("a device and a pipe are written to as they are", async () => {
    await writeFiles([{ path: "/dev/null", content: "x" }]);
    expect(statSync("/dev/null").isCharacterDevice()).toBe(true);
    if (!existsSync("/dev/full")) return;
    await expect(writeFiles([{ path: "/dev/full", content: "x" }])).rejects.toThrow(/ENOSPC: the disk is full/);
    expect(statSync("/dev/full").isCharacterDevice()).toBe(true);
  });

  test("an error that is not of the file system stays what it is, and leaves nothing", async () => {
    const broken = function* (): Generator<{ path: string; content: string }> {
      yield { path: at("a"), content: "1" };
      throw new TypeError("a defect");
    };
    await expect(writeFiles(broken())).rejects.toThrow(TypeError);
    expect(there()).toEqual({});
  });
});

describe("replaceFolder", () => {
  const site = [
    { path: "index.html", content: "new" },
    { path: "a/b.html", content: "b" },
  ];

  test("the new folder stands where the old one stood, and nothing of the old is in it", async () => {
    mkdirSync(at("site", "gone"), { recursive: true });
    writeFileSync(at("site", "gone", "x"), "old");
    await replaceFolder(at("site"), site);
    expect(there()).toEqual({ "site/index.html": "new", "site/a/b.html": "b" });
    expect(readdirSync(folder)).toEqual(["site"]);
  });

  test("through a link, the folder it leads to is replaced", async () => {
    mkdirSync(at("real"));
    symlinkSync("real", at("link"));
    await replaceFolder(at("link"), site);
    expect(readFileSync(at("real", "a", "b.html"), "utf8")).toBe("b");
    expect(lstatSync(at("link")).isSymbolicLink()).toBe(true);
  });

  test("our own folder is not taken from under us: its files are replaced, one by one", async () => {
    mkdirSync(at("here"));
    writeFileSync(at("here", "other"), "somebody else's");
    const before = process.cwd();
    const { ino } = statSync(at("here"));
    process.chdir(at("here"));
    try {
      await replaceFolder(".", site);
    } finally {
      process.chdir(before);
    }
    expect(there()).toEqual({ "here/other": "somebody else's", "here/index.html": "new", "here/a/b.html": "b" });
    expect(statSync(at("here")).ino).toBe(ino);
  });

  test("a folder that is mounted is written into (skipped where nothing may be mounted)", async ({ skip }) => {
    mkdirSync(at("mounted point"));
    mkdirSync(at("real"));
    if (spawnSync("mount", ["--bind", at("real"), at("mounted point")]).status !== 0) skip("nothing may be mounted");
    try {
      await replaceFolder(at("mounted point"), site);
      expect(readFileSync(at("real", "a", "b.html"), "utf8")).toBe("b");
    } finally {
      spawnSync("umount", [at("mounted point")]);
    }
  });

  test("where making a page fails, the old folder is there as it was", async () => {
    mkdirSync(at("site"));
    writeFileSync(at("site", "index.html"), "old");
    const broken = function* (): Generator<{ path: string; content: string }> {
      yield* site;
      throw new TypeError("a defect");
    };
    await expect(replaceFolder(at("site"), broken())).rejects.toThrow(TypeError);
    expect(there()).toEqual({ "site/index.html": "old" });
    expect(readdirSync(folder)).toEqual(["site"]);
  });
});

test("whether something can be written is asked beforehand, and changes nothing", () => {
  writeFileSync(at("file"), "");
  requireWritable(at("file"));
  requireWritable(at("new", "folder", "file"));
  expect(() => requireWritable(at("file", "below"))).toThrow(/ENOTDIR/);
  expect(readdirSync(folder)).toEqual(["file"]);
});

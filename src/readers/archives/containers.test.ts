import { gzipSync, strToU8, zipSync } from "fflate";
import { constants, zstdCompressSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import { concat, generator, streamedZip, tar } from "../../../scripts/reader-samples.ts";
import { Budget, cleanMemberName } from "./container.ts";
import { crc32 } from "./crc32.ts";
import { Inflater } from "./deflate.ts";
import { DEFAULT_READ_OPTIONS } from "../format.ts";
import type { Problem } from "../record.ts";
import { zstdContainer } from "./zstd.ts";

const lines = (count: number, from = 1): string =>
  Array.from({ length: count }, (_, i) => `{"n":${from + i},"pad":"${"p".repeat(40)}${i * 7919}"}\n`).join("");
const content = (count: number, from = 1): Uint8Array => strToU8(lines(count, from));
const numbers = (read: { documents: { n?: unknown }[] }): unknown[] => read.documents.map((d) => d.n);
const upTo = (n: number): number[] => Array.from({ length: n }, (_, i) => i + 1);
const outermost = (codes: readonly { code: string }[]): string[] => codes.map((p) => p.code);

test("CRC-32", () => {
  expect(crc32(strToU8("123456789"))).toBe(0xcbf43926);
  expect(crc32(strToU8("6789"), crc32(strToU8("12345")))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array(0))).toBe(0);
});

test("the inflater knows where the data ends, whatever follows and however it comes", () => {
  const raw = gzipSync(content(3000), { mtime: 0 }).slice(10, -8);
  const tail = strToU8("the tail");
  const all = concat([raw, tail]);
  for (const step of [1, 7, 1000, 16_384, 100_000]) {
    let size = 0;
    const inflater = new Inflater((out) => (size += out.length));
    const after: Uint8Array[] = [];
    for (let at = 0; at < all.length; at += step) {
      const piece = all.subarray(at, at + step);
      if (inflater.done) after.push(piece);
      else after.push(inflater.push(piece, () => false));
    }
    if (!inflater.done) after.push(inflater.flush());
    expect([inflater.done, inflater.inBytes, size, new TextDecoder().decode(concat(after))]).toEqual([
      true,
      raw.length,
      lines(3000).length,
      "the tail",
    ]);
  }
});

/** Sixteen copies in a zip. */
const sixteenTimes = (inner: Uint8Array): Uint8Array =>
  zipSync(Object.fromEntries(upTo(16).map((n) => [`${n}`, inner])), { level: 9, mtime: "2026-01-01" });

describe("gzip", () => {
  test("header fields, members one after the other, padding and trailing bytes", () => {
    const named = gzipSync(content(2), { filename: "events.json", mtime: 1 });
    const extra = concat([
      Uint8Array.of(0x1f, 0x8b, 8, 4 | 2 | 16, 0, 0, 0, 0, 0, 3, 3, 0, 1, 2, 3, 0x63, 0, 9, 9),
      gzipSync(content(2, 3), { mtime: 0 }).slice(10),
    ]);
    expect(numbers(readAll(concat([named, extra, new Uint8Array(700)])))).toEqual([1, 2, 3, 4]);
    const trailing = readAll(concat([named, strToU8("garbage")]));
    expect(numbers(trailing)).toEqual([1, 2]);
    expect(trailing.problems).toMatchObject([
      { code: "gzip/trailing-bytes", severity: "warning", place: { file: "f", offset: named.length } },
    ]);
  });

  test("wrong checksum, corrupt data, cut data", () => {
    const good = gzipSync(content(2000), { mtime: 0 });
    const wrong = good.slice();
    wrong[wrong.length - 6]! ^= 1;
    expect(outermost(readAll(wrong).problems)).toEqual(["gzip/bad-checksum"]);
    expect(readAll(wrong).records).toHaveLength(2000);
    const cut = readAll(good.subarray(0, good.length >> 1));
    expect(outermost(cut.problems)).toEqual(["gzip/truncated"]);
    expect(cut.records.length).toBeGreaterThan(500);
    expect(numbers(cut)).toEqual(upTo(cut.records.length));
    const corrupt = good.slice();
    corrupt.fill(0xff, good.length >> 1, (good.length >> 1) + 20);
    const read = readAll(corrupt);
    expect(outermost(read.problems).filter((code) => /^gzip\/(?:corrupt|bad-checksum)$/.test(code))).toHaveLength(1);
    expect(read.records.length).toBeGreaterThan(500);
  });

  test("a bomb is stopped", () => {
    const zeros = new Uint8Array(100 * 1024 * 1024).fill(0x20);
    zeros.set(strToU8('{"n":1}\n'));
    const read = readAll(gzipSync(zeros, { level: 9, mtime: 0 }), { maxExpansion: 200 });
    expect(outermost(read.problems)).toContain("input/bomb");
    expect(numbers(read)).toEqual([1]);
  });

  test("a bomb of archives in archives is stopped as a whole", () => {
    const zeros = new Uint8Array(8 * 1024 * 1024).fill(0x20);
    zeros.set(strToU8('{"n":1}\n'));
    const member = gzipSync(zeros, { level: 9, mtime: 0 });
    const read = readAll(sixteenTimes(sixteenTimes(member)), { maxExpansion: 300 });
    expect(outermost(read.problems)).toEqual(["input/bomb"]);
    expect(read.records.length).toBeLessThan(16);
  });

  test("packed too often", () => {
    let bytes: Uint8Array = content(1);
    for (let i = 0; i < 4; i++) bytes = gzipSync(bytes, { mtime: 0 });
    expect(numbers(readAll(bytes))).toEqual([1]);
    expect(readAll(gzipSync(bytes)).problems).toMatchObject([{ code: "archive/too-deep", severity: "error" }]);
  });
});

const patched = (change: (bytes: Uint8Array) => void, level: 0 | 6 = 6): Uint8Array => {
  const bytes = zipSync({ "a.json": content(2), "b.json": content(2, 3) }, { level, mtime: "2026-01-01" });
  change(bytes);
  return bytes;
};

describe("zip", () => {
  test("members, folders, places", () => {
    const read = readAll(
      zipSync({ "a/": new Uint8Array(0), "a/b.json": content(2), "c.json.gz": gzipSync(content(1, 3), { mtime: 0 }) }),
      {},
      "x.zip",
    );
    expect(read.records.map((r) => `${r.place.file}:${r.place.line}`)).toEqual([
      "x.zip!a/b.json:1",
      "x.zip!a/b.json:2",
      "x.zip!c.json.gz:1",
    ]);
    expect(read.problems).toEqual([]);
  });

  /** Offsets of the first local header's fields. */
  const FLAGS = 6;
  const METHOD = 8;
  const CRC = 14;
  const PACKED_SIZE = 18;

  test("encrypted and unknown methods are said, and the other members are read", () => {
    const encrypted = readAll(patched((b) => (b[FLAGS]! |= 1)));
    expect(encrypted.problems).toMatchObject([{ code: "zip/encrypted", severity: "error", place: { file: "f!a.json" } }]);
    expect(numbers(encrypted)).toEqual([3, 4]);
    const deflate64 = readAll(patched((b) => (b[METHOD] = 9)));
    expect(deflate64.problems).toMatchObject([
      { code: "zip/method", message: "The member is compressed in a way that is not supported (Deflate64)" },
    ]);
    expect(numbers(deflate64)).toEqual([3, 4]);
  });

  test("wrong sizes and checksums", () => {
    const sizes = readAll(patched((b) => (b[PACKED_SIZE] = 5)));
    expect(numbers(sizes)).toEqual([1, 2, 3, 4]);
    expect(outermost(sizes.problems)).toEqual(["zip/wrong-sizes"]);
    const crc = readAll(patched((b) => (b[CRC]! ^= 1)));
    expect(numbers(crc)).toEqual([1, 2, 3, 4]);
    expect(outermost(crc.problems)).toEqual(["zip/bad-checksum"]);
  });

  test("a stored member shorter than it says costs the members it swallows, and that is said", () => {
    const read = readAll(patched((b) => (b[PACKED_SIZE] = 255), 0));
    expect(read.problems.some((p) => p.severity === "error" && p.code.startsWith("zip/"))).toBe(true);
  });

  test("cut off, and with its second member damaged", () => {
    const bytes = streamedZip([
      { name: "a.json", bytes: content(1000) },
      { name: "b.json", bytes: content(1000, 1001) },
    ]);
    const cut = readAll(bytes.subarray(0, Math.floor(bytes.length * 0.8)));
    expect(outermost(cut.problems)).toEqual(["zip/truncated"]);
    expect(cut.problems[0]!.place.file).toBe("f!b.json");
    expect(cut.records.length).toBeGreaterThan(1000);
    const damaged = bytes.slice();
    damaged.fill(0, 200, 260);
    const read = readAll(damaged);
    expect(read.documents.some((d) => d["n"] === 1500)).toBe(true);
    expect(read.problems.length).toBeGreaterThan(0);
  });

  test("stored members of unknown size, with a signature in their midst", () => {
    const tricky = strToU8(
      `{"n":1,"a":"PK\u0007\u0008 PK\u0003\u0004 PK\u0001\u0002"}\n{"n":2}\n`.replaceAll("\u0007", "\\u0007").replaceAll("\u0008", "\b"),
    );
    const read = readAll(
      streamedZip([
        { name: "a.json", bytes: tricky, stored: true },
        { name: "b.json", bytes: content(1, 3), stored: true },
      ]),
    );
    expect(numbers(read)).toEqual([1, 2, 3]);
    const binary = concat([content(1), Uint8Array.of(0x50, 0x4b, 7, 8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0x0a), content(1, 2)]);
    expect(numbers(readAll(streamedZip([{ name: "a.json", bytes: binary, stored: true }])))).toEqual([1, 2]);
  });

  test("too many members", () => {
    const read = readAll(zipSync({ a: content(1), b: content(1, 2), c: content(1, 3) }), { maxMembers: 2 });
    expect(numbers(read)).toEqual([1, 2]);
    expect(outermost(read.problems)).toEqual(["archive/too-many-members"]);
  });

  test("an empty archive is no problem, and one with nothing but its end missing is", () => {
    expect(readAll(zipSync({})).problems).toEqual([]);
    const whole = zipSync({ "a.json": content(1) });
    expect(outermost(readAll(whole.subarray(0, whole.length - 30)).problems)).toEqual(["zip/truncated"]);
  });
});

describe("tar", () => {
  test("folders, links, long names, and members after them", () => {
    const none = new Uint8Array(0);
    const long = `${"d".repeat(60)}/${"e".repeat(60)}/a.json`;
    const read = readAll(
      tar([
        { name: "dir/", bytes: none, type: "5" },
        { name: "link", bytes: none, type: "2" },
        { name: long, bytes: content(2) },
        { name: "../up.json", bytes: content(1, 3) },
      ]),
    );
    expect(read.records.map((r) => r.place.file)).toEqual([`f!${long}`, `f!${long}`, "f!up.json"]);
    expect(outermost(read.problems)).toEqual(["tar/no-file", "archive/unsafe-name"]);
  });

  test("a damaged header costs its member", () => {
    const bytes = tar([
      { name: "a", bytes: content(1) },
      { name: "b", bytes: content(1, 2) },
      { name: "c", bytes: content(1, 3) },
    ]);
    bytes[1024 + 10] = 0x41;
    const read = readAll(bytes);
    expect(numbers(read)).toEqual([1, 3]);
    expect(read.problems).toMatchObject([{ code: "tar/bad-header", severity: "error" }]);
  });

  test("GNU long names, and an archive without its end", () => {
    const name = `${"g".repeat(150)}.json`;
    const bytes = tar([
      { name: "././@LongLink", bytes: strToU8(`${name}\0`), type: "L" },
      { name: "short", bytes: content(1) },
    ]);
    expect(readAll(bytes).records[0]!.place.file).toBe(`f!${name}`);
    expect(outermost(readAll(bytes.subarray(0, bytes.length - 1024 - 500)).problems)).toEqual(["tar/truncated"]);
  });
});

const packed = (n: number, from = 1): Uint8Array => new Uint8Array(zstdCompressSync(content(n, from)));

describe("Zstandard", () => {
  const skippable = Uint8Array.of(0x50, 0x2a, 0x4d, 0x18, 3, 0, 0, 0, 1, 2, 3);

  test("frames, skippable frames, tiny frames", () => {
    expect(
      readAll(concat([skippable, packed(5000), skippable, packed(2, 5001), new Uint8Array(zstdCompressSync("{}\n"))])).records,
    ).toHaveLength(5003);
    expect(numbers(readAll(concat([packed(1), strToU8("junk")])))).toEqual([1]);
    expect(outermost(readAll(concat([packed(1), strToU8("junk")])).problems)).toEqual(["zstd/trailing-bytes"]);
  });

  test("cut, corrupt, and asking for too much memory", () => {
    const bytes = packed(20_000);
    const cut = readAll(bytes.subarray(0, bytes.length - 10));
    expect(outermost(cut.problems)).toEqual(["zstd/truncated"]);
    expect(cut.records.length).toBeGreaterThan(1000);
    const window = readAll(Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, 0xf0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0));
    expect(outermost(window.problems)).toEqual(["zstd/window"]);
    const corrupt = bytes.slice();
    corrupt.fill(0xa5, bytes.length >> 1);
    expect(readAll(corrupt).problems.length).toBeGreaterThan(0);
  });

  test("a wrong content checksum is reported; what was packed is read all the same", () => {
    const frame = new Uint8Array(zstdCompressSync(content(5000), { params: { [constants.ZSTD_c_checksumFlag]: 1 } }));
    for (let byte = 1; byte <= 4; byte++) {
      const flipped = frame.slice();
      flipped[flipped.length - byte]! ^= 1;
      const read = readAll(concat([flipped, packed(2, 5001)]));
      expect(read.records).toHaveLength(5002);
      expect(read.problems).toMatchObject([{ code: "zstd/bad-checksum", severity: "error" }]);
    }
    expect(outermost(readAll(frame.subarray(0, frame.length - 2)).problems)).toEqual(["zstd/truncated"]);
  });

  test("every level, and content of every kind", () => {
    const random = generator(5);
    const noise = Uint8Array.from({ length: 300_000 }, () => random() % 256);
    const skewed = Uint8Array.from({ length: 300_000 }, () => Math.min(random() % 256, random() % 256, random() % 256));
    const text = content(20_000);
    const mixed = concat([text.subarray(0, 100_000), noise.subarray(0, 50_000), text, new Uint8Array(200_000), skewed, text]);
    for (const level of [-5, 1, 3, 9, 15, 19, 22]) {
      for (const bytes of [noise, skewed, text, mixed, new Uint8Array(0), Uint8Array.of(7), new Uint8Array(1_000_000)]) {
        const packed = new Uint8Array(
          zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: level, [constants.ZSTD_c_checksumFlag]: 1 } }),
        );
        const parts: Uint8Array[] = [];
        const problems: Problem[] = [];
        const inner = { push: (piece: Uint8Array) => void parts.push(piece.slice()), end: () => undefined };
        const decoder = zstdContainer.open("f", DEFAULT_READ_OPTIONS, { open: () => inner, budget: new Budget(1e9) });
        const sink = { record: () => undefined, problem: (problem: Problem) => void problems.push(problem) };
        for (let at = 0; at < packed.length; at += 10_000) decoder.push(packed.subarray(at, at + 10_000), sink);
        decoder.end(sink);
        expect([problems, Buffer.compare(concat(parts), bytes)]).toEqual([[], 0]);
      }
    }
  });

  test("hostile blocks cost no more than their size allows", () => {
    const header = Uint8Array.of(0x28, 0xb5, 0x2f, 0xfd, 0x00, (27 - 10) << 3);
    const tiny = new Uint8Array(400_000);
    for (let i = 0; i < tiny.length; i += 4) tiny.set([(1 << 1) | (1 << 3), 0, 0, 0x20], i);
    // One literal, 43,000 sequences, all codes a single symbol: the longest match each, for no bits but the extra ones.
    const body = [
      1 << 3,
      0x20,
      255,
      (43_000 - 0x7f00) & 255,
      (43_000 - 0x7f00) >> 8,
      0b01010100,
      0,
      0,
      52,
      ...Array.from({ length: 2000 }, () => 0xff),
    ];
    const size = body.length;
    const greedy = Uint8Array.of((2 << 1) | ((size << 3) & 255), (size >> 5) & 255, size >> 13, ...body);
    const before = performance.now();
    expect(readAll(concat([header, tiny])).problems.length).toBeGreaterThan(0);
    expect(outermost(readAll(concat([header, ...Array.from({ length: 50 }, () => greedy)])).problems)).toContain("zstd/corrupt");
    expect(performance.now() - before).toBeLessThan(25_000);
  });

  test("inside a zip member", () => {
    const zip = zipSync({ "a.json": packed(3) }, { level: 0 });
    zip[8] = 93;
    expect(numbers(readAll(zip))).toEqual([1, 2, 3]);
  });
});

test("member names", () => {
  expect(cleanMemberName("a/b.json")).toEqual({ name: "a/b.json", suspicious: false });
  expect(cleanMemberName("a\\b..c\\.d")).toEqual({ name: "a/b..c/.d", suspicious: false });
  for (const name of ["../x", "a/../../x", "/x", "\\\\srv\\x", "C:x", "a/.."]) expect(cleanMemberName(name).suspicious).toBe(true);
  expect(cleanMemberName("..").name).toBe("(no name)");
  expect(cleanMemberName("a\u001b[31m\u202eb").name).toBe("a\uFFFD[31m\uFFFDb");
});

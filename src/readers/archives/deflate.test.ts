import { existsSync, readFileSync } from "node:fs";
import { createInflateRaw, deflateRawSync, gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import { Inflater } from "./deflate.ts";

/** What zlib gives of a stream up to its end or the fault; its output comes in chunks of 256 bytes, the last of which it keeps on a fault. */
async function byZlib(packed: Uint8Array): Promise<Buffer> {
  const chunks: Buffer[] = [];
  const inflate = createInflateRaw({ chunkSize: 256 });
  await new Promise<void>((resolve) => {
    inflate.on("data", (chunk: Buffer) => chunks.push(chunk));
    inflate.on("error", () => resolve());
    inflate.on("end", () => resolve());
    inflate.end(packed);
  });
  return Buffer.concat(chunks);
}

function byOurs(packed: Uint8Array): Buffer {
  const chunks: Uint8Array[] = [];
  const inflater = new Inflater((bytes) => void chunks.push(bytes.slice()));
  inflater.push(packed, () => false);
  inflater.flush();
  return Buffer.concat(chunks);
}

const lines = Array.from({ length: 1500 }, (_, n) => `{"n":${n},"host":"WS${(n * 7919) % 13}","text":"${"ab".repeat(n % 17)}"}\n`).join("");

describe("a damaged deflate stream gives all that zlib gives", () => {
  test.each([1, 6, 9])("at level %d, a byte overwritten anywhere", async (level) => {
    const packed = deflateRawSync(lines, { level });
    let faults = 0;
    for (let at = 5; at < packed.length; at += Math.ceil(packed.length / 25)) {
      const damaged = Uint8Array.from(packed);
      damaged[at]! ^= 0x55;
      const [zlib, ours] = [await byZlib(damaged), byOurs(damaged)];
      if (!zlib.equals(Buffer.from(lines))) faults++;
      expect(ours.length, `byte ${at}`).toBeGreaterThanOrEqual(zlib.length);
      expect(ours.subarray(0, zlib.length).equals(zlib), `byte ${at}`).toBe(true);
    }
    expect(faults).toBeGreaterThan(15);
  });

  test("records before the fault come out of a gzip, and the loss is an error", () => {
    const packed = Uint8Array.from(gzipSync(lines));
    packed.fill(0xff, packed.length - 1500, packed.length - 1000);
    const read = readAll(packed);
    expect(read.documents.length).toBeGreaterThan(500);
    expect(read.documents.slice(0, 500).every(({ n }, i) => n === i)).toBe(true);
    expect(read.problems.some(({ code, severity }) => code.startsWith("gzip/") && severity === "error")).toBe(true);
  });

  const hostile = "../shared/suites/hostile/gzip-loses-228-records.gz";
  test.skipIf(!existsSync(hostile))("the reproducer (skipped where the hostile suite is absent)", async () => {
    const packed = new Uint8Array(readFileSync(hostile)).subarray(10);
    const zlib = await byZlib(packed);
    const ours = byOurs(packed);
    expect(ours.length).toBeGreaterThanOrEqual(234_686);
    expect(ours.subarray(0, zlib.length).equals(zlib)).toBe(true);
  });
});

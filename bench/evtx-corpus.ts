// One large event log out of the chunks of many: what readers that take one file at a time can be measured on.
import { closeSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";

const HEADER_BYTES = 4096;
const CHUNK_BYTES = 65_536;
/** The file header counts its chunks in 16 bits. */
const MAX_CHUNKS = 65_535;

export interface JoinedLog {
  readonly bytes: number;
  readonly chunks: number;
  readonly files: number;
  readonly repeats: number;
  /** By the numbers in the chunks' headers. */
  readonly records: number;
  /** Bytes of records and templates: the rest of the chunks is free space. */
  readonly used: number;
}

/** EVTX files under a folder, in the order of their names. */
export function evtxFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => name.toLowerCase().endsWith(".evtx"))
    .toSorted()
    .map((name) => join(folder, name));
}

/**
 * Writes all chunks of these EVTX files that hold records, over and over, until the log has `wanted` bytes.
 * @param leastUsed chunks with fewer bytes in use are left out: small files are mostly free space, large logs are not.
 */
export function writeJoinedLog(files: readonly string[], wanted: number, to: string, leastUsed = 0): JoinedLog {
  const chunks: Uint8Array[] = [];
  let perPass = 0;
  let used = 0;
  for (const file of files) {
    const bytes = readFileSync(file);
    for (let at = HEADER_BYTES; at + CHUNK_BYTES <= bytes.length; at += CHUNK_BYTES) {
      if (bytes.toString("latin1", at, at + 8) !== "ElfChnk\0") continue;
      const first = bytes.readBigUInt64LE(at + 24);
      const last = bytes.readBigUInt64LE(at + 32);
      // An empty chunk counts from 1 to 2^64 - 1.
      if (last < first || last - first > 65_535n) continue;
      const free = bytes.readUInt32LE(at + 48);
      if (free < leastUsed || free > CHUNK_BYTES) continue;
      used += free;
      chunks.push(bytes.subarray(at, at + CHUNK_BYTES));
      perPass += Number(last - first) + 1;
    }
  }
  if (chunks.length === 0) throw new Error(`no chunk in ${files.length} EVTX files`);
  const count = Math.min(MAX_CHUNKS, Math.max(1, Math.round(wanted / CHUNK_BYTES / chunks.length)) * chunks.length);
  const repeats = Math.floor(count / chunks.length);
  const total = repeats * chunks.length;
  const header = Buffer.alloc(HEADER_BYTES);
  header.write("ElfFile\0", "latin1");
  header.writeBigUInt64LE(BigInt(total - 1), 16);
  header.writeBigUInt64LE(BigInt(repeats * perPass + 1), 24);
  header.writeUInt32LE(128, 32);
  header.writeUInt16LE(1, 36);
  header.writeUInt16LE(3, 38);
  header.writeUInt16LE(HEADER_BYTES, 40);
  header.writeUInt16LE(total, 42);
  header.writeUInt32LE(crc32(header.subarray(0, 120)), 124);
  const out = openSync(to, "w");
  writeSync(out, header);
  for (let i = 0; i < total; i++) writeSync(out, chunks[i % chunks.length]!);
  closeSync(out);
  return {
    bytes: HEADER_BYTES + total * CHUNK_BYTES,
    chunks: total,
    files: files.length,
    repeats,
    records: repeats * perPass,
    used: repeats * used,
  };
}

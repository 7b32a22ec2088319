import { createHash, randomUUID } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { crc32 } from "node:zlib";
import type { RuleCache, RuleFile, StandaloneOptions, StandaloneRules } from "../../workbench/index.ts";
import { BUILD } from "./build.ts";
import { ownFolder } from "./folder.ts";
import { pack, unpack } from "./packed.ts";

/** Entries together, 3,000 Sigma rules take some 12 MB; those that were not used for longest are removed. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Before the rules: the checksum of what follows, and the entry's key. */
const CHECKSUM_BYTES = 4;
const KEY_BYTES = 32;
/** An entry, or one that is being written. */
const ENTRY = /^[0-9a-f]{64}(?:\.[0-9a-f-]{36})?$/;

/**
 * Rules as they were read, in files named by what they were read from. An entry that is damaged, of another build, or of another user is as
 * if it were not there, and so is a folder that cannot be written to: a cache never is a reason to fail. It holds data, no code.
 */
export class RuleStore implements RuleCache {
  readonly #folder: string;
  readonly #build: string;
  readonly #maxBytes: number;

  /** @param build what the program was built from: another one may read rules otherwise. */
  constructor(folder: string, build: string, maxBytes = MAX_BYTES) {
    this.#folder = folder;
    this.#build = build;
    this.#maxBytes = maxBytes;
  }

  get(files: readonly RuleFile[], options: StandaloneOptions): StandaloneRules | null {
    if (!isKept(options) || !ownFolder(this.#folder)) return null;
    const key = this.#key(files, options);
    const path = join(this.#folder, key.toString("hex"));
    try {
      const entry = readFileSync(path);
      const content = entry.subarray(CHECKSUM_BYTES);
      if (entry.length < CHECKSUM_BYTES + KEY_BYTES || crc32(content) !== entry.readUInt32LE(0)) return null;
      if (!content.subarray(0, KEY_BYTES).equals(key)) return null;
      const rules = unpack(content.subarray(KEY_BYTES)) as StandaloneRules;
      if (options.today < rules.firstDay || (rules.lastDay !== null && options.today > rules.lastDay)) return null;
      const now = new Date();
      utimesSync(path, now, now);
      return rules;
    } catch {
      return null;
    }
  }

  put(files: readonly RuleFile[], options: StandaloneOptions, rules: StandaloneRules): void {
    if (!isKept(options) || !ownFolder(this.#folder)) return;
    const key = this.#key(files, options);
    const path = join(this.#folder, key.toString("hex"));
    const unfinished = `${path}.${randomUUID()}`;
    try {
      const content = Buffer.concat([key, pack(rules)]);
      if (content.length > this.#maxBytes) return;
      const checksum = Buffer.alloc(CHECKSUM_BYTES);
      checksum.writeUInt32LE(crc32(content));
      writeFileSync(unfinished, Buffer.concat([checksum, content]), { mode: 0o600, flag: "wx" });
      renameSync(unfinished, path);
      this.#removeOldest();
    } catch {
      rmSync(unfinished, { force: true });
    }
  }

  #key(files: readonly RuleFile[], { placeholders }: StandaloneOptions): Buffer {
    const hash = createHash("sha256");
    const add = (part: string | Uint8Array): void => {
      hash.update(`${part.length}:`).update(part);
    };
    add(JSON.stringify([this.#build, process.version, [...(placeholders ?? [])]]));
    for (const { path, bytes } of files) {
      add(path);
      add(bytes);
    }
    return hash.digest();
  }

  #removeOldest(): void {
    const entries = readdirSync(this.#folder)
      .filter((name) => ENTRY.test(name))
      .map((name) => join(this.#folder, name))
      .map((path) => ({ path, stat: statSync(path) }))
      .sort((a, b) => b.stat.mtimeMs - a.stat.mtimeMs);
    let bytes = 0;
    for (const { path, stat } of entries) {
      bytes += stat.size;
      if (bytes > this.#maxBytes) rmSync(path, { force: true });
    }
  }
}

/** The rules kept in the cache folder; null where nothing is kept, as by a program that runs from its sources. */
export function ruleStore(cacheFolder: string | null): RuleStore | null {
  return cacheFolder === null || BUILD === null ? null : new RuleStore(join(cacheFolder, "rules"), BUILD);
}

/** Rules that threat indicators were put into are as large as these, and what a pipeline does is no data. */
function isKept({ indicators, pipelines }: StandaloneOptions): boolean {
  return indicators === undefined && (pipelines ?? []).length === 0;
}

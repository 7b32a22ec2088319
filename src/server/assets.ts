/** The bundled styles and scripts, at an address that changes with them: a browser may keep what it has of an address for ever. */
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compressed, type Encoding } from "./compression.ts";

export class Assets {
  /** Of all contents; in the address of each. */
  readonly version: string;
  readonly names: readonly string[];
  readonly #folder: string;
  readonly #compressed = new Map<string, Promise<Uint8Array>>();

  /** @param folder of the bundles; what lies in folders below it is not served. */
  constructor(folder: string) {
    this.#folder = folder;
    this.names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name)
      .sort();
    const hash = createHash("sha256");
    for (const name of this.names) hash.update(`${name}\0`).update(this.bytes(name));
    this.version = hash.digest("hex").slice(0, 12);
  }

  bytes(name: string): Uint8Array {
    return readFileSync(join(this.#folder, name));
  }

  /** Compressed once. */
  compressed(name: string, encoding: Encoding): Promise<Uint8Array> {
    const key = `${encoding} ${name}`;
    let bytes = this.#compressed.get(key);
    if (bytes === undefined) {
      bytes = compressed(this.bytes(name), encoding);
      this.#compressed.set(key, bytes);
    }
    return bytes;
  }
}

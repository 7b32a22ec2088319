// One lane of evtx.ts that runs in Node, bundled by it so that no lane waits for the loading of another's code.
// usage: node evtx-lane.js LANE FILE [FOLDER]
import { closeSync, openSync, readFileSync, readSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { LogRecord } from "../src/readers/index.ts";

const PIECE = 1024 * 1024;

/** The work of each lane: reads the file and returns the number of records. */
const WORK = {
  records: async (file) => {
    let count = 0;
    await read(file, (record) => {
      // Events are decoded when they are looked at.
      if (record.kind === "windows" && record.event.system.eventId >= 0 && record.event.eventData !== undefined) count++;
    });
    return count;
  },
  json: async (file) => {
    const { Converter } = await import("../src/workbench/inspect/convert.ts");
    const converter = new Converter("raw", false, (line) => {
      const bytes = line instanceof Uint8Array ? line : Buffer.from(`${typeof line === "string" ? line : JSON.stringify(line)}\n`);
      writeSync(1, bytes);
    });
    await read(file, (record) => converter.record(record));
    converter.flush();
    return converter.written;
  },
  ecs: async (file) => {
    const { createNormaliser } = await import("../src/ecs/index.ts");
    const normaliser = createNormaliser();
    let count = 0;
    await read(file, (record) => {
      normaliser.normalise(record);
      count++;
    });
    return count;
  },
  winevtx: async (file, folder) => {
    const resolved = createRequire(join(folder, "package.json")).resolve.paths("winevtx")![0]!;
    const { parseEvtxFile } = (await import(pathToFileURL(join(resolved, "winevtx/dist/index.js")).href)) as {
      parseEvtxFile(this: void, bytes: Uint8Array): Iterable<{ event: unknown }>;
    };
    let count = 0;
    for (const record of parseEvtxFile(readFileSync(file))) if (record.event !== undefined) count++;
    return count;
  },
} as const satisfies { readonly [lane: string]: (file: string, folder: string) => Promise<number> };

/** In pieces, as the command line reads files. */
async function read(file: string, use: (record: LogRecord) => void): Promise<void> {
  const { openInput } = await import("../src/readers/index.ts");
  const sink = { record: use, problem: () => {} };
  const decoder = openInput(file);
  const from = openSync(file, "r");
  const piece = new Uint8Array(PIECE);
  for (let count = readSync(from, piece); count > 0; count = readSync(from, piece)) decoder.push(piece.subarray(0, count), sink);
  decoder.end(sink);
  closeSync(from);
}

const [lane, file, folder = ""] = process.argv.slice(2);
console.error(`${await WORK[lane as keyof typeof WORK](file!, folder)} records`);

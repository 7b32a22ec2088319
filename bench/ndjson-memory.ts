// Peak memory while NDJSON streams through the readers. Chunks are generated as they are read: nothing of the input is held.
// usage: node bench/ndjson-memory.ts [gigabytes] [array]
import { openInput } from "../src/readers/index.ts";
import { ndjsonChunks } from "./ndjson-corpus.ts";

const LIMIT_MB = 300;
const gigabytes = Number(process.argv[2] ?? 2);
const asArray = process.argv[3] === "array";

let records = 0;
let problems = 0;
const sink = { record: () => void records++, problem: () => void problems++ };
const decoder = openInput("stream");
const before = performance.now();
let bytes = 0;
// An array of the same documents: the line feed after each becomes the comma before the next.
if (asArray) decoder.push(new TextEncoder().encode("[\n"), sink);
for (const chunk of ndjsonChunks(gigabytes * 1e9)) {
  if (asArray) for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) chunk[at] = 0x2c;
  decoder.push(chunk, sink);
  bytes += chunk.length;
}
if (asArray) decoder.push(new TextEncoder().encode("{}]\n"), sink);
decoder.end(sink);
const seconds = (performance.now() - before) / 1000;
const peak = process.resourceUsage().maxRSS / 1024;
console.log(
  `${(bytes / 1e9).toFixed(2)} GB, ${records} records, ${problems} problems in ${seconds.toFixed(1)} s (making the input included); peak RSS ${peak.toFixed(0)} MB`,
);
if (peak > LIMIT_MB || problems > 0) process.exitCode = 1;

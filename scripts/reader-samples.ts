import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { zstdCompressSync } from "node:zlib";
import { gzipSync, strToU8, Zip, ZipDeflate, ZipPassThrough, zipSync } from "fflate";
import { sampleLog } from "./evtx-writer.ts";

/** A small file of some format, for the conformance tests, the fuzzer and the benches. */
export interface Sample {
  readonly name: string;
  /** What `Sink.file` reports, from the outside in. */
  readonly formats: readonly string[];
  readonly bytes: Uint8Array;
  /** How many records it holds. Record k (from 1) holds the text `marker-k;` somewhere. */
  readonly records: number;
  /** The text inside, where lines are counted; null for binary formats. */
  readonly text: string | null;
  /** The format says where it ends, so that any cut is noticed. */
  readonly ends: boolean;
}

const event = (n: number): { [key: string]: unknown } => ({
  "@timestamp": `2026-01-02T03:04:${String(n % 60).padStart(2, "0")}.000Z`,
  event: { category: ["process"], type: ["start"], code: "1", sequence: n },
  process: { name: "net.exe", command_line: `net use \\\\SRV01\\C$ /user:lab "marker-${n};"`, args: ["net", "use"] },
  host: { name: n % 3 === 0 ? "Zürich-Ω" : "WS01" },
});

const events = (count: number, from = 1): { [key: string]: unknown }[] => Array.from({ length: count }, (_, i) => event(from + i));
const lines = (values: readonly unknown[], end = "\n"): string => values.map((value) => JSON.stringify(value) + end).join("");
const hit = (n: number): unknown => ({ _index: ".ds-logs-1", _id: `id-${n}`, _score: null, _source: event(n), sort: [n] });
const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);

function text(name: string, formats: string[], content: string, records: number, ends: boolean): Sample {
  return { name, formats, bytes: strToU8(content), records, text: content, ends };
}

function utf16(content: string, bigEndian: boolean): Uint8Array {
  const bytes = new Uint8Array(2 + content.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint16(0, 0xfeff, !bigEndian);
  for (let i = 0; i < content.length; i++) view.setUint16(2 + i * 2, content.charCodeAt(i), !bigEndian);
  return bytes;
}

/** A ustar archive; names beyond 100 bytes get a pax header. */
export function tar(members: readonly { readonly name: string; readonly bytes: Uint8Array; readonly type?: string }[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const add = (name: string, bytes: Uint8Array, type: string): void => {
    const block = new Uint8Array(512);
    const put = (value: string, at: number): void => block.set(strToU8(value), at);
    put(name.slice(0, 100), 0);
    put("0000644\0", 100);
    put("0000000\0", 108);
    put("0000000\0", 116);
    put(`${bytes.length.toString(8).padStart(11, "0")}\0`, 124);
    put("00000000000\0", 136);
    put("        ", 148);
    put(type, 156);
    put("ustar\u000000", 257);
    put(
      `${block
        .reduce((sum, byte) => sum + byte, 0)
        .toString(8)
        .padStart(6, "0")}\0 `,
      148,
    );
    const padded = new Uint8Array(Math.ceil(bytes.length / 512) * 512);
    padded.set(bytes);
    parts.push(block, padded);
  };
  for (const member of members) {
    if (member.name.length > 100) {
      const body = ` path=${member.name}\n`;
      let length = body.length + 1;
      while (`${length}`.length + body.length !== length) length = `${length}`.length + body.length;
      add("pax", strToU8(`${length}${body}`), "x");
    }
    add(member.name, member.bytes, member.type ?? "0");
  }
  parts.push(new Uint8Array(1024));
  return concat(parts);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** A zip as it is written to a pipe: sizes and checksums follow the data. */
export function streamedZip(
  members: readonly { readonly name: string; readonly bytes: Uint8Array; readonly stored?: boolean }[],
): Uint8Array {
  const parts: Uint8Array[] = [];
  const zip = new Zip((_error, data) => parts.push(data));
  for (const member of members) {
    const file = member.stored === true ? new ZipPassThrough(member.name) : new ZipDeflate(member.name);
    zip.add(file);
    file.push(member.bytes, true);
  }
  zip.end();
  return concat(parts);
}

function csv(count: number): string {
  const rows = range(count).map(
    (n) => `"Jan 2, 2026 @ 03:04:05.${String(n).padStart(3, "0")}",WS01,-,"net use ""\\\\SRV01\\C$"" marker-${n};",445`,
  );
  return `"@timestamp","host.name","user.name","process.command_line","destination.port"\r\n${rows.join("\r\n")}\r\n`;
}

function auditLog(count: number): string {
  const line = (n: number): string =>
    `type=EXECVE msg=audit(1767323045.123:${n}): argc=2 a0="curl" a1=${n % 2 === 0 ? "2D6F2061" : '"-o"'} a2="marker-${n};"\n`;
  return range(count).map(line).join("");
}

function syslogLog(count: number): string {
  const line = (n: number): string =>
    n % 3 === 0
      ? `<86>1 2026-01-02T03:04:0${n}.5Z host sshd ${n} - [x@1 a="b"] marker-${n};`
      : n % 3 === 1
        ? `Jan  2 2026 03:04:0${n} host sudo[${n}]: marker-${n};`
        : `2026-01-02T03:04:0${n}+01:00 host kernel: marker-${n};`;
  return range(count)
    .map((n) => `${line(n)}\n`)
    .join("");
}

function w3cLog(count: number): string {
  const rows = range(count).map((n) => `2026-01-02 03:04:0${n} GET /marker-${n};.aspx - Mozilla/5.0+(X11) 200\r\n`);
  return `#Software: Microsoft Internet Information Services 10.0\r\n#Fields: date time cs-method cs-uri-stem cs-uri-query cs(User-Agent) sc-status\r\n${rows.join("")}`;
}

function windowsXml(n: number): string {
  return (
    `<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Sysmon' Guid='{5770385F-C22A-43E0-BF4C-06F5698FFBD9}'/>` +
    `<EventID>1</EventID><Version>5</Version><Level>4</Level><Task>1</Task><Opcode>0</Opcode><Keywords>0x8000000000000000</Keywords>` +
    `<TimeCreated SystemTime='2026-01-02T03:04:05.1234567Z'/><EventRecordID>${n}</EventRecordID><Correlation/><Execution ProcessID='4' ThreadID='8'/>` +
    `<Channel>Microsoft-Windows-Sysmon/Operational</Channel><Computer>WS01</Computer><Security UserID='S-1-5-18'/></System>` +
    `<EventData><Data Name='Image'>C:\\Windows\\System32\\net.exe</Data><Data Name='CommandLine'>net use &quot;marker-${n};&quot;</Data></EventData></Event>`
  );
}

function packed(name: string, formats: string[], bytes: Uint8Array, records = 12): Sample {
  return { name, formats: [...formats, "json-lines"], bytes, records, text: null, ends: true };
}

/** One sample of every format and container that the readers know and that can be made here. */
export function makeSamples(): Sample[] {
  const ndjson = lines(events(12));
  const inner = strToU8(ndjson);
  const other = strToU8(lines(events(5, 13)));
  return [
    text("NDJSON", ["json-lines"], ndjson, 12, false),
    text("NDJSON, CRLF, blank lines", ["json-lines"], `\r\n\r\n${lines(events(4), "\r\n\r\n")}`, 4, false),
    text("elasticdump", ["json-lines"], lines(range(6).map((n) => hit(n))), 6, false),
    text(
      "bulk",
      ["json-lines"],
      range(6)
        .map((n) => lines([{ index: { _index: "logs", _id: `${n}` } }, event(n)]))
        .join(""),
      6,
      false,
    ),
    text("JSON array", ["json-array"], JSON.stringify(events(8)), 8, true),
    text(
      "JSON array, one element a line",
      ["json-array"],
      `[\n${events(8)
        .map((e) => JSON.stringify(e))
        .join(",\n")}\n]\n`,
      8,
      true,
    ),
    text("JSON array, pretty", ["json-array"], JSON.stringify(events(5), null, 2), 5, true),
    text(
      "pretty-printed documents",
      ["json"],
      events(5)
        .map((e) => `${JSON.stringify(e, null, 2)}\n`)
        .join(""),
      5,
      false,
    ),
    text(
      "concatenated documents",
      ["json"],
      events(5)
        .map((e) => JSON.stringify(e))
        .join(""),
      5,
      false,
    ),
    text(
      "_search response, pretty",
      ["elastic-response"],
      JSON.stringify(
        { took: 1, timed_out: false, hits: { total: { value: 6, relation: "eq" }, hits: range(6).map((n) => hit(n)) } },
        null,
        1,
      ),
      6,
      true,
    ),
    text(
      "_eql/search sequences, pretty",
      ["elastic-response"],
      JSON.stringify(
        {
          took: 1,
          is_partial: false,
          hits: {
            sequences: [
              { join_keys: ["a"], events: [hit(1), hit(2)] },
              { join_keys: ["b"], events: [hit(3)] },
            ],
          },
        },
        null,
        1,
      ),
      3,
      true,
    ),
    text(
      "async search, pretty",
      ["elastic-response"],
      JSON.stringify(
        { id: "x", is_partial: false, is_running: false, response: { took: 1, hits: { hits: range(3).map((n) => hit(n)) } } },
        null,
        1,
      ),
      3,
      true,
    ),
    text("wrapped events, pretty", ["json"], JSON.stringify({ events: events(4) }, null, 4), 4, true),
    text("Kibana CSV", ["csv"], csv(7), 7, false),
    text("audit log", ["auditd"], auditLog(6), 6, false),
    text("W3C log", ["w3c"], w3cLog(6), 6, false),
    text("syslog", ["syslog"], syslogLog(6), 6, false),
    text(
      "Windows Event XML document",
      ["windows-xml"],
      `<?xml version="1.0" encoding="utf-8"?>\n<Events>\n${range(4)
        .map((n) => windowsXml(n))
        .join("\n")}\n</Events>\n`,
      4,
      true,
    ),
    text(
      "Windows Event XML lines",
      ["windows-xml"],
      range(4)
        .map((n) => `${windowsXml(n)}\n`)
        .join(""),
      4,
      false,
    ),
    { name: "EVTX", formats: ["evtx"], bytes: sampleLog(), records: 10, text: null, ends: true },
    {
      name: "NDJSON, UTF-8 mark",
      formats: ["json-lines"],
      bytes: concat([Uint8Array.of(0xef, 0xbb, 0xbf), inner]),
      records: 12,
      text: ndjson,
      ends: false,
    },
    { name: "NDJSON, UTF-16 LE", formats: ["json-lines"], bytes: utf16(ndjson, false), records: 12, text: ndjson, ends: false },
    { name: "NDJSON, UTF-16 BE", formats: ["json-lines"], bytes: utf16(ndjson, true), records: 12, text: ndjson, ends: false },
    packed("gzip", ["gzip"], gzipSync(inner, { filename: "a.json", mtime: 0 })),
    packed("gzip, two members", ["gzip"], concat([gzipSync(inner, { mtime: 0 }), gzipSync(other, { mtime: 0 })]), 17),
    packed("zip", ["zip"], zipSync({ "a.json": inner }, { mtime: "2026-01-01" })),
    packed("zip, streamed", ["zip"], streamedZip([{ name: "a/b.json", bytes: inner }])),
    packed(
      "zip, several members",
      ["zip"],
      streamedZip([
        { name: "a.json", bytes: inner },
        { name: "b.json", bytes: other },
        { name: "empty", bytes: new Uint8Array(0) },
      ]),
      17,
    ),
    packed("zip, streamed and stored", ["zip"], streamedZip([{ name: "b.json", bytes: inner, stored: true }])),
    packed("zip, stored", ["zip"], zipSync({ "a.json": inner }, { level: 0, mtime: "2026-01-01" })),
    packed("tar", ["tar"], tar([{ name: "a.json", bytes: inner }])),
    packed("tar, long name", ["tar"], tar([{ name: `${"long/".repeat(40)}a.json`, bytes: inner }])),
    packed("tar.gz", ["gzip", "tar"], gzipSync(tar([{ name: "a.json", bytes: inner }]), { mtime: 0 })),
    packed("Zstandard", ["zstd"], new Uint8Array(zstdCompressSync(inner))),
    packed(
      "Zstandard, two frames",
      ["zstd"],
      concat([new Uint8Array(zstdCompressSync(inner)), new Uint8Array(zstdCompressSync(other))]),
      17,
    ),
    packed(
      "zip in zip",
      ["zip", "zip"],
      zipSync({ "inner.zip": zipSync({ "a.json": inner }, { mtime: "2026-01-01" }) }, { level: 0, mtime: "2026-01-01" }),
    ),
  ];
}

/** EVTX files of the peers' suites, where they lie beside the checkout: material for the fuzzer. */
export function peerEvtxFiles(): { readonly name: string; readonly bytes: Uint8Array }[] {
  const folder = new URL("../../shared/suites/evtx-xml/", import.meta.url).pathname;
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith(".evtx"))
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
}

/** A small generator of reproducible 32-bit numbers (mulberry32). */
export function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return (t ^ (t >>> 14)) >>> 0;
  };
}

/** A damaged copy: bytes changed, bits flipped, pieces moved, blanked, cut out or doubled. */
export function mutate(bytes: Uint8Array, random: () => number): Uint8Array {
  let out = bytes.slice();
  for (let n = random() % 6; n >= 0 && out.length > 0; n--) {
    const at = random() % out.length;
    const length = random() % 64;
    switch (random() % 8) {
      case 0:
        out[at] = random() % 256;
        break;
      case 1:
        out[at]! ^= 1 << (random() % 8);
        break;
      case 2:
        out.copyWithin(at, random() % out.length, random() % out.length);
        break;
      case 3:
        out.fill(random() % 2 === 0 ? 0 : 255, at, at + length);
        break;
      case 4:
        out = concat([out.subarray(0, at), out.subarray(at + length)]);
        break;
      case 5:
        out = concat([out.subarray(0, at), out.subarray(at, at + length), out.subarray(at)]);
        break;
      case 6:
        // A little-endian 32-bit number at the edge of its range: sizes and offsets live on these.
        for (let i = 0; i < 4 && at + i < out.length; i++) out[at + i] = (EDGES[random() % EDGES.length]! >>> (8 * i)) & 255;
        break;
      default:
        out = random() % 4 === 0 ? out.slice(0, at) : out;
    }
  }
  return out;
}

const EDGES = [0, 1, 0x7f, 0xff, 0x7fff, 0xffff, 0x10000, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];

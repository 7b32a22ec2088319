import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { eventXml } from "../windows/event-xml.ts";
import { openInput } from "../open.ts";
import type { Problem, WindowsRecord } from "../record.ts";

/** EVTX with the XML that Windows itself rendered of it, where it lies beside the checkout. */
const shared = new URL("../../../../shared/", import.meta.url);
const FOLDERS = ["suites/evtx-xml/", "data/windows11-baseline/"];

function read(url: URL): { records: WindowsRecord[]; problems: Problem[] } {
  const records: WindowsRecord[] = [];
  const problems: Problem[] = [];
  const decoder = openInput(url.pathname);
  const sink = {
    record: (record: unknown) => void records.push(record as WindowsRecord),
    problem: (problem: Problem) => void problems.push(problem),
  };
  decoder.push(readFileSync(url), sink);
  decoder.end(sink);
  return { records, problems };
}

/** Windows' own texts, event by event. */
function rendered(url: URL): string[] {
  return readFileSync(url, "utf8").match(/<Event [\s\S]*?<\/Event>/g) ?? [];
}

const number = (xml: string): string => /<EventRecordID>(\d+)</.exec(xml)?.[1] ?? "";
/** The files were saved with LF as line end, inside values too; the logs have the CR LF that was logged. */
const lines = (text: string): string => text.replaceAll("\r\n", "\n");
/** RenderingInfo is made of the provider's message files, which a log does not hold. */
const withoutRendering = (xml: string): string => xml.replace(/<RenderingInfo[\s\S]*?<\/RenderingInfo>/, "");

const present = existsSync(new URL(FOLDERS[0]!, shared));

describe.skipIf(!present)("EVTX against Windows' own XML (skipped: no ../shared beside the checkout)", () => {
  const files = present
    ? FOLDERS.flatMap((folder) =>
        readdirSync(new URL(folder, shared))
          .filter((name) => name.endsWith(".xml"))
          .map((name) => folder + name),
      )
    : [];

  test.for(files)("%s", (name, { task }) => {
    const { records, problems } = read(new URL(name.replace(/\.xml$/, ".evtx"), shared));
    expect(problems).toEqual([]);
    const windows = rendered(new URL(name, shared));
    expect(records.length).toBe(windows.length);
    const ours = new Map(records.map((record) => [String(record.event.system.eventRecordId), lines(eventXml(record.event))]));
    const differing = windows
      .map(withoutRendering)
      .map(lines)
      .filter((xml) => ours.get(number(xml)) !== xml);
    task.meta.counted = {
      table: "EVTX records against Windows' XML",
      row: name,
      of: windows.length,
      same: windows.length - differing.length,
    };
    if (differing.length > 0) expect(ours.get(number(differing[0]!))).toBe(differing[0]);
  });

  test.each(files)("%s read as XML gives the same events", (name) => {
    const key = ({ event: { system, eventData, userData, other } }: WindowsRecord): string =>
      JSON.stringify({ system, eventData, userData, other }, (_k, v: unknown) =>
        typeof v === "bigint" ? String(v) : typeof v === "string" ? lines(v) : v,
      );
    const fromLog = read(new URL(name.replace(/\.xml$/, ".evtx"), shared)).records.map(key);
    const fromText = read(new URL(name, shared)).records.map(key);
    expect(fromText.toSorted()).toEqual(fromLog.toSorted());
  });
});

describe.skipIf(!present)("every EVTX beside the checkout (skipped: no ../shared)", () => {
  test("is read without a problem", () => {
    const files = ["data/", "suites/"].flatMap((folder) =>
      readdirSync(new URL(folder, shared), { recursive: true, encoding: "utf8" })
        .filter((name) => name.endsWith(".evtx"))
        .map((name) => new URL(folder + name.split("/").map(encodeURIComponent).join("/"), shared)),
    );
    let records = 0;
    const problems: Problem[] = [];
    for (const file of files) {
      const found = read(new URL(file.href));
      records += found.records.length;
      problems.push(...found.problems);
    }
    console.info(`${files.length} EVTX files: ${records} records, ${problems.length} problems`);
    expect(problems).toEqual([]);
    expect(files.length).toBeGreaterThan(100);
  });
});

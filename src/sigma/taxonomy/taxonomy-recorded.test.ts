/**
 * The taxonomy against recordings: a rule on the mapped event must say what the same rule says on the raw one, where every Sigma
 * field is its own name in the event data. Recordings and rules lie beside the repository; without them this is skipped.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { createNormaliser } from "../../ecs/index.ts";
import { compileCondition, compileFilter, NOWHERE, type EventTest } from "../../eql/index.ts";
import { openInput, type Sink } from "../../readers/index.ts";
import { loadSigma } from "../index.ts";
import { logSourceKey, serve, type ServedLogSource } from "./log-source.ts";
import { detectionExpr, detectionOf } from "../load/rule.ts";
import { readDetection } from "../load/selection.ts";
import { readYaml, type MapNode } from "../load/yaml-node.ts";

const shared = fileURLToPath(new URL("../../../../shared/", import.meta.url));
const rulesFolder = join(shared, "suites/sigma/rules");
const recordings = join(shared, "data/otrf");
const present = existsSync(rulesFolder) && existsSync(recordings);

const HEADER: Readonly<Record<string, string>> = {
  EventID: "event.code",
  Provider_Name: "winlog.provider_name",
  Channel: "winlog.channel",
  Computer: "winlog.computer_name",
  Message: "message",
};
/** Names of Security 4688 for the fields of Sysmon 1. */
const AUDIT: Readonly<Record<string, string>> = {
  Image: "NewProcessName",
  ParentImage: "ParentProcessName",
  User: "SubjectUserName",
  IntegrityLevel: "MandatoryLabel",
  LogonId: "SubjectLogonId",
};

const raw: ServedLogSource = {
  name: { product: null, category: null, service: null },
  condition: (span) => ({ kind: "boolean", span, value: true }),
  targets: (name) => {
    if (Object.hasOwn(HEADER, name)) return [HEADER[name]!];
    if (name === "Data")
      return ["Data", ...Array.from({ length: 12 }, (_, i) => `param${i + 1}`)].map((part) => `winlog.event_data.${part}`);
    const names = [name, name.replaceAll("_", " "), ...(Object.hasOwn(AUDIT, name) ? [AUDIT[name]!] : [])];
    return names.flatMap((one) => [`winlog.event_data.${one}`, `winlog.user_data.${one}`]);
  },
};

interface Pair {
  readonly title: string;
  readonly mapped: EventTest;
  readonly raw: EventTest;
}

test.skipIf(!present)(
  "rules say the same of mapped and of raw events",
  () => {
    const files = readdirSync(rulesFolder, { recursive: true, withFileTypes: true })
      .filter((file) => file.isFile() && file.name.endsWith(".yml"))
      .map((file) => join(file.parentPath, file.name))
      .map((path) => ({ path, text: readFileSync(path, "utf8") }));
    const texts = new Map(files.map((file) => [file.path, file.text]));
    const groups = new Map<string, { readonly isIts: EventTest; readonly pairs: Pair[] }>();
    for (const rule of loadSigma(files).rules) {
      // The raw event has numbers where the mapped one has words.
      if (rule.usedFields.some((name) => name === "Level" || name === "Keywords")) continue;
      const document = readYaml("x", texts.get(rule.place.file)!).documents[0] as MapNode;
      const key = logSourceKey(rule.logsource);
      if (!groups.has(key)) groups.set(key, { isIts: compileCondition(serve(rule.logsource)!.condition(NOWHERE)), pairs: [] });
      groups.get(key)!.pairs.push({
        title: rule.title,
        mapped: compileFilter(rule.query.filter),
        raw: compileCondition(detectionExpr(readDetection(detectionOf(document)), { source: raw, placeholder: () => undefined }).condition),
      });
    }
    let events = 0;
    let compared = 0;
    let matches = 0;
    const different = new Set<string>();
    const archives = readdirSync(recordings, { recursive: true, withFileTypes: true }).filter(
      (file) => file.isFile() && /\.(zip|gz)$/.test(file.name),
    );
    for (const archive of archives) {
      const normaliser = createNormaliser();
      const sink: Sink = {
        problem: () => {},
        record: (record) => {
          const before = normaliser.toRaw(record);
          if (before === null) return;
          events++;
          const { event } = normaliser.normalise(record);
          for (const { isIts, pairs } of groups.values()) {
            if (!isIts(event)) continue;
            for (const pair of pairs) {
              compared++;
              const hit = pair.mapped(event);
              if (hit) matches++;
              if (hit !== pair.raw(before)) different.add(pair.title);
            }
          }
        },
      };
      const decoder = openInput(archive.name);
      decoder.push(readFileSync(join(archive.parentPath, archive.name)), sink);
      decoder.end(sink);
    }
    console.log(
      `${events} events, ${compared} pairs of rule and event compared, ${matches} matches; different: ${[...different].join(", ") || "none"}`,
    );
    expect([...different]).toEqual([]);
    expect(matches).toBeGreaterThan(0);
  },
  120_000,
);

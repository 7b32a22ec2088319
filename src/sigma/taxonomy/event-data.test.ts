/** Every field of every Windows event that is known, mapped as Elastic's pipelines do: a rule finds it under the name that Windows gave it. */
import { expect, test } from "vitest";
import { createNormaliser } from "../../ecs/index.ts";
import { rawOf } from "../../ecs/sources/windows.ts";
import { WINDOWS_LOGS, type WindowsLogKey } from "../../ecs/windows/logs.ts";
import { compileFilter } from "../../eql/index.ts";
import type { JsonObject } from "../../readers/index.ts";
import { loadSigma } from "../index.ts";

const SERVICE: Readonly<Record<WindowsLogKey, string>> = {
  sysmon: "sysmon",
  security: "security",
  powershell: "powershell-classic",
  powershell_operational: "powershell",
  system: "system",
};

/** By log and field, the events of which a pipeline leaves nothing that the whole text can be found in. */
const LOST: Readonly<Record<string, string>> = {
  // A time, which is `@timestamp` in another form.
  "sysmon UtcTime": "every event",
  // A list of names and addresses, taken apart; each of them is found.
  "sysmon QueryResults": "22",
  // `network.protocol` is the destination's where both ends have a name.
  "sysmon SourcePortName": "3",
  // Of blocked files only `related.hash` has the hashes, without their names.
  "sysmon Hashes": "27, 28",
  // The codes, in words.
  "security UserAccountControl": "4720, 4738, 4741, 4742",
};

test("every field of every known event is found under its own name", () => {
  const normaliser = createNormaliser();
  const lost = new Map<string, string[]>();
  let found = 0;
  for (const log of WINDOWS_LOGS) {
    for (const recorded of log.events) {
      const { code, data } = recorded;
      const document = rawOf(log, recorded);
      const raw = ((document["winlog"] as JsonObject)["event_data"] ?? {}) as JsonObject;
      const { event } = normaliser.normalise({ kind: "document", place: { file: "x" }, document });
      for (const name of data) {
        const value = raw[name];
        if (typeof value !== "string" || value === "") continue;
        const text = JSON.stringify(value.replaceAll(/[\\*?]/g, "\\$&"));
        const rule = `title: t\nid: i\nlogsource: {product: windows, service: ${SERVICE[log.key]}}\ndetection:\n  s: {${name}: ${text}}\n  condition: s\n`;
        const { rules, problems } = loadSigma([{ path: "r", text: rule }]);
        expect(problems, rule).toEqual([]);
        if (compileFilter(rules[0]!.query.filter)(event)) found++;
        else lost.set(`${log.key} ${name}`, [...(lost.get(`${log.key} ${name}`) ?? []), code]);
      }
    }
  }
  expect(Object.fromEntries([...lost].map(([name, codes]) => [name, codes.length > 20 ? "every event" : codes.join(", ")]))).toEqual(LOST);
  expect(found).toBeGreaterThan(1_400);
});

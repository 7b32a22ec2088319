import { expect, test } from "vitest";
import type { JsonObject } from "../../readers/index.ts";
import { createNormaliser } from "../normalise.ts";

const timeOf = (document: JsonObject): unknown =>
  createNormaliser().normalise({ kind: "document", place: { file: "x" }, document }).event["@timestamp"];

const CASES: readonly (readonly [document: JsonObject, time: string | undefined])[] = [
  [{ eventTime: "2026-01-31T10:00:00Z", eventName: "x" }, "2026-01-31T10:00:00Z"],
  [{ time: "2026-01-31T10:00:00.1234567Z", category: "AuditLogs" }, "2026-01-31T10:00:00.1234567Z"],
  [{ time: "8/22/2022 6:07:16 PM" }, "2022-08-22T18:07:16.000Z"],
  [{ time: "8/2/2022 12:07:16 AM" }, "2022-08-02T00:07:16.000Z"],
  [{ createdDateTime: "2026-01-31T10:00:00Z" }, "2026-01-31T10:00:00Z"],
  [{ CreationTime: "2026-01-31T10:00:00" }, "2026-01-31T10:00:00"],
  [{ published: "2026-01-31T10:00:00.000Z" }, "2026-01-31T10:00:00.000Z"],
  [{ ts: 1507565599.576942 }, "2017-10-09T16:13:19.576942Z"],
  [{ ts: "2026-01-31T10:00:00.5Z" }, "2026-01-31T10:00:00.5Z"],
  [{ created_at: 1605719148837 }, "2020-11-18T17:05:48.837000Z"],
  [{ __REALTIME_TIMESTAMP: "1605719148837123" }, "2020-11-18T17:05:48.837123Z"],
  [{ eventtime: 1605719148837123456n }, "2020-11-18T17:05:48.837123Z"],
  [{ timestamp: { epochSecond: 1638036799, nano: 5 } }, "2021-11-27T18:13:19.000000Z"],
  [{ "id.time": "2026-01-31T10:00:00Z", "id.applicationName": "admin" }, "2026-01-31T10:00:00Z"],
  [{ date: "2026-01-31", time: "10:00:01", "cs-method": "GET" }, "2026-01-31T10:00:01Z"],
  // Windows' events as a workspace of Microsoft Sentinel has them.
  [{ EventID: 4688, Channel: "Security", Computer: "ws01", TimeGenerated: "2026-01-31T10:00:00.123Z" }, "2026-01-31T10:00:00.123Z"],
  // The first that holds a time: what comes before may be something else.
  [{ time: "soon", timestamp: "2026-01-31T10:00:00Z" }, "2026-01-31T10:00:00Z"],
  [{ "@timestamp": "2025-01-01T00:00:00Z", time: "2026-01-31T10:00:00Z" }, "2025-01-01T00:00:00Z"],
  [{ time: "10:00:01" }, undefined],
  [{ ts: 12 }, undefined],
  [{ time: ["2026-01-31T10:00:00Z"], ts: {} }, undefined],
];

test.each(
  CASES.map(
    ([document, time]) => [JSON.stringify(document, (_, v: unknown) => (typeof v === "bigint" ? String(v) : v)), document, time] as const,
  ),
)("%s", (_, document, time) => {
  expect(timeOf(document)).toBe(time);
});

test("the record itself stays as it was", () => {
  const document: JsonObject = { ts: 1507565599.576942 };
  timeOf(document);
  expect(document).toEqual({ ts: 1507565599.576942 });
});

test("a user's own paths come first", () => {
  const record = {
    kind: "document" as const,
    place: { file: "f" },
    document: { meta: { when: "2026-01-31T10:00:00Z" }, time: "2025-01-01T00:00:00Z" },
  };
  const normaliser = createNormaliser({ timestampFields: ["missing.path", "meta.when"] });
  expect(normaliser.normalise(record).event["@timestamp"]).toBe("2026-01-31T10:00:00Z");
});

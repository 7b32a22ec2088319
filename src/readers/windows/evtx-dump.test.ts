import { expect, test } from "vitest";
import { windowsEventFromDump } from "./evtx-dump.ts";
import { openInput } from "../open.ts";

const dump = {
  Event: {
    "#attributes": { xmlns: "http://schemas.microsoft.com/win/2004/08/events/event" },
    System: {
      Provider: { "#attributes": { Name: "Microsoft-Windows-Sysmon", Guid: "5770385F-C22A-43E0-BF4C-06F5698FFBD9" } },
      EventID: 1,
      TimeCreated: { "#attributes": { SystemTime: "2026-03-04T09:15:00.123456Z" } },
      EventRecordID: 17,
      Execution: { "#attributes": { ProcessID: 4, ThreadID: 8 } },
      Channel: "Microsoft-Windows-Sysmon/Operational",
      Computer: "WS01",
    },
    EventData: { Image: "C:\\a.exe", ProcessId: 42, Empty: null },
  },
};

test("the parts of an event", () => {
  expect(windowsEventFromDump(dump)).toMatchObject({
    system: {
      provider: { name: "Microsoft-Windows-Sysmon", guid: "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}" },
      eventId: 1,
      eventRecordId: 17,
      processId: 4,
      channel: "Microsoft-Windows-Sysmon/Operational",
    },
    eventData: {
      data: [
        { name: "Image", value: "C:\\a.exe" },
        { name: "ProcessId", value: "42" },
        { name: "Empty", value: "" },
      ],
    },
  });
});

test("qualifiers, unnamed data, user data", () => {
  const event = windowsEventFromDump({
    Event: {
      System: { EventID: { "#text": 7045, "#attributes": { Qualifiers: 16384 } } },
      EventData: { Data: { "#text": ["a", "b"] }, Binary: "00FF" },
      UserData: { LogFileCleared: { "#attributes": { xmlns: "x" }, SubjectUserName: "kira" } },
    },
  });
  expect(event).toMatchObject({
    system: { eventId: 7045, qualifiers: 16384 },
    eventData: { data: [{ value: "a" }, { value: "b" }], binary: "00FF" },
    userData: { name: "LogFileCleared", attributes: [["xmlns", "x"]], children: [{ name: "SubjectUserName", children: ["kira"] }] },
  });
});

test("empty event data; data that is called Data; GUIDs of old versions", () => {
  const read = (guid: string, data: unknown) =>
    windowsEventFromDump({
      Event: { System: { EventID: 1, Provider: { "#attributes": { Name: "P", Guid: guid } } }, EventData: data as never },
    })?.eventData;
  const [old, now] = ["5770385F-C22A-43E0-BF4C-06F5698FFBD9", "{5770385f-c22a-43e0-bf4c-06f5698ffbd9}"];
  expect(read(now, null)).toEqual({ data: [] });
  expect(read(now, undefined)).toBeNull();
  expect(read(now, { Data: "a", Other: "b" })).toEqual({
    data: [
      { name: "Data", value: "a" },
      { name: "Other", value: "b" },
    ],
  });
  expect(read(now, { Data: "a" })).toEqual({ data: [{ value: "a" }] });
  expect(read(old, { ProcessGuid: old })).toEqual({ data: [{ name: "ProcessGuid", value: now }] });
  // Newer versions write GUIDs as Windows does: what has no braces is a text.
  expect(read(now, { Text: old })).toEqual({ data: [{ name: "Text", value: old }] });
});

test("anything else is none", () => {
  for (const other of [{}, { Event: 1 }, { Event: {} }, { Event: { System: {} } }, { event: { System: { EventID: 1 } } }])
    expect(windowsEventFromDump(other as never)).toBeNull();
});

test("it is recognised wherever JSON is read", () => {
  const kinds: string[] = [];
  const decoder = openInput("dump.json");
  const sink = { record: (record: { kind: string }) => void kinds.push(record.kind), problem: () => {} };
  decoder.push(new TextEncoder().encode(`${JSON.stringify(dump)}\n${JSON.stringify(dump)}\n`), sink);
  decoder.end(sink);
  expect(kinds).toEqual(["windows", "windows"]);
});

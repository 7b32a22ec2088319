import { element, evtxFile, EvtxChunk, slot, value, type ElementSpec, type InstanceSpec, type ValueSpec } from "../scripts/evtx-writer.ts";

const DATA = [
  "SubjectUserSid",
  "SubjectUserName",
  "SubjectDomainName",
  "SubjectLogonId",
  "ObjectType",
  "IpAddress",
  "IpPort",
  "ShareName",
  "ShareLocalPath",
  "RelativeTargetName",
  "AccessMask",
  "AccessList",
  "AccessReason",
];

const template: ElementSpec = element(
  "Event",
  { xmlns: "http://schemas.microsoft.com/win/2004/08/events/event" },
  element(
    "System",
    {},
    element("Provider", { Name: "Microsoft-Windows-Security-Auditing", Guid: "{54849625-5478-4994-a5ba-3e3b0328c30d}" }),
    element("EventID", {}, "5145"),
    element("Version", {}, "0"),
    element("Level", {}, "0"),
    element("Task", {}, "12811"),
    element("Opcode", {}, "0"),
    element("Keywords", {}, "0x8020000000000000"),
    element("TimeCreated", { SystemTime: slot(0) }),
    element("EventRecordID", {}, slot(1)),
    element("Correlation"),
    element("Execution", { ProcessID: "4", ThreadID: "3920" }),
    element("Channel", {}, "Security"),
    element("Computer", {}, "SRV07.lab.example"),
    element("Security"),
  ),
  element("EventData", {}, ...DATA.map((name, i) => element("Data", { Name: name }, slot(i + 2)))),
);

/** 100 ns since 1601: 2026-03-04T09:00:00Z. */
const BEGIN = 134_170_884_000_000_000n;

function shareChecked(id: number, user: string, target: string, access: string, share = "\\\\*\\ADMIN$"): InstanceSpec {
  const texts = [
    "S-1-5-21-1-2-3-1107",
    user,
    "LAB",
    "0x3ea106",
    "File",
    "10.20.0.9",
    "50118",
    share,
    "\\??\\C:\\Windows",
    target,
    "0x2",
    access,
    "-",
  ];
  const values: ValueSpec[] = [
    value.fileTime(BEGIN + 10_000_000n * BigInt(id)),
    value.uint64(BigInt(id)),
    ...texts.map((text) => value.string(text)),
  ];
  return { template, values };
}

/** A Security log of our own: one program written to ADMIN$ of SRV07 by LAB\\mallory, among reads. One alert of C1. */
export function shareLog(): Uint8Array<ArrayBuffer> {
  const chunk = new EvtxChunk();
  for (let id = 1; id <= 6; id++) chunk.record(BigInt(id), shareChecked(id, "mallory", `notes-${id}.txt`, "%%4416"));
  chunk.record(7n, shareChecked(7, "mallory", "implant.exe", "%%4417"));
  return evtxFile([chunk.finish()]);
}

/** A log of that kind with about so many bytes, a chunk full of records at a time; one program written to ADMIN$ in a thousand reads of a share. */
export function* shareLogOf(bytes: number): Generator<Uint8Array> {
  const PER_CHUNK = 80;
  const chunks = Math.max(1, Math.min(65_535, Math.round(bytes / 65_536)));
  yield evtxFile([], 0, chunks);
  let id = 0;
  for (let n = 0; n < chunks; n++) {
    const chunk = new EvtxChunk();
    for (let i = 0; i < PER_CHUNK; i++) {
      id++;
      const isWrite = id % 1000 === 0;
      const user = `user${id % 200}`;
      chunk.record(
        BigInt(id),
        shareChecked(
          id,
          user,
          isWrite ? `tool-${id}.exe` : `notes-${id}.txt`,
          isWrite ? "%%4417" : "%%4416",
          isWrite ? "\\\\*\\ADMIN$" : "\\\\*\\Finance",
        ),
      );
    }
    yield chunk.finish();
  }
}

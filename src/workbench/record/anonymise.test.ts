import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createNormaliser } from "../../ecs/index.ts";
import { eventXml, openInput, type LogRecord } from "../../readers/index.ts";
import { jsonText } from "../json-text.ts";
import { AddressMap } from "./address-map.ts";
import { Anonymiser } from "./anonymise.ts";

const start = (data: Record<string, string>): object => ({
  "@timestamp": "2026-01-15T09:30:00.000Z",
  host: { name: "FIN-WS07.contoso.local" },
  winlog: {
    channel: "Microsoft-Windows-Sysmon/Operational",
    provider_name: "Microsoft-Windows-Sysmon",
    computer_name: "FIN-WS07.contoso.local",
    event_id: "1",
    event_data: {
      Image: "C:\\Windows\\System32\\cmd.exe",
      User: "CONTOSO\\m.mustermann",
      ParentUser: "CONTOSO\\adm-jo",
      FileVersion: "10.1.2.3 (WinBuild.160101.0800)",
      ...data,
    },
  },
});

function recordsOf(documents: readonly object[]): LogRecord[] {
  const records: LogRecord[] = [];
  const decoder = openInput("log.ndjson");
  const sink = { record: (record: LogRecord) => void records.push(record), problem: () => {} };
  decoder.push(new TextEncoder().encode(documents.map((document) => JSON.stringify(document)).join("\n")), sink);
  decoder.end(sink);
  return records;
}

function anonymiserOf(records: readonly LogRecord[]): Anonymiser {
  const normaliser = createNormaliser();
  return new Anonymiser(records.map((record) => ({ record, normalised: normaliser.normalise(record) })));
}

/** The data of the first event with other names, and the names. */
function data(fields: Record<string, string>): Record<string, string> {
  const records = recordsOf([start(fields)]);
  const made = anonymiserOf(records).record(records[0]!);
  if (made.kind !== "document") throw new Error("no document");
  return (made.document["winlog"] as { event_data: Record<string, string> }).event_data;
}

describe("one name stands for another everywhere", () => {
  test.each([
    ["a user of a domain", "CONTOSO\\m.mustermann", "DOMAIN1\\user2"],
    ["in another case", "contoso\\M.MUSTERMANN", "domain1\\USER2"],
    ["a command line", "net use \\\\FIN-WS07\\C$ /user:CONTOSO\\adm-jo pw", "net use \\\\HOST1\\C$ /user:DOMAIN1\\user1 pw"],
    ["an FQDN", "ping fin-ws07.contoso.local", "ping host1.domain1.example"],
    ["a machine account", "net group x FIN-WS07$ /add", "net group x HOST1$ /add"],
    ["an e-mail address", "mailto:m.mustermann@contoso.local", "mailto:user2@domain1.example"],
    ["a profile's path", "type C:\\Users\\m.mustermann\\Desktop\\a.txt", "type C:\\Users\\user2\\Desktop\\a.txt"],
    ["a profile of somebody else", "dir C:\\Users\\schmidt\\Desktop", "dir C:\\Users\\user3\\Desktop"],
    ["a computer of a UNC path alone", "copy a.exe \\\\DC-04\\ADMIN$\\a.exe", "copy a.exe \\\\HOST2\\ADMIN$\\a.exe"],
    ["a distinguished name", "dsquery DC=contoso,DC=local", "dsquery DC=domain1,DC=local"],
    ["quotes and arguments", '"/s:FIN-WS07" "-u=m.mustermann"', '"/s:HOST1" "-u=user2"'],
    ["part of another word", "contosoware m.mustermann2", "contosoware m.mustermann2"],
  ])("%s", (_, before, after) => {
    expect(data({ CommandLine: before })["CommandLine"]).toBe(after);
  });

  test("an account of a known domain in a text, who is at the other end of a desktop, a name that was looked up", () => {
    const made = data({
      CommandLine: "runas /user:CONTOSO\\schneider cmd & type C:\\CONTOSO\\readme",
      ClientInfo: "user: CONTOSO\\h.meier hostname: meiers-mac",
      QueryName: "nas.contoso.local",
    });
    expect(made["CommandLine"]).toBe("runas /user:DOMAIN1\\user4 cmd & type C:\\DOMAIN1\\readme");
    expect(made["ClientInfo"]).toBe("user: DOMAIN1\\user3 hostname: host2");
    expect(made["QueryName"]).toBe("host3.domain1.example");
    expect(data({ QueryName: "www.example.org" })["QueryName"]).toBe("www.example.org");
  });

  test("a machine account alone tells of a computer", () => {
    expect(data({ CommandLine: "ping otherpc", TargetUserName: "OTHERPC$" })).toMatchObject({
      CommandLine: "ping host2",
      TargetUserName: "HOST2$",
    });
  });

  test("what every Windows has stays", () => {
    const text = "NT AUTHORITY\\SYSTEM S-1-5-18 \\\\.\\pipe\\x \\\\?\\C:\\a C:\\Users\\Public\\b.exe BUILTIN\\Administrators 127.0.0.1 ::1";
    expect(data({ CommandLine: text })["CommandLine"]).toBe(text);
    expect(data({ User: "NT AUTHORITY\\SYSTEM" })["User"]).toBe("NT AUTHORITY\\SYSTEM");
  });

  test("a name that is a word of Windows' own is replaced where it is a whole value, and nowhere else", () => {
    const made = data({ User: "CONTOSO\\test", CommandLine: "cmd /c test.exe", TargetUserName: "test" });
    expect(made["TargetUserName"]).toBe("user2");
    expect(made["CommandLine"]).toBe("cmd /c test.exe");
  });

  test("a version is no address", () => {
    expect(data({ CommandLine: "10.1.2.3" })).toMatchObject({ FileVersion: "10.1.2.3 (WinBuild.160101.0800)", CommandLine: "10.10.0.10" });
  });

  test("SIDs: the domain's part and the account's, not what is well known", () => {
    const made = data({ CommandLine: "S-1-5-21-111-222-333-1105 S-1-5-21-111-222-333-500 S-1-5-21-111-222-333-1105 S-1-5-21-9-9-9-1105" });
    const [first, admin, again, other] = made["CommandLine"]!.split(" ") as [string, string, string, string];
    expect(first).toBe("S-1-5-21-1000000000-2000000000-3000000001-1101");
    expect(admin).toBe("S-1-5-21-1000000000-2000000000-3000000001-500");
    expect(again).toBe(first);
    expect(other).toBe("S-1-5-21-1000000000-2000000000-3000000002-1102");
  });

  test("Windows' events in all their parts, and not the names of their data", () => {
    const xml =
      "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Microsoft-Windows-Security-Auditing'/><EventID>4624</EventID><TimeCreated SystemTime='2026-01-15T09:30:00Z'/><Channel>Security</Channel><Computer>FIN-WS07.contoso.local</Computer></System><EventData><Data Name='TargetUserName'>Data</Data><Data Name='TargetDomainName'>CONTOSO</Data><Data Name='WorkstationName'>LAPTOP9</Data><Data Name='IpAddress'>8.8.8.8</Data></EventData></Event>";
    const records: LogRecord[] = [];
    const decoder = openInput("log.xml");
    const sink = { record: (record: LogRecord) => void records.push(record), problem: () => {} };
    decoder.push(new TextEncoder().encode(xml), sink);
    decoder.end(sink);
    const made = anonymiserOf(records).record(records[0]!);
    const text = made.kind === "windows" ? eventXml(made.event) : "";
    expect(text).toContain("<Computer>HOST1.domain1.example</Computer>");
    expect(text).toContain("<Data Name='TargetUserName'>user1</Data><Data Name='TargetDomainName'>DOMAIN1</Data>");
    expect(text).toContain("<Data Name='WorkstationName'>HOST2</Data><Data Name='IpAddress'>192.0.2.10</Data>");
  });

  test("names that are left inside longer words and in encoded text are reported", () => {
    const names = anonymiserOf(recordsOf([start({})]));
    expect(names.leftIn("contosoware")).toEqual(["contoso"]);
    const encoded = Buffer.from("ping fin-ws07.contoso.local -n 1", "utf16le").toString("base64");
    expect(names.leftIn(`powershell -enc ${encoded}`)).toEqual(expect.arrayContaining(["fin-ws07", "contoso.local"]));
    expect(names.leftIn("cmd.exe /c dir")).toEqual([]);
  });
});

describe("addresses keep what rules ask of them", () => {
  const map = new AddressMap();
  test.each([
    ["10.20.30.40", /^10\./],
    ["192.168.7.9", /^192\.168\./],
    ["172.20.1.1", /^172\.16\./],
    ["169.254.3.4", /^169\.254\./],
    ["100.100.1.1", /^100\.64\./],
    ["93.184.216.34", /^192\.0\.2\./],
    ["224.0.0.251", /^224\.0\.0\.251$/],
    ["255.255.255.255", /^255\.255\.255\.255$/],
    ["0.0.0.0", /^0\.0\.0\.0$/],
  ])("%s", (address, kind) => {
    expect(map.four(address)).toMatch(kind);
  });

  test.each([
    ["fe80::1c2d:3e4f", /^fe80::/],
    ["fd12:3456::1", /^fd00::/],
    ["2606:4700::1111", /^2001:db8::/],
    ["::ffff:10.20.30.40", /^::ffff:10\./],
    ["::1", /^::1$/],
    ["ff02::fb", /^ff02::fb$/],
  ])("%s", (address, kind) => {
    expect(map.six(address)).toMatch(kind);
  });

  test("the same network stays one, another is another", () => {
    const [a, b, c] = ["10.20.30.40", "10.20.30.41", "10.20.31.40"].map((text) => map.four(text).split(".")) as [
      string[],
      string[],
      string[],
    ];
    expect(a.slice(0, 3)).toEqual(b.slice(0, 3));
    expect(a).not.toEqual(b);
    expect(c.slice(0, 3)).not.toEqual(a.slice(0, 3));
  });
});

test("whatever the texts are, it ends soon, keeps the shape, and no name of the fields is left as a word", () => {
  const piece = fc.constantFrom(
    "CONTOSO",
    "m.mustermann",
    "FIN-WS07",
    "\\",
    ".",
    "@",
    " ",
    "$",
    ":",
    "10.0.0.1",
    "fe80::1",
    "S-1-5-21-1-2-3-1001",
    "x",
    "1",
    "=",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const records = recordsOf([start({ CommandLine: pieces.join("") })]);
      const names = anonymiserOf(records);
      const made = names.record(records[0]!);
      const text = made.kind === "document" ? jsonText(made.document) : "";
      expect(Object.keys(JSON.parse(text) as object)).toEqual(["@timestamp", "host", "winlog"]);
      expect(text).not.toMatch(/(?<![\p{L}\p{N}])(?:contoso|m\.mustermann|fin-ws07)(?![\p{L}\p{N}])/iu);
      // The same again is the same.
      expect(names.record(records[0]!)).toEqual(made);
    }),
    { numRuns: 200 },
  );
  const hostile = ["a".repeat(50_000), "a:".repeat(20_000), "1.".repeat(20_000), "\\\\a".repeat(20_000), "C:\\Users\\".repeat(5000)];
  const begun = performance.now();
  for (const text of hostile) data({ CommandLine: text });
  expect(performance.now() - begun).toBeLessThan(5000);
});

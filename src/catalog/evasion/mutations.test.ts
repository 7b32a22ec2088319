import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { processStart, splitArguments, type RawDocument } from "./document.ts";
import { MUTATIONS } from "./mutations.ts";

const sysmon = (id: string, data: Record<string, string>): RawDocument => ({
  host: { hostname: "WS01", ip: ["10.10.20.31"] },
  winlog: { provider_name: "Microsoft-Windows-Sysmon", event_id: id, computer_name: "WS01.corp.example", event_data: data },
});
const security = (id: string, data: Record<string, string>): RawDocument => ({
  winlog: { provider_name: "Microsoft-Windows-Security-Auditing", event_id: id, computer_name: "SRV01.corp.example", event_data: data },
});
const start = (commandLine: string, image = String.raw`C:\Windows\System32\net.exe`, originalName = "net.exe"): RawDocument =>
  sysmon("1", { ProcessGuid: "{1}", Image: image, CommandLine: commandLine, OriginalFileName: originalName });

function mutated(id: string, events: readonly RawDocument[]): readonly RawDocument[] | null {
  const mutation = MUTATIONS.find((m) => m.id === id);
  if (mutation === undefined) throw new Error(`no mutation ${id}`);
  return mutation.mutate(events, () => 0.25, { nameProgram: (file) => file.endsWith(".exe") });
}

const line = (id: string, document: RawDocument): string | null => {
  const after = mutated(id, [document]);
  return after === null ? null : processStart(after[0]!)!.commandLine;
};

const data = (document: RawDocument): Record<string, string> => (document["winlog"] as { event_data: Record<string, string> }).event_data;

describe("command lines", () => {
  const NET = String.raw`net  use \\10.10.30.12\C$ /u:CORP\a`;
  test.each([
    ["letter-case", NET, NET.toUpperCase()],
    ["net1", NET, String.raw`net1  use \\10.10.30.12\C$ /u:CORP\a`],
    ["user-switch", NET, String.raw`net  use \\10.10.30.12\C$ /USER:CORP\a`],
    ["blanks", NET, `net \t  use \t  \\\\10.10.30.12\\C$ \t  /u:CORP\\a`],
    ["quotes", NET, String.raw`net  use "\\10.10.30.12\C$" /u:CORP\a`],
    ["quoted-part", NET, String.raw`net  use \\10.10.30.12\"C$" /u:CORP\a`],
    ["host-netbios", NET, String.raw`net  use \\SRV01\C$ /u:CORP\a`],
    ["host-ip", NET, null],
    ["host-unc-long", NET, null],
    ["drive-share", NET, String.raw`net  use \\10.10.30.12\D$ /u:CORP\a`],
    ["powershell-mapping", NET, String.raw`powershell.exe -NoProfile -Command New-SmbMapping -RemotePath \\10.10.30.12\C$`],
    ["powershell-mapping", String.raw`net use \\10.10.30.12\C$ /delete`, null],
    ["host-loopback-2", String.raw`net view \\127.0.0.1`, String.raw`net view \\127.0.0.2`],
    ["host-loopback-2", String.raw`net view \\10.127.0.0.1`, null],
    ["loopback-name", String.raw`net view \\LOCALHOST /all`, String.raw`net view \\WS01 /all`],
    ["host-ipv6-literal", String.raw`net view \\SRV01`, String.raw`net view \\fd00--a0a-1e0c.ipv6-literal.net`],
  ])("%s of %s", (id, before, after) => {
    expect(line(id, start(before))).toBe(after);
  });

  const CMD = String.raw`"C:\Windows\system32\cmd.exe" /c copy C:\Windows\System32\calc.exe \\10.10.30.12\ADMIN$\c.exe`;
  const shell = (text: string): RawDocument => start(text, String.raw`C:\Windows\System32\cmd.exe`, "Cmd.Exe");
  test.each([
    ["host-unc-long", CMD.replace(String.raw`\\10`, String.raw`\\?\UNC\10`)],
    ["xcopy", String.raw`xcopy  C:\Windows\System32\calc.exe \\10.10.30.12\ADMIN$\c.exe /Y`],
    ["powershell-copy", String.raw`powershell.exe -c Copy-Item C:\Windows\System32\calc.exe \\10.10.30.12\ADMIN$\c.exe`],
    ["robocopy", String.raw`robocopy  C:\Windows\System32 \\10.10.30.12\ADMIN$ calc.exe`],
    ["quotes", null],
    ["drive-share", null],
  ])("%s of copy in a shell", (id, after) => {
    expect(line(id, shell(CMD))).toBe(after);
  });

  test("what is quoted stays as it is", () => {
    expect(line("blanks", start(String.raw`"C:\Program Files\net.exe" use "a b"`))).toBe(`"C:\\Program Files\\net.exe" \t  use \t  "a b"`);
    expect(line("quotes", start(String.raw`net use "\\a\C$" \\b\C$`))).toBe(String.raw`net use "\\a\C$" "\\b\C$"`);
  });

  test("blanks and quotes leave the arguments what they were", () => {
    const word = fc.stringMatching(/^[a-z$\\/:."]{1,12}$/);
    fc.assert(
      fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), (words) => {
        const before = `net ${words.join(" ")}`;
        // An open quote makes everything after it one argument; no one types that.
        fc.pre(before.split('"').length % 2 === 1 && !before.includes('\\"'));
        for (const id of ["blanks", "quotes"]) {
          const after = line(id, start(before));
          if (after !== null) expect(splitArguments(after)).toEqual(splitArguments(before));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("the events of a case stay consistent", () => {
  test("a renamed program is renamed in all its events and in its children's", () => {
    const image = String.raw`C:\Tools\PsExec.exe`;
    const after = mutated("renamed-binary", [
      start(String.raw`"C:\Tools\PsExec.exe" \\SRV01 cmd`, image, "psexec.c"),
      sysmon("13", { ProcessGuid: "{1}", Image: image, TargetObject: "x" }),
      sysmon("13", { ProcessGuid: "{2}", Image: String.raw`C:\a.exe`, TargetObject: "x" }),
      sysmon("1", {
        ProcessGuid: "{3}",
        ParentProcessGuid: "{1}",
        Image: "a",
        CommandLine: "a",
        ParentImage: image,
        ParentCommandLine: "p",
      }),
    ])!;
    const copied = String.raw`C:\Users\Public\svcupd.exe`;
    expect(data(after[0]!)).toMatchObject({
      Image: copied,
      CommandLine: String.raw`"${copied}" \\SRV01 cmd`.replace("${copied}", copied),
      OriginalFileName: "psexec.c",
    });
    expect(data(after[1]!)["Image"]).toBe(copied);
    expect(data(after[2]!)["Image"]).toBe(String.raw`C:\a.exe`);
    expect(data(after[3]!)).toMatchObject({ ParentImage: copied, Image: "a" });
  });

  test("the same in Windows' own log, by process id", () => {
    const net = String.raw`C:\Windows\System32\net.exe`;
    const after = mutated("net1", [
      security("4688", {
        NewProcessId: "0x10",
        ProcessId: "0x8",
        NewProcessName: net,
        CommandLine: "net view",
        ParentProcessName: "C:\\b.exe",
      }),
      security("4689", { ProcessId: "0x10", ProcessName: net }),
      security("4689", { ProcessId: "0x8", ProcessName: "C:\\b.exe" }),
    ])!;
    expect(after.map((event) => data(event)["NewProcessName"] ?? data(event)["ProcessName"])).toEqual([
      String.raw`C:\Windows\System32\net1.exe`,
      String.raw`C:\Windows\System32\net1.exe`,
      "C:\\b.exe",
    ]);
  });

  test("a dropped file keeps its one name everywhere, and what is run keeps its kind", () => {
    const events = [
      security("5145", { ShareName: "\\\\*\\ADMIN$", RelativeTargetName: "Temp\\u.exe" }),
      security("4697", { ServiceFileName: "C:\\Windows\\Temp\\U.exe /x", ServiceName: "u" }),
    ];
    expect(mutated("payload-name", events)!.map((e) => data(e)["RelativeTargetName"] ?? data(e)["ServiceFileName"])).toEqual([
      "Temp\\kb5034441.exe",
      "C:\\Windows\\Temp\\kb5034441.exe /x",
    ]);
    const run = security("4688", { NewProcessId: "0x1", NewProcessName: "C:\\Windows\\Temp\\u.exe", CommandLine: "u" });
    expect(mutated("payload-kind", [...events, run])).toBeNull();
    expect(data(mutated("payload-kind", events.slice(0, 1))![0]!)["RelativeTargetName"]).toBe("Temp\\u.dll");
  });

  test("a renamed service keeps the name its program was built with", () => {
    const after = mutated("renamed-service", [start("C:\\Windows\\PSEXESVC.exe", "C:\\Windows\\PSEXESVC.exe", "psexesvc.exe")])!;
    expect(data(after[0]!)).toMatchObject({ Image: "C:\\Windows\\WinUpdSvc.exe", OriginalFileName: "psexesvc.exe" });
  });

  test("only the other machine gets another address", () => {
    const connection = sysmon("3", { SourceIp: "10.10.20.31", DestinationIp: "10.10.30.12", SourceIsIpv6: "false" });
    expect(mutated("source-ipv6", [connection])).toBeNull();
    const accepted = sysmon("3", { SourceIp: "10.10.20.99", DestinationIp: "10.10.20.31", SourceIsIpv6: "false" });
    expect(data(mutated("source-ipv6", [accepted])![0]!)).toMatchObject({ SourceIp: "fd00::a0a:141f", SourceIsIpv6: "true" });
  });
});

test("no mutation throws or hangs on any document", () => {
  const value = fc.oneof(
    fc.string(),
    fc.constantFrom(String.raw`net use \\a\C$`, "127.0.0.1", "C:\\x.exe", '"'.repeat(50), "\\".repeat(2000)),
    fc.integer(),
    fc.constant(null),
  );
  const document = fc.oneof(
    fc.object({ values: [value], maxDepth: 3 }),
    fc.record({
      winlog: fc.record({
        event_id: fc.constantFrom("1", "4688", "5145"),
        provider_name: fc.constantFrom("Microsoft-Windows-Sysmon", "x"),
        event_data: fc.record({
          Image: value,
          NewProcessName: value,
          CommandLine: value,
          ShareName: value,
          RelativeTargetName: value,
          IpAddress: value,
        }),
      }),
    }),
  ) as fc.Arbitrary<RawDocument>;
  fc.assert(
    fc.property(fc.array(document, { maxLength: 3 }), (events) => {
      for (const mutation of MUTATIONS) {
        const after = mutation.mutate(events, Math.random, { nameProgram: () => true });
        if (after !== null) expect(after).toHaveLength(events.length);
      }
    }),
    { numRuns: 300 },
  );
});

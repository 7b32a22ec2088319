/**
 * What an attacker can change without changing what happens. Each mutation is a documented, behaviour-preserving rewrite of the
 * recorded events of a case: what the same attack would have left had it been typed or configured differently. They carry no
 * tooling: only the telemetry changes.
 */
import { baseName, mapEventData, mapTexts, processStart, withProcessStart, type ProcessStart, type RawDocument } from "./document.ts";

export interface Mutation {
  readonly id: string;
  readonly title: string;
  /** Why Windows behaves the same. */
  readonly why: string;
  /** The mutated events, or null where the case offers nothing to mutate. `random` is seeded: 0 <= n < 1. */
  readonly mutate: (events: readonly RawDocument[], random: () => number) => readonly RawDocument[] | null;
}

/** Rewrites process starts; null when no start changed. */
function processes(change: (start: ProcessStart, random: () => number) => ProcessStart | null): Mutation["mutate"] {
  return (events, random) => {
    let changed = false;
    const mutated = events.map((event) => {
      const start = processStart(event);
      const next = start === null ? null : change(start, random);
      if (next === null) return event;
      changed = true;
      return withProcessStart(event, next);
    });
    return changed ? mutated : null;
  };
}

/** Rewrites command lines alone. */
function commands(change: (commandLine: string, start: ProcessStart) => string): Mutation["mutate"] {
  return processes((start) => {
    const commandLine = change(start.commandLine, start);
    return commandLine === start.commandLine ? null : { ...start, commandLine };
  });
}

function texts(names: readonly string[], change: (value: string, name: string) => string): Mutation["mutate"] {
  return (events) => {
    const mutated = events.map((event) => mapEventData(event, names, change));
    return mutated.some((event, i) => event !== events[i]) ? mutated : null;
  };
}

function everywhere(change: (value: string) => string): Mutation["mutate"] {
  return (events) => {
    const mutated = events.map((event) => mapTexts(event, change));
    return JSON.stringify(mutated) === JSON.stringify(events) ? null : mutated;
  };
}

// ------------------------------------------------------------------------------------------------- pieces

const isNet = (start: ProcessStart): boolean => /^net1?\.exe$/i.test(start.originalName ?? baseName(start.image));
const isShell = (start: ProcessStart): boolean => /^(cmd|powershell|pwsh)\.exe$/i.test(start.originalName ?? baseName(start.image));

function randomCase(value: string, random: () => number): string {
  return [...value].map((c) => (random() < 0.5 ? c.toUpperCase() : c.toLowerCase())).join("");
}

/** `\\HOST\SHARE`: where the host of a UNC path lies. A host has no blank, backslash or quote. */
const UNC = /\\\\([^\\\s"'?*]+)\\/g;

function withHost(commandLine: string, host: (old: string) => string | null): string {
  return commandLine.replaceAll(UNC, (whole, old: string) => {
    const next = host(old);
    return next === null ? whole : `\\\\${next}\\`;
  });
}

/** PsExec and sc take `\\HOST` alone, without a share. */
const BARE_HOST = /\\\\([^\\\s"'?*]+)(?=\s|"|$)/g;

function withAnyHost(commandLine: string, host: (old: string) => string | null): string {
  return withHost(commandLine, host).replaceAll(BARE_HOST, (whole, old: string) => {
    const next = host(old);
    return next === null ? whole : `\\\\${next}`;
  });
}

const isAddress = (host: string): boolean => /^\d+\.\d+\.\d+\.\d+$/.test(host);
const isLoopback = (host: string): boolean => host.startsWith("127.") || /^localhost$/i.test(host);

function replaceImage(start: ProcessStart, name: string): ProcessStart {
  const old = baseName(start.image);
  const stem = old.replace(/\.exe$/i, "");
  const first = start.commandLine.search(/\s(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const head = first < 0 ? start.commandLine : start.commandLine.slice(0, first);
  const at = head.toLowerCase().lastIndexOf(stem.toLowerCase());
  const rest = first < 0 ? "" : start.commandLine.slice(first);
  const tail = at < 0 ? "" : head.slice(at + stem.length);
  return {
    ...start,
    image: start.image.slice(0, start.image.length - old.length) + name,
    commandLine:
      at < 0
        ? start.commandLine
        : head.slice(0, at) + (/^\.exe/i.test(tail) ? name : name.replace(/\.exe$/i, "")) + tail.replace(/^\.exe/i, "") + rest,
  };
}

const FILE_FIELDS = ["RelativeTargetName", "TargetFilename"] as const;
const SERVICE_FIELDS = [
  "ServiceName",
  "ImagePath",
  "ServiceFileName",
  "RelativeTargetName",
  "PipeName",
  "TargetFilename",
  "Image",
  "NewProcessName",
  "ParentImage",
  "ParentProcessName",
  "CommandLine",
  "ParentCommandLine",
  "TargetObject",
  "Details",
  "param1",
] as const;

// ---------------------------------------------------------------------------------------------- the table

export const MUTATIONS: readonly Mutation[] = [
  {
    id: "letter-case",
    title: "Letters in random case",
    why: "Windows finds programs, shares, switches and hosts without regard to case.",
    mutate: processes((start, random) => ({
      ...start,
      image: start.image.slice(0, start.image.length - baseName(start.image).length) + randomCase(baseName(start.image), random),
      commandLine: randomCase(start.commandLine, random),
    })),
  },
  {
    id: "target-letter-case",
    title: "Share, file and pipe names in random case",
    why: "SMB names compare without case; the audit record shows what the client sent.",
    mutate: (events, random) =>
      texts(["ShareName", "RelativeTargetName", "TargetFilename"], (value) => randomCase(value, random))(events, random),
  },
  {
    id: "renamed-binary",
    title: "The program copied under another name",
    why: "A program's file name is free; the name it was built with stays in its version resource.",
    mutate: processes((start) =>
      /^(psexec|paexec|remcom|csexec|net|net1|sc|xcopy|robocopy|cmd|powershell|pwsh)/i.test(baseName(start.image))
        ? replaceImage(start, "svcupd.exe")
        : null,
    ),
  },
  {
    id: "net1",
    title: "net1 instead of net",
    why: "net.exe hands most verbs to net1.exe, which can be called itself.",
    mutate: processes((start) => {
      if (!/^net\.exe$/i.test(baseName(start.image))) return null;
      return { ...replaceImage(start, "net1.exe"), originalName: start.originalName === undefined ? undefined : "net1.exe" };
    }),
  },
  {
    id: "user-switch",
    title: "/user: for /u: and the reverse",
    why: "net accepts any unambiguous beginning of a switch.",
    mutate: commands((line) => (/\/user:/i.test(line) ? line.replaceAll(/\/user:/gi, "/u:") : line.replaceAll(/\/u:/gi, "/USER:"))),
  },
  {
    id: "blanks",
    title: "Extra blanks and a tab",
    why: "Any run of blanks separates arguments.",
    mutate: commands((line) => line.replaceAll(/ (?=\S)/g, "   ").replace(/ {3}(?=[^ ]*$)/, " \t ")),
  },
  {
    id: "quotes",
    title: "Quotes around the path",
    why: "Quotes are removed before a program sees its arguments.",
    mutate: commands((line, start) => (isShell(start) ? line : line.replaceAll(/(?<!")(\\\\[^\s"]+)(?!")/g, '"$1"'))),
  },
  {
    id: "host-fqdn",
    title: "The host by its full name",
    why: "The same host, another name of it.",
    mutate: commands((line) => withAnyHost(line, (host) => (isAddress(host) && !isLoopback(host) ? "srv01.corp.example" : null))),
  },
  {
    id: "host-netbios",
    title: "The host by its short name",
    why: "The same host, another name of it.",
    mutate: commands((line) => withAnyHost(line, (host) => (isLoopback(host) ? null : "SRV01"))),
  },
  {
    id: "host-unc-long",
    title: String.raw`\\?\UNC\host\share`,
    why: "The long form of a UNC path (Microsoft, Naming Files, Paths, and Namespaces).",
    mutate: commands((line, start) => (isNet(start) ? line : withHost(line, (host) => String.raw`?\UNC\${host}`.replace("${host}", host)))),
  },
  {
    id: "host-loopback-2",
    title: "127.0.0.2 for 127.0.0.1",
    why: "All of 127.0.0.0/8 is this host.",
    mutate: everywhere((value) =>
      value.replaceAll(/\b127\.0\.0\.1\b/g, "127.0.0.2").replaceAll(/\\\\localhost(?=[\\\s"]|$)/gi, "\\\\127.0.0.2"),
    ),
  },
  {
    id: "host-ipv6-literal",
    title: "The host as an IPv6 literal name",
    why: "Windows resolves ADDRESS.ipv6-literal.net itself, without DNS.",
    mutate: commands((line) =>
      withAnyHost(line, (host) => (isLoopback(host) ? "0--1.ipv6-literal.net" : "fe80--a0a-1e0c.ipv6-literal.net")),
    ),
  },
  {
    id: "loopback-name",
    title: "Loopback by the host's own name",
    why: "The host's own name leads to itself; the target then sees the host's address, not 127.0.0.1.",
    mutate: (events, random) => {
      const named = commands((line) => withAnyHost(line, (host) => (isLoopback(host) ? "WS01" : null)))(events, random);
      const seen = texts(["IpAddress", "SourceIp", "DestinationIp"], (value) =>
        isLoopback(value) || value === "::1" ? "10.10.20.31" : value,
      )(named ?? events, random);
      return seen ?? named;
    },
  },
  {
    id: "drive-share",
    title: "D$ for C$",
    why: "Every local disk has an administrative share.",
    mutate: (events, random) => {
      const typed = commands((line) => line.replaceAll(/\\C\$/gi, "\\D$"))(events, random);
      return texts(["ShareName"], (value) => value.replace(/\\C\$$/i, "\\D$"))(typed ?? events, random) ?? typed;
    },
  },
  {
    id: "powershell-mapping",
    title: "New-SmbMapping instead of net use",
    why: "Both call the same redirector.",
    mutate: processes((start) => {
      if (!isNet(start)) return null;
      const share = /\suse\s+(?:\w:\s+)?"?(\\\\[^\s"]+)/i.exec(start.commandLine);
      if (share === null) return null;
      return {
        image: String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`,
        commandLine: `powershell.exe -NoProfile -Command New-SmbMapping -RemotePath ${share[1]}`,
        originalName: start.originalName === undefined ? undefined : "PowerShell.EXE",
      };
    }),
  },
  {
    id: "powershell-drive",
    title: "New-PSDrive instead of net use",
    why: "A FileSystem drive on a UNC root is the same connection.",
    mutate: processes((start) => {
      if (!isNet(start)) return null;
      const share = /\suse\s+(?:\w:\s+)?"?(\\\\[^\s"]+)/i.exec(start.commandLine);
      if (share === null) return null;
      return {
        image: String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`,
        commandLine: `powershell.exe New-PSDrive -Name g -PSProvider FileSystem -Root ${share[1]}`,
        originalName: start.originalName === undefined ? undefined : "PowerShell.EXE",
      };
    }),
  },
  {
    id: "powershell-copy",
    title: "Copy-Item instead of copy",
    why: "Both open the target by its UNC path.",
    mutate: processes((start) => {
      const copy = /\bcopy\s+(?:\/\w\s+)*"?([^\s"]+)"?\s+"?(\\\\[^\s"]+)/i.exec(start.commandLine);
      if (copy === null || !/^cmd\.exe$/i.test(start.originalName ?? baseName(start.image))) return null;
      return {
        image: String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`,
        commandLine: `powershell.exe -c Copy-Item ${copy[1]} ${copy[2]}`,
        originalName: start.originalName === undefined ? undefined : "PowerShell.EXE",
      };
    }),
  },
  {
    id: "xcopy",
    title: "xcopy instead of copy",
    why: "Both write the same file to the same share.",
    mutate: processes((start) => {
      const copy = /\bcopy\s+(?:\/\w\s+)*"?([^\s"]+)"?\s+"?(\\\\[^\s"]+)/i.exec(start.commandLine);
      if (copy === null || !/^cmd\.exe$/i.test(start.originalName ?? baseName(start.image))) return null;
      return {
        image: String.raw`C:\Windows\System32\xcopy.exe`,
        commandLine: `xcopy  ${copy[1]} ${copy[2]} /Y`,
        originalName: start.originalName === undefined ? undefined : "XCOPY.EXE",
      };
    }),
  },
  {
    id: "renamed-service",
    title: "The remote service, its file and its pipes renamed",
    why: "PsExec takes the service name with -r; the others are one constant away from it.",
    mutate: texts(SERVICE_FIELDS, (value) =>
      value
        .replaceAll(/PSEXESVC/gi, "WinUpdSvc")
        .replaceAll(/PAExec(?=-)/gi, "WinUpdSvc")
        .replaceAll(/RemComSvc/gi, "WinUpdSvc"),
    ),
  },
  {
    id: "payload-name",
    title: "Another name for the file that is dropped",
    why: "A file's name is free; its kind is not.",
    mutate: texts(FILE_FIELDS, (value) =>
      /(^|\\)(PSEXESVC|[^\\]*-(stdin|stdout|stderr)|svcctl|srvsvc)/i.test(value)
        ? value
        : value.replace(/([^\\]+)\.(exe|dll|bat|cmd|ps1)$/i, "kb5034441.$2"),
    ),
  },
  {
    id: "payload-kind",
    title: "A DLL or screen saver instead of an .exe",
    why: "rundll32 runs a DLL, and .scr is an executable by another name.",
    mutate: (events, random) => {
      const kind = random() < 0.5 ? "dll" : "scr";
      return texts(["RelativeTargetName", "TargetFilename"], (value) =>
        /PSEXESVC/i.test(value) ? value : value.replace(/\.exe$/i, `.${kind}`),
      )(events, random);
    },
  },
  {
    id: "source-ipv6",
    title: "The source over IPv6",
    why: "SMB runs over IPv6 where both ends have it; the record then shows that address.",
    mutate: texts(["IpAddress", "SourceIp"], (value) => (isAddress(value) && !isLoopback(value) ? "fe80::a0a:141f" : value)),
  },
  {
    id: "source-mapped",
    title: "The source as an IPv4-mapped address",
    why: "A dual-stack socket shows an IPv4 peer as ::ffff:a.b.c.d.",
    mutate: texts(["IpAddress", "SourceIp"], (value) => (isAddress(value) && !isLoopback(value) ? `::ffff:${value}` : value)),
  },
];

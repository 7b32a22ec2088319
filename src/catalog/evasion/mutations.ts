/**
 * What an attacker can change without changing what happens. Each mutation is a documented, behaviour-preserving rewrite of the
 * recorded events of a case: what the same attack would have left had it been typed or configured differently. They carry no
 * tooling: only the telemetry changes.
 */
import {
  baseName,
  isAddress,
  isLoopback,
  mapAddresses,
  mapProcesses,
  mapTexts,
  ownHost,
  processStart,
  writtenFile,
  type ProcessStart,
  type RawDocument,
} from "./document.ts";

export interface Mutation {
  readonly id: string;
  readonly title: string;
  /** Why Windows behaves the same. */
  readonly why: string;
  /** The mutated events, or null where the case offers nothing to mutate. `random` is seeded: 0 <= n < 1. */
  readonly mutate: (events: readonly RawDocument[], random: () => number) => readonly RawDocument[] | null;
  /** Where the telemetry itself no longer tells the attack from ordinary use. */
  readonly invisible?: readonly Invisible[];
}

export interface Invisible {
  /** The kinds of record (`recordKinds`) of which the case must have one ... */
  readonly has: readonly string[];
  /** ... and those of which it must have none. */
  readonly lacks: readonly string[];
  readonly why: string;
}

type Rewrite = Mutation["mutate"];

/** The events, or null where nothing changed. */
function changedOnly(before: readonly RawDocument[], after: readonly RawDocument[]): readonly RawDocument[] | null {
  return JSON.stringify(before, plain) === JSON.stringify(after, plain) ? null : after;
}

const plain = (_: string, value: unknown): unknown => (typeof value === "bigint" ? String(value) : value);

/** Rewrites process starts. */
function processes(change: (start: ProcessStart, random: () => number) => ProcessStart | null): Rewrite {
  return (events, random) =>
    changedOnly(
      events,
      mapProcesses(events, (start) => change(start, random)),
    );
}

/** Rewrites command lines alone. */
function commands(change: (commandLine: string, start: ProcessStart) => string): Rewrite {
  return processes((start) => {
    const commandLine = change(start.commandLine, start);
    return commandLine === start.commandLine ? null : { ...start, commandLine };
  });
}

function everywhere(change: (value: string, key: string) => string): Rewrite {
  return (events) =>
    changedOnly(
      events,
      events.map((event) => mapTexts(event, change)),
    );
}

function addresses(ends: readonly ("source" | "destination")[], change: (ip: string) => string): Rewrite {
  return (events) =>
    changedOnly(
      events,
      events.map((event) => mapAddresses(event, ends, change)),
    );
}

// ------------------------------------------------------------------------------------------------- pieces

const programOf = (start: ProcessStart): string => baseName(start.image);
const isNet = (start: ProcessStart): boolean => /^net1?\.exe$/i.test(programOf(start));
const isShell = (start: ProcessStart): boolean => /^(cmd|powershell|pwsh)\.exe$/i.test(programOf(start));
/** Started by the machinery of the target, where the program's name is not the attacker's to choose by copying a file. */
const isRemotelyStarted = (start: ProcessStart): boolean =>
  /\\(services|WmiPrvSE|svchost|PSEXESVC|PAExec[^\\]*|RemComSvc)\.exe$/i.test(start.parentImage ?? "");

function randomCase(value: string, random: () => number): string {
  return [...value].map((c) => (random() < 0.5 ? c.toUpperCase() : c.toLowerCase())).join("");
}

/** The host of `\\HOST\SHARE` or of `\\HOST` alone. A host has no blank, backslash or quote; `\\.\` and `\\?\` are no hosts. */
const HOST = /(?<![\w:\\])\\\\([^\\\s"'?*.][^\\\s"'?*,]*)(?=[\\\s"',]|$)/g;

function withHost(commandLine: string, host: (old: string) => string | null): string {
  return commandLine.replaceAll(HOST, (whole, old: string) => {
    const next = host(old);
    return next === null ? whole : `\\\\${next}`;
  });
}

/** Applies a change to what stands outside double quotes. */
function outsideQuotes(commandLine: string, change: (piece: string) => string): string {
  return commandLine
    .split('"')
    .map((piece, i) => (i % 2 === 0 ? change(piece) : piece))
    .join('"');
}

/** The program's own word at the head of a command line, quotes and all. */
function headOf(commandLine: string): string {
  return /^(?:"[^"]*"|[^\s"]*)/.exec(commandLine)![0];
}

/** The command that a shell was given: `net use` in `cmd.exe /c "net use ..."`. */
const NET_IN_SHELL = /(^|[\s"&|])net1?(?:\.exe)?(?=\s+(?:use|view)\b)/gi;

/** `net use \\host\share` with all its arguments, as a program's own command line or inside a shell's. */
const NET_USE = /\bnet1?(?:\.exe)?"?\s+use\s+(?:\w:\s+)?"?(\\\\[^\s"]+)[^"&|]*/i;

/** Does the case map a share with net, so that another program can do it? */
const POWERSHELL = String.raw`C:\Windows\System32\WindowsPowerShell\v1.0\powershell.exe`;

function insteadOfNetUse(command: (share: string) => string): Rewrite {
  return processes((start) => {
    const found = NET_USE.exec(start.commandLine);
    if (found === null || /\/d(?:el|elete)?\b/i.test(found[0])) return null;
    const text = `powershell.exe -NoProfile -Command ${command(found[1]!)}`;
    if (isShell(start)) return { ...start, commandLine: start.commandLine.replace(NET_USE, () => text) };
    if (!isNet(start)) return null;
    const originalName = start.originalName === undefined ? undefined : "PowerShell.EXE";
    return { ...start, image: POWERSHELL, commandLine: text, originalName };
  });
}

/** `copy FROM \\host\share\TO`, as cmd.exe has it built in. */
const COPY = /\bcopy\s+(?:\/\w\s+)*"?([^\s"]+)"?\s+"?(\\\\[^\s"]+)"?/i;

function insteadOfCopy(image: string, originalName: string, command: (from: string, to: string) => string): Rewrite {
  return processes((start) => {
    const found = COPY.exec(start.commandLine);
    if (found === null || !/^cmd\.exe$/i.test(programOf(start))) return null;
    const commandLine = command(found[1]!, found[2]!);
    return { ...start, image, commandLine, originalName: start.originalName === undefined ? undefined : originalName };
  });
}

/** Files that the tools themselves drop; their names are another mutation's. */
const TOOL_FILE = /^(PSEXESVC|PSEXEC-|PAExec|RemComSvc|__)/i;

/** The names of the programs that a case drops over SMB, in lower case. */
function droppedPrograms(events: readonly RawDocument[]): Set<string> {
  const names = events.flatMap((event) => writtenFile(event) ?? []).map(baseName);
  return new Set(names.filter((name) => /\.(exe|dll|bat|cmd|ps1)$/i.test(name) && !TOOL_FILE.test(name)).map((name) => name.toLowerCase()));
}

/** Replaces whole file names wherever they stand. */
function withFileNames(value: string, names: ReadonlySet<string>, change: (name: string) => string): string {
  return value
    .split(/([\\\s"]+)/)
    .map((piece) => (names.has(piece.toLowerCase()) ? change(piece) : piece))
    .join("");
}

function inOrder(...rewrites: readonly Rewrite[]): Rewrite {
  return (events, random) => {
    let now: readonly RawDocument[] | null = null;
    for (const rewrite of rewrites) now = rewrite(now ?? events, random) ?? now;
    return now;
  };
}

const NAME_OF_SERVICE = "WinUpdSvc";

/** The host by another name; what the source machine sees of the connection is the same. */
function hostAs(next: (old: string) => string | null): Rewrite {
  return commands((line) => withHost(line, next));
}

/** The machine at the other end by another address; a machine's own records of its own address are no such thing. */
function peerAs(next: (ip: string) => string): Rewrite {
  return (events) =>
    changedOnly(
      events,
      events.map((event) => {
        const own = ownHost(event).address;
        return mapAddresses(event, ["source"], (ip) => (isAddress(ip) && !isLoopback(ip) && ip !== own ? next(ip) : ip));
      }),
    );
}

// ---------------------------------------------------------------------------------------------- the table

export const MUTATIONS: readonly Mutation[] = [
  {
    id: "letter-case",
    title: "Letters in random case",
    why: "Windows finds programs, shares, switches and hosts without regard to case.",
    mutate: processes((start, random) => ({
      ...start,
      image: start.image.slice(0, start.image.length - programOf(start).length) + randomCase(programOf(start), random),
      commandLine: randomCase(start.commandLine, random),
    })),
  },
  {
    id: "target-letter-case",
    title: "Share, file and pipe names in random case",
    why: "SMB names compare without case; the audit record shows what the client sent.",
    mutate: (events, random) => {
      // One spelling for one name, or the file that was written would not be the file that was run.
      const spelt = new Map<string, string>();
      const spell = (value: string): string => {
        if (!spelt.has(value)) spelt.set(value, randomCase(value, random));
        return spelt.get(value)!;
      };
      const names = new Set(["ShareName", "RelativeTargetName"]);
      return everywhere((value, key) => (names.has(key) ? spell(value) : value))(events, random);
    },
  },
  {
    id: "renamed-binary",
    title: "The program copied under another name",
    why: "A program's file name is free; the name it was built with stays in its version resource.",
    mutate: (events, random) => {
      const net = events.some((event) => {
        const start = processStart(event);
        return start !== null && isNet(start);
      });
      return processes((start) => {
        const program = programOf(start);
        const copied = /^(psexec(64)?|paexec|remcom|csexec|net1?|sc|xcopy|robocopy)\.exe$/i.test(program);
        const shell = isShell(start) && !isRemotelyStarted(start);
        const line =
          shell && net ? start.commandLine.replaceAll(NET_IN_SHELL, String.raw`$1C:\Users\Public\svcupd.exe`) : start.commandLine;
        if (!copied && !shell) return null;
        const image = "C:\\Users\\Public\\" + (shell ? "hostapp.exe" : "svcupd.exe");
        return { ...start, image, commandLine: `"${image}"${line.slice(headOf(line).length)}` };
      })(events, random);
    },
    invisible: [
      {
        has: ["windows 4688"],
        lacks: ["sysmon 1", "defend"],
        why: "Security 4688 records no original file name: nothing in it says which program the renamed file is, and a command line alone is what scripts and installers have too.",
      },
    ],
  },
  {
    id: "net1",
    title: "net1 instead of net",
    why: "net1.exe takes the same commands as net.exe and can be called itself.",
    mutate: processes((start) => {
      if (isShell(start)) {
        const commandLine = start.commandLine.replaceAll(NET_IN_SHELL, "$1net1");
        return commandLine === start.commandLine ? null : { ...start, commandLine };
      }
      if (!/^net\.exe$/i.test(programOf(start))) return null;
      return {
        ...start,
        image: start.image.replace(/net\.exe$/i, "net1.exe"),
        commandLine: start.commandLine.replace(/^("?(?:[^"\s]*\\)?)net(?=[\s".])/i, "$1net1"),
        originalName: start.originalName === undefined ? undefined : "net1.exe",
      };
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
    mutate: commands((line) => {
      const head = headOf(line);
      return head + outsideQuotes(line.slice(head.length), (piece) => piece.replaceAll(/ +(?=\S|$)/g, " \t  "));
    }),
  },
  {
    id: "quotes",
    title: "Quotes around the path",
    why: "Quotes are removed before a program sees its arguments.",
    mutate: commands((line, start) =>
      isShell(start) ? line : outsideQuotes(line, (piece) => piece.replaceAll(/(?<!\S)\\\\\S*[^\s\\](?!\S)/g, (path) => `"${path}"`)),
    ),
  },
  {
    id: "quoted-part",
    title: "Quotes inside the path",
    why: 'A quote may open and close anywhere: `\\\\host\\"C$"` is one argument.',
    mutate: commands((line, start) =>
      isShell(start) ? line : outsideQuotes(line, (piece) => piece.replaceAll(/(?<=\s\\\\[^\s\\]{1,255}\\)([A-Za-z]+\$)(?=\s|$)/g, '"$1"')),
    ),
  },
  {
    id: "host-fqdn",
    title: "The host by its full name",
    why: "The same host, another name of it.",
    mutate: hostAs((host) => (isLoopback(host) ? null : "srv01.corp.example")),
  },
  {
    id: "host-netbios",
    title: "The host by its short name",
    why: "The same host, another name of it.",
    mutate: hostAs((host) => (isLoopback(host) ? null : "SRV01")),
  },
  {
    id: "host-ip",
    title: "The host by its address",
    why: "The same host; with an address Windows logs on by NTLM, which these rules do not ask about.",
    mutate: hostAs((host) => (isLoopback(host) || isAddress(host) ? null : "10.10.30.12")),
  },
  {
    id: "host-unc-long",
    title: String.raw`\\?\UNC\host\share`,
    why: "The long form of a UNC path (Microsoft, Naming Files, Paths, and Namespaces). cmd.exe, xcopy and robocopy open it; net does not.",
    mutate: commands((line, start) =>
      isNet(start) || NET_USE.test(line) || /smbmapping|psdrive/i.test(line)
        ? line
        : line.replaceAll(/(?<![\w:\\])\\\\(?=[^\\\s"'?*.][^\\\s"'?*]*\\)/g, () => String.raw`\\?\UNC` + "\\"),
    ),
  },
  {
    id: "host-ipv6-literal",
    title: "The host as an IPv6 literal name",
    why: "Windows resolves ADDRESS.ipv6-literal.net itself, without DNS.",
    mutate: (events, random) => {
      const named = hostAs((host) => (isLoopback(host) ? "0--1.ipv6-literal.net" : "fd00--a0a-1e0c.ipv6-literal.net"))(events, random);
      if (named === null) return null;
      const seen = addresses(["source", "destination"], (ip) => (isLoopback(ip) ? "::1" : ip))(named, random) ?? named;
      return addresses(["destination"], (ip) => (ip === "10.10.30.12" ? "fd00::a0a:1e0c" : ip))(seen, random) ?? seen;
    },
  },
  {
    id: "host-loopback-2",
    title: "127.0.0.2 for 127.0.0.1",
    why: "All of 127.0.0.0/8 is this host.",
    mutate: inOrder(
      everywhere((value) =>
        value.replaceAll(/(?<![\w.])127\.0\.0\.1(?![\w.])/g, "127.0.0.2").replaceAll(/\\\\localhost(?=[\\\s"]|$)/gi, "\\\\127.0.0.2"),
      ),
    ),
  },
  {
    id: "loopback-name",
    title: "Loopback by the host's own name",
    why: "The host's own name leads to itself; the records then show the host's address, not 127.0.0.1.",
    mutate: (events, random) => {
      const { name, address } = ownHost(events[0] ?? {});
      const named = everywhere((value, key) =>
        /^(CommandLine|ParentCommandLine|command_line|args|ImagePath|ServiceFileName)$/.test(key)
          ? withHost(value, (host) => (isLoopback(host) ? name : null))
          : value,
      )(events, random);
      if (named === null) return null;
      return addresses(["source", "destination"], (ip) => (isLoopback(ip) ? address : ip))(named, random) ?? named;
    },
  },
  {
    id: "drive-share",
    title: "D$ for C$",
    why: "Every local disk has an administrative share.",
    mutate: (events, random) => {
      // Where ADMIN$ is used as well, the disk is Windows' own.
      if (/ADMIN\$/i.test(JSON.stringify(events, plain))) return null;
      const files = new Set(events.flatMap((event) => writtenFile(event) ?? []).filter((path) => /^C:\\/i.test(path)));
      return everywhere((value, key) => {
        if (key === "ShareName") return value.replace(/\\C\$$/i, "\\D$");
        if (key === "ShareLocalPath") return value.replace(/^(\\\?\?\\)C:/i, "$1D:");
        if (files.has(value)) return `D${value.slice(1)}`;
        return value.replaceAll(/((?<![\w:\\])\\\\[^\s"\\]+\\)C\$/gi, "$1D$");
      })(events, random);
    },
  },
  {
    id: "powershell-mapping",
    title: "New-SmbMapping instead of net use",
    why: "Both call the same redirector.",
    mutate: insteadOfNetUse((share) => `New-SmbMapping -RemotePath ${share}`),
  },
  {
    id: "powershell-drive",
    title: "New-PSDrive instead of net use",
    why: "A FileSystem drive on a UNC root is the same connection.",
    mutate: insteadOfNetUse((share) => `New-PSDrive -Name g -PSProvider FileSystem -Root ${share}`),
  },
  {
    id: "powershell-copy",
    title: "Copy-Item instead of copy",
    why: "Both open the target by its UNC path.",
    mutate: insteadOfCopy(POWERSHELL, "PowerShell.EXE", (from, to) => `powershell.exe -c Copy-Item ${from} ${to}`),
  },
  {
    id: "xcopy",
    title: "xcopy instead of copy",
    why: "Both write the same file to the same share.",
    mutate: insteadOfCopy(String.raw`C:\Windows\System32\xcopy.exe`, "XCOPY.EXE", (from, to) => `xcopy  ${from} ${to} /Y`),
  },
  {
    id: "robocopy",
    title: "robocopy instead of copy",
    why: "Both write the same file to the same share.",
    mutate: insteadOfCopy(String.raw`C:\Windows\System32\Robocopy.exe`, "robocopy.exe", (from, to) => {
      const at = (path: string): string => path.slice(0, path.lastIndexOf("\\"));
      return `robocopy  ${at(from)} ${at(to)} ${baseName(from)}`;
    }),
  },
  {
    id: "accept-eula",
    title: "/accepteula, or none",
    why: "PsExec takes a slash for a dash; once the licence was accepted the switch is not needed.",
    mutate: (events, random) =>
      commands((line) => line.replaceAll(/\s[-/]accepteula\b/gi, random() < 0.5 ? " /AcceptEula" : ""))(events, random),
  },
  {
    id: "renamed-service",
    title: "The remote service, its file and its pipes renamed",
    why: "PsExec takes the service name with -r; the others are one constant away from it.",
    mutate: everywhere((value) =>
      value
        .replaceAll(/PSEXESVC/gi, NAME_OF_SERVICE)
        .replaceAll(/PAExec(?=-)/gi, NAME_OF_SERVICE)
        .replaceAll(/RemComSvc/gi, NAME_OF_SERVICE),
    ),
    invisible: [
      {
        has: ["windows 7045"],
        lacks: ["windows 4697", "windows 5145", "windows 4688", "sysmon 1", "sysmon 11", "sysmon 18", "defend"],
        why: "System 7045 with an ordinary name and path is what every installer leaves: nothing in that log says that the file came over SMB, or from where the service was made.",
      },
    ],
  },
  {
    id: "payload-name",
    title: "Another name for the file that is dropped",
    why: "A file's name is free; its kind is not.",
    mutate: (events, random) => {
      const names = droppedPrograms(events);
      return everywhere((value) => withFileNames(value, names, (name) => `kb5034441${name.slice(name.lastIndexOf("."))}`))(events, random);
    },
  },
  {
    id: "payload-kind",
    title: "A DLL or screen saver instead of an .exe",
    why: "rundll32 runs a DLL, and .scr is an executable by another name.",
    mutate: (events, random) => {
      const kind = random() < 0.5 ? "dll" : "scr";
      const names = new Set([...droppedPrograms(events)].filter((name) => name.endsWith(".exe")));
      // What a service or a process start of the case runs has to stay what it is.
      const run = new Set(events.flatMap((event) => processStart(event)?.image ?? []).map((image) => baseName(image).toLowerCase()));
      for (const name of run) names.delete(name);
      return everywhere((value, key) => {
        if (key === "extension") return names.size > 0 && value === "exe" ? kind : value;
        return withFileNames(value, names, (name) => `${name.slice(0, -4)}.${kind}`);
      })(events, random);
    },
  },
  {
    id: "source-ipv6",
    title: "The source over IPv6",
    why: "SMB runs over IPv6 where both ends have it; the record then shows that address.",
    mutate: peerAs(() => "fd00::a0a:141f"),
  },
  {
    id: "source-link-local",
    title: "The source over a link-local address",
    why: "Two hosts of one segment may meet on fe80::/10, which SMB prefers where names resolve by LLMNR.",
    mutate: peerAs(() => "fe80::a0a:141f"),
  },
  {
    id: "source-mapped",
    title: "The source as an IPv4-mapped address",
    why: "A dual-stack socket shows an IPv4 peer as ::ffff:a.b.c.d.",
    mutate: peerAs((ip) => `::ffff:${ip}`),
  },
];

/**
 * Sysmon events (channel Microsoft-Windows-Sysmon/Operational) to ECS, equal to Winlogbeat's module `sysmon` and to the Agent's
 * `windows.sysmon_operational` and `windows.forwarded`. Differences between them are noted where they occur.
 */
import type { Json, JsonObject } from "../../../readers/index.ts";
import { domainAndName } from "../../mapping/context.ts";
import { eventData } from "../../mapping/event-data.ts";
import type { RawKind } from "../../mapping/kind.ts";
import { categorise, constant, processor, relate, rename, setAt, type Processor } from "../../mapping/processor.ts";
import { addUnique, child, integer, objectAt, text } from "../../object.ts";
import { isAddress } from "../../values/addresses.ts";
import { communityId } from "../../values/community-id.ts";
import { registeredDomain } from "../../values/registered-domain.ts";
import { argumentsByWindows } from "../command-line.ts";
import { fileParts, nameOfPath } from "../paths.ts";
import { dnsAnswers } from "./dns.ts";
import { dnsStatus } from "./dns-status.ts";
import { SYSMON_EVENTS } from "./events.ts";
import { hashesOf } from "./hashes.ts";
import { registryData, setRegistryPath } from "./registry.ts";

const CONSUMED = new Set([
  "UtcTime",
  "ProcessGuid",
  "ProcessId",
  "Image",
  "SourceProcessGuid",
  "SourceProcessGUID",
  "SourceProcessId",
  "SourceThreadId",
  "SourceImage",
  "Destination",
  "CommandLine",
  "CurrentDirectory",
  "ParentProcessGuid",
  "ParentProcessId",
  "ParentImage",
  "ParentCommandLine",
  "OriginalFileName",
  "Hash",
  "Hashes",
  "TargetFilename",
  "Device",
  "PipeName",
  "ImageLoaded",
  "Protocol",
  "DestinationPortName",
  "SourcePortName",
  "SourceIp",
  "SourceHostname",
  "SourcePort",
  "DestinationIp",
  "DestinationHostname",
  "DestinationPort",
  "QueryName",
  "QueryStatus",
  "QueryResults",
  "Initiated",
  "SourceIsIpv6",
  "DestinationIsIpv6",
  "User",
  "RuleName",
  "Archived",
  "IsExecutable",
  "TargetObject",
  "Details",
  "TargetProcessGuid",
]);
const EMPTY = new Set<unknown>(["", "-", "{00000000-0000-0000-0000-000000000000}"]);

/** A value of the event data; undefined for Sysmon's placeholders for no value. */
function value(written: Json | undefined): string | undefined {
  const known = text(written);
  return known === undefined || EMPTY.has(known) ? undefined : known;
}

const number = (written: Json | undefined): number | bigint | undefined => integer(text(written));

function ip(written: Json | undefined): string | undefined {
  const address = value(written);
  return address !== undefined && isAddress(address) ? address : undefined;
}

function truth(written: Json | undefined): boolean | undefined {
  const lower = value(written)?.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

const accountName = (written: Json | undefined): string | undefined => domainAndName(value(written) ?? "")?.[1];

/** @param kind with the code of an event of `SYSMON_EVENTS`, or an empty one for all others. */
export function sysmon({ code, flavour }: RawKind): readonly Processor[] {
  const known = SYSMON_EVENTS.get(code);
  const isDns = code === "22";
  return [
    ...(known?.ecs === undefined ? [] : [categorise(known.ecs)]),
    ...(flavour === "winlogbeat" ? [constant("event.module", "sysmon")] : []),
    TIME,
    rename("RuleName", "rule.name", value),
    ...hashes(known?.hashes),
    ...PROCESS,
    ...(code === "7" ? [] : pe("process")),
    ...FILE,
    ...(code === "7" ? pe("file") : []),
    ...SYSMON_FILE,
    ...(isDns ? DNS : []),
    ...network(isDns),
    ...USER,
    ...(code === "12" || code === "13" || code === "14" ? REGISTRY : []),
    ...(code === "25" ? [rename("Type", "message", value)] : []),
    ...(code === "255" ? [rename("ID", "error.code", value)] : []),
    TARGET_GUID,
    eventData((name, written) => {
      if (EMPTY.has(written) || CONSUMED.has(name)) return false;
      return !((code === "25" && name === "Type") || (code === "255" && name === "ID"));
    }),
  ];
}

/** `2019-03-18 16:57:37.933`, always UTC, is the time of the event; the record's own is when it was written. */
const TIME = rename("UtcTime", "@timestamp", (written) => {
  const time = value(written);
  if (time === undefined || time.length !== 23 || time[10] !== " " || time[4] !== "-" || time[13] !== ":") return undefined;
  const iso = `${time.slice(0, 10)}T${time.slice(11)}Z`;
  return Number.isNaN(Date.parse(iso)) ? undefined : iso;
});

function hashes(owner: "process" | "file" | undefined): readonly Processor[] {
  const all = processor({
    data: ["Hash", "Hashes"],
    writes: ["related.hash"],
    apply: ({ event }, data) => {
      const found = hashesOf(value(data.Hash) ?? value(data.Hashes));
      if (found !== undefined) child(event, "related")["hash"] = found.all.slice();
    },
  });
  if (owner === undefined) return [all];
  return [
    all,
    processor({
      data: ["Hash", "Hashes"],
      writes: [`${owner}.hash`],
      apply: ({ event }, data) => {
        const found = hashesOf(value(data.Hash) ?? value(data.Hashes));
        if (found !== undefined && hasAny(found.hash)) child(event, owner)["hash"] = { ...found.hash };
      },
    }),
    processor({
      data: ["Hash", "Hashes"],
      writes: [`${owner}.pe.imphash`],
      apply: ({ event }, data) => {
        const found = hashesOf(value(data.Hash) ?? value(data.Hashes));
        if (found?.imphash !== undefined) child(child(event, owner), "pe")["imphash"] = found.imphash;
      },
    }),
  ];
}

function hasAny(object: JsonObject): boolean {
  for (const _name in object) return true;
  return false;
}

const IMAGE = ["Destination", "SourceImage", "Image"] as const;

function commandLine(data: string, process: string): readonly Processor[] {
  return [rename(data, `${process}.command_line`, value), processorOfArguments(data, process)];
}

function processorOfArguments(data: string, process: string): Processor {
  const list = `${process}.args`.split(".");
  const count = `${process}.args_count`.split(".");
  return processor({
    data: [data],
    writes: [`${process}.args`, `${process}.args_count`],
    apply: ({ event }, values) => {
      const line = value(values[data]);
      if (line === undefined) return;
      const args = argumentsByWindows(line);
      setAt(event, list, args);
      setAt(event, count, args.length);
    },
  });
}

const PROCESS: readonly Processor[] = [
  rename(["SourceProcessGUID", "SourceProcessGuid", "ProcessGuid"], "process.entity_id", value),
  rename(["SourceProcessId", "ProcessId"], "process.pid", number),
  rename("SourceThreadId", "process.thread.id", number),
  rename(IMAGE, "process.executable", value),
  processor({
    data: IMAGE,
    writes: ["process.name"],
    apply: ({ event }, data) => {
      const executable = value(data.Destination) ?? value(data.SourceImage) ?? value(data.Image);
      const name = executable === undefined ? undefined : nameOfPath(executable);
      if (name !== undefined) child(event, "process")["name"] = name;
    },
  }),
  ...commandLine("CommandLine", "process"),
  rename("CurrentDirectory", "process.working_directory", value),
  rename("ParentProcessGuid", "process.parent.entity_id", value),
  rename("ParentProcessId", "process.parent.pid", number),
  rename("ParentImage", "process.parent.executable", value),
  rename("ParentImage", "process.parent.name", (written) => {
    const executable = value(written);
    return executable === undefined ? undefined : nameOfPath(executable);
  }),
  ...commandLine("ParentCommandLine", "process.parent"),
];

function pe(owner: "process" | "file"): readonly Processor[] {
  return [
    rename("OriginalFileName", `${owner}.pe.original_file_name`, value),
    rename("Company", `${owner}.pe.company`, value),
    rename("Description", `${owner}.pe.description`, value),
    rename("FileVersion", `${owner}.pe.file_version`, value),
    rename("Product", `${owner}.pe.product`, value),
  ];
}

const FILE_PATH = ["ImageLoaded", "Device", "TargetFilename"] as const;

const FILE: readonly Processor[] = [
  rename("PipeName", "file.name", value),
  rename(FILE_PATH, "file.path", value),
  processor({
    data: FILE_PATH,
    writes: ["file.name", "file.directory", "file.extension"],
    apply: ({ event }, data) => {
      const path = value(data.ImageLoaded) ?? value(data.Device) ?? value(data.TargetFilename);
      const parts = path === undefined ? undefined : fileParts(path);
      if (parts !== undefined) Object.assign(child(event, "file"), parts);
    },
  }),
  rename("Signature", "file.code_signature.subject_name", value),
  rename("SignatureStatus", "file.code_signature.status", value),
  rename("SignatureStatus", "file.code_signature.valid", (written) => (value(written) === "Valid" ? true : undefined)),
];

/** What only Sysmon says of files. */
const SYSMON_FILE: readonly Processor[] = [
  rename("Archived", "sysmon.file.archived", truth),
  rename("IsExecutable", "sysmon.file.is_executable", truth),
];

function network(isDns: boolean): readonly Processor[] {
  return [
    rename("SourceIp", "source.ip", ip),
    rename("SourceHostname", "source.domain", value),
    rename("SourcePort", "source.port", number),
    rename("DestinationIp", "destination.ip", ip),
    rename("DestinationHostname", "destination.domain", value),
    rename("DestinationPort", "destination.port", number),
    rename("Protocol", "network.transport", value),
    ...(isDns ? [] : [rename(["DestinationPortName", "SourcePortName"], "network.protocol", value)]),
    rename("Initiated", "network.direction", (written) => wordOf(written, "egress", "ingress")),
    rename("SourceIsIpv6", "network.type", (written) => wordOf(written, "ipv6", "ipv4")),
    COMMUNITY_ID,
    relate("SourceIp", "ip", ip),
    relate("DestinationIp", "ip", ip),
  ];
}

function wordOf(written: Json | undefined, ifTrue: string, ifFalse: string): string | undefined {
  const word = value(written);
  return word === "true" ? ifTrue : word === "false" ? ifFalse : undefined;
}

const COMMUNITY_ID = processor({
  data: ["Protocol", "SourceIp", "SourcePort", "DestinationIp", "DestinationPort"],
  writes: ["network.community_id"],
  apply: ({ event }, data) => {
    const transport = value(data.Protocol);
    const source = ip(data.SourceIp);
    const target = ip(data.DestinationIp);
    const sourcePort = number(data.SourcePort);
    const targetPort = number(data.DestinationPort);
    if (transport === undefined || source === undefined || target === undefined || sourcePort === undefined || targetPort === undefined)
      return;
    const community = communityId(transport, source, Number(sourcePort), target, Number(targetPort));
    if (community !== undefined) child(event, "network")["community_id"] = community;
  },
});

const DNS: readonly Processor[] = [
  processor({
    data: ["QueryResults"],
    writes: ["dns.answers", "dns.resolved_ip", "related.hosts", "related.ip"],
    apply: ({ event }, data) => {
      const results = value(data.QueryResults);
      if (results === undefined) return;
      const { answers, addresses, hosts } = dnsAnswers(results);
      if (answers.length > 0) child(event, "dns")["answers"] = answers;
      if (addresses.length > 0) child(event, "dns")["resolved_ip"] = addresses;
      if (hosts.length > 0) child(event, "related")["hosts"] = hosts;
      for (const address of addresses) addUnique(child(event, "related"), "ip", address);
    },
  }),
  rename("QueryName", "dns.question.name", value),
  processor({
    data: ["QueryName"],
    writes: ["dns.question.registered_domain", "dns.question.top_level_domain", "dns.question.subdomain"],
    apply: ({ event }, data) => {
      const name = value(data.QueryName);
      const domain = name === undefined ? undefined : registeredDomain(name);
      if (domain === undefined) return;
      const question = child(child(event, "dns"), "question");
      if (domain.registered !== undefined) question["registered_domain"] = domain.registered;
      question["top_level_domain"] = domain.suffix;
      if (domain.subdomain !== undefined) question["subdomain"] = domain.subdomain;
    },
  }),
  relate("QueryName", "hosts", value),
  rename("QueryStatus", "sysmon.dns.status", (written) => {
    const status = value(written);
    return status === undefined ? undefined : dnsStatus(status);
  }),
  constant("network.protocol", "dns"),
];

/**
 * `user.id` is the account that writes the record, which is Sysmon's service (S-1-5-18), while name and domain are the account of
 * the event: Elastic's pipelines set them so, and rules are written for it.
 */
const USER: readonly Processor[] = [
  processor({
    reads: ["winlog.user.identifier"],
    writes: ["user.id"],
    apply: ({ event, winlog }) => {
      const identifier = text(objectAt(winlog, "user")?.["identifier"]);
      if (identifier !== undefined) child(event, "user")["id"] = identifier;
    },
  }),
  rename("User", "user.domain", (written) => domainAndName(value(written) ?? "")?.[0]),
  rename("User", "user.name", accountName),
  relate("User", "user", accountName),
];

const REGISTRY: readonly Processor[] = [
  processor({
    data: ["TargetObject"],
    writes: ["registry.path", "registry.hive", "registry.key", "registry.value"],
    apply: ({ event }, data) => {
      const path = value(data.TargetObject);
      if (path !== undefined) setRegistryPath(child(event, "registry"), path);
    },
  }),
  processor({
    data: ["TargetObject", "Details"],
    writes: ["registry.data"],
    apply: ({ event }, data) => {
      const details = value(data.Details);
      if (details !== undefined && value(data.TargetObject) !== undefined) child(event, "registry")["data"] = registryData(details);
    },
  }),
];

const TARGET_GUID = processor({
  data: ["TargetProcessGuid", "TargetProcessGUID"],
  writes: ["winlog.event_data.TargetProcessGUID"],
  apply: ({ added }, data) => {
    const guid = value(data.TargetProcessGuid);
    if (guid !== undefined && EMPTY.has(data.TargetProcessGUID ?? "")) added["TargetProcessGUID"] = guid;
  },
});

/**
 * Sysmon events (channel Microsoft-Windows-Sysmon/Operational) to ECS, equal to Winlogbeat's module `sysmon` and to the Agent's
 * `windows.sysmon_operational` and `windows.forwarded`. Differences between them are noted where they occur.
 */
import type { JsonObject } from "../../../readers/index.ts";
import { isAddress } from "../../values/addresses.ts";
import { argumentsByWindows } from "../command-line.ts";
import { communityId } from "../../values/community-id.ts";
import { categorise, eventDataText, domainAndName, type MappingContext } from "../../mapping-context.ts";
import { dnsAnswers } from "./dns.ts";
import { dnsStatus } from "./dns-status.ts";
import { hashesOf } from "./hashes.ts";
import { addUnique, child, integer, objectAt, put, text } from "../../object.ts";
import { nameOfPath, setFileParts } from "../paths.ts";
import { registeredDomain } from "../../values/registered-domain.ts";
import { registryOf } from "./registry.ts";
import { SYSMON_EVENTS } from "./events.ts";

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

export function sysmon(context: MappingContext): boolean {
  const { event, code } = context;
  const known = SYSMON_EVENTS.get(code);
  const ev = child(event, "event");
  if (known?.ecs !== undefined) categorise(context, known.ecs);
  if (context.flavour === "winlogbeat") ev["module"] = "sysmon";
  const time = value(context, "UtcTime");
  if (time !== undefined) setTime(context, time);
  const rule = value(context, "RuleName");
  if (rule !== undefined) child(event, "rule")["name"] = rule;

  const hashes = value(context, "Hash") ?? value(context, "Hashes");
  if (hashes !== undefined) setHashes(context, hashes);
  setProcess(context);
  setFile(context);
  setNetwork(context);
  setUser(context);
  const target = value(context, "TargetObject");
  if (target !== undefined && (code === "12" || code === "13" || code === "14"))
    event["registry"] = registryOf(target, value(context, "Details"));

  const left: JsonObject = {};
  const targetGuid = value(context, "TargetProcessGuid");
  if (targetGuid !== undefined) left["TargetProcessGUID"] = targetGuid;
  if (code === "25") {
    const type = value(context, "Type");
    if (type !== undefined) event["message"] = type;
  }
  if (code === "255") {
    const id = value(context, "ID");
    if (id !== undefined) child(event, "error")["code"] = id;
  }
  const data = context.data;
  for (const name of Object.keys(data)) {
    if (CONSUMED.has(name) || EMPTY.has(data[name]) || (code === "25" && name === "Type") || (code === "255" && name === "ID")) continue;
    put(left, name, data[name]!);
  }
  if (hasAny(left)) context.winlog["event_data"] = left;
  else delete context.winlog["event_data"];
  return known !== undefined;
}

function hasAny(object: JsonObject): boolean {
  for (const _name in object) return true;
  return false;
}

/** A value of the event data; undefined for Sysmon's placeholders for no value. */
function value(context: MappingContext, name: string): string | undefined {
  const written = eventDataText(context, name);
  return written === undefined || EMPTY.has(written) ? undefined : written;
}

/** `2019-03-18 16:57:37.933`, always UTC, is the time of the event; the record's own is when it was written. */
function setTime(context: MappingContext, time: string): void {
  if (time.length !== 23 || time[10] !== " " || time[4] !== "-" || time[13] !== ":") return;
  const iso = `${time.slice(0, 10)}T${time.slice(11)}Z`;
  if (!Number.isNaN(Date.parse(iso))) context.event["@timestamp"] = iso;
}

function setHashes(context: MappingContext, list: string): void {
  const hashes = hashesOf(list);
  if (hashes === undefined) return;
  const { event, code } = context;
  child(event, "related")["hash"] = hashes.all;
  const owner = SYSMON_EVENTS.get(code)?.hashes;
  if (owner === undefined) return;
  const object = child(event, owner);
  if (hasAny(hashes.hash)) object["hash"] = hashes.hash;
  if (hashes.imphash !== undefined) child(object, "pe")["imphash"] = hashes.imphash;
}

function setProcess(context: MappingContext): void {
  const { event, code, data } = context;
  const process = objectAt(event, "process") ?? {};
  const entity = value(context, "SourceProcessGUID") ?? value(context, "SourceProcessGuid") ?? value(context, "ProcessGuid");
  if (entity !== undefined) process["entity_id"] = entity;
  const pid = integer(text(data["SourceProcessId"])) ?? integer(text(data["ProcessId"]));
  if (pid !== undefined) process["pid"] = pid;
  const thread = integer(text(data["SourceThreadId"]));
  if (thread !== undefined) child(process, "thread")["id"] = thread;
  const executable = value(context, "Destination") ?? value(context, "SourceImage") ?? value(context, "Image");
  if (executable !== undefined) {
    process["executable"] = executable;
    const name = nameOfPath(executable);
    if (name !== undefined) process["name"] = name;
  }
  const line = value(context, "CommandLine");
  if (line !== undefined) setCommandLine(process, line);
  const directory = value(context, "CurrentDirectory");
  if (directory !== undefined) process["working_directory"] = directory;
  const parent: JsonObject = {};
  const parentEntity = value(context, "ParentProcessGuid");
  if (parentEntity !== undefined) parent["entity_id"] = parentEntity;
  const parentPid = integer(text(data["ParentProcessId"]));
  if (parentPid !== undefined) parent["pid"] = parentPid;
  const parentImage = value(context, "ParentImage");
  if (parentImage !== undefined) {
    parent["executable"] = parentImage;
    const name = nameOfPath(parentImage);
    if (name !== undefined) parent["name"] = name;
  }
  const parentLine = value(context, "ParentCommandLine");
  if (parentLine !== undefined) setCommandLine(parent, parentLine);
  if (hasAny(parent)) process["parent"] = parent;
  if (code !== "7") setPe(context, process);
  if (hasAny(process)) event["process"] = process;
}

function setCommandLine(process: JsonObject, line: string): void {
  process["command_line"] = line;
  const args = argumentsByWindows(line);
  process["args"] = args;
  process["args_count"] = args.length;
}

function setPe(context: MappingContext, owner: JsonObject): void {
  const original = value(context, "OriginalFileName");
  const company = value(context, "Company");
  const description = value(context, "Description");
  const version = value(context, "FileVersion");
  const product = value(context, "Product");
  if (original === undefined && company === undefined && description === undefined && version === undefined && product === undefined)
    return;
  const pe = child(owner, "pe");
  if (original !== undefined) pe["original_file_name"] = original;
  if (company !== undefined) pe["company"] = company;
  if (description !== undefined) pe["description"] = description;
  if (version !== undefined) pe["file_version"] = version;
  if (product !== undefined) pe["product"] = product;
}

function setFile(context: MappingContext): void {
  const { event, code } = context;
  const file = objectAt(event, "file") ?? {};
  const pipe = value(context, "PipeName");
  if (pipe !== undefined) file["name"] = pipe;
  const path = value(context, "ImageLoaded") ?? value(context, "Device") ?? value(context, "TargetFilename");
  if (path !== undefined) {
    file["path"] = path;
    setFileParts(file, path);
  }
  const subject = value(context, "Signature");
  const status = value(context, "SignatureStatus");
  if (subject !== undefined || status !== undefined) {
    const signature = child(file, "code_signature");
    if (subject !== undefined) signature["subject_name"] = subject;
    if (status !== undefined) signature["status"] = status;
    if (status === "Valid") signature["valid"] = true;
  }
  if (code === "7") setPe(context, file);
  if (hasAny(file)) event["file"] = file;
  const archived = truth(value(context, "Archived"));
  if (archived !== undefined) child(child(event, "sysmon"), "file")["archived"] = archived;
  const executable = truth(value(context, "IsExecutable"));
  if (executable !== undefined) child(child(event, "sysmon"), "file")["is_executable"] = executable;
}

function truth(word: string | undefined): boolean | undefined {
  if (word === undefined) return undefined;
  const lower = word.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

function setNetwork(context: MappingContext): void {
  const { event, code, data } = context;
  if (code === "22") {
    setDns(context);
    child(event, "network")["protocol"] = "dns";
  }
  const transport = value(context, "Protocol");
  const sourceIp = ip(value(context, "SourceIp"));
  const targetIp = ip(value(context, "DestinationIp"));
  const sourcePort = integer(text(data["SourcePort"]));
  const targetPort = integer(text(data["DestinationPort"]));
  const sourceDomain = value(context, "SourceHostname");
  const targetDomain = value(context, "DestinationHostname");
  if (sourceIp !== undefined || sourcePort !== undefined || sourceDomain !== undefined) {
    const source = child(event, "source");
    if (sourceIp !== undefined) source["ip"] = sourceIp;
    if (sourceDomain !== undefined) source["domain"] = sourceDomain;
    if (sourcePort !== undefined) source["port"] = sourcePort;
  }
  if (targetIp !== undefined || targetPort !== undefined || targetDomain !== undefined) {
    const target = child(event, "destination");
    if (targetIp !== undefined) target["ip"] = targetIp;
    if (targetDomain !== undefined) target["domain"] = targetDomain;
    if (targetPort !== undefined) target["port"] = targetPort;
  }
  const protocol = code === "22" ? undefined : (value(context, "SourcePortName") ?? undefined);
  const targetProtocol = code === "22" ? undefined : value(context, "DestinationPortName");
  const initiated = value(context, "Initiated");
  const six = value(context, "SourceIsIpv6");
  if (transport !== undefined) child(event, "network")["transport"] = transport;
  if ((targetProtocol ?? protocol) !== undefined) child(event, "network")["protocol"] = (targetProtocol ?? protocol)!;
  if (initiated === "true") child(event, "network")["direction"] = "egress";
  else if (initiated === "false") child(event, "network")["direction"] = "ingress";
  if (six === "false") child(event, "network")["type"] = "ipv4";
  else if (six === "true") child(event, "network")["type"] = "ipv6";
  if (transport !== undefined && sourceIp !== undefined && targetIp !== undefined && sourcePort !== undefined && targetPort !== undefined) {
    const community = communityId(transport, sourceIp, Number(sourcePort), targetIp, Number(targetPort));
    if (community !== undefined) child(event, "network")["community_id"] = community;
  }
  if (sourceIp !== undefined) addUnique(child(event, "related"), "ip", sourceIp);
  if (targetIp !== undefined) addUnique(child(event, "related"), "ip", targetIp);
}

function ip(address: string | undefined): string | undefined {
  return address !== undefined && isAddress(address) ? address : undefined;
}

function setDns(context: MappingContext): void {
  const { event } = context;
  const results = value(context, "QueryResults");
  if (results !== undefined) {
    const { answers, addresses, hosts } = dnsAnswers(results);
    if (answers.length > 0) child(event, "dns")["answers"] = answers;
    if (addresses.length > 0) child(event, "dns")["resolved_ip"] = addresses;
    if (hosts.length > 0) child(event, "related")["hosts"] = hosts;
    for (const address of addresses) addUnique(child(event, "related"), "ip", address);
  }
  const name = value(context, "QueryName");
  if (name !== undefined) {
    const question = child(child(event, "dns"), "question");
    question["name"] = name;
    const registered = registeredDomain(name);
    if (registered !== undefined) {
      if (registered.registered !== undefined) question["registered_domain"] = registered.registered;
      question["top_level_domain"] = registered.suffix;
      if (registered.subdomain !== undefined) question["subdomain"] = registered.subdomain;
    }
    addUnique(child(event, "related"), "hosts", name);
  }
  const status = value(context, "QueryStatus");
  if (status !== undefined) child(child(event, "sysmon"), "dns")["status"] = dnsStatus(status);
}

/**
 * `user.id` is the account that writes the record, which is Sysmon's service (S-1-5-18), while name and domain are the account of
 * the event: Elastic's pipelines set them so, and rules are written for it.
 */
function setUser(context: MappingContext): void {
  const { event, winlog } = context;
  const identifier = text(objectAt(winlog, "user")?.["identifier"]);
  if (identifier !== undefined) child(event, "user")["id"] = identifier;
  const account = value(context, "User");
  const parts = account === undefined ? undefined : domainAndName(account);
  if (parts === undefined) return;
  const user = child(event, "user");
  user["domain"] = parts[0];
  user["name"] = parts[1];
  addUnique(child(event, "related"), "user", parts[1]);
}

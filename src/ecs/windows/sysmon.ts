/**
 * Sysmon events (channel Microsoft-Windows-Sysmon/Operational) to ECS, equal to Winlogbeat's module `sysmon` and to the Agent's
 * `windows.sysmon_operational` and `windows.forwarded`. Where the two differ is said at the place.
 */
import type { JsonObject } from "../../readers/index.ts";
import { isAddress } from "../values/addresses.ts";
import { argumentsByWindows } from "./command-line.ts";
import { communityId } from "../values/community-id.ts";
import { type Categorisation, categorise, datum, domainAndName, type Draft } from "../draft.ts";
import { dnsAnswers } from "./dns.ts";
import { dnsStatus } from "./dns-status.ts";
import { hashesOf } from "./hashes.ts";
import { addUnique, child, integer, objectAt, put, text } from "../object.ts";
import { nameOfPath, setFileParts } from "./paths.ts";
import { registeredDomain } from "../values/registered-domain.ts";
import { registryOf } from "./registry.ts";

/**
 * Event ids. The actions are what newer pipelines (Windows integration 1.26 and later) set; `event.action` of older ones is the
 * localised task text, so no rule should depend on it.
 */
export const SYSMON_EVENTS: ReadonlyMap<string, Categorisation & { readonly title: string }> = new Map(
  Object.entries({
    "1": { category: ["process"], type: ["start"], title: "Process creation" },
    "2": { category: ["file"], type: ["change"], title: "A process changed a file creation time" },
    "3": { category: ["network"], type: ["start", "connection", "protocol"], title: "Network connection" },
    "4": { category: ["process"], type: ["change"], title: "Sysmon service state changed" },
    "5": { category: ["process"], type: ["end"], title: "Process terminated" },
    "6": { category: ["driver"], type: ["start"], title: "Driver loaded" },
    "7": { category: ["process"], type: ["change"], title: "Image loaded" },
    "8": { category: ["process"], type: ["change"], title: "CreateRemoteThread" },
    "9": { category: ["process"], type: ["access"], title: "RawAccessRead" },
    "10": { category: ["process"], type: ["access"], title: "ProcessAccess" },
    "11": { category: ["file"], type: ["creation"], title: "FileCreate" },
    "12": { category: ["configuration", "registry"], type: ["change"], title: "RegistryEvent (Object create and delete)" },
    "13": { category: ["configuration", "registry"], type: ["change"], title: "RegistryEvent (Value Set)" },
    "14": { category: ["configuration", "registry"], type: ["change"], title: "RegistryEvent (Key and Value Rename)" },
    "15": { category: ["file"], type: ["access"], title: "FileCreateStreamHash" },
    "16": { category: ["configuration"], type: ["change"], title: "ServiceConfigurationChange" },
    "17": { category: ["file"], type: ["creation"], title: "PipeEvent (Pipe Created)" },
    "18": { category: ["file"], type: ["access"], title: "PipeEvent (Pipe Connected)" },
    "19": { category: ["process"], type: ["creation"], title: "WmiEvent (WmiEventFilter activity detected)" },
    "20": { category: ["process"], type: ["creation"], title: "WmiEvent (WmiEventConsumer activity detected)" },
    "21": { category: ["process"], type: ["access"], title: "WmiEvent (WmiEventConsumerToFilter activity detected)" },
    "22": { category: ["network"], type: ["connection", "protocol", "info"], title: "DNSEvent (DNS query)" },
    "23": { category: ["file"], type: ["deletion"], title: "FileDelete (File Delete archived)" },
    "24": { type: ["change"], title: "ClipboardChange (New content in the clipboard)" },
    "25": { category: ["process"], type: ["change"], title: "ProcessTampering (Process image change)" },
    "26": { category: ["file"], type: ["deletion"], title: "FileDeleteDetected (File Delete logged)" },
    "27": { category: ["file"], type: ["creation", "denied"], title: "FileBlockExecutable" },
    "28": { category: ["file"], type: ["deletion", "denied"], title: "FileBlockShredding" },
    "29": { category: ["file"], type: ["creation"], title: "FileExecutableDetected" },
    "255": { category: ["process"], type: ["error"], title: "Error" },
  } satisfies { [id: string]: Categorisation & { readonly title: string } }),
);

/** Which object the file hashes of an event describe. 23, 24 and 26 name the process by Elastic's choice, not by Sysmon's. */
const PROCESS_HASHES = new Set(["1", "23", "24", "25", "26"]);
const FILE_HASHES = new Set(["6", "7", "15", "29"]);

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

export function sysmon(draft: Draft): boolean {
  const { event, code } = draft;
  const known = SYSMON_EVENTS.get(code);
  const ev = child(event, "event");
  if (known !== undefined) categorise(draft, known, false);
  if (draft.flavour === "winlogbeat") ev["module"] = "sysmon";
  const time = value(draft, "UtcTime");
  if (time !== undefined) setTime(draft, time);
  const rule = value(draft, "RuleName");
  if (rule !== undefined) child(event, "rule")["name"] = rule;

  const hashes = value(draft, "Hash") ?? value(draft, "Hashes");
  if (hashes !== undefined) setHashes(draft, hashes);
  setProcess(draft);
  setFile(draft);
  setNetwork(draft);
  setUser(draft);
  const target = value(draft, "TargetObject");
  if (target !== undefined && (code === "12" || code === "13" || code === "14"))
    event["registry"] = registryOf(target, value(draft, "Details"));

  const left: JsonObject = {};
  const targetGuid = value(draft, "TargetProcessGuid");
  if (targetGuid !== undefined) left["TargetProcessGUID"] = targetGuid;
  if (code === "25") {
    const type = value(draft, "Type");
    if (type !== undefined) event["message"] = type;
  }
  if (code === "255") {
    const id = value(draft, "ID");
    if (id !== undefined) child(event, "error")["code"] = id;
  }
  const data = draft.data;
  for (const name of Object.keys(data)) {
    if (CONSUMED.has(name) || EMPTY.has(data[name]) || (code === "25" && name === "Type") || (code === "255" && name === "ID")) continue;
    put(left, name, data[name]!);
  }
  if (hasAny(left)) draft.winlog["event_data"] = left;
  else delete draft.winlog["event_data"];
  return known !== undefined;
}

function hasAny(object: JsonObject): boolean {
  for (const _name in object) return true;
  return false;
}

/** A value of the event data that is not one of Sysmon's ways to say nothing. */
function value(draft: Draft, name: string): string | undefined {
  const found = datum(draft, name);
  return found === undefined || EMPTY.has(found) ? undefined : found;
}

/** `2019-03-18 16:57:37.933`, always UTC, is the time of the event; the record's own is when it was written. */
function setTime(draft: Draft, time: string): void {
  if (time.length !== 23 || time[10] !== " " || time[4] !== "-" || time[13] !== ":") return;
  const iso = `${time.slice(0, 10)}T${time.slice(11)}Z`;
  if (!Number.isNaN(Date.parse(iso))) draft.event["@timestamp"] = iso;
}

function setHashes(draft: Draft, list: string): void {
  const found = hashesOf(list);
  if (found === undefined) return;
  const { event, code } = draft;
  child(event, "related")["hash"] = found.all;
  const owner = PROCESS_HASHES.has(code) ? "process" : FILE_HASHES.has(code) ? "file" : undefined;
  if (owner === undefined) return;
  const object = child(event, owner);
  if (hasAny(found.hash)) object["hash"] = found.hash;
  if (found.imphash !== undefined) child(object, "pe")["imphash"] = found.imphash;
}

function setProcess(draft: Draft): void {
  const { event, code, data } = draft;
  const process = objectAt(event, "process") ?? {};
  const entity = value(draft, "SourceProcessGUID") ?? value(draft, "SourceProcessGuid") ?? value(draft, "ProcessGuid");
  if (entity !== undefined) process["entity_id"] = entity;
  const pid = integer(text(data["SourceProcessId"])) ?? integer(text(data["ProcessId"]));
  if (pid !== undefined) process["pid"] = pid;
  const thread = integer(text(data["SourceThreadId"]));
  if (thread !== undefined) child(process, "thread")["id"] = thread;
  const executable = value(draft, "Destination") ?? value(draft, "SourceImage") ?? value(draft, "Image");
  if (executable !== undefined) {
    process["executable"] = executable;
    const name = nameOfPath(executable);
    if (name !== undefined) process["name"] = name;
  }
  const line = value(draft, "CommandLine");
  if (line !== undefined) setCommandLine(process, line);
  const directory = value(draft, "CurrentDirectory");
  if (directory !== undefined) process["working_directory"] = directory;
  const parent: JsonObject = {};
  const parentEntity = value(draft, "ParentProcessGuid");
  if (parentEntity !== undefined) parent["entity_id"] = parentEntity;
  const parentPid = integer(text(data["ParentProcessId"]));
  if (parentPid !== undefined) parent["pid"] = parentPid;
  const parentImage = value(draft, "ParentImage");
  if (parentImage !== undefined) {
    parent["executable"] = parentImage;
    const name = nameOfPath(parentImage);
    if (name !== undefined) parent["name"] = name;
  }
  const parentLine = value(draft, "ParentCommandLine");
  if (parentLine !== undefined) setCommandLine(parent, parentLine);
  if (hasAny(parent)) process["parent"] = parent;
  if (code !== "7") setPe(draft, process);
  if (hasAny(process)) event["process"] = process;
}

function setCommandLine(process: JsonObject, line: string): void {
  process["command_line"] = line;
  const args = argumentsByWindows(line);
  process["args"] = args;
  process["args_count"] = args.length;
}

function setPe(draft: Draft, owner: JsonObject): void {
  const original = value(draft, "OriginalFileName");
  const company = value(draft, "Company");
  const description = value(draft, "Description");
  const version = value(draft, "FileVersion");
  const product = value(draft, "Product");
  if (original === undefined && company === undefined && description === undefined && version === undefined && product === undefined)
    return;
  const pe = child(owner, "pe");
  if (original !== undefined) pe["original_file_name"] = original;
  if (company !== undefined) pe["company"] = company;
  if (description !== undefined) pe["description"] = description;
  if (version !== undefined) pe["file_version"] = version;
  if (product !== undefined) pe["product"] = product;
}

function setFile(draft: Draft): void {
  const { event, code } = draft;
  const file = objectAt(event, "file") ?? {};
  const pipe = value(draft, "PipeName");
  if (pipe !== undefined) file["name"] = pipe;
  const path = value(draft, "ImageLoaded") ?? value(draft, "Device") ?? value(draft, "TargetFilename");
  if (path !== undefined) {
    file["path"] = path;
    setFileParts(file, path);
  }
  const subject = value(draft, "Signature");
  const status = value(draft, "SignatureStatus");
  if (subject !== undefined || status !== undefined) {
    const signature = child(file, "code_signature");
    if (subject !== undefined) signature["subject_name"] = subject;
    if (status !== undefined) signature["status"] = status;
    if (status === "Valid") signature["valid"] = true;
  }
  if (code === "7") setPe(draft, file);
  if (hasAny(file)) event["file"] = file;
  const archived = truth(value(draft, "Archived"));
  if (archived !== undefined) child(child(event, "sysmon"), "file")["archived"] = archived;
  const executable = truth(value(draft, "IsExecutable"));
  if (executable !== undefined) child(child(event, "sysmon"), "file")["is_executable"] = executable;
}

function truth(word: string | undefined): boolean | undefined {
  if (word === undefined) return undefined;
  const lower = word.toLowerCase();
  return lower === "true" ? true : lower === "false" ? false : undefined;
}

function setNetwork(draft: Draft): void {
  const { event, code, data } = draft;
  if (code === "22") {
    setDns(draft);
    child(event, "network")["protocol"] = "dns";
  }
  const transport = value(draft, "Protocol");
  const sourceIp = ip(value(draft, "SourceIp"));
  const targetIp = ip(value(draft, "DestinationIp"));
  const sourcePort = integer(text(data["SourcePort"]));
  const targetPort = integer(text(data["DestinationPort"]));
  const sourceDomain = value(draft, "SourceHostname");
  const targetDomain = value(draft, "DestinationHostname");
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
  const protocol = code === "22" ? undefined : (value(draft, "SourcePortName") ?? undefined);
  const targetProtocol = code === "22" ? undefined : value(draft, "DestinationPortName");
  const initiated = value(draft, "Initiated");
  const six = value(draft, "SourceIsIpv6");
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

function ip(found: string | undefined): string | undefined {
  return found !== undefined && isAddress(found) ? found : undefined;
}

function setDns(draft: Draft): void {
  const { event } = draft;
  const results = value(draft, "QueryResults");
  if (results !== undefined) {
    const { answers, addresses, hosts } = dnsAnswers(results);
    if (answers.length > 0) child(event, "dns")["answers"] = answers;
    if (addresses.length > 0) child(event, "dns")["resolved_ip"] = addresses;
    if (hosts.length > 0) child(event, "related")["hosts"] = hosts;
    for (const address of addresses) addUnique(child(event, "related"), "ip", address);
  }
  const name = value(draft, "QueryName");
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
  const status = value(draft, "QueryStatus");
  if (status !== undefined) child(child(event, "sysmon"), "dns")["status"] = dnsStatus(status);
}

/**
 * `user.id` is the account that writes the record, which is Sysmon's service (S-1-5-18), while name and domain are the account of
 * the event: Elastic's pipelines set them so, and rules are written for it.
 */
function setUser(draft: Draft): void {
  const { event, winlog } = draft;
  const identifier = text(objectAt(winlog, "user")?.["identifier"]);
  if (identifier !== undefined) child(event, "user")["id"] = identifier;
  const account = value(draft, "User");
  const parts = account === undefined ? undefined : domainAndName(account);
  if (parts === undefined) return;
  const user = child(event, "user");
  user["domain"] = parts[0];
  user["name"] = parts[1];
  addUnique(child(event, "related"), "user", parts[1]);
}

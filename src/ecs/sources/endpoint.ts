/**
 * Elastic Defend on Windows: its streams and what their events hold, from the field lists that Elastic publishes with the endpoint
 * package. Defend writes ECS itself; nothing here maps it.
 */
import type { EventShape, Source } from "../source.ts";

/** Expands `a.{b,c}` lists: one level of braces, space separated. */
function names(...lists: string[]): string[] {
  return lists.flatMap((list) =>
    list.split(" ").flatMap((name) => {
      const open = name.indexOf("{");
      if (open < 0) return [name];
      const close = name.indexOf("}", open);
      return name
        .slice(open + 1, close)
        .split(",")
        .map((part) => name.slice(0, open) + part + name.slice(close + 1));
    }),
  );
}

const COMMON = names(
  "@timestamp message agent.{id,type,version} data_stream.{dataset,namespace,type} ecs.version elastic.agent.id event.{created,dataset,id,kind,module,outcome,sequence} host.{architecture,hostname,id,ip,mac,name} host.os.{Ext.variant,family,full,kernel,name,platform,type,version}",
);
const SIGNATURE = "{exists,status,subject_name,thumbprint_sha256,trusted}";
const USER = names("user.{domain,id,name}");
const PROCESS = names(
  `process.{entity_id,executable,name,pid} process.Ext.ancestry process.code_signature.${SIGNATURE} process.Ext.code_signature.${SIGNATURE}`,
);
const EFFECTIVE = names("Effective_process.{entity_id,executable,name,pid}");

const PROCESS_EVENT = names(
  "process.{args,args_count,command_line,working_directory,exit_code,origin_referrer_url,origin_url} process.hash.{md5,sha1,sha256} process.pe.{imphash,original_file_name}",
  `process.parent.{args,args_count,command_line,entity_id,executable,name,pid} process.parent.code_signature.${SIGNATURE} process.parent.Ext.code_signature.${SIGNATURE} process.parent.Ext.command_line_truncated process.parent.Ext.real.{entity_id,pid}`,
  "process.parent.thread.Ext.{call_stack_contains_unbacked,call_stack_summary} process.parent.thread.Ext.call_stack.{callsite_leading_bytes,callsite_trailing_bytes,protection,symbol_info}",
  "process.Ext.{authentication_id,command_line_truncated,created_suspended,defense_evasions,desktop_name,mitigation_policies,protection,relative_file_creation_time,relative_file_name_modify_time,trusted,trusted_descendant} process.Ext.windows.zone_identifier",
  "process.Ext.device.{bus_type,dos_name,file_system_type,nt_name,product_id,vendor_id,volume_device_type} process.Ext.effective_parent.{entity_id,executable,name,pid} process.Ext.token.{elevation_level,integrity_level_name,security_attributes}",
  "process.Ext.session_info.{authentication_package,client_address,id,logon_type,relative_logon_time,relative_password_age,user_flags}",
);
const FILE = names("file.{extension,name,path,size} file.Ext.{entropy,monotonic_id} process.{command_line,parent.pid,thread.id}");
const FILE_CONTENT = names("file.hash.sha256 file.Ext.header_bytes");
const NETWORK = names(
  "destination.{address,bytes,ip,port} source.{address,bytes,ip,port} network.{direction,transport,type} process.uptime",
);
const DNS = names("destination.port dns.Ext.{options,status} dns.question.name network.protocol network.destination.port");
const LIBRARY = names(
  `dll.{name,path,origin_referrer_url,origin_url} dll.code_signature.${SIGNATURE} dll.Ext.code_signature.${SIGNATURE} dll.Ext.{defense_evasions,load_index,relative_file_creation_time,relative_file_name_modify_time,size} dll.Ext.windows.zone_identifier dll.hash.{md5,sha1,sha256} dll.pe.{file_version,imphash,original_file_name} process.uptime process.Ext.protection`,
);
const REGISTRY = names("registry.{hive,key,path,value} registry.data.type");
const SECURITY = names(
  "event.{provider} process.{command_line,parent.executable,parent.pid} process.Ext.{authentication_id,protection} process.Ext.token.integrity_level_name",
);
const LOGON = names(
  "Target.process.Ext.authentication_id source.{ip,port} user.effective.{domain,email,full_name,hash,id,name} user.target.{domain,name} process.Ext.token.{elevation,impersonation_level} process.Ext.session_info.{authentication_package,failure_reason,logon_process_name,logon_type}",
  "winlog.event_data.{KeyLength,LmPackageName,LoginGuid,PrivilegeList,RemoteCredentialGuard,RestrictedAdminMode,Status,SubStatus,TargetInfo,TargetLinkedLogonId,TargetLogonGuid,TargetServerName,TransmittedServices,VirtualAccount,WorkstationName}",
);
const ACCOUNT = names(
  "user.effective.{domain,id,name} winlog.event_data.{AccountExpires,AllowedToDelegateTo,DisplayName,HomeDirectory,HomePath,LogonHours,NewUacValue,OldUacValue,PasswordLastSet,PrimaryGroupId,PrivilegeList,ProfilePath,SamAccountName,ScriptPath,SidHistory,UserAccountControl,UserParameters,UserPrincipalName,UserWorkstations}",
);

const AUDIT = "Elastic Defend's own sensor; the event type must be on in the policy";

function shape(
  title: string,
  category: readonly string[],
  type: readonly string[],
  action: readonly string[],
  fields: readonly string[],
  codes: readonly string[] = [],
): EventShape {
  return { codes, title, name: title, audit: AUDIT, category, type, action, fields: [...new Set([...COMMON, ...fields])].sort() };
}

/** Kinds of `endpoint.events.security`, which carry the code of the Windows event they were made of. */
const SECURITY_SHAPES: readonly EventShape[] = [
  shape(
    "User logged on",
    ["authentication", "session"],
    ["start"],
    ["log_on"],
    [...PROCESS, ...USER, ...SECURITY, ...LOGON],
    ["4624", "4625", "4648"],
  ),
  shape(
    "User logged off",
    ["authentication", "session"],
    ["end"],
    ["log_off"],
    [...PROCESS, ...USER, ...SECURITY, ...LOGON],
    ["4634", "4647"],
  ),
  shape(
    "Service installed",
    ["configuration"],
    ["creation"],
    ["service_installed"],
    [
      ...PROCESS,
      ...USER,
      ...SECURITY,
      ...names("winlog.event_data.{ServiceAccount,ServiceFileName,ServiceName,ServiceStartType,ServiceType}"),
    ],
    ["4697"],
  ),
  shape(
    "Scheduled task created",
    ["configuration"],
    ["creation"],
    ["scheduled_task_created"],
    [...PROCESS, ...USER, ...SECURITY, ...names("winlog.event_data.{TaskContent,TaskContentNew,TaskName}")],
    ["4698"],
  ),
  shape(
    "Scheduled task updated",
    ["configuration"],
    ["change"],
    ["scheduled_task_updated"],
    [...PROCESS, ...USER, ...SECURITY, ...names("winlog.event_data.{TaskContent,TaskContentNew,TaskName}")],
    ["4702"],
  ),
  shape(
    "User account created",
    ["iam"],
    ["user", "creation"],
    ["user_account_created"],
    [...PROCESS, ...USER, ...SECURITY, ...ACCOUNT],
    ["4720"],
  ),
  shape(
    "Credentials read from the vault",
    ["iam"],
    ["access"],
    ["vault_credentials_read"],
    [
      ...PROCESS,
      ...USER,
      ...SECURITY,
      ...names("process.Ext.api.metadata.return_value winlog.event_data.{Flags,Identity,PackageSid,Resource,Schema,SchemaFriendlyName}"),
    ],
    ["5381", "5382"],
  ),
  shape(
    "Workstation locked",
    ["authentication", "session"],
    ["end"],
    ["workstation_locked"],
    names("event.provider Target.process.Ext.authentication_id process.Ext.session_info.id user.effective.{domain,id,name}"),
    ["4800"],
  ),
  shape(
    "Workstation unlocked",
    ["authentication", "session"],
    ["start"],
    ["workstation_unlocked"],
    names("event.provider Target.process.Ext.authentication_id process.Ext.session_info.id user.effective.{domain,id,name}"),
    ["4801"],
  ),
];

const stream = (key: string, title: string, produces: readonly EventShape[]): Source => ({
  id: `endpoint.${key}`,
  title: `Elastic Defend: ${title}`,
  telemetry: ["defend"],
  indexPatterns: [`logs-endpoint.events.${key}-*`],
  produces,
});

export const ENDPOINT_SOURCES: readonly Source[] = [
  stream("process", "processes", [
    shape("Process started", ["process"], ["start"], ["start"], [...PROCESS, ...USER, ...PROCESS_EVENT]),
    shape("Process ended", ["process"], ["end"], ["end"], [...PROCESS, ...USER, ...PROCESS_EVENT]),
    shape("Process already running", ["process"], ["info"], ["already_running"], [...PROCESS, ...USER, ...PROCESS_EVENT]),
  ]),
  stream("network", "network connections and name look-ups", [
    shape("Connection attempted", ["network"], ["start"], ["connection_attempted"], [...PROCESS, ...USER, ...NETWORK]),
    shape("Connection accepted", ["network"], ["start"], ["connection_accepted"], [...PROCESS, ...USER, ...NETWORK]),
    shape("Disconnected", ["network"], ["end"], ["disconnect_received"], [...PROCESS, ...USER, ...NETWORK]),
    shape("Name look-up requested", ["network"], ["protocol", "info", "start"], ["lookup_requested"], [...PROCESS, ...USER, ...DNS]),
    shape(
      "Name look-up answered",
      ["network"],
      ["protocol", "info", "end"],
      ["lookup_result"],
      [...PROCESS, ...USER, ...DNS, "dns.resolved_ip"],
    ),
  ]),
  stream("file", "files", [
    shape(
      "File created",
      ["file"],
      ["creation"],
      ["creation"],
      [
        ...PROCESS,
        ...USER,
        ...EFFECTIVE,
        ...FILE,
        ...FILE_CONTENT,
        ...names("file.{origin_referrer_url,origin_url} file.Ext.windows.zone_identifier"),
      ],
    ),
    shape("File deleted", ["file"], ["deletion"], ["deletion"], [...PROCESS, ...USER, ...EFFECTIVE, ...FILE]),
    shape("File overwritten", ["file"], ["change"], ["overwrite"], [...PROCESS, ...USER, ...EFFECTIVE, ...FILE, ...FILE_CONTENT]),
    shape("File modified", ["file"], ["change"], ["modification"], [...PROCESS, ...USER, ...EFFECTIVE, ...FILE, ...FILE_CONTENT]),
    shape(
      "File renamed",
      ["file"],
      ["change"],
      ["rename"],
      [...PROCESS, ...USER, ...EFFECTIVE, ...FILE, ...FILE_CONTENT, ...names("file.Ext.original.{extension,name,path}")],
    ),
    shape("File opened", ["file"], ["access"], ["open"], [...PROCESS, ...USER, ...EFFECTIVE, ...FILE, ...FILE_CONTENT]),
  ]),
  stream("registry", "the registry", [
    shape(
      "Registry modified",
      ["registry"],
      ["change", "creation", "deletion"],
      ["modification"],
      [...PROCESS, ...USER, ...EFFECTIVE, ...REGISTRY, ...names("registry.data.{bytes,strings}")],
    ),
    shape("Registry queried", ["registry"], ["access"], ["query"], [...PROCESS, ...USER, ...EFFECTIVE, ...REGISTRY]),
  ]),
  stream("library", "libraries and drivers", [
    shape("Library loaded", ["library"], ["start"], ["load"], [...PROCESS, ...USER, ...LIBRARY]),
  ]),
  stream("security", "security events", SECURITY_SHAPES),
];

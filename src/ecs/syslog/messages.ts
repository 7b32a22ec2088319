/**
 * What the messages of sshd, sudo, PAM and the tools for accounts say, in the words of Elastic's `system.auth` pipeline. A name in a message is what somebody
 * typed, so patterns are anchored at both ends and take the last place that fits: ` from 10.0.0.1 port 22` in a name is part of the name.
 */
import type { JsonObject } from "../../readers/index.ts";

export interface MessageFacts {
  readonly category?: readonly string[];
  readonly type?: readonly string[];
  readonly action?: string;
  readonly outcome?: "success" | "failure";
  /** Who acted, or tried to. */
  readonly user?: string | undefined;
  readonly userId?: string | undefined;
  /** Whom the user became. */
  readonly effective?: string | undefined;
  /** Whose account was changed. */
  readonly target?: string | undefined;
  /** An address or the name of a host. */
  readonly address?: string | undefined;
  readonly port?: string | undefined;
  readonly group?: string | undefined;
  readonly groupId?: string | undefined;
  /** Below `system.auth`. */
  readonly details?: JsonObject;
}

interface MessageKind {
  /** Programs whose messages these are; any where it is left out. */
  readonly programs?: readonly string[];
  readonly pattern: RegExp;
  readonly facts: (groups: Readonly<Record<string, string | undefined>>, program: string) => MessageFacts;
}

const SSHD = ["sshd", "sshd-session"];
const INFO = ["info"];

function details(name: string, values: Readonly<Record<string, string | undefined>>): JsonObject {
  const known: JsonObject = {};
  for (const key of Object.keys(values)) {
    const value = values[key];
    if (value !== undefined && value !== "") known[key] = value;
  }
  return { [name]: known };
}

/** An account or a group: what the tool's name says of it. */
function iam(subject: "user" | "group", program: string): MessageFacts {
  const change = program.endsWith("add") ? "creation" : program.endsWith("del") ? "deletion" : "change";
  return { category: ["iam"], type: [subject, change], outcome: "success" };
}

const KINDS: readonly MessageKind[] = [
  {
    programs: SSHD,
    pattern:
      /^(?<event>Accepted|Failed) (?<method>\S+) for (?:invalid user )?(?<user>.*) from (?<address>\S+) port (?<port>\d{1,5})(?: ssh2)?(?: \[preauth\])?(?:: (?<signature>[^:]+ [^ ]+.*))?$/,
    facts: ({ event, method, user, address, port, signature }) => ({
      category: event === "Accepted" ? ["authentication", "session"] : ["authentication"],
      type: INFO,
      action: "ssh_login",
      outcome: event === "Accepted" ? "success" : "failure",
      user,
      address,
      port,
      details: details("ssh", { event, method, signature }),
    }),
  },
  {
    programs: SSHD,
    pattern: /^Invalid user (?<user>.*) from (?<address>\S+?)(?: port (?<port>\d{1,5}))?$/,
    facts: ({ user, address, port }) => ({
      category: ["authentication"],
      type: INFO,
      action: "ssh_login",
      outcome: "failure",
      user,
      address,
      port,
      details: details("ssh", { event: "Invalid" }),
    }),
  },
  {
    programs: SSHD,
    pattern:
      /^(?:error: )?maximum authentication attempts exceeded for (?:invalid user )?(?<user>.*) from (?<address>\S+) port (?<port>\d{1,5}) ssh2(?: \[preauth\])?$/,
    facts: ({ user, address, port }) => ({
      category: ["authentication"],
      type: INFO,
      action: "ssh_login",
      outcome: "failure",
      user,
      address,
      port,
    }),
  },
  {
    programs: SSHD,
    pattern: /^Did not receive identification string from (?<address>\S+?)(?: port (?<port>\d{1,5}))?$/,
    facts: ({ address, port }) => ({ address, port, details: details("ssh", { dropped_ip: address }) }),
  },
  {
    programs: ["sudo"],
    pattern:
      /^\s*(?<user>\S+) : (?:(?!(?:HOST|TTY|PWD)=)(?<error>[^;]*) ; )?(?:HOST=\S+ ; )?(?:TTY=(?<tty>\S+) ; )?PWD=(?<pwd>[^;]*) ; USER=(?<effective>\S+) ; (?:(?:GROUP|TSID|ENV)=[^;]* ; )*COMMAND=(?<command>[^]*)$/,
    facts: ({ user, error, tty, pwd, effective, command }) => ({
      category: ["process"],
      type: ["start"],
      user,
      effective,
      details: details("sudo", { error, tty, pwd, user: effective, command }),
    }),
  },
  {
    pattern:
      /^pam_unix\([^()]*:session\): session opened for user (?<for>[^\s(]+)(?:\(uid=\d+\))? by (?<by>[^\s(]*)(?:\(uid=(?<uid>\d+)\))?$/,
    facts: ({ for: account, by, uid }) => ({
      category: ["session"],
      action: "logged-on",
      userId: uid,
      ...(by === "" ? { user: account } : { user: by, effective: account }),
    }),
  },
  {
    pattern: /^pam_unix\([^()]*:session\): session closed for user (?<user>\S+)$/,
    facts: ({ user }) => ({ category: ["session"], action: "logged-off", user }),
  },
  {
    pattern:
      /^(?:pam_[a-z]+\([^()]*\):|PAM \d+ more) authentication failures?;(?: [a-z]+=\S*)*? rhost=(?<address>\S*)(?:\s+user=(?<user>.*))?$/,
    facts: ({ address, user }) => ({
      category: ["authentication"],
      type: INFO,
      action: "authentication_failure",
      outcome: "failure",
      user,
      address,
    }),
  },
  {
    pattern: /^pam_unix\([^()]*:chauthtok\): password changed for (?<user>\S+)$/,
    facts: ({ user }) => ({ category: ["iam"], type: ["change"], action: "password-changed", outcome: "success", user, target: user }),
  },
  {
    programs: ["useradd"],
    pattern: /^new user: name=(?<user>[^,]*), UID=(?<uid>\d+), GID=(?<gid>\d+), home=(?<home>[^,]*), shell=(?<shell>[^,]*)(?:, from=.*)?$/,
    facts: ({ user, uid, gid, home, shell }, program) => ({
      ...iam("user", program),
      user,
      userId: uid,
      groupId: gid,
      details: details("useradd", { home, shell }),
    }),
  },
  {
    programs: ["groupadd"],
    pattern: /^new group: name=(?<group>[^,]*), GID=(?<gid>\d+)$/,
    facts: ({ group, gid }, program) => ({ ...iam("group", program), group, groupId: gid }),
  },
  {
    programs: ["usermod"],
    pattern: /^add '(?<user>[^']*)' to (?:shadow )?group '(?<group>[^']*)'$/,
    facts: ({ user, group }, program) => ({ ...iam("user", program), action: "group-member-added", user, group }),
  },
  {
    programs: ["userdel"],
    pattern: /^delete user '(?<user>[^']*)'$/,
    facts: ({ user }, program) => ({ ...iam("user", program), user }),
  },
  { programs: ["useradd", "userdel", "usermod"], pattern: /^(?!.*fail)/, facts: (_, program) => iam("user", program) },
  { programs: ["groupadd", "groupdel", "groupmod"], pattern: /^(?!.*fail)/, facts: (_, program) => iam("group", program) },
];

/** What a message says that is none of these. */
export const NOTHING: MessageFacts = {};

/** No message of these is longer; what is is not looked into. */
const MAX_LENGTH = 8_192;

export function messageFacts(program: string, message: string): MessageFacts {
  if (message.length > MAX_LENGTH) return NOTHING;
  for (const { programs, pattern, facts } of KINDS) {
    if (programs !== undefined && !programs.includes(program)) continue;
    const found = pattern.exec(message);
    if (found !== null) return facts(found.groups ?? {}, program);
  }
  return NOTHING;
}

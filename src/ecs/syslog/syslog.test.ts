import { describe, expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";
import { createNormaliser } from "../normalise.ts";
import type { Normalised } from "../source.ts";

function normalised(line: string): Normalised {
  const { records, codes } = readAll(`${line}\n`, {}, "auth.log-20260308");
  expect(codes).toEqual([]);
  return createNormaliser().normalise(records[0]!);
}

const from = (program: string, message: string): Normalised["event"] => normalised(`Mar  4 08:49:21 web1 ${program}: ${message}`).event;

describe("a line", () => {
  test("has its host, program and process", () => {
    const { event, source, unmapped } = normalised("Mar  4 08:49:21 web1 CRON[77]: (root) CMD (run-parts /etc/cron.hourly)");
    expect(event).toEqual({
      "@timestamp": "2026-03-04T08:49:21Z",
      message: "(root) CMD (run-parts /etc/cron.hourly)",
      log: { syslog: { hostname: "web1", appname: "CRON", procid: "77" } },
      process: { name: "CRON", pid: 77 },
      host: { hostname: "web1" },
      related: { hosts: ["web1"] },
      event: { kind: "event", module: "system", dataset: "system.syslog" },
    });
    expect({ source, unmapped }).toEqual({ source: "system.syslog", unmapped: false });
  });

  test("belongs to authentication by its facility, its program or what it says", () => {
    const datasetOf = (line: string): unknown => (normalised(line).event["event"] as { readonly dataset: unknown }).dataset;
    expect(datasetOf("<86>Mar  4 08:49:21 web1 app: hello")).toBe("system.auth");
    expect(datasetOf("<30>Mar  4 08:49:21 web1 app: hello")).toBe("system.syslog");
    expect(datasetOf("Mar  4 08:49:21 web1 sshd[1]: hello")).toBe("system.auth");
    expect(datasetOf("Mar  4 08:49:21 web1 CRON[1]: pam_unix(cron:session): session closed for user root")).toBe("system.auth");
  });

  test("that an integration has mapped stays as it is", () => {
    const document = { log: { syslog: { appname: "sshd" } }, event: { dataset: "cisco.asa" }, message: "Invalid user x from 192.0.2.7" };
    const { event } = createNormaliser().normalise({ kind: "document", place: { file: "f" }, document });
    expect(event).toEqual(document);
    for (const other of [{ data_stream: { dataset: "cisco_asa.log" } }, { winlog: { channel: "System" } }]) {
      const mapped = { log: { syslog: { appname: "sshd" } }, ...other };
      expect(createNormaliser().normalise({ kind: "document", place: { file: "f" }, document: mapped }).event).toEqual(mapped);
    }
  });

  test("may have a process id that is no number, and an empty field is none", () => {
    expect(normalised("<13>1 2026-03-04T08:49:21Z web1 app worker-7 - - hello").event["process"]).toEqual({ name: "app" });
    expect(from("useradd[7]", "new user: name=eve, UID=1, GID=1, home=, shell=/bin/sh")["system"]).toEqual({
      auth: { useradd: { shell: "/bin/sh" } },
    });
  });
});

describe("sshd", () => {
  test("a login", () => {
    expect(from("sshd[7]", "Accepted publickey for eve from 192.0.2.7 port 63673 ssh2: RSA SHA256:Ab+/9")).toMatchObject({
      event: {
        dataset: "system.auth",
        category: ["authentication", "session"],
        type: ["info"],
        action: "ssh_login",
        outcome: "success",
      },
      user: { name: "eve" },
      source: { address: "192.0.2.7", ip: "192.0.2.7", port: 63673 },
      related: { user: ["eve"], ip: ["192.0.2.7"], hosts: ["web1"] },
      system: { auth: { ssh: { event: "Accepted", method: "publickey", signature: "RSA SHA256:Ab+/9" } } },
    });
  });

  test.each([
    ["Failed password for root from 192.0.2.7 port 1786 ssh2", "root"],
    ["Failed password for invalid user admin from 192.0.2.7 port 1786 ssh2", "admin"],
    ["Failed none for invalid user  from 192.0.2.7 port 1786 ssh2", undefined],
    ["Invalid user test from 192.0.2.7", "test"],
    ["Invalid user a b from 192.0.2.7 port 1786", "a b"],
    ["error: maximum authentication attempts exceeded for root from 192.0.2.7 port 1786 ssh2 [preauth]", "root"],
    // A name that pretends to be the end of the message.
    ["Failed password for invalid user x from 10.0.0.1 port 22 ssh2 from 192.0.2.7 port 1786 ssh2", "x from 10.0.0.1 port 22 ssh2"],
    ["Invalid user x from 10.0.0.1 port 22 from 192.0.2.7 port 1786", "x from 10.0.0.1 port 22"],
  ])("a failure: %s", (message, user) => {
    const event = from("sshd[7]", message);
    expect(event).toMatchObject({
      event: { category: ["authentication"], action: "ssh_login", outcome: "failure" },
      source: { ip: "192.0.2.7" },
    });
    expect((event["user"] as { readonly name?: string } | undefined)?.name).toBe(user);
  });

  test("an address that is a name, and other messages", () => {
    expect(from("sshd[7]", "Invalid user eve from host.example")).toMatchObject({
      source: { address: "host.example", domain: "host.example" },
    });
    expect(from("sshd[7]", "Did not receive identification string from 192.0.2.7 port 22")).toMatchObject({ source: { ip: "192.0.2.7" } });
    expect(from("sshd[7]", "Server listening on 0.0.0.0 port 22.")["event"]).toEqual({
      kind: "event",
      module: "system",
      dataset: "system.auth",
    });
    // Only sshd's own word counts.
    expect(from("app[7]", "Accepted password for root from 192.0.2.7 port 1 ssh2")).not.toHaveProperty("user");
  });
});

test("sudo", () => {
  expect(from("sudo", "     eve : TTY=pts/0 ; PWD=/home/eve ; USER=root ; COMMAND=/bin/sh -c a ; b")).toMatchObject({
    event: { category: ["process"], type: ["start"], dataset: "system.auth" },
    user: { name: "eve", effective: { name: "root" } },
    related: { user: ["eve", "root"] },
    system: { auth: { sudo: { tty: "pts/0", pwd: "/home/eve", user: "root", command: "/bin/sh -c a ; b" } } },
  });
  expect(from("sudo", "eve : user NOT in sudoers ; TTY=pts/1 ; PWD=/ ; USER=root ; COMMAND=/bin/ls")).toMatchObject({
    system: { auth: { sudo: { error: "user NOT in sudoers", command: "/bin/ls" } } },
  });
});

test("PAM", () => {
  expect(from("sshd[7]", "pam_unix(sshd:session): session opened for user eve(uid=1000) by (uid=0)")).toMatchObject({
    event: { category: ["session"], action: "logged-on" },
    user: { name: "eve", id: "0" },
  });
  expect(from("sudo", "pam_unix(sudo:session): session opened for user root by eve(uid=1000)")).toMatchObject({
    user: { name: "eve", id: "1000", effective: { name: "root" } },
  });
  expect(from("su[7]", "pam_unix(su:session): session closed for user eve")).toMatchObject({
    event: { category: ["session"], action: "logged-off" },
    user: { name: "eve" },
  });
  for (const message of [
    "pam_unix(sshd:auth): authentication failure; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
    "PAM 4 more authentication failures; logname= uid=0 euid=0 tty=ssh ruser= rhost=192.0.2.7  user=root",
  ])
    expect(from("sshd[7]", message)).toMatchObject({
      event: { category: ["authentication"], outcome: "failure", action: "authentication_failure" },
      user: { name: "root" },
      source: { ip: "192.0.2.7" },
    });
  expect(
    from("sudo", "pam_unix(sudo:auth): authentication failure; logname=eve uid=1 euid=0 tty=/dev/pts/1 ruser=eve rhost=  user=eve"),
  ).not.toHaveProperty("source");
  expect(from("passwd[7]", "pam_unix(passwd:chauthtok): password changed for eve")).toMatchObject({
    event: { category: ["iam"], type: ["change"], outcome: "success" },
    user: { name: "eve", target: { name: "eve" } },
  });
});

test("accounts and groups", () => {
  expect(from("useradd[7]", "new user: name=eve, UID=1001, GID=1003, home=/home/eve, shell=/bin/bash, from=/dev/pts/1")).toMatchObject({
    event: { category: ["iam"], type: ["user", "creation"], outcome: "success" },
    user: { name: "eve", id: "1001" },
    group: { id: "1003" },
    system: { auth: { useradd: { home: "/home/eve", shell: "/bin/bash" } } },
  });
  expect(from("groupadd[7]", "new group: name=ops, GID=1003")).toMatchObject({
    event: { type: ["group", "creation"] },
    group: { name: "ops", id: "1003" },
  });
  expect(from("usermod[7]", "add 'eve' to group 'sudo'")).toMatchObject({
    event: { type: ["user", "change"], action: "group-member-added" },
    user: { name: "eve" },
    group: { name: "sudo" },
  });
  expect(from("userdel[7]", "delete user 'eve'")).toMatchObject({ event: { type: ["user", "deletion"] }, user: { name: "eve" } });
  expect(from("groupdel[7]", "group 'ops' removed")).toMatchObject({ event: { type: ["group", "deletion"], outcome: "success" } });
  expect(from("useradd[7]", "failed adding user 'eve', data deleted")["event"]).not.toHaveProperty("outcome");
});

test("hostile messages take no longer than others", () => {
  const before = performance.now();
  const many = 4_000;
  for (const message of [
    `Failed password for ${" from a port 1".repeat(many / 8)}`,
    `pam_unix(a:auth): authentication failure;${" a=b".repeat(many / 2)} x`,
    `eve : ${"a ; ".repeat(many / 3)}`,
    `eve : PWD=/ ; USER=root ; ${"ENV=a ; ".repeat(many / 6)}`,
    `Accepted password for x from 1 port 1 ssh2: ${"a ".repeat(many)}:`,
  ])
    for (const program of ["sshd", "sudo"]) from(program, message);
  from("sshd", "Invalid user ".repeat(100_000));
  expect(performance.now() - before).toBeLessThan(2_000);
});

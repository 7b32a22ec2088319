import { expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";

const at = "msg=audit(1767261600.123:77):";
const one = (line: string): unknown => readAll(`${line}\n`).documents[0];

test("records have the names and the texts of the audit log", () => {
  const { documents, codes, formats } = readAll(
    [
      `type=SYSCALL ${at} arch=c000003e syscall=59 success=yes exit=0 a0=55AA a1=7fff uid=0 comm="chattr" exe="/usr/bin/chattr" key=(null)\u001dARCH=x86_64 SYSCALL=execve UID="root"`,
      `type=EXECVE ${at} argc=3 a0="chattr" a1=2D6920782079 a2="/etc/shadow"`,
      `type=PROCTITLE ${at} proctitle=636861747472002D69002F6574632F736861646F77`,
      "",
    ].join("\n"),
  );
  expect(formats).toEqual(["auditd"]);
  expect(codes).toEqual([]);
  expect(documents).toMatchObject([
    {
      "@timestamp": "2026-01-01T10:00:00.123Z",
      type: "SYSCALL",
      serial: "77",
      // A register is a number, not a text in hexadecimal.
      a0: "55AA",
      success: "yes",
      comm: "chattr",
      exe: "/usr/bin/chattr",
      SYSCALL: "execve",
      UID: "root",
    },
    { type: "EXECVE", a0: "chattr", a1: "-i x y", a2: "/etc/shadow" },
    { type: "PROCTITLE", proctitle: "chattr -i /etc/shadow" },
  ]);
  expect(documents[0]).not.toHaveProperty("key");
});

test("what a program says in msg='..' stands beside the kernel's fields and does not replace them", () => {
  expect(
    one(
      `node=web1 type=USER_AUTH ${at} pid=7 uid=0 msg='op=PAM:authentication acct="eve" uid=1000 exe="/usr/sbin/sshd" hostname=? addr=192.0.2.7 res=failed'`,
    ),
  ).toMatchObject({ type: "USER_AUTH", host: { name: "web1" }, uid: "0", acct: "eve", addr: "192.0.2.7", res: "failed", pid: "7" });
});

test("bad lines are reported, separators are not, and the last line may be cut off", () => {
  const { documents, codes } = readAll(`----\ntime->Thu Jan  1\ntype=PATH ${at} name="/a"\ngarbage\ntype=PATH ${at} name="/b`);
  expect(documents).toMatchObject([{ name: "/a" }, { type: "PATH" }]);
  expect(codes).toEqual(["auditd/bad-line 4", "auditd/cut-off 5"]);
});

test("hostile names and many quotes", () => {
  const before = performance.now();
  one(`type=PATH ${at} ${"a".repeat(500_000)}`);
  expect(performance.now() - before).toBeLessThan(5_000);
  const document = one(`type=PATH ${at} __proto__="x" constructor="y" ${'a="'.repeat(50_000)}`) as Record<string, unknown>;
  expect(Object.getPrototypeOf(document)).toBe(Object.prototype);
  expect(Object.hasOwn(document, "__proto__")).toBe(true);
});

// Sigma's rules for Linux' text logs, on the files as they lie in /var/log.
import { utimesSync } from "node:fs";
import { expect, test } from "vitest";
import { tocsin } from "./testing/in-process.ts";
import { workFolder } from "./testing/work-folder.ts";

const { file } = workFolder();

const rule = (title: string, service: string, detection: string): string =>
  `title: ${title}\nid: ${title}\nlogsource: { product: linux, service: ${service} }\ndetection:\n  s: ${detection}\n  condition: s\n`;
const RULES = [
  rule("keywords", "sshd", "['Corrupted MAC']"),
  rule("fields", "sudo", "{USER: '#-1'}"),
  rule("auth", "auth", "{event.outcome: failure, user.name: root, source.ip|cidr: 192.0.2.0/24}"),
  rule("syslog", "syslog", "['segfault at']"),
  rule("cron", "cron", "['REPLACE']"),
].join("---\n");
const AUTH = `Dec 31 23:59:58 web1 sshd[7]: Failed password for root from 192.0.2.7 port 1786 ssh2
Dec 31 23:59:59 web1 sshd[7]: fatal: ssh_dispatch_run_fatal: Corrupted MAC on input [preauth]
Jan  1 00:00:01 web1 sudo:      eve : TTY=pts/0 ; PWD=/ ; USER=#-1 ; COMMAND=/bin/sh
`;
const SYSLOG = `2026-01-01T00:00:02.000001+00:00 web1 kernel: app[9]: segfault at 0
2026-01-01T00:00:03.000001+00:00 web1 CRON[9]: (root) REPLACE (root)
`;

interface Hunt {
  readonly rules: readonly { readonly rule: string; readonly alerts: number }[];
  readonly alerts: readonly { readonly "@timestamp": string }[];
  readonly problems: readonly { readonly code: string }[];
  readonly counts: { readonly formats: object; readonly unmapped: readonly unknown[] };
}

test("each rule sees its lines, at their times", async () => {
  const rules = file("rules.yml", RULES);
  const auth = file("var/auth.log", AUTH);
  utimesSync(auth, new Date("2026-01-02T00:00:00Z"), new Date("2026-01-02T00:00:00Z"));
  const { stdout, status } = await tocsin(["hunt", auth, file("var/syslog", SYSLOG), "--rules", rules, "--json"]);
  const hunt = JSON.parse(stdout) as Hunt;
  expect(status).toBe(0);
  expect(hunt.counts.formats).toEqual({ syslog: 2 });
  expect(hunt.counts.unmapped).toEqual([]);
  expect(hunt.rules.map(({ rule: key, alerts }) => `${key} ${alerts}`).sort()).toEqual([
    "auth 1",
    "cron 1",
    "fields 1",
    "keywords 1",
    "syslog 1",
  ]);
  expect(hunt.problems.map(({ code }) => code)).toEqual(["syslog/year-assumed"]);
  expect(hunt.alerts.map((alert) => alert["@timestamp"]).sort()[0]).toMatch(/^2025-12-31T23:59:58/);
});

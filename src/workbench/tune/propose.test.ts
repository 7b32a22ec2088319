import fc from "fast-check";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { alertDocument, Hunt, loadPackage, openInput, propose, Tuning, writtenAlerts, type WrittenAlert } from "../index.ts";
import { shapeOf } from "./shape.ts";

const root = join(import.meta.dirname, "../../..");
const folder = join(root, "detections", "T1021.002-smb-admin-shares");
const files = new Map<string, string>();
for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
  const path = join(entry.parentPath, entry.name);
  if (entry.isFile()) files.set(relative(folder, path).split(sep).join("/"), readFileSync(path, "utf8"));
}
const today = "2026-03-04";
const detection = loadPackage(files, { today }).package!;
const hunt = new Hunt({ packages: [detection], today });
const decoder = openInput("lab.ndjson");
const sink = { record: (r: Parameters<Hunt["record"]>[0]) => hunt.record(r), problem: () => {} };
decoder.push(readFileSync(join(root, "samples", "lab.ndjson")), sink);
decoder.end(sink);
const alerts = hunt.finish().alerts.map(alertDocument).flatMap(writtenAlerts);
const options = { today, owner: "Server operations", reason: "Known job", expires: "2026-06-01", falsePositives: [] as string[] };

describe("an exception is proposed from alerts", () => {
  // `net user SQLSVC$ /domain` and `net use Z: \\fs01\Public$`: what the published query takes for an administrative share.
  const wrong = alerts.filter((a) => a.rule.key.endsWith("/A1") && /SQLSVC|Public\$/.test(a.what));

  test("it removes what was marked and nothing else, and keeps every attack of the cases", () => {
    expect(wrong.length).toBeGreaterThan(3);
    const { proposals, falsePositives, allTaken, left } = propose(detection, alerts, {
      ...options,
      falsePositives: wrong.map((a) => a.id),
    });
    expect([falsePositives, allTaken, left]).toEqual([wrong.length, false, []]);
    expect(proposals.map((p) => p.verdict)).toEqual(proposals.map(() => "offered"));
    expect(new Set(proposals.flatMap((p) => p.removes))).toEqual(new Set(wrong.map((a) => a.id)));
    for (const { cases, casesRun, exception } of proposals) {
      expect(casesRun).toBe(detection.cases.length);
      expect(cases.filter((c) => c.kind !== "negative")).toEqual([]);
      expect(exception.rules).toEqual(["A1"]);
    }
  });

  test("what is printed is an exception that the package loads", () => {
    const { proposals } = propose(detection, alerts, { ...options, falsePositives: wrong.map((a) => a.id) });
    const items = proposals.map((p) => p.yaml!.trimEnd().replaceAll(/^/gm, "  ")).join("\n");
    const pasted = files.get("tuning.yaml")!.replace(/^exceptions:\n/m, () => `exceptions:\n${items}\n`);
    expect(parse(pasted).exceptions[0]).toMatchObject({
      owner: "Server operations",
      reason: "Known job",
      created: today,
      expires: "2026-06-01",
    });
    const loaded = loadPackage(new Map([...files, ["tuning.yaml", pasted]]), { today });
    expect(loaded.problems.filter((p) => p.severity === "error")).toEqual([]);
  });

  test("one that would silence an attack of the cases is refused, with the case", () => {
    const attack = alerts.filter((a) => a.rule.key.endsWith("/B3"));
    const { proposals } = propose(detection, alerts, { ...options, falsePositives: attack.map((a) => a.id) });
    const refused = proposals.filter((p) => p.verdict === "refused");
    expect(refused.length).toBeGreaterThan(0);
    for (const { problems, yaml } of refused) {
      expect(problems.join(" ")).toMatch(/hides .*B3.* in the (positive|evasion) case .*tocsin prove would fail/);
      expect(yaml).toBeNull();
    }
  });

  test("the first false alert of the lab: as narrow as it is, and no attack is hidden", () => {
    const { proposals } = propose(detection, alerts, { ...options, falsePositives: [wrong[0]!.id] });
    expect(proposals).toHaveLength(1);
    const [{ exception, cases }] = proposals as [(typeof proposals)[number]];
    expect(exception.source).toEqual({ "host.name": ["WS01.corp.example"] });
    expect(exception.account).toEqual({ "user.name": ["j.doe"] });
    expect(exception.artefact["process.command_line"]).toEqual(["net  user SQLSVC$ /domain"]);
    expect(cases.filter(({ kind }) => kind !== "negative")).toEqual([]);
  });

  test("every alert of the lab taken for false: what is offered removes its alerts, none twice, and hides no attack, not even together", () => {
    const { proposals } = propose(detection, alerts, options);
    const offered = proposals.filter((p) => p.verdict === "offered");
    expect(offered.length).toBeGreaterThan(3);
    const gone = new Set<string>();
    for (const { removes } of offered) {
      expect(removes.some((id) => !gone.has(id))).toBe(true);
      for (const id of removes) gone.add(id);
    }
    const tuning = new Tuning(detection, today);
    const lost = offered.flatMap(({ exception }) =>
      tuning
        .effect(
          exception,
          [],
          offered.map((one) => one.exception),
        )
        .cases.filter(({ kind }) => kind !== "negative"),
    );
    expect(lost).toEqual([]);
    // The pipes of PsExec: some of them are harmless each, all of them are the attack.
    const pipes = proposals.filter(({ exception }) => exception.rules.includes("C7"));
    expect(pipes.map(({ verdict }) => verdict)).toEqual(["offered", "offered", "offered", "refused"]);
    expect(pipes[3]!.problems[0]).toMatch(/^Together with those that are offered it hides C7 in the positive case /);
    expect(new Set(proposals.map(({ exception }) => exception.id)).size).toBe(proposals.length);
  });

  test("an artefact is what one event names: of a sequence whose events name different things, too", () => {
    const c2 = alerts.filter((a) => a.rule.key.endsWith("/C2"));
    const { proposals } = propose(detection, alerts, { ...options, falsePositives: c2.map((a) => a.id) });
    expect(proposals.flatMap(({ removes }) => removes)).toEqual(c2.map((a) => a.id));
  });

  test("it says what else it would have hidden", () => {
    // The same job twice, of which a person calls only one a false positive.
    const twin: WrittenAlert = { ...wrong[0]!, id: "twin" };
    const { proposals } = propose(detection, [...alerts, twin], { ...options, falsePositives: ["twin"] });
    expect(proposals[0]).toMatchObject({ verdict: "hides-more", removes: ["twin"] });
    expect(proposals[0]!.alsoHides.map((a) => a.id)).toContain(wrong[0]!.id);
  });

  test("alerts alike except for the machine become one exception; the system's own are left, which the proposal says", () => {
    const on = (id: string, host: string, user: string): WrittenAlert => ({
      id,
      rule: { key: "T1021.002/B3" },
      what: "",
      host,
      marked: true,
      events: [{ event: { host: { name: host }, user: { name: user }, process: { executable: "C:\\Jobs\\copy.exe" } } }],
    });
    const few = [on("1", "ws01", "svc.jobs"), on("2", "ws02", "svc.jobs"), on("3", "ws03", "SYSTEM")];
    const { proposals, left, allTaken } = propose(detection, few, options);
    expect(allTaken).toBe(false);
    expect(proposals).toHaveLength(1);
    expect(proposals[0]!.exception.source).toEqual({ "host.name": ["ws01", "ws02"] });
    expect(left).toMatchObject([{ id: "3", why: "Its events name no account of a person or a service." }]);
  });

  test("no password is copied from a command line", () => {
    const alert: WrittenAlert = {
      id: "1",
      rule: { key: "T1021.002/B1" },
      what: "",
      host: "ws01",
      marked: true,
      events: [
        {
          event: {
            host: { name: "ws01" },
            user: { name: "svc.jobs" },
            process: { command_line: String.raw`net use \\srv01\C$ Winter12 /user:CORP\svc.jobs` },
          },
        },
      ],
    };
    const text = JSON.stringify(propose(detection, [alert], options));
    expect(text).not.toContain("Winter12");
    expect(text).toContain(String.raw`\\\\srv01\\C$ * /user:`);
  });
});

describe("shapes", () => {
  test.each([
    [String.raw`Temp\RAWS_20261124\setup.exe`, String.raw`Temp\RAWS_*\setup.exe`],
    [String.raw`PSEXESVC-PAW01-11652-stdin`, String.raw`PSEXESVC-PAW01-*-stdin`],
    [String.raw`C:\x\{3f2504e0-4f89-11d3-9a0c-0305e82c3301}\a.exe`, String.raw`C:\x\{*}\a.exe`],
    [String.raw`C:\Windows\System32\net1.exe`, String.raw`C:\Windows\System32\net1.exe`],
    ["10.10.40.5", "10.10.40.5"],
    ["defaced", "defaced"],
  ])("%s -> %s", (value, shape) => {
    expect(shapeOf(value)).toBe(shape);
  });

  test("a shape still matches its value, and costs no more than its length", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "f", "0", "9", "-", "\\", ".", " ", "Z"), maxLength: 600 }), (value) => {
        const pieces = shapeOf(value).split("*");
        let at = 0;
        for (const piece of pieces) {
          const found = value.indexOf(piece, at);
          expect(found).toBeGreaterThanOrEqual(0);
          at = found + piece.length;
        }
        expect(value.startsWith(pieces[0]!)).toBe(true);
      }),
    );
    const begun = performance.now();
    for (let i = 0; i < 200; i++) shapeOf("0a-".repeat(100_000));
    expect(performance.now() - begun).toBeLessThan(20_000);
  });
});

test("what is no alert gives none, whatever it holds", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (document) => {
      expect(writtenAlerts(document)).toEqual([]);
    }),
  );
  expect(
    writtenAlerts({ event: { kind: "signal", id: "1" }, rule: { id: "T1021.002/A1" }, tocsin: { events: [{ missing: true }] } }),
  ).toEqual([]);
  expect(writtenAlerts({ alerts: [null, 1, [], {}] })).toEqual([]);
});

import { expect, test } from "vitest";
import { alertList } from "../../../report/index.ts";
import { huntIn, labLog, smbDetection } from "../../../report/testing/smb-hunt.ts";
import { guideLinks } from "./guide.ts";

const list = alertList(huntIn(smbDetection(), [labLog()]).result);
const places = { root: new URL("http://127.0.0.1:4450/"), packages: new Set(["T1021.002"]), pageOf: () => null };
const linksOf = (rule: string, where = places): string[] => {
  const alert = list.alerts.find(({ ruleId, what }) => ruleId === rule && (rule !== "A1" || what.includes("PsExec.exe")))!;
  return guideLinks(alert, list.incidents[alert.incident]!.acts[alert.act]!, where).map(({ href }) => href);
};

test("the guide and the playbook have the host acted on, the account and the source filled in, on whichever side the alert is", () => {
  const query = "host=SRV01.corp.example&user=adm.kira&source=10.10.20.31&source_host=WS01";
  expect(linksOf("C1")).toEqual([
    "http://127.0.0.1:4450/detections/T1021.002/rules/C1/",
    `http://127.0.0.1:4450/detections/T1021.002/respond/?${query}#guide`,
    `http://127.0.0.1:4450/detections/T1021.002/respond/?${query}#playbook`,
  ]);
  expect(linksOf("A1")[1]).toContain("?host=SRV01&user=adm.kira&source_host=WS01.corp.example#guide");
});

test("a rule of no package leads to its own page, and from a disk links name files", () => {
  expect(linksOf("C1", { ...places, packages: new Set() })).toEqual([]);
  const root = new URL("file:///tmp/site/");
  expect(linksOf("C1", { ...places, root })[0]).toBe("file:///tmp/site/detections/T1021.002/rules/C1/index.html");
  const alert = list.alerts[0]!;
  expect(guideLinks(alert, null, { root, packages: new Set(), pageOf: () => "rules/x/" })).toEqual([
    { title: "The rule", href: "file:///tmp/site/rules/x/index.html" },
  ]);
});

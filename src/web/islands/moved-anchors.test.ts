import { afterEach, expect, test, vi } from "vitest";
import { targetOf } from "./moved-anchors.ts";

afterEach(() => vi.unstubAllGlobals());

const ids = { rules: "A1 B1", tests: "T1 T2", hunts: "H1" };
const at = (pathname: string): void => {
  vi.stubGlobal("location", { pathname });
};

test("anchors of the one long page lead to the pages that have their content now", () => {
  at("/detections/T1021.002/");
  const moved = Object.fromEntries(
    ["B1", "T2", "H1", "proof", "platform-splunk-cim", "exception-sccm-push", "guide-7-decide", "changelog"].map((anchor) => [
      anchor,
      targetOf(anchor, ids),
    ]),
  );
  expect(moved).toEqual({
    B1: "rules/B1/",
    T2: "tests/T2/",
    H1: "respond/#H1",
    proof: "coverage/",
    "platform-splunk-cim": "deploy/splunk-cim/",
    "exception-sccm-push": "tune/#exception-sccm-push",
    "guide-7-decide": "respond/#guide-7-decide",
    changelog: "reference/#changelog",
  });
});

test("what is on the Overview, or never was an anchor, leads nowhere", () => {
  at("/detections/T1021.002/");
  for (const anchor of ["", "title", "run-here", "get-query", "data-sources", "false-positives", "C9", "__proto__", "constructor"])
    expect(targetOf(anchor, ids), anchor).toBeNull();
});

test("straight from a disk the file is named", () => {
  at("/site/detections/T1021.002/index.html");
  expect(targetOf("A1", ids)).toBe("rules/A1/index.html");
  expect(targetOf("misses", ids)).toBeNull();
  expect(targetOf("lists", ids)).toBe("tune/index.html#lists");
});

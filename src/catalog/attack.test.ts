import { expect, test } from "vitest";
import { attack } from "./attack.ts";

test("every technique has a tactic, every part its whole, every id is there once", () => {
  const { tactics, techniques } = attack();
  expect(tactics).toHaveLength(14);
  const ids = new Set(techniques.map((technique) => technique.id));
  expect(ids.size).toBe(techniques.length);
  for (const { id, name, tactics: serves, parent } of techniques) {
    expect(name, id).not.toBe("");
    expect(serves.length, id).toBeGreaterThan(0);
    for (const tactic of serves) expect(tactics.some((t) => t.id === tactic)).toBe(true);
    if (parent !== null) expect(ids.has(parent), id).toBe(true);
  }
  expect(techniques.find((technique) => technique.id === "T1021.002")).toEqual({
    id: "T1021.002",
    name: "SMB/Windows Admin Shares",
    tactics: ["TA0008"],
    parent: "T1021",
  });
});

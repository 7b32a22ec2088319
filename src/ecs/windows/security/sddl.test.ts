import { expect, test } from "vitest";
import { accountOfSid, describeSddl } from "./sddl.ts";

test.each([
  ["BA", "Built-in administrators"],
  ["S-1-5-21-1-2-3-500", "Administrator"],
  ["S-1-5-21-1-2-3-519", "Enterprise Admins"],
  ["S-1-5-21-1-2-3-1104", undefined],
  ["S-1-15-3-1024", "S-1-15-3-1024"],
])("the account of %s is %s", (sid, name) => {
  expect(accountOfSid(sid)).toBe(name);
});

test("rights as letters and as a mask; built-in accounts of a domain are users, groups are not", () => {
  const { dacl, users } = describeSddl("O:BAG:SYD:(A;;GA;;;S-1-5-21-1-2-3-500)(D;;0x100002;;;BU)");
  // Spelt as Elastic's pipelines spell it.
  expect(dacl).toEqual(["Administrator :Access Allowed ([Generic All])", "Built-in users :Access Denied ([Syncronize])"]);
  expect(users).toEqual(["Administrator"]);
});

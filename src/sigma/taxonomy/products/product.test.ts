import { expect, test } from "vitest";
import { compileFilter } from "../../../eql/index.ts";
import { placesOf, recognition, type ProductLogSource } from "./product.ts";

const SPAN = { from: 0, to: 0 };

function recognises(source: Pick<ProductLogSource, "datasets" | "shapes">, event: { readonly [key: string]: unknown }): boolean {
  const condition = recognition({ names: ["a/-/b"], fields: {}, ...source }, SPAN);
  return compileFilter({ span: SPAN, category: null, condition })(event);
}

test("a dataset stands in either of its two fields, whatever its case", () => {
  const datasets = ["aws.cloudtrail"];
  expect(recognises({ datasets }, { event: { dataset: "AWS.CloudTrail" } })).toBe(true);
  expect(recognises({ datasets }, { data_stream: { dataset: "aws.cloudtrail" } })).toBe(true);
  expect(recognises({ datasets }, { event: { dataset: "aws.vpcflow" }, data_stream: { dataset: "aws" } })).toBe(false);
});

test("a shape is all of its tests, and one of several shapes is enough", () => {
  const shapes = [{ has: ["a", "b.c"], is: { kind: ["x*", "y"] }, lacks: ["winlog.channel"] }, { has: ["z"] }];
  const event = { a: 1, b: { c: 1 }, kind: "Xenon" };
  expect(recognises({ shapes }, event)).toBe(true);
  expect(recognises({ shapes }, { ...event, kind: "Y" })).toBe(true);
  expect(recognises({ shapes }, { ...event, kind: "yy" })).toBe(false);
  expect(recognises({ shapes }, { ...event, b: {} })).toBe(false);
  expect(recognises({ shapes }, { ...event, winlog: { channel: "Security" } })).toBe(false);
  expect(recognises({ shapes }, { z: 0 })).toBe(true);
  expect(recognises({ shapes }, {})).toBe(false);
});

test("a field is at its own name, at the table's places, and where the rule for names leads", () => {
  const source: ProductLogSource = {
    names: ["a/-/b"],
    fields: { requestUri: ["url.path"] },
    places: [
      { under: "debug.", prefix: "okta.flat." },
      { prefix: "okta.", spelling: "snake" },
      { prefix: "", spelling: "camel" },
    ],
  };
  expect(placesOf(source, "requestUri")).toEqual(["requestUri", "url.path", "okta.request_uri", "requestUri"]);
  expect(placesOf(source, "debug.requestUri")).toEqual([
    "debug.requestUri",
    "okta.flat.requestUri",
    "okta.debug.request_uri",
    "debug.requestUri",
  ]);
  expect(placesOf(source, "DeviceDetail.isMFARequired")).toEqual([
    "DeviceDetail.isMFARequired",
    "okta.device_detail.is_mfa_required",
    "deviceDetail.isMFARequired",
  ]);
  expect(placesOf(source, "constructor")).toEqual(["constructor", "okta.constructor", "constructor"]);
});

import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { addressBytes, withoutMapping } from "./values/addresses.ts";
import { argumentsByBlanks, argumentsByWindows } from "./windows/command-line.ts";
import { communityId } from "./values/community-id.ts";
import { integer } from "./object.ts";
import { registeredDomain } from "./values/registered-domain.ts";
import { sha1 } from "./values/sha1.ts";
import { isoMilliseconds } from "./time.ts";

test("SHA-1 is what the crypto module says, at every length around a block", () => {
  for (let length = 0; length < 200; length++) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) & 255);
    expect(Buffer.from(sha1(bytes)).toString("hex")).toBe(createHash("sha1").update(bytes).digest("hex"));
  }
});

describe("community id", () => {
  // The reference values of the specification's own README.
  test.each([
    ["tcp", "128.232.110.120", 34855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
    ["tcp", "66.35.250.204", 80, "128.232.110.120", 34855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="],
    ["udp", "192.168.1.52", 54585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="],
  ] as const)("%s %s:%d -> %s:%d", (transport, source, sourcePort, target, targetPort, expected) => {
    expect(communityId(transport, source, sourcePort, target, targetPort)).toBe(expected);
  });
  test("nothing without what it needs", () => {
    expect(communityId("icmp", "10.0.0.1", 1, "10.0.0.2", 1)).toBeUndefined();
    expect(communityId("tcp", "host", 1, "10.0.0.2", 1)).toBeUndefined();
    expect(communityId("tcp", "10.0.0.1", 70_000, "10.0.0.2", 1)).toBeUndefined();
  });
});

describe("addresses", () => {
  test("the bytes are those of another library", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.ipV4(),
          // The other library reads `::1.2.3.4` as a mapped address, which it is not.
          fc.ipV6().filter((text) => !text.includes(".")),
        ),
        (text) => {
          const ours = addressBytes(text);
          expect(ours === undefined ? undefined : [...ours]).toEqual(ipaddr.parse(text).toByteArray());
        },
      ),
    );
  });
  test.each(["", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":::", "1::2::3", "g::1", "1:2:3:4:5:6:7:8:9", "host"])("%j is none", (text) => {
    expect(addressBytes(text)).toBeUndefined();
  });
  test("mapped ones", () => {
    expect(withoutMapping("::ffff:10.0.0.1")).toBe("10.0.0.1");
    expect(withoutMapping("[::ffff:10.0.0.1]:443")).toBe("10.0.0.1");
    expect(withoutMapping("::ffff:a00:1")).toBe("::ffff:a00:1");
  });
});

describe("command lines", () => {
  test.each([
    ['a "b c" d', ["a", "b c", "d"]],
    ['"a"b c', ["ab", "c"]],
    ['a\\\\"b c" d', ["a\\b c", "d"]],
    ['a\\"b c', ['a"b', "c"]],
    ['"a ""b"" c"', ['a "b', "c"]],
    ["a\\\\b  c", ["a\\\\b", "c"]],
    ['""', [""]],
    ["", []],
  ] as const)("by Windows' rules: %s", (line, expected) => {
    expect(argumentsByWindows(line)).toEqual(expected);
  });
  test("by blanks, quotes kept", () => {
    expect(argumentsByBlanks('a "b c"  d')).toEqual(["a", '"b c"', "", "d"]);
  });
});

test.each([
  ["0x4", 4],
  ["12", 12],
  ["-3", -3],
  ["0x", undefined],
  ["", undefined],
  ["1e3", undefined],
  ["x", undefined],
  ["9007199254740993", 9007199254740993n],
])("integer %s", (text, expected) => {
  expect(integer(text)).toBe(expected);
});

test.each([
  ["2024-05-01T10:00:00.1234567Z", "2024-05-01T10:00:00.123Z"],
  ["yesterday", undefined],
])("time %s", (text, expected) => {
  expect(isoMilliseconds(text)).toBe(expected);
});

test.each([
  ["www.example.com", "example.com", "com", "www"],
  ["a.b.example.co.uk", "example.co.uk", "co.uk", "a.b"],
  ["example.com", "example.com", "com", undefined],
])("registered domain of %s", (name, registered, suffix, subdomain) => {
  expect(registeredDomain(name)).toEqual({ registered, suffix, subdomain });
});
test.each(["wpad", "10.0.0.1", "a..b", "com"])("%s has no registered domain", (name) => {
  expect(registeredDomain(name)).toBeUndefined();
});

import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { communityId } from "./community-id.ts";

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
  test("where the addresses are equal, the ports decide which end comes first", () => {
    const expected = communityIdByTheSpecification("127.0.0.1", 443, 50_000);
    expect(communityId("tcp", "127.0.0.1", 50_000, "127.0.0.1", 443)).toBe(expected);
    expect(communityId("tcp", "127.0.0.1", 443, "127.0.0.1", 50_000)).toBe(expected);
  });
  test("addresses are compared as numbers, before the ports", () => {
    const forward = communityId("tcp", "10.0.0.9", 1, "10.0.0.10", 2);
    expect(communityId("tcp", "10.0.0.10", 2, "10.0.0.9", 1)).toBe(forward);
    expect(communityId("tcp", "10.0.0.9", 2, "10.0.0.10", 1)).not.toBe(forward);
  });
});

/** Seed 0, the address twice, TCP, a zero, the lower port and the higher one: hashed with another SHA-1. */
function communityIdByTheSpecification(address: string, low: number, high: number): string {
  const octets = address.split(".").map(Number);
  const bytes = [0, 0, ...octets, ...octets, 6, 0, low >> 8, low & 255, high >> 8, high & 255];
  return `1:${createHash("sha1").update(Uint8Array.from(bytes)).digest("base64")}`;
}

import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { inCidr, parseAddress, parseCidr } from "./cidr.ts";

const address = new Uint32Array(4);

function contains(cidr: string, ip: string): boolean {
  return parseAddress(ip, address) && inCidr(address, parseCidr(cidr)!);
}

describe("blocks", () => {
  test.each([
    ["10.0.0.0/8", "10.255.0.1", true],
    ["10.6.48.157/8", "10.1.1.1", true],
    ["10.0.0.0/8", "11.0.0.0", false],
    ["0.0.0.0/0", "255.255.255.255", true],
    ["0.0.0.0/0", "::1", false],
    ["::/0", "10.0.0.1", true],
    ["::ffff:0:0/96", "10.0.0.1", true],
    ["10.0.0.0/8", "::ffff:10.0.0.1", true],
    ["fe80::/10", "fe80::1%4", true],
    ["2001:db8::/32", "2001:DB8:0:1::1", true],
    ["192.168.1.1", "192.168.1.1", true],
    ["192.168.1.1/32", "192.168.1.2", false],
    ["::1", "::1", true],
  ])("%s holds %s: %s", (cidr, ip, expected) => {
    expect(contains(cidr, ip)).toBe(expected);
  });

  test.each([
    "",
    "10.0.0.0/33",
    "::/129",
    "10.0.0/8",
    "10.0.0.0/",
    "10.0.0.0/-1",
    "10.0.0.0/8/8",
    "a/8",
    "01.2.3.4/8",
    "1.2.3.4%1/8",
    "::1::/64",
    "1:2:3:4:5:6:7/64",
    ":::/8",
    "12345::/8",
    "1.2.3.256",
  ])("%j is no block", (text) => {
    expect(parseCidr(text)).toBeNull();
  });
});

const v4 = fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)).map((octets) => octets.join("."));
const v6 = fc.oneof(
  // RFC 4291 2.5.5.1: `::1.2.3.4` is the IPv4-compatible ::102:304; ipaddr.js reads it as the IPv4-mapped ::ffff:102:304.
  fc.ipV6().filter((text) => !/^::[\d.]+$/.test(text)),
  fc.array(fc.constantFrom("0", "1", "ff", "fe80", "2001", "db8"), { minLength: 8, maxLength: 8 }).map((groups) => groups.join(":")),
);

test("equals ipaddr.js within each family", () => {
  const four = fc.record({ base: v4, ip: v4, length: fc.nat(32) });
  const six = fc.record({ base: v6, ip: v6, length: fc.nat(128) });
  fc.assert(
    fc.property(fc.oneof(four, six), ({ base, ip, length }) => {
      const ours = contains(`${base}/${length}`, ip);
      expect(ours).toBe(ipaddr.parse(ip).match(ipaddr.parseCIDR(`${base}/${length}`)));
      // The block's own address is in it.
      expect(contains(`${base}/${length}`, base)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});

test("takes as addresses what ipaddr.js takes", () => {
  const almost = fc.string({ unit: fc.constantFrom(..."0123456789abcdef:.%"), maxLength: 20 });
  fc.assert(
    fc.property(fc.oneof(almost, v4, v6), (text) => {
      const strict = ipaddr.IPv4.isValidFourPartDecimal(text) || (ipaddr.IPv6.isValid(text) && !text.includes("%"));
      if (!text.includes("%")) expect([text, parseAddress(text, address)]).toEqual([text, strict]);
    }),
    { numRuns: 3_000 },
  );
});

import { AddressSet } from "../values/address-set.ts";
import { parseCidr, type Cidr } from "../values/cidr.ts";
import { BAD_IP } from "../values/values.ts";
import type { EqlFunction } from "./function.ts";

interface Blocks {
  /** null: a null among the blocks makes the result null. */
  readonly blocks: AddressSet | null;
}

export const cidrMatch: EqlFunction<Blocks> = {
  name: "cidrMatch",
  parameters: [
    { name: "ip", type: "ip" },
    { name: "cidr", type: "string", variadic: true, constant: true },
  ],
  returns: "boolean",
  insensitive: false,
  doc: "Whether an IPv4 or IPv6 address lies in one of the blocks. Host bits are allowed (`10.6.48.157/8`), and so is an address alone.",
  examples: [
    { call: 'cidrMatch("192.168.152.12", "192.168.0.0/16")', result: true },
    { call: 'cidrMatch("192.168.152.12", "10.0.0.0/8", "192.168.0.0/16")', result: true },
    { call: 'cidrMatch("fe80::1", "fe80::/10")', result: true },
    { call: 'cidrMatch("10.6.48.157", "10.0.0.7/8")', result: true },
    { call: 'cidrMatch("8.8.8.8", "10.0.0.0/8")', result: false },
    { call: 'cidrMatch(null, "10.0.0.0/8")', result: undefined },
    { call: 'cidrMatch("10.0.0.1", null)', result: undefined },
  ],
  prepare: (constants) => {
    const blocks: Cidr[] = [];
    let isNull = false;
    for (let i = 1; i < constants.length; i++) {
      const text = constants[i];
      if (text === null) isNull = true;
      if (typeof text !== "string") continue;
      const block = parseCidr(text);
      if (block === null) {
        return {
          prepared: null,
          problem: {
            argument: i,
            code: "eql/bad-cidr",
            summary: `"${text}" is not an IP block`,
            help: "Write it like `10.0.0.0/8` or `fe80::/10`.",
          },
        };
      }
      blocks.push(block);
    }
    return { prepared: { blocks: isNull ? null : new AddressSet(blocks) }, problem: null };
  },
  run: (values, _insensitive, prepared) => {
    const ip = values[0];
    if (ip === undefined || prepared === null || prepared.blocks === null) return undefined;
    const found = typeof ip === "string" ? prepared.blocks.has(ip) : null;
    if (found === null) throw BAD_IP;
    return found;
  },
};

import fc from "fast-check";
import ipaddr from "ipaddr.js";
import { describe, expect, test } from "vitest";
import { addressBytes, withoutMapping } from "./addresses.ts";

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
  test("a zone is ignored", () => {
    expect(addressBytes("fe80::1%12")).toEqual(addressBytes("fe80::1"));
  });
  test.each(["", "01.2.3.4", "1.2.3.4%1", "1.2.3", "1.2.3.256", "1.2.3.4.5", ":::", "1::2::3", "g::1", "1:2:3:4:5:6:7:8:9", "host"])(
    "%j is none",
    (text) => {
      expect(addressBytes(text)).toBeUndefined();
    },
  );
  test("mapped ones", () => {
    expect(withoutMapping("::ffff:10.0.0.1")).toBe("10.0.0.1");
    expect(withoutMapping("[::ffff:10.0.0.1]:443")).toBe("10.0.0.1");
    expect(withoutMapping("::ffff:a00:1")).toBe("::ffff:a00:1");
  });
});

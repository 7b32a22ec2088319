import { expect, test } from "vitest";
import { readAll } from "../../../scripts/read-all.ts";

test("rows have the names of the last directive; a minus is no value, a plus in a browser's name a blank", () => {
  const { documents, codes, formats } = readAll(
    [
      "#Software: Microsoft Internet Information Services 10.0",
      "#Version: 1.0",
      "#Date: 2026-01-31 10:00:00",
      "#Fields: date time cs-method cs-uri-stem cs-uri-query cs(User-Agent) sc-status",
      "2026-01-31 10:00:01 POST /a.aspx x=1+2 Mozilla/5.0+(Windows+NT) 200",
      "2026-01-31 10:00:02 GET / - - 404",
      "#Fields: time c-ip cs(User-Agent)",
      '10:00:03 192.0.2.1 "curl/8 + x"',
      "",
    ].join("\r\n"),
  );
  expect(formats).toEqual(["w3c"]);
  expect(codes).toEqual([]);
  expect(documents).toEqual([
    {
      date: "2026-01-31",
      time: "10:00:01",
      "cs-method": "POST",
      "cs-uri-stem": "/a.aspx",
      "cs-uri-query": "x=1+2",
      "cs(User-Agent)": "Mozilla/5.0 (Windows NT)",
      "sc-status": "200",
    },
    { date: "2026-01-31", time: "10:00:02", "cs-method": "GET", "cs-uri-stem": "/", "sc-status": "404" },
    { date: "2026-01-31", time: "10:00:03", "c-ip": "192.0.2.1", "cs(User-Agent)": "curl/8 + x" },
  ]);
});

test("what is no row is reported with its line, and the rest is read", () => {
  const { documents, codes } = readAll("#Version: 1.0\nearly 1\n#Fields: time __proto__\n10:00:00 x\n10:00:01\n10:00:02 y");
  expect(documents.map((document) => document["time"])).toEqual(["10:00:00", "10:00:02"]);
  expect(Object.getPrototypeOf(documents[0])).toBe(Object.prototype);
  expect(codes).toEqual(["w3c/bad-line 2", "w3c/bad-line 5", "w3c/cut-off 6"]);
});

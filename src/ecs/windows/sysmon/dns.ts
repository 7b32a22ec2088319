/** ECS `dns` from Sysmon 22: `QueryName`, and `QueryResults` such as `type:  5 cdn.example.net;::ffff:192.0.2.1;`. */
import type { Json, JsonObject } from "../../../readers/index.ts";
import { isAddress, withoutMapping } from "../../values/addresses.ts";

/** Names of DNS resource record types (IANA registry, and Microsoft's WINS types), by number. */
const RUN =
  "A NS MD MF CNAME SOA MB MG MR NULL WKS PTR HINFO MINFO MX TXT RP AFSDB X25 ISDN RT NSAP NSAPPTR SIG KEY PX GPOS AAAA LOC NXT EID NIMLOC SRV ATMA NAPTR KX CERT A6 DNAME SINK OPT";
const types = new Map<string, string>(RUN.split(" ").map((name, i) => [String(i + 1), name]));
for (const [code, name] of [
  [43, "DS"],
  [46, "RRSIG"],
  [47, "NSEC"],
  [48, "DNSKEY"],
  [49, "DHCID"],
  [100, "UINFO"],
  [101, "UID"],
  [102, "GID"],
  [103, "UNSPEC"],
  [248, "ADDRS"],
  [249, "TKEY"],
  [250, "TSIG"],
  [251, "IXFR"],
  [252, "AXFR"],
  [253, "MAILB"],
  [254, "MAILA"],
  [255, "ANY"],
  [65_281, "WINS"],
  [65_282, "WINSR"],
] as const)
  types.set(String(code), name);

/** More answers than this are not listed. */
const MAX_ANSWERS = 1000;

export interface DnsAnswers {
  readonly answers: JsonObject[];
  readonly addresses: string[];
  readonly hosts: string[];
}

export function dnsAnswers(results: string): DnsAnswers {
  const answers: JsonObject[] = [];
  const addresses: string[] = [];
  const hosts: string[] = [];
  for (const part of results.split(";", MAX_ANSWERS)) {
    if (part === "") continue;
    if (!part.startsWith("type:")) {
      const address = withoutMapping(part);
      if (isAddress(address)) addresses.push(address);
      continue;
    }
    const words = part.split(" ").filter((word) => word !== "");
    const type: Json = types.get(words[1] ?? "") ?? null;
    const answer: JsonObject = {};
    if (type !== null) answer["type"] = type;
    if (words.length === 3) {
      answer["data"] = words[2]!;
      hosts.push(words[2]!);
    }
    answers.push(answer);
  }
  for (const address of addresses) answers.push({ type: address.includes(":") ? "AAAA" : "A", data: address });
  return { answers, addresses, hosts };
}

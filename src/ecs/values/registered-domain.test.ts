import { expect, test } from "vitest";
import { registeredDomain } from "./registered-domain.ts";

// The registered_domain processor of Elasticsearch asks Apache's PublicSuffixMatcher for the domain root and splits it at its first dot.
test.each([
  ["example.com", "example.com", "com", undefined],
  ["www.example.com", "example.com", "com", "www"],
  ["a.b.example.co.uk", "example.co.uk", "co.uk", "a.b"],
  ["_ldap._tcp.dc._msdcs.example.com", "example.com", "com", "_ldap._tcp.dc._msdcs"],
  // Suffixes of three and four labels.
  ["lincoln.k12.ca.us", "lincoln.k12.ca.us", "k12.ca.us", undefined],
  ["www.lincoln.k12.ca.us", "lincoln.k12.ca.us", "k12.ca.us", "www"],
  ["a.school.pvt.k12.ma.us", "school.pvt.k12.ma.us", "pvt.k12.ma.us", "a"],
  // Wildcards of the list, and an exception to one.
  ["www.example.any.ck", "example.any.ck", "any.ck", "www"],
  ["sub.www.ck", "www.ck", "ck", "sub"],
  ["www.city.kawasaki.jp", "city.kawasaki.jp", "kawasaki.jp", "www"],
  // Suffixes of the private section are registered domains themselves.
  ["page.github.io", "github.io", "io", "page"],
  ["github.io", "github.io", "io", undefined],
  ["cdn.global.ssl.fastly.net", "global.ssl.fastly.net", "ssl.fastly.net", "cdn"],
  ["bucket.s3.eu-west-1.amazonaws.com", "s3.eu-west-1.amazonaws.com", "eu-west-1.amazonaws.com", "bucket"],
  ["vm.eu-1.compute.amazonaws.com", "eu-1.compute.amazonaws.com", "compute.amazonaws.com", "vm"],
  // A suffix of ICANN's section is nobody's.
  ["com", undefined, "com", undefined],
  ["co.uk", undefined, "co.uk", undefined],
  ["Example.COM", "example.com", "com", undefined],
])("%s is registered as %s under %s", (name, registered, suffix, subdomain) => {
  expect(registeredDomain(name)).toEqual({ registered, suffix, subdomain });
});

test.each(["wpad", "srv.corp.local", "10.0.0.1", "::1", "a..com", ".com", "example.com.", "", `${"a.".repeat(126)}com`])(
  "%j has none",
  (name) => {
    expect(registeredDomain(name)).toBeUndefined();
  },
);

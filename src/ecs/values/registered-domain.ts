/**
 * The registered domain of a host name: the label before the public suffix, by the public suffix list (its ICANN and its private
 * section, which `tldts` carries). What comes out is what Elasticsearch's `registered_domain` ingest processor sets, which differs
 * from the list's own terms in one way: a suffix of the private section (`github.io`) counts as the registered domain itself.
 */
import { parse } from "tldts";

export interface RegisteredDomain {
  /** In lower case; undefined where the name is a public suffix itself. */
  readonly registered: string | undefined;
  /** What follows the first label of the registered domain: `co.uk`, but also `io` for `github.io`. */
  readonly suffix: string;
  readonly subdomain: string | undefined;
}

const OPTIONS = { allowPrivateDomains: true, extractHostname: false, validateHostname: false, detectIp: false };
/** RFC 1035: no host name is longer. */
const MAX_NAME_LENGTH = 253;

/** Undefined for names whose last label is no public suffix (`wpad`, `srv.corp.local`, addresses) and for what is no host name. */
export function registeredDomain(name: string): RegisteredDomain | undefined {
  if (name.length > MAX_NAME_LENGTH || name.startsWith(".") || name.endsWith(".") || name.includes("..")) return undefined;
  const { publicSuffix, domain, isIcann, isPrivate } = parse(name.toLowerCase(), OPTIONS);
  if (publicSuffix === null || !(isIcann === true || isPrivate === true)) return undefined;
  const registered = isPrivate === true ? publicSuffix : domain;
  if (registered === null) return { registered: undefined, suffix: name, subdomain: undefined };
  // The processor looks for the lower-case domain in the name as it was: a name in upper case gets no subdomain.
  const at = name.lastIndexOf(`.${registered}`);
  return {
    registered,
    suffix: registered.slice(registered.indexOf(".") + 1),
    subdomain: at > 0 ? name.slice(0, at) : undefined,
  };
}

/**
 * The registered domain of a host name: the label before the public suffix. The whole public suffix list is not carried; this
 * knows the suffixes of one label and the usual second-level registries (`co.uk`, `com.au`), which is right for nearly all
 * names that Windows hosts ask for.
 */

/** Second-level labels under which registries of countries sell names. */
const SECOND_LEVEL = new Set([
  "co",
  "com",
  "net",
  "org",
  "gov",
  "edu",
  "ac",
  "or",
  "ne",
  "go",
  "gob",
  "gub",
  "mil",
  "nom",
  "id",
  "sch",
  "ltd",
  "plc",
  "me",
]);
/** Country domains that sell directly under themselves although they have labels named like the above. */
const FLAT = new Set([
  "de",
  "fr",
  "nl",
  "ch",
  "be",
  "dk",
  "se",
  "no",
  "fi",
  "cz",
  "eu",
  "io",
  "me",
  "tv",
  "cc",
  "co",
  "ai",
  "la",
  "us",
  "ca",
  "es",
  "is",
  "in",
]);

/**
 * Suffixes that companies let their customers register under. Elasticsearch calls such a suffix itself the registered domain and
 * what follows its first label the suffix; so do we.
 */
const PRIVATE = new Set(
  "global.ssl.fastly.net a.ssl.fastly.net b.ssl.fastly.net freetls.fastly.net map.fastly.net a.prod.fastly.net global.prod.fastly.net map.fastlylb.net fastlylb.net cloudfront.net s3.amazonaws.com elasticbeanstalk.com azurewebsites.net azureedge.net cloudapp.net cloudapp.azure.com blob.core.windows.net azurestaticapps.net trafficmanager.net github.io githubusercontent.com gitlab.io herokuapp.com appspot.com blogspot.com firebaseapp.com web.app netlify.app vercel.app workers.dev pages.dev ngrok.io duckdns.org dyndns.org no-ip.org hopto.org ddns.net serveo.net onrender.com fly.dev translate.goog".split(
    " ",
  ),
);

export interface RegisteredDomain {
  readonly registered: string;
  readonly suffix: string;
  readonly subdomain: string | undefined;
}

/** Undefined for names without a suffix (`wpad`), for addresses and for what is no host name. */
export function registeredDomain(name: string): RegisteredDomain | undefined {
  if (name.length > 253) return undefined;
  const labels = name.split(".");
  const count = labels.length;
  if (count < 2) return undefined;
  for (const label of labels) if (label === "") return undefined;
  const top = labels[count - 1]!.toLowerCase();
  if (top.charCodeAt(0) < 97 || top.charCodeAt(0) > 122) return undefined;
  const second = labels[count - 2]!.toLowerCase();
  const suffixLabels = top.length === 2 && !FLAT.has(top) && SECOND_LEVEL.has(second) ? 2 : 1;
  if (count <= suffixLabels) return undefined;
  let at = count - suffixLabels - 1;
  for (let i = Math.max(0, count - 5); i < count - 1; i++) {
    if (!PRIVATE.has(labels.slice(i).join(".").toLowerCase())) continue;
    at = i;
    break;
  }
  return {
    registered: labels.slice(at).join("."),
    suffix: labels.slice(at + 1).join("."),
    subdomain: at > 0 ? labels.slice(0, at).join(".") : undefined,
  };
}

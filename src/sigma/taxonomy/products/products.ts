import { ANTIVIRUS } from "./antivirus.ts";
import { APPLICATIONS } from "./applications.ts";
import { ATLASSIAN } from "./atlassian.ts";
import { AWS } from "./aws.ts";
import { AZURE } from "./azure.ts";
import { GITHUB } from "./github.ts";
import { GOOGLE } from "./google.ts";
import { KUBERNETES } from "./kubernetes.ts";
import { LINUX } from "./linux.ts";
import { MACOS } from "./macos.ts";
import { MICROSOFT_365 } from "./microsoft365.ts";
import { NETWORK } from "./network.ts";
import { NETWORK_DEVICES } from "./network-devices.ts";
import { OKTA } from "./okta.ts";
import { ONELOGIN } from "./onelogin.ts";
import type { ProductLogSource } from "./product.ts";
import { WEB } from "./web.ts";
import { ZEEK } from "./zeek.ts";

/** Every log source of a product other than Windows. A new product is one file and one line here. */
export const PRODUCTS: readonly ProductLogSource[] = [
  ...LINUX,
  ...MACOS,
  ...WEB,
  ...NETWORK,
  ...ZEEK,
  ...NETWORK_DEVICES,
  ...ANTIVIRUS,
  ...APPLICATIONS,
  ...AWS,
  ...AZURE,
  ...MICROSOFT_365,
  ...GOOGLE,
  ...GITHUB,
  ...ATLASSIAN,
  ...KUBERNETES,
  ...OKTA,
  ...ONELOGIN,
];

/** The log sources that a rule's `logsource` stands for: those that have every part it names, in lower case. */
export function productsOf(product: string | null, category: string | null, service: string | null): readonly ProductLogSource[] {
  const wanted = [product, category, service];
  return PRODUCTS.filter(({ names }) =>
    names.some((one) => {
      const parts = one.split("/");
      return wanted.every((part, i) => part === null || part === parts[i]);
    }),
  );
}

/** Every target: the platforms of the translators' room, and those that are made of Sigma. */
import { PLATFORMS, type Platform } from "../../translate/index.ts";
import { securityAnalytics } from "./security-analytics.ts";
import { sigma } from "./sigma.ts";

export const TARGETS: Readonly<Record<string, Platform>> = { sigma, ...PLATFORMS, "opensearch-security-analytics": securityAnalytics };

export function targetNamed(name: string): Platform | undefined {
  return Object.hasOwn(TARGETS, name) ? TARGETS[name] : undefined;
}

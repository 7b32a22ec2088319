/** Every target, in the order in which they are shown. */
import type { Platform } from "./translation.ts";

export const PLATFORMS = {} as const satisfies Record<string, Platform>;

export type PlatformName = keyof typeof PLATFORMS;

/** The pieces the files of a package are made of, as zod schemas. The JSON Schema for editors is generated from them. */
import { z } from "zod";
import { parseDuration } from "../../eql/index.ts";

// zod would otherwise compile schemas with `new Function`, which a page's content security policy rightly forbids.
z.config({ jitless: true });

export const SEVERITY = z.enum(["low", "medium", "high", "critical"]);
export const CONFIDENCE = z.enum(["low", "medium", "high"]);
/** Text that says something. */
export const TEXT = z.string().trim().min(1, "must not be empty");
export const TEXTS = z.array(TEXT);
/** A day, `2026-11-24`. */
export const DAY = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/, "must be a day such as 2026-11-24");
export const DURATION = z.string().regex(/^[1-9]\d{0,5}(ms|s|m|h|d)$/, "must be a duration such as 5m, 1h or 14d");
export const VERSION = z.string().regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, "must be a version such as 1.0.0, in quotes");
export const URL_TEXT = z.string().regex(/^https:\/\/[^\s]+$/, "must be an https address");
/** A dotted ECS or `winlog.*` field name. */
export const FIELD = z.string().regex(/^[A-Za-z@_][\w@-]*(\.[\w@-]+)*$/, "must be a field name such as process.command_line");
export const UUID = z.string().regex(/^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/, "must be a UUID in lower case");
/** `A1`, `B12`: the short name people say. */
export const RULE_ID = z.string().regex(/^[A-Z][A-Z0-9]{0,7}$/, "must be a short id such as B1");
/** `T1`: a test of tests.yaml. */
export const TEST_ID = z.string().regex(/^[A-Z]+[0-9]{1,4}$/, "must be the id of a test such as T1");
export const SLUG = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words joined by hyphens");
export const EVENT_CODE = z.string().regex(/^[\w.-]{1,32}$/, 'must be an event id in quotes, such as "4688"');
export const REFERENCE = z.strictObject({ title: TEXT, url: URL_TEXT });

/** The kinds of telemetry a rule can be written for; what each stands for is in `telemetry.ts`. */
export const TELEMETRY = z.enum(["sysmon", "security", "system", "defend", "powershell"]);

/** `15m` in milliseconds. The text must be a DURATION. */
export function durationMs(text: string): number {
  return parseDuration(text)!;
}

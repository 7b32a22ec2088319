/** Where the events of a recorded case come from, and whether somebody has looked at what is expected of it. */
import { z } from "zod";
import { TEXT } from "./schema.ts";

/** Stands where nobody has said under which licence a recording may be passed on. */
export const UNSTATED_LICENSE = "not stated";

export const RECORDED = z
  .strictObject({
    source: TEXT.describe("The name of the file it was cut from, without its folder"),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/, "must be 64 hex digits in lower case")
      .describe("Of that file as it lay there, so that the recording can be recognised"),
    license: TEXT.describe(`Under which terms the events may be passed on; \`${UNSTATED_LICENSE}\` is a finding`),
    anonymised: z.boolean().default(false).describe("Names, domains, addresses and SIDs were replaced"),
  })
  .describe("The recording it was cut from, as `tocsin record` writes it");
export type RecordedText = z.infer<typeof RECORDED>;

export const CONFIRMED = z
  .boolean()
  .default(true)
  .describe("false: what is expected is what the rules found when it was recorded, and nobody has confirmed it yet");

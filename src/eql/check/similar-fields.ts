import { similarNames } from "../diagnostics/similar.ts";
import type { Schema } from "./schema.ts";

/** Fields that a misspelt name was most likely meant for: at most three; none where there is a field of that name, or it is too short to tell. */
export function similarFields(name: string, schema: Schema): string[] {
  if (name.length < 6 || schema.typeOf(name) !== undefined) return [];
  return similarNames(name, schema.names(), name.length < 14 ? 1 : 2);
}

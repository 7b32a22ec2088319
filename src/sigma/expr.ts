/** The nodes that Sigma's rules become, by the names they have in this room. */
import { make } from "../eql/index.ts";

export const { field, string, number, call, all, any, not, isMissing, exists, wildcard, literal, matches, textIn } = make;

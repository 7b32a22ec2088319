/** How a token is coloured wherever EQL is shown: on the pages and in the editor. */
import type { Token } from "./tokens.ts";

/** What a token is to a reader. */
export type TokenClass = "keyword" | "string" | "number" | "comment" | "function" | "bad";

/** @param next the token right behind it: a name before `(` is a function's. Null: plain text. */
export function tokenClass(token: Token, next: Token | undefined): TokenClass | null {
  switch (token.kind) {
    case "keyword":
    case "string":
    case "comment":
    case "bad":
      return token.kind;
    case "integer":
    case "decimal":
      return "number";
    case "tilde-identifier":
      return "function";
    case "identifier":
      return next?.kind === "symbol" && next.text === "(" ? "function" : null;
    default:
      return null;
  }
}

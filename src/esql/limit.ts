/** A bound of memory was reached: there is no result rather than a wrong one. */
export class EsqlLimitError extends Error {
  override readonly name = "EsqlLimitError";
}

/** A value that is worked out at first use, and once. */
export function once<T>(make: () => T): () => T {
  let value: { readonly of: T } | undefined;
  return () => (value ??= { of: make() }).of;
}

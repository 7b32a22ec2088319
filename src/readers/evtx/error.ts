/** Something in a record or template that cannot be read. The chunk's reader catches it, counts it and goes on with the next record. */
export class BinXmlError extends Error {}

import { parseAddress, type Address, type Cidr } from "./cidr.ts";

/**
 * Blocks of addresses, asked whether an address lies in one of them: a look-up for each length of prefix among them (at most
 * 129), however many blocks there are.
 */
export class AddressSet {
  readonly #byMask: readonly { readonly mask: Address; readonly bases: ReadonlySet<string> }[];
  readonly #address: Address = new Uint32Array(4);

  constructor(blocks: readonly Cidr[]) {
    const byMask = new Map<string, { readonly mask: Address; readonly bases: Set<string> }>();
    for (const { base, mask } of blocks) {
      const name = mask.join();
      let known = byMask.get(name);
      if (known === undefined) byMask.set(name, (known = { mask, bases: new Set() }));
      known.bases.add(nameOf(base, mask));
    }
    this.#byMask = [...byMask.values()];
  }

  /** False for what is in none of the blocks, null for what is no address. */
  has(text: string): boolean | null {
    const address = this.#address;
    if (!parseAddress(text, address)) return null;
    for (let i = 0; i < this.#byMask.length; i++) {
      const { mask, bases } = this.#byMask[i]!;
      if (bases.has(nameOf(address, mask))) return true;
    }
    return false;
  }
}

/** The masked address, two units to a word. */
function nameOf(address: Address, mask: Address): string {
  let name = "";
  for (let word = 0; word < 4; word++) {
    const bits = address[word]! & mask[word]!;
    name += String.fromCharCode(bits >>> 16, bits & 0xffff);
  }
  return name;
}

export interface LockFile {
  readonly name: string;
  readonly version: string;
  readonly packages: { readonly [path: string]: LockedPackage };
}

export interface LockedPackage {
  readonly version?: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dev?: boolean;
  readonly optional?: boolean;
  readonly dependencies?: { readonly [name: string]: string };
  readonly devDependencies?: { readonly [name: string]: string };
}

export interface SuppliedPackage {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly integrity: string;
  readonly dependencies: readonly string[];
  readonly installed: boolean;
  readonly bundled: boolean;
}

export interface BillOfMaterials {
  readonly bomFormat: string;
  readonly specVersion: string;
  readonly serialNumber: string;
  readonly version: number;
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

export interface Component {
  readonly type: string;
  readonly "bom-ref": string;
  readonly group?: string;
  readonly name: string;
  readonly version: string;
  readonly scope?: string;
  readonly hashes?: readonly { readonly alg: string; readonly content: string }[];
  readonly licenses: readonly { readonly license?: { readonly id: string }; readonly expression?: string }[];
  readonly purl: string;
}

export declare function suppliedPackages(lock: LockFile, bundled: ReadonlySet<string>): SuppliedPackage[];
export declare function bundledNames(inputs: Iterable<string>): Set<string>;
export declare function noticesText(root: string, packages: readonly SuppliedPackage[]): string;
export declare function billOfMaterials(lock: LockFile, packages: readonly SuppliedPackage[]): BillOfMaterials;

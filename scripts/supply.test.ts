import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { ATTACK_LICENSE } from "../src/catalog/attack.ts";
import { ECS_VERSION } from "../src/ecs/generated/fields.ts";
import { billOfMaterials, bundledNames, noticesText, suppliedPackages, type BillOfMaterials, type LockFile } from "./supply.mjs";

const root = join(import.meta.dirname, "..");
const lock = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8")) as LockFile;
const own = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { readonly dependencies: { readonly [name: string]: string } };
const bundled = new Set(["@codemirror/view", "hono"]);
const packages = suppliedPackages(lock, bundled);

test("what is supplied: all that npm installs with the package, and what is bundled", () => {
  const names = packages.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining([...Object.keys(own.dependencies), "@codemirror/view"]));
  expect(names).not.toContain("typescript");
  expect(packages.find(({ name }) => name === "hono")).toMatchObject({ installed: true, bundled: true });
  expect(packages.find(({ name }) => name === "@codemirror/view")).toMatchObject({ installed: false, bundled: true });
  // npm's own answer, from the lock file: the scripts of an installed package may have put more in node_modules.
  const listed = JSON.parse(
    execFileSync("npm", ["ls", "--package-lock-only", "--omit=dev", "--all", "--json"], { cwd: root, encoding: "utf8" }),
  ) as Tree;
  const installed = packages.filter((one) => one.installed).map(({ name, version }) => `${name}@${version}`);
  expect(installed.sort()).toEqual([...new Set(versions(listed))].sort());
});

interface Tree {
  readonly version?: string;
  readonly dependencies?: { readonly [name: string]: Tree };
}
function versions(tree: Tree): string[] {
  return Object.entries(tree.dependencies ?? {}).flatMap(([name, inner]) => [`${name}@${inner.version}`, ...versions(inner)]);
}

test("a bundle's packages are found in its metafile", () => {
  const inputs = ["src/web/dom.ts", "node_modules/@codemirror/view/dist/index.js", "../x/node_modules/a/node_modules/crelt/index.js"];
  expect([...bundledNames(inputs)]).toEqual(["@codemirror/view", "crelt"]);
});

describe("notices", () => {
  const text = noticesText(root, packages);

  test("ours comes first, with the terms of ATT&CK as they are and the version of ECS", () => {
    const notice = readFileSync(join(root, "NOTICE"), "utf8");
    expect(text.startsWith(notice)).toBe(true);
    expect(notice).toContain(ATTACK_LICENSE);
    expect(notice).toContain(`Elastic Common Schema, version ${ECS_VERSION.replace(/\.\d+$/, "")},`);
  });

  test("every package has its licence text", () => {
    for (const { name, version, path } of packages) {
      const at = text.indexOf(`\n${name} ${version} (`);
      expect(at, name).toBeGreaterThan(0);
      expect(text.slice(at, at + 3000), name).toMatch(/permission|redistribution/i);
      expect(path).toBe(`node_modules/${name}`);
    }
  });

  test("a package without a licence text is an error", () => {
    expect(() => noticesText(root, [{ ...packages[0]!, path: "src/web" }])).toThrow("has no licence text");
  });
});

describe("the bill of materials", () => {
  const bom = billOfMaterials(lock, packages);

  test("has what CycloneDX 1.6 asks for", () => validate(bom));

  test("is the same for the same lock file", () => {
    expect(billOfMaterials(lock, suppliedPackages(lock, bundled))).toEqual(bom);
    expect(billOfMaterials(lock, suppliedPackages(lock, new Set())).serialNumber).not.toBe(bom.serialNumber);
  });

  test("what the build wrote is of this lock file", () => {
    const written = JSON.parse(readFileSync(join(root, "dist", "sbom.cdx.json"), "utf8")) as BillOfMaterials;
    validate(written);
    const purls = new Set(written.components.map(({ purl }) => purl));
    for (const { name, version } of packages.filter((one) => one.installed))
      expect(purls).toContain(`pkg:npm/${name.replace("@", "%40")}@${version}`);
    const notices = readFileSync(join(root, "dist", "THIRD-PARTY-NOTICES.txt"), "utf8");
    for (const { group, name, version } of written.components)
      expect(notices).toContain(`\n${group === undefined ? name : `${group}/${name}`} ${version} (`);
    expect(readFileSync(join(root, "dist", "web", "assets", "THIRD-PARTY-NOTICES.txt"), "utf8")).toBe(notices);
  });
});

/** The required fields and the patterns of the schema (bom-1.6.schema.json), and that references lead somewhere. */
function validate(bom: BillOfMaterials): void {
  expect(bom).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.6", version: 1 });
  expect(bom.serialNumber).toMatch(/^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/);
  const all = [bom.metadata.component, ...bom.components];
  for (const component of all) {
    expect(["application", "library"]).toContain(component.type);
    expect(component.name).not.toBe("");
    expect(component.purl).toMatch(/^pkg:npm\/(%40[\w.-]+\/)?[\w.-]+@\d+\.\d+\.\d+/);
    expect(component.licenses.length).toBe(1);
    expect(component.licenses[0]!.license?.id ?? component.licenses[0]!.expression).toMatch(/^[\w.+() -]+$/);
  }
  for (const { hashes, scope } of bom.components) {
    expect(hashes).toEqual([{ alg: "SHA-512", content: expect.stringMatching(/^[0-9a-f]{128}$/) as string }]);
    expect(scope).toBe("required");
  }
  const refs = new Set(all.map((component) => component["bom-ref"]));
  expect(refs.size).toBe(all.length);
  expect(bom.dependencies.map(({ ref }) => ref).sort()).toEqual([...refs].sort());
  for (const { dependsOn } of bom.dependencies) for (const ref of dependsOn) expect(refs).toContain(ref);
}

// What the package is made of other than our own code, from the lock file and the licence texts of the packages: the notices of third parties, and a
// bill of materials (CycloneDX 1.6, https://cyclonedx.org/docs/1.6/json/). The bundler writes both into dist/, the notices beside the pages' bundles too.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * The packages that run with ours: those that npm installs with it, and those in the bundles of the command and the pages.
 * @param lock what package-lock.json holds (lockfileVersion 3)
 * @param bundled names of the packages that the bundles hold
 * @returns by name; `installed` with the package, `bundled` into the command or the pages, or both
 */
export function suppliedPackages(lock, bundled) {
  return Object.entries(lock.packages)
    .filter(([path, { dev, optional }]) => path !== "" && !optional && (!dev || bundled.has(nameOf(path))))
    .map(([path, { version, license, integrity, dependencies = {}, dev }]) => ({
      path,
      name: nameOf(path),
      version,
      license,
      integrity,
      dependencies: Object.keys(dependencies),
      installed: !dev,
      bundled: bundled.has(nameOf(path)),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** `node_modules/@hono/node-server` -> `@hono/node-server` */
function nameOf(path) {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** The names of the packages that esbuild took files from. @param inputs paths, as its metafile has them */
export function bundledNames(inputs) {
  const names = new Set();
  for (const input of inputs) {
    const at = input.lastIndexOf("node_modules/");
    if (at < 0) continue;
    const parts = input.slice(at + "node_modules/".length).split("/");
    names.add(parts.slice(0, parts[0].startsWith("@") ? 2 : 1).join("/"));
  }
  return names;
}

/** Our NOTICE, then each package with its licence text. Throws for a package that ships none: somebody has to look. */
export function noticesText(root, packages) {
  const rule = "-".repeat(100);
  const sections = packages.map(({ path, name, version, license, installed, bundled }) => {
    const use = [installed ? "installed with the package" : null, bundled ? "in the bundles" : null].filter(Boolean).join(", ");
    return `${rule}\n${name} ${version} (${license}; ${use})\n${rule}\n\n${licenceTexts(join(root, path)).join("\n\n")}\n`;
  });
  return `${readFileSync(join(root, "NOTICE"), "utf8")}\n\n${sections.join("\n\n")}`;
}

function licenceTexts(folder) {
  const names = readdirSync(folder).filter((name) => /^(licen[cs]e|copying|notice)([.-]|$)/i.test(name));
  if (names.length === 0) throw new Error(`${folder} has no licence text`);
  return names.sort().map((name) => readFileSync(join(folder, name), "utf8").trim());
}

/** The bill of materials as a CycloneDX 1.6 document. The same lock file and bundles, the same document: it has no time and no random number. */
export function billOfMaterials(lock, packages) {
  const own = lock.packages[""];
  const product = { name: lock.name, version: lock.version };
  const components = packages.map((one) => ({
    type: "library",
    "bom-ref": purl(one),
    ...(one.name.startsWith("@") ? { group: one.name.split("/")[0], name: one.name.split("/")[1] } : { name: one.name }),
    version: one.version,
    scope: "required",
    hashes: [hashOf(one)],
    licenses: [/ (OR|AND|WITH) /.test(one.license) ? { expression: one.license } : { license: { id: one.license } }],
    purl: purl(one),
    properties: [{ name: "tocsin:use", value: [one.installed && "installed", one.bundled && "bundled"].filter(Boolean).join(" ") }],
  }));
  const dependsOn = (names) => packages.filter(({ name }) => names.includes(name)).map(purl);
  const direct = [...Object.keys(own.dependencies ?? {}), ...Object.keys(own.devDependencies ?? {})];
  const content = {
    metadata: {
      component: {
        type: "application",
        "bom-ref": purl(product),
        ...product,
        licenses: [{ license: { id: own.license } }],
        purl: purl(product),
      },
    },
    components,
    dependencies: [
      { ref: purl(product), dependsOn: dependsOn(direct) },
      ...packages.map((one) => ({ ref: purl(one), dependsOn: dependsOn(one.dependencies) })),
    ],
  };
  const hex = createHash("sha256").update(JSON.stringify(content)).digest("hex");
  // A UUID of version 8 (RFC 9562): made of the content.
  const uuid = `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  return {
    $schema: "http://cyclonedx.org/schema/bom-1.6.schema.json",
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    serialNumber: `urn:uuid:${uuid}`,
    version: 1,
    ...content,
  };
}

/** https://github.com/package-url/purl-spec: the `@` of a scope is written as %40. */
function purl({ name, version }) {
  return `pkg:npm/${name.replace("@", "%40")}@${version}`;
}

/** npm's `sha512-BASE64` as CycloneDX has it. */
function hashOf({ name, integrity }) {
  const found = /^sha512-([A-Za-z0-9+/=]+)$/.exec(integrity ?? "");
  if (found === null) throw new Error(`${name} has no SHA-512 in the lock file`);
  return { alg: "SHA-512", content: Buffer.from(found[1], "base64").toString("hex") };
}

import { existsSync, readFileSync } from "node:fs";

/** The folder that holds this program's package.json, as a URL with a slash at its end. */
export function packageFolder(): URL {
  let folder = new URL("./", import.meta.url);
  // The sources lie one folder deeper when built.
  while (!existsSync(new URL("package.json", folder))) {
    const parent = new URL("../", folder);
    if (parent.href === folder.href) throw new Error(`no package.json above ${import.meta.url}`);
    folder = parent;
  }
  return folder;
}

export function packageVersion(): string {
  const manifest: unknown = JSON.parse(readFileSync(new URL("package.json", packageFolder()), "utf8"));
  if (typeof manifest !== "object" || manifest === null || !("version" in manifest)) {
    throw new Error("package.json has no version");
  }
  return String(manifest.version);
}

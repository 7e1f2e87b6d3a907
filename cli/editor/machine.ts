import { existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { Host } from "../../language-server/index.js";
import { Failure } from "../failure.js";
import { packageFolder } from "../package.js";
import { projectRoot } from "../project-root.js";
import { readImport } from "../read-import.js";
import { systemReason } from "../system-error.js";
import { checkpointBeside } from "./checkpoint-beside.js";
import { modelsBelow } from "./models-below.js";

/** What a language server needs of the machine, in Node. What cannot be read is not there: nothing here throws. */
export function openMachine(): Host {
  const texts = new Map<string, { readonly key: string; readonly text: string | undefined }>();
  /** Asked for each problem at each keystroke: what a package holds stays as it is, so each is looked for once. */
  const urls = new Map<string, string | undefined>();
  const inPackage = (path: string): string | undefined => {
    if (!urls.has(path)) urls.set(path, urlInPackage(path));
    return urls.get(path);
  };
  return {
    read: (file, root) => {
      const path = pathOf(file);
      const status = path === undefined ? undefined : orNothing(() => statSync(path, { throwIfNoEntry: false }));
      if (path === undefined || !status?.isFile()) return void texts.delete(file);
      const key = `${root} ${status.ino} ${status.size} ${status.mtimeMs}`;
      const known = texts.get(file);
      if (known?.key === key) return known.text;
      const text = orNothing(() => readImport(path, pathOf(root) ?? "/"));
      texts.set(file, { key, text });
      return text;
    },
    rootOf: (file) => {
      const path = pathOf(file);
      return path === undefined ? (/^\/[^/]*/.exec(file)?.[0] ?? "") : fileAt(projectRoot(path));
    },
    list: (folder) => modelsBelow(pathOf(folder)).map(fileAt),
    libraryUri: (name) => inPackage(`compiler/${name}`),
    pageOf: (code) => inPackage(`docs/errors/${code}.md`),
    checkpointBeside: (file) => {
      const path = pathOf(file);
      return path === undefined ? { tensors: [], fields: [] } : checkpointBeside(dirname(path));
    },
    soon: (action) => void setImmediate(action),
  };
}

function urlInPackage(path: string): string | undefined {
  const url = new URL(path, packageFolder());
  return existsSync(url) ? url.href : undefined;
}

/** Undefined for documents that are no files. */
function pathOf(file: string): string | undefined {
  if (/^\/[A-Za-z][\w+.-]+:/.test(file) || !file.startsWith("/") || file.includes("\0")) return undefined;
  return process.platform === "win32" ? fileURLToPath(`file://${encodeURI(file)}`) : file;
}

const fileAt = (path: string): string =>
  process.platform === "win32" ? decodeURI(pathToFileURL(path).pathname) : path;

/** A file that cannot be looked at is none. */
function orNothing<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (error instanceof Failure || systemReason(error) !== undefined) return undefined;
    throw error;
  }
}

/** The files of a checkpoint, from wherever it lies. */
import { platform } from "#platform";
import type { Bytes } from "../../platform/platform.js";
import { blobBytes } from "./blob-bytes.js";
import { urlBytes } from "./url-bytes.js";

/**
 * A path (in Node) or a URL of a `.safetensors` file, of an `.index.json` of several, or of the folder of either; or a
 * browser's File or Blob, or the Files of a folder.
 */
export type Source = string | URL | Blob | readonly File[];

const single = "model.safetensors";
const index = "model.safetensors.index.json";

/** Opens every file of the checkpoint; the caller closes them. @throws Error if there is none, or one is missing. */
export async function openCheckpoint(source: Source): Promise<Bytes[]> {
  if (source instanceof Blob) return [blobBytes(source)];
  if (typeof source !== "string" && !(source instanceof URL)) return openFiles(source);
  if (source instanceof URL || /^https?:/.test(source)) return openUrl(new URL(source));
  return openPath(source);
}

async function openFiles(files: readonly File[]): Promise<Bytes[]> {
  const wanted = files.filter(({ name }) => name.endsWith(".safetensors"));
  const list = files.find(({ name }) => name.endsWith(".index.json"));
  if (wanted.length === 0) throw new Error(`no .safetensors file among ${files.map(({ name }) => name).join(", ")}`);
  if (!list) return wanted.map(blobBytes);
  return openShards(blobBytes(list), (shard) => {
    const file = wanted.find(({ name }) => name === shard);
    return Promise.resolve(file && blobBytes(file));
  });
}

async function openUrl(url: URL): Promise<Bytes[]> {
  const beside = (base: URL) => (name: string) => urlBytes(new URL(name, base));
  const missing = (): never => {
    throw new Error(`${url.href}: there is no such file`);
  };
  if (url.pathname.endsWith(".index.json")) return openShards((await urlBytes(url)) ?? missing(), beside(url));
  if (url.pathname.endsWith(".safetensors")) return [(await urlBytes(url)) ?? missing()];
  const folder = new URL(url);
  if (!folder.pathname.endsWith("/")) folder.pathname += "/";
  const whole = await beside(folder)(single);
  if (whole) return [whole];
  const list = await beside(folder)(index);
  if (!list) throw new Error(`${folder.href}: neither ${single} nor ${index} is there`);
  return openShards(list, beside(folder));
}

async function openPath(path: string): Promise<Bytes[]> {
  const isFile = async (candidate: string): Promise<boolean> => (await platform.kindOfPath(candidate)) === "file";
  const beside = (folder: string) => async (name: string) => {
    const shard = platform.joinPath(folder, name);
    return (await isFile(shard)) ? platform.openPath(shard) : undefined;
  };
  if ((await platform.kindOfPath(path)) !== "folder") {
    if (!path.endsWith(".index.json")) return [await platform.openPath(path)];
    return openShards(await platform.openPath(path), beside(platform.joinPath(path, "..")));
  }
  const [whole, list] = [platform.joinPath(path, single), platform.joinPath(path, index)];
  if (await isFile(whole)) return [await platform.openPath(whole)];
  if (await isFile(list)) return openShards(await platform.openPath(list), beside(path));
  throw new Error(`${path}: neither ${single} nor ${index} is there`);
}

/** Reads the index and opens the files that it names. */
async function openShards(list: Bytes, open: (name: string) => Promise<Bytes | undefined>): Promise<Bytes[]> {
  const content = await list.read(0, list.size).finally(() => list.close());
  const names = shardNames(list.name, content);
  const shards: Bytes[] = [];
  try {
    for (const name of names) {
      const shard = await open(name);
      if (!shard) throw new Error(`${list.name}: names ${name}, which is missing`);
      shards.push(shard);
    }
  } catch (error) {
    await closeAll(shards);
    throw error;
  }
  return shards;
}

function shardNames(file: string, bytes: Uint8Array): string[] {
  let content: unknown;
  try {
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    throw new Error(`${file}: is no JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  const map =
    typeof content === "object" && content !== null && "weight_map" in content ? content.weight_map : undefined;
  if (typeof map !== "object" || map === null) throw new Error(`${file}: has no "weight_map"`);
  const names = new Set<string>();
  for (const name of Object.values(map)) {
    // A shard lies beside its index, whatever the index says.
    if (typeof name !== "string" || /[/\\]|^\.\.?$/.test(name))
      throw new Error(`${file}: "${String(name)}" is no file's name`);
    names.add(name);
  }
  if (names.size === 0) throw new Error(`${file}: its "weight_map" is empty`);
  return [...names].sort();
}

export async function closeAll(files: readonly Bytes[]): Promise<void> {
  for (const file of files) await file.close();
}

/** What the Hub is asked: which commit a revision is, and which files that has. */
import { HubApiError, listFiles, modelInfo, HUB_URL } from "@huggingface/hub";
import { Failure } from "../failure.js";
import type { HubId } from "./hub-id.js";

/** As the tools of Hugging Face have it: a mirror may stand for the Hub, and a token tells who asks. */
export const endpoint = (): string => (process.env["HF_ENDPOINT"] ?? HUB_URL).replace(/\/+$/, "");
const token = (): string | undefined => process.env["HF_TOKEN"];

export const authorization = (): Record<string, string> =>
  token() === undefined ? {} : { authorization: `Bearer ${token()}` };

export interface HubFile {
  readonly path: string;
  readonly size: number;
  /** What its content is called in the cache; of a large file, its SHA-256. */
  readonly etag: string;
  readonly isLarge: boolean;
}

/** The commit of a revision; undefined where nobody can be reached. */
export async function commitOf({ name, revision }: HubId): Promise<string | undefined> {
  return asked(name, async () => {
    const { sha } = await modelInfo({ ...access(), name, revision, additionalFields: ["sha"] });
    return sha;
  });
}

/** The files at the top of a commit. */
export async function filesOf(name: string, commit: string): Promise<readonly HubFile[]> {
  const files = await asked(name, async () => {
    const found: HubFile[] = [];
    for await (const { type, path, size, oid, lfs } of listFiles({ ...access(), repo: name, revision: commit })) {
      const etag = lfs?.oid ?? oid;
      if (type === "file" && /^\w[\w.-]*$/.test(path) && etag !== undefined && /^\w+$/.test(etag))
        found.push({ path, size: lfs?.size ?? size, etag, isLarge: lfs !== undefined });
    }
    return found;
  });
  if (!files) throw unreachable();
  return files;
}

export const unreachable = (): Failure =>
  new Failure(`cannot reach ${endpoint()}`, "HF_ENDPOINT names another server; a folder needs none");

function access(): { hubUrl: string; accessToken?: string } {
  const accessToken = token();
  return { hubUrl: endpoint(), ...(accessToken !== undefined && { accessToken }) };
}

/** Undefined where nobody answers; what is answered but a model is a `Failure`. */
async function asked<T>(name: string, ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof HubApiError) {
      const what = `${endpoint()} gives no model ${name} (status ${error.statusCode})`;
      throw new Failure(
        what,
        "HF_TOKEN is read for models that not everyone may see; a folder is named with ./ before it",
      );
    }
    // What `fetch` throws where there is no connection.
    if (error instanceof TypeError) return undefined;
    throw error;
  }
}

import { platform } from "#platform";
import type { Bytes } from "../platform/platform.js";
import { urlBytes } from "../weights/safetensors/url-bytes.js";

export interface Tokenizer {
  readonly vocab: number;
  /** With the special tokens that the model expects around a text, unless `special` is false. */
  encode(text: string, options?: { readonly special?: boolean }): number[];
  /** Without special tokens, unless `special` is true. */
  decode(ids: readonly number[], options?: { readonly special?: boolean }): string;
  /** The text of tokens that come one at a time. */
  stream(): TextStream;
}

export interface TextStream {
  /** The text that this token completes: none while a character's bytes are not all there. */
  push(token: number): string;
  /** What was held back. */
  finish(): string;
}

/**
 * The tokenizer in a checkpoint's folder, a path (in Node) or a URL; undefined where there is no `tokenizer.json`.
 *
 * @throws Error that names the file if it is no tokenizer that is known.
 */
export async function loadTokenizer(folder: string | URL): Promise<Tokenizer | undefined> {
  const model = await readJson(folder, "tokenizer.json");
  if (model === undefined) return undefined;
  const config = (await readJson(folder, "tokenizer_config.json")) ?? {};
  const { Tokenizer: HuggingFaceTokenizer } = await import("@huggingface/tokenizers");
  try {
    const tokenizer = new HuggingFaceTokenizer(model, config);
    const decode = (ids: readonly number[], special = false): string =>
      ids.length === 0
        ? ""
        : tokenizer.decode([...ids], { skip_special_tokens: !special, clean_up_tokenization_spaces: false });
    return {
      vocab: tokenizer.get_vocab(true).size,
      encode: (text, { special = true } = {}) => tokenizer.encode(text, { add_special_tokens: special }).ids,
      decode: (ids, { special = false } = {}) => decode(ids, special),
      stream: () => streamText((ids) => decode(ids)),
    };
  } catch (error) {
    throw new Error(`${String(folder)}/tokenizer.json: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
}

/** What a decoder writes for bytes that are no character: the beginning of one, if they stand last. */
const incomplete = "\ufffd";

/**
 * Text from a decoder, token by token, so that the pieces together are the text of all tokens. A decoder may write a
 * token differently at the beginning than within, so a few tokens that were already written stay in what it is given.
 */
export function streamText(decode: (ids: readonly number[]) => string): TextStream {
  /** The last tokens that were written, then those that are not yet. */
  let tokens: number[] = [];
  let written = 0;

  const take = (): string => {
    const before = decode(tokens.slice(0, written));
    const text = decode(tokens).slice(before.length);
    tokens = tokens.slice(written);
    written = tokens.length;
    return text;
  };

  return {
    push(token) {
      tokens.push(token);
      return decode(tokens).endsWith(incomplete) ? "" : take();
    },
    finish: () => (written < tokens.length ? take() : ""),
  };
}

async function readJson(folder: string | URL, name: string): Promise<object | undefined> {
  const file = await openIn(folder, name);
  if (!file) return undefined;
  try {
    const content: unknown = JSON.parse(new TextDecoder().decode(await file.read(0, file.size)));
    if (typeof content !== "object" || content === null) throw new Error("is no JSON object");
    return content;
  } catch (error) {
    throw new Error(`${file.name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  } finally {
    await file.close();
  }
}

async function openIn(folder: string | URL, name: string): Promise<Bytes | undefined> {
  if (folder instanceof URL || /^https?:/.test(folder)) {
    const base = new URL(folder);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    return urlBytes(new URL(name, base));
  }
  const path = platform.joinPath(folder, name);
  return (await platform.kindOfPath(path)) === "file" ? platform.openPath(path) : undefined;
}

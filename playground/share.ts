/** What a link holds: the text, or which example it is, and what is shown of it. */

export interface Shared {
  /** An example that is shown as it is. */
  readonly example?: string | undefined;
  /** A text of the reader's own. */
  readonly text?: string | undefined;
  readonly config?: string | undefined;
  readonly tab?: string | undefined;
}

/** The part of an address behind `#`. */
export async function toHash({ example, text, config, tab }: Shared): Promise<string> {
  const parts = new URLSearchParams();
  if (text !== undefined) parts.set("text", await pack(text));
  else if (example !== undefined) parts.set("example", example);
  if (config !== undefined) parts.set("config", config);
  if (tab !== undefined) parts.set("tab", tab);
  return `#${parts.toString()}`;
}

/** What cannot be read, of a link that was cut, is left out. */
export async function fromHash(hash: string): Promise<Shared> {
  const parts = new URLSearchParams(hash.replace(/^#/, ""));
  const packed = parts.get("text");
  return {
    example: parts.get("example") ?? undefined,
    text: packed === null ? undefined : await unpack(packed),
    config: parts.get("config") ?? undefined,
    tab: parts.get("tab") ?? undefined,
  };
}

/** More than any file that is written by hand: a link must not fill the memory. */
const longest = 2_000_000;

async function pack(text: string): Promise<string> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  const bytes = new Uint8Array(await new Response(stream).arrayBuffer());
  const binary = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpack(packed: string): Promise<string | undefined> {
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
    return await readAtMost(stream, longest);
  } catch {
    return undefined;
  }
}

async function readAtMost(stream: ReadableStream<Uint8Array>, most: number): Promise<string | undefined> {
  const decoder = new TextDecoder();
  let text = "";
  const reader = stream.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > most) {
      await reader.cancel();
      return undefined;
    }
  }
}

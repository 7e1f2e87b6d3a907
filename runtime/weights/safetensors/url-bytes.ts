import type { Bytes } from "../../platform/platform.js";

/** So many unwanted bytes are read over rather than asked for anew. */
const worthSkipping = 2 ** 20;

/**
 * A file behind a URL, read in order as one download goes on, so that no more of it is held than is asked for. Where the
 * server knows ranges, a read elsewhere begins a new download there; where not, only reads further on are possible.
 *
 * @returns undefined if the server answers that there is no such file.
 */
export async function urlBytes(url: URL): Promise<Bytes | undefined> {
  let download = await begin(url, 0);
  if (!download) return undefined;
  const { size } = download;

  return {
    name: url.href,
    size,
    async read(from, to) {
      if (download && (download.at > from || (download.ranges && from - download.at > worthSkipping))) {
        await download.cancel();
        download = undefined;
      }
      download ??= await begin(url, from);
      if (!download) throw new Error(`${url.href}: is no longer there`);
      await download.skipTo(from);
      return download.take(to - from);
    },
    async close() {
      await download?.cancel();
      download = undefined;
    },
  };
}

interface Download {
  readonly size: number;
  readonly ranges: boolean;
  /** The byte that comes next. */
  readonly at: number;
  skipTo(from: number): Promise<void>;
  take(count: number): Promise<Uint8Array>;
  cancel(): Promise<void>;
}

async function begin(url: URL, from: number): Promise<Download | undefined> {
  const response = await fetch(url, { headers: { Range: `bytes=${from}-` } }).catch((error: unknown) => {
    throw new Error(`${url.href}: cannot be reached: ${error instanceof Error ? error.message : String(error)}`);
  });
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  if (!response.ok || !response.body) throw new Error(`${url.href}: the server answers ${response.status}`);
  const ranges = response.status === 206;
  return reader(url, response.body, ranges ? from : 0, sizeOf(url, response), ranges);
}

function reader(url: URL, body: ReadableStream<Uint8Array>, start: number, size: number, ranges: boolean): Download {
  const stream = body.getReader();
  let at = start;
  let chunk = new Uint8Array();

  /** The next bytes, at most `most` of them, given to `use`. */
  const next = async (most: number, use: (bytes: Uint8Array) => void): Promise<void> => {
    while (chunk.length === 0) {
      const ends = `${url.href}: the download ends at byte ${at} of ${size}`;
      const { done, value } = await stream.read().catch((error: unknown) => {
        throw new Error(ends, { cause: error });
      });
      if (done) throw new Error(ends);
      chunk = new Uint8Array(value);
    }
    const bytes = chunk.subarray(0, most);
    use(bytes);
    chunk = chunk.subarray(bytes.length);
    at += bytes.length;
  };

  return {
    size,
    ranges,
    get at() {
      return at;
    },
    async skipTo(from) {
      while (at < from) await next(from - at, () => undefined);
    },
    async take(count) {
      const bytes = new Uint8Array(count);
      let filled = 0;
      while (filled < count) {
        await next(count - filled, (some) => {
          bytes.set(some, filled);
          filled += some.length;
        });
      }
      return bytes;
    },
    // A download that has broken off cannot be cancelled, and need not be; whoever read from it has had the error.
    cancel: () => stream.cancel().catch(() => undefined),
  };
}

/** From `Content-Range: bytes 0-99/1000`, or the length of a whole answer. */
function sizeOf(url: URL, response: Response): number {
  const whole = response.headers.get("content-range")?.split("/")[1];
  const encoded = response.headers.has("content-encoding");
  const size = Number(whole ?? (encoded ? NaN : (response.headers.get("content-length") ?? NaN)));
  if (!Number.isSafeInteger(size)) throw new Error(`${url.href}: the server does not say how long it is`);
  return size;
}

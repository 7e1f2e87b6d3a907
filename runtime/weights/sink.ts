import { platform } from "#platform";
import type { ByteSink } from "../platform/platform.js";

/** Where a file is written: a path (in Node), a stream, or a function that is given the bytes in order. */
export type Sink = string | WritableStream<Uint8Array> | ((bytes: Uint8Array) => void | Promise<void>);

/** A path's file appears when it is whole, in place of any earlier one. */
export async function openSink(sink: Sink): Promise<ByteSink> {
  if (typeof sink === "string") return platform.createFile(sink);
  if (typeof sink === "function") {
    return {
      name: "the sink",
      write: async (bytes) => sink(bytes),
      finish: () => Promise.resolve(),
      abandon: () => Promise.resolve(),
    };
  }
  const writer = sink.getWriter();
  return {
    name: "the stream",
    write: (bytes) => writer.write(bytes),
    finish: () => writer.close(),
    abandon: () => writer.abort(),
  };
}

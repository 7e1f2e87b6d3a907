/** What differs between Node and a browser. `#platform` is one of the two, chosen by the package's import conditions. */
export const backendNames = ["webgpu", "wasm", "cpu"] as const;
export type BackendName = (typeof backendNames)[number];

export interface Adapter {
  readonly description: string;
  /** Whether it computes on the processor: right, but slow. */
  readonly software: boolean;
  /** What a user should know of how it was found. */
  readonly note?: string;
  /** Undoes what was only needed while the backend starts. */
  readonly release: () => void;
}

/** A file that is read in pieces. */
export interface Bytes {
  /** As messages name it. */
  readonly name: string;
  readonly size: number;
  /** The bytes `from .. to - 1`. @throws Error if there are fewer. */
  read(from: number, to: number): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Takes a file's bytes in order. `finish` makes the file be there whole; `abandon` leaves what was there before. */
export interface ByteSink {
  readonly name: string;
  write(bytes: Uint8Array): Promise<void>;
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

export interface Platform {
  /** Backends from the most to the least wanted. */
  readonly order: readonly BackendName[];
  /** Makes the WebAssembly backend known to tfjs and says where its files are; what it gives is called once it runs. */
  prepareWasm(files?: string): Promise<() => void>;
  /** Puts `gpu` where tfjs looks for it; undefined if no adapter is to be had. A software one is tried if `named`. */
  prepareWebGpu(named: boolean): Promise<Adapter | undefined>;
  /** Opens a path of the file system: a file, or the files of that name within a folder. */
  openPath(path: string): Promise<Bytes>;
  /** What a path is: undefined if there is nothing. */
  kindOfPath(path: string): Promise<"file" | "folder" | undefined>;
  /** A sibling's path: `name` in the folder that `path` names. */
  joinPath(folder: string, name: string): string;
  createFile(path: string): Promise<ByteSink>;
}

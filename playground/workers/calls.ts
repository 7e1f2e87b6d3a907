/** Calls between the page and its workers: functions by name, whose answers are promises; a call may be told things on its way. */

export type Tell = (note: unknown) => void;

/** What a worker offers. Data go by structured clone. */
export type Service = Readonly<Record<string, (request: never, tell: never) => unknown>>;

interface Call {
  readonly id: number;
  readonly name: string;
  readonly request: unknown;
}

type Answer =
  | { readonly id: number; readonly kind: "note"; readonly note: unknown }
  | { readonly id: number; readonly kind: "value"; readonly value: unknown }
  | { readonly id: number; readonly kind: "error"; readonly message: string };

/** In a worker: answers calls, one after the other, so that what they share is never half done. */
export function serve(service: Service): void {
  let before: Promise<void> = Promise.resolve();
  addEventListener("message", ({ data }: MessageEvent<Call>) => {
    before = before.then(() => answer(service, data));
  });
}

async function answer(service: Service, { id, name, request }: Call): Promise<void> {
  try {
    const made: ((request: never, tell: never) => unknown) | undefined = service[name];
    if (!made) throw new Error(`there is no ${name}`);
    const note: Tell = (note) => postMessage({ id, kind: "note", note } satisfies Answer);
    const value = await made(request as never, note as never);
    postMessage({ id, kind: "value", value } satisfies Answer);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    postMessage({ id, kind: "error", message } satisfies Answer);
  }
}

export interface Remote<S extends Service> {
  <Name extends keyof S & string>(
    name: Name,
    request: Parameters<S[Name]>[0],
    tell?: (note: NoteOf<S[Name]>) => void,
  ): Promise<Awaited<ReturnType<S[Name]>>>;
  /** Nothing more is waited for, since the worker is ended. */
  readonly cancel: (reason: string) => void;
}

type NoteOf<F> = F extends (request: never, tell: (note: infer Note) => void) => unknown ? Note : never;

interface Waiting {
  readonly resolve: (value: never) => void;
  readonly reject: (error: Error) => void;
  readonly tell: ((note: never) => void) | undefined;
}

/** In the page: calls by name. All fail where the worker cannot be started. */
export function connect<S extends Service>(worker: Worker): Remote<S> {
  const waiting = new Map<number, Waiting>();
  let last = 0;
  worker.addEventListener("message", ({ data }: MessageEvent<Answer>) => {
    const call = waiting.get(data.id);
    if (!call) return;
    if (data.kind === "note") return call.tell?.(data.note as never);
    waiting.delete(data.id);
    if (data.kind === "value") call.resolve(data.value as never);
    else call.reject(new Error(data.message));
  });
  worker.addEventListener("error", ({ message }) => {
    cancel(message || "a part of this page could not be loaded");
  });
  const cancel = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  const call = (name: string, request: unknown, tell?: (note: never) => void): Promise<never> =>
    new Promise((resolve, reject) => {
      const id = ++last;
      waiting.set(id, { resolve, reject, tell });
      worker.postMessage({ id, name, request } satisfies Call);
    });
  return Object.assign(call, { cancel });
}

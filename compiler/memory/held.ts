/** Values by texts, for as long as somebody else holds them: what nobody needs any more is not kept for being known. */
export interface Held<T extends object> {
  /** Those that are left, the last first. */
  readonly get: (key: string) => readonly T[];
  readonly add: (key: string, value: T) => void;
}

export function createHeld<T extends object>(): Held<T> {
  const known = new Map<string, readonly WeakRef<T>[]>();
  const alive = (key: string): readonly WeakRef<T>[] =>
    (known.get(key) ?? []).filter((each) => each.deref() !== undefined);
  const gone = new FinalizationRegistry((key: string) => {
    const left = alive(key);
    if (left.length > 0) known.set(key, left);
    else known.delete(key);
  });
  return {
    get: (key) => (known.get(key) ?? []).flatMap((each) => each.deref() ?? []),
    add: (key, value) => {
      known.set(key, [new WeakRef(value), ...alive(key)]);
      gone.register(value, key);
    },
  };
}

/**
 * Results that are kept, and computed again only when something that they were computed from is another than it was.
 *
 * What a result reads is noted while it is computed. An input that has changed casts doubt on all that read it, however far
 * away; a result in doubt is asked for what it read first, and computed only if something of that did change. What comes out
 * equal to what it was, changes nothing for those who read it.
 */
export interface Memory {
  /** What lies outside may have changed: inputs are looked at again. */
  advance: () => void;
  /** A result computed from other results. */
  derived: <T>(compute: () => T, same?: Same<T>) => Cell<T>;
  /** A result computed from what lies outside. */
  input: <T>(compute: () => T, same?: Same<T>) => Cell<T>;
  /** Inputs by name, of which only those are looked at again that `changed` names: all that are not as before the last `advance`. */
  inputs: <T>(compute: (key: string) => T, changed: () => Iterable<string>, same?: Same<T>) => (key: string) => Cell<T>;
  /** A part of what is being computed, with what it reads: whoever computes the like again may take it instead. */
  noted: <T>(compute: () => T) => Noted<T>;
}

export interface Noted<T> {
  readonly of: T;
  /** Whether nothing that it read has changed; who asks and hears so depends on it. */
  readonly isStill: () => boolean;
}

export interface Cell<T> {
  /** The result. Undefined where it is being computed already, further out: nothing can be computed from itself. */
  read: () => T | undefined;
}

type Same<T> = (before: T, after: T) => boolean;

/** There are hundreds of thousands of a large program: what one does not need it does not have. */
interface Node {
  reads: Set<Node> | undefined;
  readers: Set<Node> | undefined;
  /** When it was last found to be as it is, and when it was last read. */
  checked: number;
  asked: number;
  /** Whether it is another now than it was then. */
  hasChangedSince: (then: number) => boolean;
  isInDoubt: boolean;
  isBusy: boolean;
  refresh: () => void;
  /** Lets the result go: it will be computed anew. */
  clear: () => void;
  /** Lets former results go if there has been no other since. */
  settle: (since: number) => void;
}

/** How many times what nobody asks for is kept. */
const patience = 100;
/** How many results of before are kept, for as many times: what is taken back is as it was, and so is what was computed from it. */
const memories = 4;

export function createMemory(): Memory {
  let now = 1;
  let reader: Node | undefined;
  const inputs = new Set<Node>();
  const families: Family[] = [];

  const read = (node: Node): void => {
    node.refresh();
    node.asked = now;
    if (!reader) return;
    (reader.reads ??= new Set()).add(node);
    (node.readers ??= new Set()).add(reader);
  };

  const cell = <T>(compute: () => T, same: Same<T>, isInput: boolean, group?: (node: Node) => void): Cell<T> => {
    let value: Result<T> | undefined;
    let before: readonly Former<T>[] | undefined;
    /** A result of before whose own reasons hold again: what was changed has been taken back. */
    const restored = (): boolean => {
      if (!value) return false;
      const known = before?.find((each) => !hasChanged(each));
      if (!known) return false;
      const { reads, checked } = node;
      forget(node);
      before = retired(value, { reads, checked });
      value = { of: known.of, since: now };
      node.reads = known.reads;
      for (const each of known.reads ?? []) (each.readers ??= new Set()).add(node);
      return true;
    };
    const retired = (result: Result<T>, reasons: Reasons): readonly Former<T>[] => [
      { ...result, ...reasons },
      ...(before ?? []).slice(0, memories - 1),
    ];
    const renew = (): void => {
      const outer = reader;
      const { reads, checked } = node;
      reader = node;
      forget(node);
      try {
        const made = compute();
        if (value && same(value.of, made)) return;
        // What is like one of before is that one: those who have it must not meet its double.
        const known = before?.find(({ of }) => same(of, made));
        if (value) before = retired(value, { reads, checked });
        value = { of: known ? known.of : made, since: now };
      } finally {
        reader = outer;
      }
    };
    // Written out: an object that is spread and added to takes half as much again.
    const node: Node = {
      reads: undefined,
      readers: undefined,
      checked: 0,
      asked: 0,
      isInDoubt: true,
      isBusy: false,
      refresh: () => {
        if (!node.isInDoubt || node.isBusy) return;
        node.isBusy = true;
        try {
          if (!value || isInput || (hasChanged(node) && !restored())) renew();
          node.isInDoubt = false;
        } finally {
          node.isBusy = false;
        }
        node.checked = now;
        if (isInput && !group) inputs.add(node);
      },
      hasChangedSince: (then) => {
        if (!value) return true;
        if (value.since <= then) return false;
        const was = before?.find(({ since }) => since <= then);
        return !was || !same(was.of, value.of);
      },
      clear: () => {
        value = undefined;
        before = undefined;
        node.isInDoubt = true;
        forget(node);
      },
      settle: (since) => {
        if (value && value.since < since) before = undefined;
      },
    };
    group?.(node);
    return {
      read: () => {
        read(node);
        return node.isBusy ? undefined : value?.of;
      },
    };
  };

  const noted = <T>(compute: () => T): Noted<T> => {
    let isGone = false;
    /** Whether something is another than it was, and when that was found: it may become again what it was. */
    let isOther = false;
    let asked = now;
    const node: Node = {
      reads: undefined,
      readers: undefined,
      checked: now,
      asked: 0,
      isInDoubt: false,
      isBusy: false,
      refresh: () => {
        if (!node.isInDoubt || isGone || (isOther && asked === now)) return;
        asked = now;
        isOther = hasChanged(node);
        if (isOther) return;
        node.isInDoubt = false;
        node.checked = now;
      },
      hasChangedSince: () => isGone || isOther,
      clear: () => {
        isGone = true;
        forget(node);
      },
      settle: () => undefined,
    };
    const outer = reader;
    reader = node;
    let of: T;
    try {
      of = compute();
    } finally {
      reader = outer;
    }
    read(node);
    return {
      of,
      isStill: () => {
        node.refresh();
        const isStill = !isGone && !isOther;
        if (isStill) read(node);
        return isStill;
      },
    };
  };

  return {
    noted,
    advance: () => {
      now += 1;
      if (now % patience === 0)
        drop([...inputs, ...families.flatMap(({ nodes }) => [...nodes.values()])], now - patience);
      for (const node of inputs) {
        node.isInDoubt = true;
        // One that nobody has read since is looked at when it is read.
        if (!node.readers?.size) {
          inputs.delete(node);
          continue;
        }
        node.refresh();
        if (node.hasChangedSince(now - 1)) castDoubt(node);
      }
      for (const { nodes, changed } of families) {
        for (const key of changed()) {
          const node = nodes.get(key);
          if (!node) continue;
          node.isInDoubt = true;
          castDoubt(node);
        }
      }
    },
    derived: (compute, same = Object.is) => cell(compute, same, false),
    input: (compute, same = Object.is) => cell(compute, same, true),
    inputs: (compute, changed, same = Object.is) => {
      const nodes = new Map<string, Node>();
      families.push({ nodes, changed });
      return eachOf((key: string) =>
        cell(
          () => compute(key),
          same,
          true,
          (node) => nodes.set(key, node),
        ),
      );
    },
  };
}

interface Result<T> {
  readonly of: T;
  readonly since: number;
}

/** What a result was computed from, and when that was last found to be as it was. */
interface Reasons {
  readonly reads: Set<Node> | undefined;
  readonly checked: number;
}

type Former<T> = Result<T> & Reasons;

interface Family {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly changed: () => Iterable<string>;
}

/** In the order they were read: what is read later may be another only because of what was read before. */
function hasChanged({ reads, checked }: Reasons): boolean {
  for (const read of reads ?? []) {
    read.refresh();
    if (read.hasChangedSince(checked)) return true;
  }
  return false;
}

function castDoubt(changed: Node): void {
  const next = [...(changed.readers ?? [])];
  for (let node = next.pop(); node; node = next.pop()) {
    if (node.isInDoubt) continue;
    node.isInDoubt = true;
    next.push(...(node.readers ?? []));
  }
}

function forget(node: Node): void {
  for (const read of node.reads ?? []) read.readers?.delete(node);
  node.reads = undefined;
}

/** What nobody has read for long is let go, and then what only that has read: in the end it is found through its inputs alone. */
function drop(inputs: readonly Node[], before: number): void {
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    for (const each of [...(node.readers ?? [])]) {
      if (seen.has(each)) continue;
      seen.add(each);
      visit(each);
      each.settle(before);
      if (each.readers?.size || each.asked >= before) continue;
      each.clear();
    }
  };
  for (const each of inputs) {
    visit(each);
    each.settle(before);
  }
}

/** What is made for each key, once; what else is given with it must be the same each time. */
export function eachOf<K extends object | string, T extends object, Rest extends readonly unknown[] = []>(
  make: (key: K, ...rest: Rest) => T,
): (key: K, ...rest: Rest) => T {
  const byText = new Map<string, T>();
  const byObject = new WeakMap<object, T>();
  return (key, ...rest) => {
    const known = typeof key === "string" ? byText.get(key) : byObject.get(key);
    if (known) return known;
    const made = make(key, ...rest);
    if (typeof key === "string") byText.set(key, made);
    else byObject.set(key, made);
    return made;
  };
}

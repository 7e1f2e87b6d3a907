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
}

export interface Cell<T> {
  /** The result. Undefined where it is being computed already, further out: nothing can be computed from itself. */
  read: () => T | undefined;
}

type Same<T> = (before: T, after: T) => boolean;

interface Node {
  reads: Set<Node>;
  readonly readers: Set<Node>;
  /** When it was last found to be as it is, when it last changed, and when it was last read. */
  checked: number;
  changed: number;
  asked: number;
  isInDoubt: boolean;
  isBusy: boolean;
  refresh: () => void;
  /** Lets the result go: it will be computed anew. */
  clear: () => void;
}

/** How many times what nobody asks for is kept. */
const patience = 100;

export function createMemory(): Memory {
  let now = 1;
  let reader: Node | undefined;
  const inputs = new Set<Node>();

  const cell = <T>(compute: () => T, same: Same<T>, isInput: boolean): Cell<T> => {
    let value: { readonly of: T } | undefined;
    const renew = (): void => {
      const outer = reader;
      reader = node;
      forget(node);
      try {
        const made = compute();
        if (value && same(value.of, made)) return;
        value = { of: made };
        node.changed = now;
      } finally {
        reader = outer;
      }
    };
    const node: Node = {
      reads: new Set(),
      readers: new Set(),
      checked: 0,
      changed: 0,
      asked: 0,
      isInDoubt: true,
      isBusy: false,
      refresh: () => {
        if (!node.isInDoubt || node.isBusy) return;
        node.isBusy = true;
        try {
          if (!value || isInput || hasChanged(node)) renew();
          node.isInDoubt = false;
        } finally {
          node.isBusy = false;
        }
        node.checked = now;
        if (isInput) inputs.add(node);
      },
      clear: () => {
        value = undefined;
        node.isInDoubt = true;
        forget(node);
      },
    };
    return {
      read: () => {
        node.refresh();
        node.asked = now;
        if (reader) {
          reader.reads.add(node);
          node.readers.add(reader);
        }
        return node.isBusy ? undefined : value?.of;
      },
    };
  };

  return {
    advance: () => {
      now += 1;
      if (now % patience === 0) drop(inputs, now - patience);
      for (const node of inputs) {
        node.isInDoubt = true;
        // One that nobody has read since is looked at when it is read.
        if (node.readers.size === 0) {
          inputs.delete(node);
          continue;
        }
        node.refresh();
        if (node.changed === now) castDoubt(node);
      }
    },
    derived: (compute, same = Object.is) => cell(compute, same, false),
    input: (compute, same = Object.is) => cell(compute, same, true),
  };
}

/** In the order they were read: what is read later may be another only because of what was read before. */
function hasChanged({ reads, checked }: Node): boolean {
  for (const read of reads) {
    read.refresh();
    if (read.changed > checked) return true;
  }
  return false;
}

function castDoubt(changed: Node): void {
  const next = [...changed.readers];
  for (let node = next.pop(); node; node = next.pop()) {
    if (node.isInDoubt) continue;
    node.isInDoubt = true;
    next.push(...node.readers);
  }
}

function forget(node: Node): void {
  for (const read of node.reads) read.readers.delete(node);
  node.reads = new Set();
}

/** What nobody has read for long is let go, and then what only that has read: in the end it is found through its inputs alone. */
function drop(inputs: ReadonlySet<Node>, before: number): void {
  const seen = new Set<Node>();
  const visit = (node: Node): void => {
    for (const each of [...node.readers]) {
      if (seen.has(each)) continue;
      seen.add(each);
      visit(each);
      if (each.readers.size > 0 || each.asked >= before) continue;
      each.clear();
    }
  };
  inputs.forEach(visit);
}

/** One cell for each key; what else is given with it must be the same each time. */
export function eachOf<K extends object | string, T, Rest extends readonly unknown[] = []>(
  make: (key: K, ...rest: Rest) => Cell<T>,
): (key: K, ...rest: Rest) => Cell<T> {
  const byText = new Map<string, Cell<T>>();
  const byObject = new WeakMap<object, Cell<T>>();
  return (key, ...rest) => {
    const known = typeof key === "string" ? byText.get(key) : byObject.get(key);
    if (known) return known;
    const made = make(key, ...rest);
    if (typeof key === "string") byText.set(key, made);
    else byObject.set(key, made);
    return made;
  };
}

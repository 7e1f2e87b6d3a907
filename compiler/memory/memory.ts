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

  /** What is read on the way is noted for `node`. */
  const computedFor = <T>(node: Node, compute: () => T): T => {
    const outer = reader;
    reader = node;
    try {
      return compute();
    } finally {
      reader = outer;
    }
  };

  /** A class, as there are so many: a function of its own for each takes more room than all else of it. */
  class ResultCell<T> implements Node, Cell<T> {
    reads: Set<Node> | undefined = undefined;
    readers: Set<Node> | undefined = undefined;
    checked = 0;
    asked = 0;
    isInDoubt = true;
    isBusy = false;
    private value: Result<T> | undefined = undefined;
    private before: readonly Former<T>[] | undefined = undefined;

    constructor(
      private readonly compute: () => T,
      private readonly same: Same<T>,
      private readonly kind: "derived" | "input" | "member",
    ) {}

    read(): T | undefined {
      read(this);
      return this.isBusy ? undefined : this.value?.of;
    }

    refresh(): void {
      if (!this.isInDoubt || this.isBusy) return;
      this.isBusy = true;
      try {
        if (!this.value || this.kind !== "derived" || (hasChanged(this) && !this.restore())) this.renew();
        this.isInDoubt = false;
      } finally {
        this.isBusy = false;
      }
      this.checked = now;
      if (this.kind === "input") inputs.add(this);
    }

    hasChangedSince(then: number): boolean {
      if (!this.value) return true;
      if (this.value.since <= then) return false;
      const was = this.before?.find(({ since }) => since <= then);
      return !was || !this.same(was.of, this.value.of);
    }

    clear(): void {
      this.value = undefined;
      this.before = undefined;
      this.isInDoubt = true;
      forget(this);
    }

    settle(since: number): void {
      if (this.value && this.value.since < since) this.before = undefined;
    }

    /** Takes a result of before whose own reasons hold again: what was changed has been taken back. */
    private restore(): boolean {
      const known = this.before?.find((each) => !hasChanged(each));
      if (!known) return false;
      const { reads, checked } = this;
      forget(this);
      this.replace(known.of, { reads, checked });
      this.reads = known.reads;
      for (const each of known.reads ?? []) (each.readers ??= new Set()).add(this);
      return true;
    }

    private renew(): void {
      const { reads, checked } = this;
      forget(this);
      const made = computedFor(this, this.compute);
      if (this.value && this.same(this.value.of, made)) return;
      // What is like one of before is that one: those who have it must not meet its double.
      const known = this.before?.find(({ of }) => this.same(of, made));
      this.replace(known ? known.of : made, { reads, checked });
    }

    private replace(of: T, reasons: Reasons): void {
      if (this.value) this.before = [{ ...this.value, ...reasons }, ...(this.before ?? []).slice(0, memories - 1)];
      this.value = { of, since: now };
    }
  }

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
    const of = computedFor(node, compute);
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
    derived: (compute, same = Object.is) => new ResultCell(compute, same, "derived"),
    input: (compute, same = Object.is) => new ResultCell(compute, same, "input"),
    inputs: (compute, changed, same = Object.is) => {
      const nodes = new Map<string, Node>();
      families.push({ nodes, changed });
      return eachOf((key: string) => {
        const made = new ResultCell(() => compute(key), same, "member");
        nodes.set(key, made);
        return made;
      });
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

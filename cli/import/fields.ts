import { Failure } from "../failure.js";

/** A JSON object of a checkpoint, read field by field. What is read is remembered, so that the rest can be told. */
export interface Fields {
  /** The file's path, for messages. */
  readonly file: string;
  /** A whole number, `least` or more. */
  integer(name: string, fallback?: number, least?: number): number;
  real(name: string, fallback?: number): number;
  flag(name: string, fallback: boolean): boolean;
  text(name: string, fallback?: string): string;
  texts(name: string): readonly string[] | undefined;
  object(name: string): Fields | undefined;
  /** One whole number, or several; none where the field is absent or null. */
  integers(name: string): readonly number[];
  /** Whether it is there, and not null. */
  has(name: string): boolean;
  /** Whether it is there, be it null: that says "none", where absence says "as usual". */
  mentions(name: string): boolean;
  /** Ends with a message that says what the field is, and why that cannot be expressed. */
  refuse(name: string, why: string, help?: string): never;
  /** The fields that are there, are not null, and were not read. */
  unread(): string[];
}

export function createFields(file: string, object: Readonly<Record<string, unknown>>, path = ""): Fields {
  const read = new Set<string>();
  const value = (name: string): unknown => {
    read.add(name);
    return object[name] ?? undefined;
  };
  const shown = (name: string): string => `${file}: ${path}${name} is ${shorten(JSON.stringify(object[name] ?? null))}`;
  const wrong = (name: string, due: string): never => {
    throw new Failure(object[name] === undefined ? `${file} has no ${path}${name}` : `${shown(name)}; ${due} is due`);
  };

  return {
    file,
    integer(name, fallback, least = 1) {
      const given = value(name) ?? fallback;
      return isWhole(given, least) ? given : wrong(name, `a whole number from ${least} on`);
    },
    real(name, fallback) {
      const given = value(name) ?? fallback;
      return typeof given === "number" && Number.isFinite(given) ? given : wrong(name, "a number");
    },
    flag(name, fallback) {
      const given = value(name) ?? fallback;
      return typeof given === "boolean" ? given : wrong(name, "true or false");
    },
    text(name, fallback) {
      const given = value(name) ?? fallback;
      return typeof given === "string" ? given : wrong(name, "a text");
    },
    texts(name) {
      const given = value(name);
      if (given === undefined) return undefined;
      return isTexts(given) ? given : wrong(name, "a list of texts");
    },
    object(name) {
      const given = value(name);
      if (given === undefined) return undefined;
      return isObject(given) ? createFields(file, given, `${path}${name}.`) : wrong(name, "an object");
    },
    integers(name) {
      const given = value(name) ?? [];
      const list: readonly unknown[] = Array.isArray(given) ? given : [given];
      return list.map((one) => (isWhole(one, 0) ? one : wrong(name, "a whole number or a list of them")));
    },
    has: (name) => value(name) !== undefined,
    mentions: (name) => name in object,
    refuse(name, why, help) {
      throw new Failure(`${shown(name)}, ${why}`, help);
    },
    unread: () => Object.keys(object).filter((name) => !read.has(name) && object[name] !== null),
  };
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isWhole(value: unknown, least: number): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= least;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === "string");
}

const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 59)}…` : text);

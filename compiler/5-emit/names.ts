/** Names in emitted code: identifiers only, none taken twice, none that means something else there. */

const reserved = new Set(
  (
    "abstract any arguments as async await boolean break case catch class const continue debugger default delete do else enum eval export extends " +
    "false finally for from function get if implements import in instanceof interface is let module namespace new never null number object of " +
    "package private protected public require return set static string super switch symbol this throw true try type typeof undefined unknown " +
    "var void while with yield tf config parameters weights inputs cache state load initialise save generate globalThis"
  ).split(" "),
);

export interface Names {
  /** A free name like `wanted`, taken from now on. */
  claim(wanted: string): string;
}

export function createNames(outer: Iterable<string>): Names {
  const taken = new Set(outer);
  return {
    claim(wanted) {
      const base = identifier(wanted);
      let name = base;
      for (let n = 2; taken.has(name) || reserved.has(name); n++) name = `${base}${n}`;
      taken.add(name);
      return name;
    },
  };
}

/** Text of a `.tfm` file reaches code only through here or through `JSON.stringify`. */
export function identifier(text: string): string {
  const cleaned = text.replace(/[^A-Za-z0-9_$]/g, "_").replace(/^(?=[0-9])/, "_");
  return cleaned === "" || /^_+$/.test(cleaned) ? "t" : cleaned;
}

export const lowerFirst = (text: string): string => {
  // GPT2 -> gpt2, FFN -> ffn, RMSNorm -> rmsNorm, Gpt2Layer -> gpt2Layer
  const head = /^[A-Z]+(?=[A-Z][a-z])|^[A-Z0-9]+$|^[A-Z]+(?=[0-9]|$)|^[A-Z]/.exec(text)?.[0] ?? "";
  return head.toLowerCase() + text.slice(head.length);
};

/** `cross_entropy` -> `crossEntropy` */
export const camel = (text: string): string =>
  text.replace(/(?<=[A-Za-z0-9])_+([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());

export const upperFirst = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

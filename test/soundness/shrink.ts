/** The shortest text that still fails the same way, found by leaving out lines and statements, greedily. */
export async function shrink(text: string, fails: (text: string) => boolean | Promise<boolean>): Promise<string> {
  let current = text.split("\n");
  for (let size = Math.ceil(current.length / 2); size >= 1; size = size > 1 ? Math.floor(size / 2) : 0) {
    for (let changed = true; changed;) {
      changed = false;
      for (let at = 0; at < current.length; at++) {
        const shorter = current.toSpliced(at, size);
        if (!(await fails(shorter.join("\n")))) continue;
        current = shorter;
        changed = true;
      }
    }
  }
  return current.join("\n");
}

/** Paths as imports write them: parts between slashes, absolute or from the host's current folder. */

export const folder = (path: string): string => (path.includes("/") ? path.slice(0, path.lastIndexOf("/")) : "");

export const base = (path: string): string => path.slice(path.lastIndexOf("/") + 1);

/** `relative` from a folder, with `.` and `..` resolved, so that one file has one name. A leading `.` stays as it is written. */
export function join(from: string, relative: string): string {
  const parts = from === "" ? [] : from.split("/");
  for (const part of relative.split("/")) {
    if (part === "." || part === "") continue;
    const last = parts.at(-1);
    if (part !== ".." || last === undefined || last === "..") parts.push(part);
    else if (last === ".") parts.splice(-1, 1, "..");
    else if (last !== "") parts.pop();
  }
  return parts.join("/");
}

/** Whether a path that `join` made lies in a folder. */
export function isBelow(path: string, root: string): boolean {
  if (path.startsWith("/") !== root.startsWith("/")) return false;
  const [inside, top] = [partsOf(path), partsOf(root)];
  // Whatever is reached by going up less often is inside of what is reached by going up only.
  if (top.every((part) => part === "..")) return inside.filter((part) => part === "..").length <= top.length;
  return inside.length > top.length && top.every((part, n) => part === inside[n]);
}

const partsOf = (path: string): string[] => path.split("/").filter((part) => part !== "." && part !== "");

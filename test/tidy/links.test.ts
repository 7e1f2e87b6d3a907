import { posix } from "node:path";
import { expect, test } from "vitest";
import { projectFiles, readText } from "./files.js";

const pages = projectFiles.filter((path) => path.endsWith(".md"));
const folders = new Set(
  projectFiles.flatMap((path) => path.split("/").map((_, n, parts) => parts.slice(0, n).join("/"))),
);

/** A page without what stands in fences and code spans: those show links, they are none. */
const prose = (path: string): string =>
  readText(path)
    .replace(/^```[\s\S]*?^```/gm, "")
    .replace(/`[^`\n]*`/g, "`");

/** The anchors of a page, as GitHub makes them of its headings. */
function anchorsOf(path: string): ReadonlySet<string> {
  const headings = readText(path)
    .replace(/^```[\s\S]*?^```/gm, "")
    .matchAll(/^#+ (.*)$/gm);
  return new Set(
    [...headings].map(([, title = ""]) =>
      title
        .toLowerCase()
        .replace(/[^\w\- ]/g, "")
        .replaceAll(" ", "-"),
    ),
  );
}

/** What is wrong with a link of a page, if anything is. */
function fault(page: string, link: string): string | undefined {
  const [to = "", anchor] = link.split("#");
  const target = to === "" ? page : posix.normalize(posix.join(posix.dirname(page), to)).replace(/\/$/, "");
  if (!projectFiles.includes(target) && !folders.has(target)) return `${page}: ${link} is not there`;
  if (anchor === undefined || !target.endsWith(".md")) return undefined;
  return anchorsOf(target).has(anchor) ? undefined : `${page}: ${link} has no such heading`;
}

test("every link of a page leads to a file and a heading of this project", () => {
  const links = pages.flatMap((page) =>
    [...prose(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = ""]) => ({ page, link })),
  );
  const own = links.filter(({ link }) => !/^[a-z]+:/.test(link));
  expect(own.length).toBeGreaterThan(100);
  expect(own.flatMap(({ page, link }) => fault(page, link) ?? [])).toEqual([]);
});

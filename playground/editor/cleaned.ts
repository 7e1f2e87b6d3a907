/** What Markdown may become. A file's own texts, which may come from a stranger's link, are shown in it. */
const elements = new Set(
  "A P PRE CODE SPAN EM STRONG UL OL LI H1 H2 H3 H4 HR BR TABLE THEAD TBODY TR TH TD BLOCKQUOTE IMG DIV".split(" "),
);

/** Elements that are not known lose their tags, scripts and styles their content too; of attributes few remain. */
export function cleaned(html: string): string {
  // A document that is made so loads and runs nothing.
  const { body } = new DOMParser().parseFromString(html, "text/html");
  for (const found of [...body.querySelectorAll("*")]) {
    if (!elements.has(found.tagName)) {
      if (/^(SCRIPT|STYLE|TEMPLATE|IFRAME|OBJECT|SVG|MATH)$/i.test(found.tagName)) found.remove();
      else found.replaceWith(...found.childNodes);
      continue;
    }
    for (const { name, value } of [...found.attributes])
      if (!isAllowed(found.tagName, name, value)) found.removeAttribute(name);
  }
  return body.innerHTML;
}

function isAllowed(tag: string, name: string, value: string): boolean {
  if (name === "class" || name === "alt" || name === "title") return true;
  if (tag === "A" && name === "href") return /^(https:|#)/.test(value);
  // An image from elsewhere would tell somebody who reads the page. An SVG in an image runs nothing.
  return (
    tag === "IMG" &&
    (name === "src" ? /^data:image\/(svg\+xml|png);base64,/.test(value) : name === "width" || name === "height")
  );
}

import { byId, element } from "./dom.js";

/** The page of a diagnostic's code. `toHtml` makes clean markup of Markdown. */
export function createExplanation(toHtml: (markdown: string) => string): (code: string) => void {
  const dialog = byId("explanation", HTMLDialogElement);
  const text = byId("explanation-text", HTMLElement);
  dialog.addEventListener("click", ({ target }) => {
    if (target === dialog) dialog.close();
  });
  return (code) => {
    text.replaceChildren(
      element("h2", { id: "explanation-title" }, code),
      element("p", { class: "note" }, "Loading …"),
    );
    dialog.showModal();
    void pageOf(code).then((markdown) => {
      text.innerHTML = toHtml(markdown);
      text.querySelector("h1")?.setAttribute("id", "explanation-title");
      // Pages link to each other by file names.
      for (const link of text.querySelectorAll("a:not([href])")) link.replaceWith(...link.childNodes);
      for (const code of text.querySelectorAll("pre")) code.tabIndex = 0;
      dialog.scrollTop = 0;
    });
  };
}

async function pageOf(code: string): Promise<string> {
  try {
    const response = await fetch(new URL(`errors/${code}.md`, document.baseURI));
    if (!response.ok) throw new Error(`status ${response.status}`);
    return await response.text();
  } catch (error) {
    return `# ${code}\n\nThe page about this code could not be loaded: ${error instanceof Error ? error.message : String(error)}.`;
  }
}

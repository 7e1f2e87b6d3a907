/** A click copies what `text` gives, and the button says for a moment that it did. */
export function copyOnClick(button: HTMLButtonElement, text: () => string | Promise<string>): void {
  const name = button.textContent;
  button.addEventListener("click", () => {
    void copy(text).then((answer) => {
      button.textContent = answer;
      setTimeout(() => (button.textContent = name), 1500);
    });
  });
}

async function copy(text: () => string | Promise<string>): Promise<string> {
  try {
    await navigator.clipboard.writeText(await text());
    return "Copied";
  } catch {
    // Pages that did not come over a secure connection may not, and readers may refuse it.
    return "Not allowed";
  }
}

import type { Asked, CompilerService } from "../workers/compiler-service.js";
import type { Remote } from "../workers/calls.js";
import { element } from "../dom.js";

/** Something that is shown of a model, in a tab of its own. */
export interface Pane {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
  /** The model is another one, or this pane has come to the front. Called for the pane in front only. */
  readonly show: (asked: Asked) => void;
  /** Another file is opened: nothing of the one before is shown on. */
  readonly clear: () => void;
}

export type Compiler = Remote<CompilerService>;

/**
 * A pane whose content is computed from the model. While a file has mistakes, what was last computed stays, and a line above
 * says so.
 */
export function computedPane<Result>(
  id: string,
  title: string,
  options: {
    readonly tools?: HTMLElement;
    readonly compute: (asked: Asked) => Promise<Result>;
    readonly draw: (result: Result, into: HTMLElement) => void;
  },
): Pane & { readonly again: () => void } {
  const note = element("p", { class: "note", role: "status" });
  const content = element("div", { class: "content" });
  const panel = element("div", { class: `pane ${id}` }, options.tools, note, content);
  let shown: string | undefined;
  let last: Asked | undefined;
  let turn = 0;
  const show = async (asked: Asked, key: string): Promise<void> => {
    const mine = ++turn;
    if (content.childElementCount === 0) note.textContent = "Computing …";
    panel.classList.add("busy");
    try {
      const result = await options.compute(asked);
      if (mine !== turn) return;
      shown = key;
      note.textContent = "";
      panel.classList.remove("stale");
      options.draw(result, content);
    } catch (error) {
      if (mine !== turn) return;
      shown = undefined;
      panel.classList.add("stale");
      const message = error instanceof Error ? error.message : String(error);
      note.textContent = `${content.childElementCount > 0 ? "As it was before the mistake" : "Nothing to show yet"}: ${message}.`;
    } finally {
      if (mine === turn) panel.classList.remove("busy");
    }
  };
  return {
    id,
    title,
    panel,
    show: (asked) => {
      last = asked;
      const key = JSON.stringify(asked);
      if (key !== shown) void show(asked, key);
    },
    clear: () => {
      turn += 1;
      shown = undefined;
      note.textContent = "";
      content.replaceChildren();
      panel.classList.remove("stale", "busy");
    },
    again: () => void (last && show(last, JSON.stringify(last))),
  };
}

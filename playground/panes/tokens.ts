import { element } from "../dom.js";
import type { Token } from "../workers/runner-service.js";

export interface Tokens {
  readonly root: HTMLElement;
  readonly clear: () => void;
  readonly add: (token: Token) => void;
  readonly all: () => readonly Token[];
  /** Shows under each token how much it has of something, from 0 to 1; nothing without. */
  readonly shade: (shares?: ArrayLike<number>) => void;
}

/** A text, token by token. One of them is in the tab order; arrow keys go on from there. `onPoint`: the one that is pointed at. */
export function createTokens(onPoint: (at: number) => void): Tokens {
  const root = element("div", { class: "tokens", role: "group", "aria-label": "Text, token by token" });
  let tokens: Token[] = [];
  const pieces = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>(".token")];
  const indexOf = (target: EventTarget | null): number =>
    target instanceof Element ? pieces().findIndex((piece) => piece === target.closest(".token")) : -1;
  const point = ({ target }: Event): void => {
    const at = indexOf(target);
    if (at < 0) return;
    for (const [n, piece] of pieces().entries()) {
      piece.tabIndex = n === at ? 0 : -1;
      piece.classList.toggle("pointed", n === at);
    }
    onPoint(at);
  };
  root.addEventListener("mouseover", point);
  root.addEventListener("focusin", point);
  root.addEventListener("keydown", (event) => {
    const all = pieces();
    const at = indexOf(event.target);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (at < 0 || next === undefined) return;
    event.preventDefault();
    all[next]?.focus();
  });
  return {
    root,
    clear: () => {
      tokens = [];
      root.replaceChildren();
    },
    add: (token) => {
      tokens.push(token);
      const shown = token.isEnd ? "∎" : token.text;
      const kind = token.isPrompt ? "token prompt" : "token";
      const label = `${token.isEnd ? "end" : token.text.trim() || "space"}, token ${tokens.length}`;
      root.append(
        element(
          "span",
          { role: "button", class: kind, tabindex: tokens.length === 1 ? "0" : "-1", "aria-label": label },
          shown,
        ),
      );
    },
    all: () => tokens,
    shade: (shares) => {
      for (const [n, piece] of pieces().entries()) {
        const share = shares?.[n] ?? 0;
        // The eye sees small shares too.
        piece.style.setProperty("--part", `${Math.round(60 * Math.sqrt(share))}%`);
      }
    },
  };
}

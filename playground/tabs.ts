import { element } from "./dom.js";

export interface Tab {
  readonly id: string;
  readonly title: string;
  readonly panel: HTMLElement;
}

/** A row of tabs: one is in the tab order, arrow keys, Home and End go to the others. */
export function createTabs(
  list: HTMLElement,
  panels: HTMLElement,
  tabs: readonly Tab[],
  onShow: (id: string) => void,
): { readonly show: (id: string) => void } {
  const buttons = tabs.map(({ id, title, panel }) => {
    const button = element(
      "button",
      { type: "button", role: "tab", id: `tab-${id}`, "aria-controls": `panel-${id}` },
      title,
    );
    panel.id = `panel-${id}`;
    panel.classList.add("panel");
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", button.id);
    panel.tabIndex = 0;
    button.addEventListener("click", () => show(id));
    return button;
  });
  list.append(...buttons);
  panels.append(...tabs.map(({ panel }) => panel));
  list.addEventListener("keydown", (event) => {
    const at = buttons.findIndex((button) => button === document.activeElement);
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (next === undefined || at < 0) return;
    event.preventDefault();
    const tab = tabs[(next + tabs.length) % tabs.length];
    if (tab) show(tab.id);
    buttons[(next + tabs.length) % tabs.length]?.focus();
  });

  function show(wanted: string): void {
    const chosen = tabs.some(({ id }) => id === wanted) ? wanted : tabs[0]?.id;
    for (const [n, { id, panel }] of tabs.entries()) {
      buttons[n]?.setAttribute("aria-selected", String(id === chosen));
      buttons[n]?.setAttribute("tabindex", id === chosen ? "0" : "-1");
      panel.hidden = id !== chosen;
    }
    if (chosen !== undefined) onShow(chosen);
  }
  return { show };
}

import type { Extension } from "@codemirror/state";
import { Decoration, WidgetType } from "@codemirror/view";
import type { CodeLens, CodeLensParams } from "vscode-languageserver-protocol";
import { element } from "../dom.js";
import { besideText } from "./beside-text.js";

interface Title {
  readonly text: string;
  readonly config: string;
}

class LensWidget extends WidgetType {
  constructor(
    private readonly title: Title,
    private readonly onPick: (config: string) => void,
  ) {
    super();
  }
  override eq({ title }: LensWidget): boolean {
    return title.text === this.title.text && title.config === this.title.config;
  }
  override toDOM(): HTMLElement {
    const { text, config } = this.title;
    // The page's own choice of a config is what the keyboard reaches.
    const made = element("div", { class: "cm-lens", title: `Show ${config} in the page` }, text);
    made.addEventListener("mousedown", (event) => {
      event.preventDefault();
      this.onPick(config);
    });
    return made;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

/** What each config weighs, above it; one that is clicked is chosen. */
export const codeLenses = (onPick: (config: string) => void): Extension =>
  besideText<CodeLens[] | null>({
    ask: async (client, uri) =>
      client.serverCapabilities?.codeLensProvider
        ? client.request<CodeLensParams, CodeLens[] | null>("textDocument/codeLens", { textDocument: { uri } })
        : undefined,
    draw: (lenses, offsetOf, doc) =>
      Decoration.set(
        (lenses ?? []).flatMap(({ range, command }) => {
          const config: unknown = command?.arguments?.[1];
          if (command?.command !== "tfmc.pickConfig" || typeof config !== "string") return [];
          const widget = new LensWidget({ text: command.title, config }, onPick);
          return [Decoration.widget({ widget, block: true, side: -1 }).range(doc.lineAt(offsetOf(range.start)).from)];
        }),
        true,
      ),
  });

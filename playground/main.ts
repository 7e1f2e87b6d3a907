/** The page: an editor whose file is checked while it is typed, and beside it what the model is and does. */
import { afterPause, byId, element } from "./dom.js";
import { createEditor } from "./editor/editor.js";
import { startLanguageServer } from "./editor/server.js";
import { markdown } from "./editor/markdown.js";
import { examples, groups, withSmallConfig } from "./examples/index.js";
import { copyOnClick } from "./copy-button.js";
import { createExplanation } from "./explanation.js";
import { masksPane } from "./panes/masks.js";
import { numbersPane } from "./panes/numbers.js";
import type { Pane } from "./panes/pane.js";
import { picturePane } from "./panes/picture.js";
import { runPane } from "./panes/run.js";
import { typescriptPane } from "./panes/typescript.js";
import { createProblems } from "./problems.js";
import { fromHash, toHash } from "./share.js";
import { storage } from "./storage.js";
import { createTabs } from "./tabs.js";
import { createTheme } from "./theme.js";
import { connect } from "./workers/calls.js";
import type { CompilerService } from "./workers/compiler-service.js";
import type { ConfigName } from "./workers/configs.js";

const start = (name: string): Worker => new Worker(new URL(`./${name}.js`, import.meta.url), { type: "module", name });

const textKey = "tfmc.text";
const exampleChoice = byId("example", HTMLSelectElement);
const configChoice = byId("config", HTMLSelectElement);

const compiler = connect<CompilerService>(start("compiler"));
const run = runPane(compiler, () => start("runner"));
const panes: readonly Pane[] = [
  run,
  picturePane(compiler),
  numbersPane(compiler),
  masksPane(compiler, (offset) => editor.goTo(offset)),
  typescriptPane(compiler),
];

/** The example that the text is, as it came; undefined for a text of the reader's own. */
let example: string | undefined;
let config: string | undefined;
let tab = "run";

const explain = createExplanation(markdown);
const problems = createProblems(byId("verdict", HTMLElement), byId("problems", HTMLElement), {
  onGo: (offset) => editor.goTo(offset),
  onMend: (problem) => editor.mend(problem),
  onExplain: explain,
});
const server = startLanguageServer(start("language"), pick);
const editor = createEditor(byId("editor", HTMLElement), {
  server: server.extension,
  onChange: (text) => {
    example = undefined;
    storage.set(textKey, text);
    exampleChoice.value = "";
    look();
  },
  onRun: () => {
    tabs.show("run");
    run.run();
  },
});
const tabs = createTabs(byId("tabs", HTMLElement), byId("panels", HTMLElement), panes, (id) => {
  tab = id;
  showPane();
  remember();
});

/** Checks the text as it is now. */
async function lookNow(): Promise<void> {
  const text = editor.text();
  const looked = await compiler("look", { text }).catch(fail);
  if (!looked || text !== editor.text()) return;
  editor.tell(text, looked.problems);
  problems.tell(looked.problems);
  listConfigs(looked.configs);
  showPane();
  remember();
}
/** What the page itself cannot do, such as load a part of it. */
function fail(error: unknown): undefined {
  byId("verdict", HTMLElement).dataset["severity"] = "error";
  byId("verdict", HTMLElement).textContent = error instanceof Error ? error.message : String(error);
}
const look = afterPause(100, () => void lookNow());

function listConfigs(configs: readonly ConfigName[]): void {
  const options = configs.map(({ name, model }) =>
    element("option", { value: name }, name === model ? name : `${name} = ${model}`),
  );
  const names = configs.map(({ name }) => name);
  if (config === undefined || !names.includes(config)) config = names[0];
  configChoice.replaceChildren(...(options.length > 0 ? options : [element("option", { value: "" }, "none declared")]));
  configChoice.value = config ?? "";
  if (config !== undefined) server.pickConfig(config);
  configChoice.disabled = options.length === 0;
}

function pick(name: string): void {
  config = name;
  configChoice.value = name;
  server.pickConfig(name);
  showPane();
  remember();
}

function showPane(): void {
  panes.find(({ id }) => id === tab)?.show({ text: editor.text(), config });
}

/** The address follows what is shown, for whoever reloads or copies it. */
const remember = afterPause(400, () => {
  void hash().then((hash) => history.replaceState(null, "", hash));
});
const hash = (): Promise<string> =>
  toHash({ example, text: example === undefined ? editor.text() : undefined, config, tab });

async function openExample(name: string): Promise<void> {
  const found = examples.find((each) => each.name === name) ?? examples[0];
  if (!found) return;
  const response = await fetch(new URL(`examples/${found.name}.tfm`, document.baseURI));
  if (!response.ok) throw new Error(`${found.title} could not be loaded: status ${response.status}`);
  const text = await response.text();
  storage.remove(textKey);
  open(withSmallConfig(text, found), found.name, found.small === undefined ? undefined : "small");
}

function open(text: string, name: string | undefined, wanted: string | undefined): void {
  editor.open(text);
  for (const pane of panes) pane.clear();
  example = name;
  config = wanted;
  exampleChoice.value = name ?? "";
  void lookNow();
}

exampleChoice.append(
  element("option", { value: "", disabled: true }, "Your own"),
  ...groups.map((group) =>
    element(
      "optgroup",
      { label: group.title },
      ...group.examples.map(({ name, title }) => element("option", { value: name }, title)),
    ),
  ),
);
exampleChoice.addEventListener("change", () => void openExample(exampleChoice.value).catch(fail));
configChoice.addEventListener("change", () => pick(configChoice.value));
addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.defaultPrevented) return;
  tabs.show("run");
  run.run();
});
copyOnClick(byId("share", HTMLButtonElement), async () => new URL(await hash(), document.baseURI).href);
createTheme(byId("theme", HTMLButtonElement));

async function begin(): Promise<void> {
  const shared = await fromHash(location.hash);
  tab = shared.tab ?? tab;
  const own = shared.text ?? (shared.example === undefined ? storage.get(textKey) : undefined);
  if (own === undefined) await openExample(shared.example ?? "");
  else open(own, undefined, shared.config);
  if (shared.config !== undefined) config = shared.config;
  tabs.show(tab);
}
addEventListener("hashchange", () => {
  // `#editor` is a place in the page, to which a link leads past what stands before it.
  if (document.getElementById(location.hash.slice(1))) remember();
  else void begin().catch(fail);
});
void begin().catch(fail);

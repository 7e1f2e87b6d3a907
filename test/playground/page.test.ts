import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { picture, startPlayground, type Playground } from "./browser.js";

let playground: Playground;
beforeAll(async () => {
  playground = await startPlayground();
});
afterEach(() => playground.closePages());
afterAll(() => playground.close());

const verdict = (page: Page, severity: string): Promise<unknown> =>
  page.waitForSelector(`#verdict[data-severity="${severity}"]`);
const textOf = async (page: Page, selector: string): Promise<string> =>
  (await page.locator(selector).first().innerText()).trim();
const sourceOf = (page: Page): Promise<string> => page.locator(".cm-content").innerText();
/** Until a run has ended, one way or the other. */
async function ended(page: Page): Promise<string> {
  await page.waitForSelector(".status:text-matches('^(Ran|It did not)')", { timeout: 45_000 });
  return textOf(page, ".status");
}

const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
/** What an accessibility checker finds, as lines. */
async function barriers(page: Page): Promise<string[]> {
  if (!(await page.evaluate("'axe' in globalThis"))) await page.evaluate(axe);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => id + ": " + html.slice(0, 160) + " " + failureSummary)))`,
  );
}

describe("the editor of the playground", () => {
  it("tells of a wrong shape while it is typed, and mends it", async () => {
    const { page, complaints } = await playground.open("#example=storyteller");
    await verdict(page, "none");
    await page.locator(".cm-line", { hasText: "ln_f: LayerNorm" }).click();
    await page.keyboard.press("End");
    await page.keyboard.type(" |> wide: Linear{out: 2 * d}");
    // Half of it typed is wrong in other ways.
    await page.locator("#problems pre", { hasText: "error[T202] Storyteller returns f32[batch, seq, 2*d]" }).waitFor();
    expect(await page.locator(".cm-lintRange-error").count()).toBe(1);
    await page.getByRole("button", { name: "Fix: write out: d" }).click();
    await verdict(page, "none");
    expect(await sourceOf(page)).toContain("wide: Linear{out: d}");
    expect(complaints).toEqual([]);
  });

  it("loads little before anything is asked for", async () => {
    playground.served.given.clear();
    const { page } = await playground.open();
    await page.waitForSelector(".run-form button.primary:enabled");
    const scripts = [...playground.served.given].filter(([name]) => name.endsWith(".js"));
    const bytes = scripts.reduce((sum, [, script]) => sum + gzipSync(script).length, 0);
    expect(bytes).toBeGreaterThan(100_000);
    expect(bytes).toBeLessThan(700_000);
  });

  it("offers the mend where the mistake is, and afterwards everything fits", async () => {
    const { page, complaints } = await playground.open("#example=mistake");
    await verdict(page, "error");
    // Shapes that come in late would move what is hovered over.
    await page.waitForSelector(".cm-inlay");
    await page.locator(".cm-lintRange-error").hover();
    await page.locator(".cm-diagnosticAction").click();
    await verdict(page, "none");
    expect(await sourceOf(page)).toContain("up: Linear{out: 4 * d} |> down: Linear{out: d}");
    expect(complaints).toEqual([]);
  });

  it("says the shapes behind the lines, and what a name is on hovering", async () => {
    const { page } = await playground.open("#example=storyteller");
    await page.waitForSelector(".cm-inlay");
    expect(await page.locator(".cm-inlay").allInnerTexts()).toContain(" f32[batch, seq, d]");
    await page.waitForSelector(".cm-lens");
    expect(await textOf(page, ".cm-lens")).toMatch(/^408,192 parameters/);
    await page.locator(".cm-line span", { hasText: /^Attention$/ }).hover();
    await page.locator(".cm-lsp-hover-tooltip").waitFor();
    const told = await textOf(page, ".cm-lsp-hover-tooltip");
    expect(told).toContain("Multi-head attention (Vaswani et al. 2017)");
    expect(told).toContain("f32[batch, seq, 96]");
  });

  it("draws a mask on hovering, with the numbers of the config", async () => {
    const { page } = await playground.open("#example=masks&config=wide");
    await page.waitForSelector(".cm-lens");
    await page
      .locator(".cm-line", { hasText: "causal & near(width)" })
      .locator("span", { hasText: /^near$/ })
      .hover();
    await page.locator(".cm-lsp-hover-tooltip img").first().waitFor();
    expect(await textOf(page, ".cm-lsp-hover-tooltip")).toContain("width = 6");
  });

  it("opens the standard library where a name of it is defined", async () => {
    const { page, complaints } = await playground.open("#example=storyteller");
    await page.waitForSelector(".cm-inlay");
    await page.locator(".cm-line span", { hasText: /^Attention$/ }).click({ modifiers: ["Control"] });
    await page.getByRole("heading", { name: "std/attention.tfm" }).waitFor();
    await page.locator(".library .cm-line", { hasText: "block Attention[" }).waitFor();
    expect(complaints).toEqual([]);
  });

  it("completes names, and says what they are", async () => {
    const { page } = await playground.open("#example=storyteller");
    await page.waitForSelector(".cm-inlay");
    await page.locator(".cm-line", { hasText: "ln_f: LayerNorm" }).click({ position: { x: 40, y: 10 } });
    await page.keyboard.press("End");
    await page.keyboard.type(" |> Lin", { delay: 30 });
    await page.locator(".cm-tooltip-autocomplete li", { hasText: "block Linear" }).waitFor();
  });

  it("explains a code", async () => {
    const { page } = await playground.open("#example=mistake");
    await page.getByRole("button", { name: "Explain T202" }).click();
    await page.getByRole("heading", { name: "T202: shapes do not fit" }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await page.keyboard.press("Escape");
    expect(await page.locator("dialog").isVisible()).toBe(false);
  });
});

describe("what the playground shows of a model", () => {
  it("counts parameters of the config that is chosen", async () => {
    const { page, complaints } = await playground.open("#example=gpt2&tab=numbers&config=gpt2");
    await page.locator("td.number", { hasText: "124,439,808" }).waitFor();
    await page.selectOption("#config", "gpt2_xl");
    await page.locator("td.number", { hasText: "1,557,611,200" }).waitFor();
    await page.waitForFunction("location.hash.includes('config=gpt2_xl')");
    expect(complaints).toEqual([]);
  });

  it("draws the architecture, with shapes", async () => {
    const { page } = await playground.open("#example=storyteller&tab=picture");
    await page.waitForSelector(".drawing svg", { timeout: 30_000 });
    expect(await page.locator(".drawing svg").textContent()).toContain("f32[batch, seq, d]");
  });

  it("draws masks with the numbers of the config", async () => {
    const { page } = await playground.open("#example=masks&tab=masks&config=wide");
    await page.waitForSelector(".mask svg");
    expect(await page.locator(".mask", { hasText: "causal & near(width)" }).innerText()).toContain("width = 6");
  });

  it("draws positional encodings", async () => {
    const { page } = await playground.open("#example=llama&tab=masks&config=small");
    await page.locator(".mask", { hasText: "rope" }).locator("svg").waitFor();
  });

  it("writes TypeScript", async () => {
    const { page, complaints } = await playground.open("#example=storyteller&tab=typescript");
    await page.waitForSelector("pre.code", { timeout: 45_000 });
    expect(await textOf(page, "pre.code")).toContain("export function lm(");
    expect(complaints).toEqual([]);
  });

  it("keeps what was there while a mistake is in the file, and says so", async () => {
    const { page } = await playground.open("#example=storyteller&tab=numbers");
    await page.waitForSelector("td.number");
    await page.locator(".cm-line").first().click();
    await page.keyboard.press("End");
    await page.keyboard.press("Enter");
    await page.keyboard.type("nonsense");
    await verdict(page, "error");
    await page.locator(".numbers .note", { hasText: "As it was before the mistake" }).waitFor();
    expect(await page.locator("td.number").count()).toBeGreaterThan(3);
  });
});

describe("running a model in the page", () => {
  it("tells a story token by token, and shows what its words look at", async () => {
    const { page, complaints } = await playground.open("#example=storyteller");
    await page.fill("textarea[name=prompt]", "Ada had a blue kite. She took the");
    await page.getByRole("button", { name: "Run" }).click();
    expect(await ended(page)).toMatch(/^Ran on wasm, \d+ tokens a second\.$/);
    const told = await page.locator(".tokens").innerText();
    expect(told).toMatch(/^Ada had a blue kite\. She took the kite/);
    const { length } = await page.locator(".token").all();
    expect(length).toBeGreaterThan(20);
    await page.locator(".attention").waitFor();
    expect(await page.locator(".layer").count()).toBe(3);
    await page.locator(".token", { hasText: "took" }).hover();
    expect(await textOf(page, ".said")).toMatch(
      /^h\.\d\.attn, head \d: \u201ctook\u201d looks at \u201c.*\u201d \d+ %/,
    );
    const shades = await page
      .locator(".token")
      .evaluateAll((all) => all.map((each) => each.getAttribute("style") ?? ""));
    expect(shades.filter((style) => /--part: [1-9]/.test(style)).length).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
  });

  it("says that random weights are random", async () => {
    const { page, complaints } = await playground.open("#example=masks");
    await page.locator(".weights", { hasText: "Random weights" }).waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    expect(await ended(page)).toMatch(/^Ran on wasm/);
    expect(await page.locator(".token").count()).toBe(4 + 12);
    expect(complaints).toEqual([]);
  });

  it("runs a task of a model that makes no text, on WebGPU", async () => {
    const { page } = await playground.open("#example=bert");
    await page.locator(".weights", { hasText: "Random weights" }).waitFor();
    await page.selectOption("select[name=backend]", "webgpu");
    await page.getByRole("button", { name: "Run" }).click();
    expect(await ended(page)).toMatch(/^Ran on webgpu/);
    expect(await page.locator(".results tbody tr").count()).toBeGreaterThan(0);
    expect(await page.locator(".layer").count()).toBe(2);
  });

  it("stops when it is told to, and runs again", async () => {
    const { page, complaints } = await playground.open("#example=storyteller");
    await page.getByRole("button", { name: "Run" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.locator(".status", { hasText: "Stopped." }).waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    expect(await ended(page)).toMatch(/^Ran on/);
    expect(complaints).toEqual([]);
  });

  it("says which weights do not fit a model that was changed", async () => {
    const { page } = await playground.open("#example=storyteller");
    await page.waitForSelector(".cm-lens");
    await page.locator(".cm-line span", { hasText: /^96$/ }).dblclick();
    await page.keyboard.type("48");
    await page.locator(".weights", { hasText: "121,152" }).waitFor();
    await page.getByRole("button", { name: "Run" }).click();
    expect(await ended(page)).toMatch(/^It did not run: .*\[627, 96\]; \[627, 48\] is due for wte\.weight/);
  });

  it("refuses what is too large for a page", async () => {
    const { page } = await playground.open("#example=gpt2&config=gpt2");
    await page.getByRole("button", { name: "Run" }).click();
    expect(await ended(page)).toBe(
      "It did not run: gpt2 has 124,439,808 parameters, too many for a page: choose a smaller config.",
    );
  });
});

describe("the playground for everybody", () => {
  it("is used with the keyboard alone", async () => {
    const { page } = await playground.open("#example=mistake");
    await verdict(page, "error");
    const focused = (): Promise<string> =>
      page.evaluate(
        "(({ id, className, textContent, tagName }) => id || className || textContent || tagName)(document.activeElement)",
      );
    await page.keyboard.press("Tab");
    expect(await focused()).toBe("skip");
    await page.keyboard.press("Enter");
    // It leads to the editor, and not to another text: the address soon says again what is in it.
    await page.waitForFunction("location.hash.includes('example=mistake')");
    expect(await sourceOf(page)).toContain("One mistake");
    await page.keyboard.press("Tab");
    expect(await focused()).toContain("cm-content");
    // The first problem is gone to and mended, then the model runs.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    while (!(await focused()).startsWith("primary")) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await verdict(page, "none");
    await page.keyboard.press("Control+Enter");
    expect(await ended(page)).toMatch(/^Ran on/);
    await page.locator("#tab-run").focus();
    await page.keyboard.press("ArrowRight");
    expect(await page.locator("#tab-picture").getAttribute("aria-selected")).toBe("true");
    await page.keyboard.press("End");
    expect(await page.locator("#tab-typescript").getAttribute("aria-selected")).toBe("true");
  });

  it("gives a link that opens the same", async () => {
    const { page } = await playground.open("#example=storyteller");
    await verdict(page, "none");
    await page.locator(".cm-line").first().click();
    await page.keyboard.press("End");
    await page.keyboard.type(" Café");
    await page.click("#tab-numbers");
    await page.waitForFunction("location.hash.includes('text=') && location.hash.includes('tab=numbers')");
    const hash = new URL(page.url()).hash;
    const other = await playground.open(hash);
    await verdict(other.page, "none");
    expect(await sourceOf(other.page)).toContain("press Run. Café");
    expect(await other.page.locator("#tab-numbers").getAttribute("aria-selected")).toBe("true");
  });

  it("runs nothing that a file says", async () => {
    const { page, complaints } = await playground.open("#example=storyteller");
    await verdict(page, "none");
    await page.locator(".cm-line").first().click();
    await page.keyboard.press("Home");
    await page.keyboard.insertText(
      '## <img src="https://elsewhere.example/x.png" onerror="alert(1)"> <script>alert(2)</script>\nblock Bad[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] { return x }\n',
    );
    await verdict(page, "none");
    await page.locator(".cm-line span", { hasText: /^Bad$/ }).hover();
    await page.locator(".cm-lsp-hover-tooltip").waitFor();
    expect(await page.locator(".cm-tooltip script, .cm-tooltip [onerror], .cm-tooltip img").count()).toBe(0);
    expect(complaints).toEqual([]);
  });

  it("makes markup that runs and loads nothing", async () => {
    const { page, complaints } = await playground.open("#example=storyteller");
    const entry = fileURLToPath(new URL("../../playground/editor/cleaned.ts", import.meta.url));
    const { outputFiles } = await build({
      entryPoints: [entry],
      bundle: true,
      write: false,
      format: "iife",
      globalName: "made",
    });
    await page.addScriptTag({ content: outputFiles[0]?.text ?? "" });
    const cleaned = (html: string): Promise<string> => page.evaluate<string>(`made.cleaned(${JSON.stringify(html)})`);
    expect(await cleaned('<p class="a" onclick="x()">one <b>two</b><script>three</script></p>')).toBe(
      '<p class="a">one two</p>',
    );
    expect(await cleaned('<img src="https://elsewhere.example/x.png" onerror="x()" alt="a">')).toBe('<img alt="a">');
    expect(await cleaned('<a href="javascript:x()">a</a><a href="https://a.example/">b</a>')).toBe(
      '<a>a</a><a href="https://a.example/">b</a>',
    );
    expect(await cleaned("<svg><style><img src=x onerror=x()></style></svg><math><p>x</p></math>")).not.toMatch(
      /onerror|<svg|<math/,
    );
    expect(await cleaned('<img src="data:image/svg+xml;base64,AAAA">')).toBe(
      '<img src="data:image/svg+xml;base64,AAAA">',
    );
    expect(complaints).toEqual([]);
  });

  it.each(["light", "dark"] as const)("has no barriers, and looks as it should, in %s", async (colorScheme) => {
    const sizes = { 360: 780, 768: 1000, 1280: 800 };
    for (const [width, height] of Object.entries(sizes)) {
      const { page } = await playground.open("#example=storyteller", {
        colorScheme,
        viewport: { width: Number(width), height },
      });
      const shot = (name: string): Promise<void> => picture(page, `${name}-${colorScheme}-${width}`);
      await verdict(page, "none");
      await page.getByRole("button", { name: "Run" }).click();
      await ended(page);
      await page.locator(".token").nth(9).hover();
      await shot("run");
      expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      if (width === "1280") expect(await barriers(page)).toEqual([]);
      for (const tab of width === "768" ? ["picture"] : ["picture", "numbers", "masks", "typescript"]) {
        await page.click(`#tab-${tab}`);
        await page.waitForSelector(`#panel-${tab} .content > *`, { timeout: 45_000 });
        if (width === "1280") expect(await barriers(page)).toEqual([]);
        await shot(tab);
      }
      await page.selectOption("#example", "mistake");
      await verdict(page, "error");
      await shot("mistake");
      if (width === "1280") expect(await barriers(page)).toEqual([]);
    }
  });
});

import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { startChromium } from "../chromium.js";
import { serve, type Served } from "./serve.js";

const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url));

export interface Playground {
  readonly browser: Browser;
  readonly served: Served;
  /** A page of its own, `hash` and all, whose complaints are kept. */
  readonly open: (hash?: string, options?: BrowserContextOptions) => Promise<Opened>;
  readonly closePages: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface Opened {
  readonly page: Page;
  /** What the console and the network said that no user should see. */
  readonly complaints: readonly string[];
}

/** The page as it is built, in Debian's Chromium, whose WebGPU computes in software. */
export async function startPlayground(): Promise<Playground> {
  execFileSync(process.execPath, [path("scripts/build-playground.mjs")]);
  const served = await serve(path("build/playground"));
  const { address } = served;
  const browser = await startChromium();
  return {
    browser,
    served,
    open: async (hash = "", options = {}) => {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("console", (message) => {
        if (["error", "warning"].includes(message.type())) complaints.push(message.text());
      });
      page.on("pageerror", ({ message }) => complaints.push(message));
      page.on("request", (request) => {
        const url = request.url();
        if (!url.startsWith(address) && !url.startsWith("blob:") && !url.startsWith("data:"))
          complaints.push(`asks for ${url}`);
      });
      await page.goto(`${address}${hash}`);
      return { page, complaints };
    },
    closePages: async () => {
      for (const context of browser.contexts()) await context.close();
    },
    close: async () => {
      await browser.close();
      served.close();
    },
  };
}

/** A picture for people to look at, in a folder that is not kept. */
export async function picture(page: Page, name: string): Promise<void> {
  const pictures = path("build/playground-pictures");
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: `${pictures}/${name}.png` });
}

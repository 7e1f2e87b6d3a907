import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { check } from "tfmc";

const folder = new URL("systems/", import.meta.url);

test.each(readdirSync(folder).sort())("%s, written without a trick, checks at its published sizes", (name) => {
  const text = readFileSync(new URL(name, folder), "utf8");
  const { problems } = check(name, (path) => (path === name ? text : undefined));
  expect(problems.map(({ code, message }) => `${code} ${message}`)).toEqual([]);
});

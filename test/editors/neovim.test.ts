import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/temporary-folder.js";

/** The guide's own configuration for the versions that Debian has. */
const configuration = /0\.7 to 0\.10:\s+```lua\n([\s\S]*?)```/.exec(
  readFileSync("docs/guides/editors.md", "utf8"),
)?.[1];

/** What the editor knows once the server has spoken, or after a while. */
const report = `
local due = vim.loop.now() + 30000
local function shown()
  return #vim.diagnostic.get(0) > 0
end
vim.wait(due - vim.loop.now(), shown, 50)
local lines = {}
for _, each in ipairs(vim.diagnostic.get(0)) do
  table.insert(lines, string.format("%d:%d %s", each.lnum + 1, each.col + 1, each.message:match("[^\\n]*")))
end
vim.fn.writefile(lines, "report.txt")
vim.cmd("qa!")
`;

const wrong = `block Layer[seq, d](x: f32[batch, seq, d]) -> f32[batch, seq, d] {
  x += x |> up: Linear{out: 4 * d}
  return x
}
`;

test.skipIf(!existsSync("/usr/bin/nvim") && !process.env["CI"])(
  "Neovim with the documented configuration shows the error of a wrong file",
  () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, "wrong.tfm"), wrong);
    writeFileSync(join(folder, "init.lua"), configuration ?? "");
    writeFileSync(join(folder, "report.lua"), report);
    writeFileSync(
      join(folder, "tfmc"),
      `#!/bin/sh\nexec "${process.execPath}" "${join(process.cwd(), "dist/cli/main.js")}" "$@"\n`,
      {
        mode: 0o755,
      },
    );
    execFileSync("nvim", ["--headless", "-u", "init.lua", "-i", "NONE", "-n", "wrong.tfm", "-S", "report.lua"], {
      cwd: folder,
      env: { ...process.env, PATH: `${folder}:${process.env["PATH"]}`, XDG_STATE_HOME: folder, XDG_CACHE_HOME: folder },
      timeout: 60_000,
    });
    expect(readFileSync(join(folder, "report.txt"), "utf8")).toBe("2:3 residual adds 4*d to d\n");
  },
);

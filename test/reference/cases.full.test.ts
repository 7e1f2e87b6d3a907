import { expect, test } from "vitest";
import { temporaryFolder } from "../cli/temporary-folder.js";
import { caseNames } from "./case-folders.js";
import { verifyCase, webgpuTimeout } from "./verify-case.js";

test.each(caseNames)(
  "%s, decoding included, on webgpu",
  async (name) => {
    expect(await verifyCase(name, "webgpu", temporaryFolder())).toMatchObject({
      ok: true,
      backend: "webgpu",
      notes: [],
    });
  },
  webgpuTimeout,
);

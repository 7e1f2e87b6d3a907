import { vi } from "vitest";
import { runProgram } from "../../cli/program.js";
import type { Outcome } from "./tfmc.js";

/** Runs the command in this process, which saves its start; what it prints is caught. Paths are to be absolute. */
export async function here(...args: readonly string[]): Promise<Outcome> {
  const printed = { stdout: "", stderr: "" };
  const spies = (["stdout", "stderr"] as const).map((stream) =>
    vi.spyOn(process[stream], "write").mockImplementation((chunk) => {
      printed[stream] += typeof chunk === "string" ? chunk : new TextDecoder().decode(chunk);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    const status = await runProgram(args);
    return { status, ...printed };
  } finally {
    process.exitCode = before;
    for (const spy of spies) spy.mockRestore();
  }
}

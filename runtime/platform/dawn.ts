/**
 * Dawn in Node. Its objects must outlive everything made with them, to the process's end, or the process crashes when it
 * exits: they are kept on `globalThis`.
 */
import { access, readdir } from "node:fs/promises";
import { constants } from "node:os";
import type { Adapter } from "./platform.js";

/** Where Debian's chromium package puts a software Vulkan driver, and the loader that it needs. */
const software = {
  driver: "/usr/lib/chromium/vk_swiftshader_icd.json",
  loader: "/usr/lib/chromium/libvulkan.so.1",
};

const kept = Symbol.for("tfmc.dawn");
/** glibc's flag that keeps a library loaded after it is closed. */
const RTLD_NODELETE = 0x1000;

/** Puts an adapter's `gpu` on `navigator`: a real one, or, if `named`, one in software. Undefined if there is none. */
export async function prepareDawn(named: boolean): Promise<Adapter | undefined> {
  const { create, globals } = await import("webgpu");
  Object.assign(globalThis, globals);

  if (await hasVulkanDriver()) {
    if (process.platform === "linux") loadVulkan();
    const found = await describe(create([]));
    if (found && (named || !found.software)) return offer(found);
  }
  if (!named || asksForDriver() || !(await exists(software.driver)) || !loadVulkan()) return undefined;

  // The variable is read when the adapter is requested, which tfjs does once more: it stays until the backend has started.
  process.env["VK_ICD_FILENAMES"] = software.driver;
  const release = (): void => {
    delete process.env["VK_ICD_FILENAMES"];
  };
  const found = await describe(create([]));
  if (found) return offer(found, release);
  release();
  return undefined;
}

interface Found {
  readonly gpu: GPU;
  readonly description: string;
  readonly software: boolean;
}

async function describe(gpu: GPU): Promise<Found | undefined> {
  keep(gpu);
  const adapter = await gpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) return undefined;
  const { info } = adapter;
  return {
    gpu,
    description: info.description || `${info.vendor} ${info.architecture}`.trim(),
    software: info.isFallbackAdapter || /swiftshader|llvmpipe/i.test(`${info.architecture} ${info.description}`),
  };
}

function offer(found: Found, release: () => void = () => undefined): Adapter {
  const target = globalThis.navigator ?? {};
  Object.defineProperty(target, "gpu", { value: found.gpu, configurable: true });
  if (globalThis.navigator === undefined) {
    Object.defineProperty(globalThis, "navigator", { value: target, configurable: true });
  }
  const { description, software } = found;
  return { description, software, release, ...(software && { note: `no real adapter: ${description}, in software` }) };
}

/**
 * Loads the system's Vulkan loader, or where it has none, the one that stands beside the software driver: Dawn asks for
 * `libvulkan.so.1` by name, and a library of that name that is already in memory is what it gets. False if there is none.
 */
function loadVulkan(): boolean {
  return ["libvulkan.so.1", software.loader].some((library) => {
    try {
      process.dlopen({ exports: {} }, library, constants.dlopen.RTLD_NOW | RTLD_NODELETE);
      return true;
    } catch (error) {
      // A library that was loaded is then refused, since it is no addon of Node; it stays loaded all the same.
      return error instanceof Error && error.message.includes("did not self-register");
    }
  });
}

/** Whether a Vulkan driver is installed or named. Dawn writes warnings to stderr where it looks for one in vain. */
async function hasVulkanDriver(): Promise<boolean> {
  if (process.platform !== "linux" || asksForDriver()) return true;
  const folders = ["/etc/vulkan/icd.d", "/usr/share/vulkan/icd.d", "/usr/local/share/vulkan/icd.d"];
  const files = await Promise.all(folders.map((folder) => readdir(folder).catch(() => [])));
  return files.some((names) => names.some((name) => name.endsWith(".json")));
}

function asksForDriver(): boolean {
  return process.env["VK_ICD_FILENAMES"] !== undefined || process.env["VK_DRIVER_FILES"] !== undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

function keep(object: object): void {
  const before: unknown = Reflect.get(globalThis, kept);
  Reflect.set(globalThis, kept, { object, before });
}

// Finds Chromium, or installs Debian's package where this is Debian and we may. The tests of pages and of WebGPU need it:
// it brings SwiftShader, a Vulkan driver without a GPU, and libvulkan. Says so where it can do neither.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

export function findChromium() {
  return [process.env.CHROMIUM, ...places].find((path) => path && existsSync(path));
}

function apt(...args) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", ["-q", "-y", ...args], { stdio: ["ignore", "ignore", "inherit"], env: environment })
    .status;
}

function installChromium() {
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return;
  console.log("Installing Chromium (apt-get install chromium libvulkan1) ...");
  const install = () => apt("install", "--no-install-recommends", "chromium", "libvulkan1");
  if (install() !== 0 && apt("update") === 0) install();
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href && !findChromium()) {
  installChromium();
  if (!findChromium()) {
    const consequence = process.env.CI ? "the tests that need it will fail" : "the tests that need it will be skipped";
    console.error(
      `Chromium is not installed and could not be (looked in ${places.join(", ")}, $CHROMIUM): ${consequence}.`,
    );
    if (process.env.CI) process.exitCode = 1;
  }
}

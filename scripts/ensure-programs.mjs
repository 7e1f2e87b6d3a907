// Finds the programs that tests drive, or installs Debian's packages where this is Debian and we may: Chromium, for pages and for
// WebGPU (it brings SwiftShader, a Vulkan driver without a GPU), and Neovim, for the language server. Says so where it can do neither.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const programs = [
  {
    name: "Chromium",
    places: [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"],
    packages: ["chromium", "libvulkan1"],
  },
  { name: "Neovim", places: ["/usr/bin/nvim"], packages: ["neovim"] },
];

const isThere = ({ places }) => places.some((path) => path && existsSync(path));

function apt(...args) {
  const environment = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  return spawnSync("apt-get", ["-q", "-y", ...args], { stdio: ["ignore", "ignore", "inherit"], env: environment })
    .status;
}

function install({ name, packages }) {
  if (!existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) return;
  console.log(`Installing ${name} (apt-get install ${packages.join(" ")}) ...`);
  const attempt = () => apt("install", "--no-install-recommends", ...packages);
  if (attempt() !== 0 && apt("update") === 0) attempt();
}

for (const program of programs.filter((each) => !isThere(each))) {
  install(program);
  if (isThere(program)) continue;
  const consequence = process.env.CI ? "the tests that need it will fail" : "the tests that need it will be skipped";
  const looked = program.places.filter(Boolean).join(", ");
  console.error(`${program.name} is not installed and could not be (looked in ${looked}): ${consequence}.`);
  if (process.env.CI) process.exitCode = 1;
}

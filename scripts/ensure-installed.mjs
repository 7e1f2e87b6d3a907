// Installs the dependencies where they are missing or are not those of package-lock.json. Uses nothing but Node itself,
// because it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = new URL("../", import.meta.url);

function packagesOf(path) {
  const file = new URL(path, root);
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).packages : {};
}

/** Whether node_modules holds what package-lock.json asks for, by npm's own record of what it installed. */
export function isInstalled() {
  const installed = packagesOf("node_modules/.package-lock.json");
  return Object.entries(packagesOf("package-lock.json")).every(
    ([path, wanted]) => path === "" || wanted.optional || installed[path]?.version === wanted.version,
  );
}

/** Runs `npm ci` where it is due. Returns whether everything is there. */
export function ensureInstalled() {
  if (isInstalled()) return true;
  console.log("Installing dependencies (npm ci) ...");
  // npm says where it lives to the scripts it runs; started by hand, it is looked up on the path.
  const npm = process.env.npm_execpath;
  const options = ["ci", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"];
  const [command, ...args] = npm?.endsWith(".js") ? [process.execPath, npm, ...options] : ["npm", ...options];
  const shell = command === "npm" && process.platform === "win32";
  const { status, error } = spawnSync(command, args, { cwd: fileURLToPath(root), stdio: "inherit", shell });
  if (error) console.error(`npm could not be started: ${error.message}`);
  return status === 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href && !ensureInstalled()) {
  console.error("The dependencies could not be installed; see npm's message above.");
  process.exitCode = 1;
}

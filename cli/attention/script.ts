/** What runs in the page. Texts come from the data as text, and are never read as markup. */
export const script = `
const { tokens, maps } = JSON.parse(document.getElementById("data").textContent);
const by = (id) => document.getElementById(id);
const bytesOf = (text) => Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
const resolve = (name) => { const probe = document.createElement("i"); probe.style.color = "var(" + name + ")";
  document.body.append(probe); const found = getComputedStyle(probe).color; probe.remove(); return found; };
let example = 0;
let chosen = { layer: 0, head: 0 };

const labels = (count) => (tokens[example] ?? []).find((each) => each.length === count) ??
  Array.from({ length: count }, (_, n) => String(n));

/** One square of the share's colour for each query and key, as strong as the share. */
function draw(context, map, bytes, size, left, top) {
  context.fillStyle = resolve("--share");
  bytes.forEach((share, n) => {
    context.globalAlpha = Math.sqrt(share / 255);
    if (share > 0) context.fillRect(left + (n % map.keys) * size, top + Math.floor(n / map.keys) * size, size, size);
  });
  context.globalAlpha = 1;
}

function drawSmall() {
  by("layers").replaceChildren(...maps.map((map, layer) => {
    const section = document.createElement("section");
    const title = document.createElement("h2");
    title.textContent = map.address;
    const heads = document.createElement("div");
    heads.className = "heads";
    heads.append(...(map.examples[example] ?? []).map((text, head) => {
      const button = document.createElement("button");
      button.title = map.address + ", head " + head;
      button.setAttribute("aria-label", button.title);
      button.setAttribute("aria-pressed", String(layer === chosen.layer && head === chosen.head));
      const canvas = document.createElement("canvas");
      canvas.width = map.keys; canvas.height = map.queries;
      draw(canvas.getContext("2d"), map, bytesOf(text), 1, 0, 0);
      button.append(canvas);
      button.onclick = () => { chosen = { layer, head }; drawAll(); };
      return button;
    }));
    section.append(title, heads);
    return section;
  }));
}

function drawLarge() {
  const map = maps[chosen.layer];
  if (!map) return;
  const bytes = bytesOf(map.examples[example][chosen.head]);
  by("name").textContent = map.address + ", head " + chosen.head;
  const canvas = by("map");
  const context = canvas.getContext("2d");
  const [rows, columns] = [labels(map.queries), labels(map.keys)];
  const font = "12px system-ui, sans-serif";
  context.font = font;
  const shown = (text) => text.length > 14 ? text.slice(0, 13) + "\\u2026" : text;
  const width = (texts) => Math.ceil(Math.max(...texts.map((text) => context.measureText(shown(text)).width))) + 10;
  const size = Math.max(12, Math.min(28, Math.floor(560 / Math.max(map.keys, map.queries))));
  const [left, top] = [width(rows), width(columns)];
  const ratio = window.devicePixelRatio || 1;
  const [wide, high] = [left + map.keys * size + 1, top + map.queries * size + 1];
  canvas.width = wide * ratio; canvas.height = high * ratio;
  canvas.style.width = wide + "px"; canvas.style.height = high + "px";
  context.scale(ratio, ratio);
  context.font = font;
  context.textBaseline = "middle";
  context.strokeStyle = resolve("--line");
  context.strokeRect(left + 0.5, top + 0.5, map.keys * size, map.queries * size);
  draw(context, map, bytes, size, left, top);
  context.fillStyle = resolve("--ink");
  context.textAlign = "right";
  rows.forEach((text, n) => context.fillText(shown(text), left - 6, top + (n + 0.5) * size));
  context.textAlign = "left";
  columns.forEach((text, n) => {
    context.save();
    context.translate(left + (n + 0.5) * size, top - 6);
    context.rotate(-Math.PI / 2);
    context.fillText(shown(text), 0, 0);
    context.restore();
  });
  canvas.onmousemove = ({ offsetX, offsetY }) => {
    const [key, query] = [Math.floor((offsetX - left) / size), Math.floor((offsetY - top) / size)];
    if (key < 0 || query < 0 || key >= map.keys || query >= map.queries) return;
    const share = (100 * bytes[query * map.keys + key] / 255).toFixed(1);
    by("told").textContent = "\\u201c" + rows[query] + "\\u201d (" + query + ") attends to \\u201c" + columns[key] + "\\u201d (" + key + "): " + share + " %";
  };
}

function drawAll() { drawSmall(); drawLarge(); }

const count = Math.max(0, ...maps.map((map) => map.examples.length));
by("choice").hidden = count < 2;
by("example").append(...Array.from({ length: count }, (_, n) => new Option(String(n), String(n))));
by("example").onchange = ({ target }) => { example = Number(target.value); drawAll(); };
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
drawAll();
`;

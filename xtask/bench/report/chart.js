// docs/bench.svg: two panels of bars, light or dark as the reader's system is.
import { nameOf } from "../peers.js";

const [WIDTH, ROW, TOP, NAME, VALUE, GAP] = [430, 24, 56, 166, 70, 16];

const STYLE = `
  text { font: 13px system-ui, sans-serif; fill: #1f2328; }
  .title, .us { font-weight: 600; }
  .note, .value { fill: #59636e; }
  .card { fill: #ffffff; stroke: #d1d9e0; }
  .bar { fill: #9aa4af; }
  .own { fill: #0969da; }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc; }
    .note, .value { fill: #9198a1; }
    .card { fill: #0d1117; stroke: #3d444d; }
    .bar { fill: #656c76; }
    .own { fill: #4493f8; }
  }`;

const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");

function panel({ title, note, figures, format }, left) {
  const bars = Object.entries(figures).sort(([, a], [, b]) => a.median - b.median);
  const most = bars.at(-1)[1].median;
  const room = WIDTH - NAME - VALUE - 2 * GAP;
  const rows = bars.map(([file, { median }], at) => {
    const [x, y] = [NAME + GAP, TOP + at * ROW];
    const length = Math.max(2, Math.round((median / most) * room));
    const [name, bar] = file === "package" ? ["us", "own"] : ["peer", "bar"];
    return [
      `<text x="${x - 10}" y="${y + 16}" text-anchor="end" class="${name}">${escaped(nameOf(file))}</text>`,
      `<rect x="${x}" y="${y + 4}" width="${length}" height="16" rx="2" class="${bar}"/>`,
      `<text x="${x + length + 6}" y="${y + 16}" class="value">${format(median)}</text>`,
    ].join("");
  });
  const text = [
    `<text x="${GAP}" y="26" class="title">${escaped(title)}</text>`,
    `<text x="${GAP}" y="44" class="note">${escaped(note)}</text>`,
    ...rows,
  ].join("\n");
  return { height: TOP + bars.length * ROW + 12, text: `<g transform="translate(${left} 0)">\n${text}\n</g>` };
}

/** The chart of the sizes and of one create, each by contender. */
export function chartOf(size, create) {
  const panels = [
    panel(
      {
        title: "Download for the two calls",
        note: "kilobytes, minified, gzip -9; shorter is better",
        figures: size,
        format: (bytes) => (bytes / 1000).toFixed(1),
      },
      0,
    ),
    panel(
      {
        title: "Work of one create",
        note: "times that of the same result, unchecked, on Node; shorter is better",
        figures: { "same-result": { median: 1 }, ...create },
        format: (ratio) => ratio.toFixed(1),
      },
      WIDTH,
    ),
  ];
  const [width, height] = [2 * WIDTH, Math.max(...panels.map((it) => it.height))];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"
  role="img">
<title>node-provider-keys beside its peers: download and work of one create</title>
<style>${STYLE}
</style>
<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6" class="card"/>
${panels.map(({ text }) => text).join("\n")}
</svg>
`;
}

// A create with so many of the platform's parts as are wanted: with none it is bare fetch, with all it gives the same
// result as the package. Nothing is checked but the status.

/** What a reader calls each, in the order in which the account adds them. */
export const PARTS = {
  headers: "`Headers`, set one by one",
  url: "`new URL`",
  signal: "an `AbortController` and its signal",
  timer: "a timer",
  stream: "the body by its reader",
  file: "a `File`",
};

async function inPieces(body) {
  const chunks = [];
  let size = 0;
  for (const reader = body.getReader(); ; ) {
    const { done, value } = await reader.read();
    if (done) return { chunks, size };
    size += value.length;
    chunks.push(value);
  }
}

async function inOne(response) {
  const buffer = await response.arrayBuffer();
  return { chunks: [buffer], size: buffer.byteLength };
}

function headersOf(token, part) {
  if (!part) return { "Content-Type": "application/json", "X-Auth-Token": token };
  const headers = new Headers({ "Content-Type": "application/json" });
  headers.set("X-Auth-Token", token);
  return headers;
}

/** @param {(keyof PARTS)[]} wanted */
export function createWith(wanted, { endpoint, projectId, token }) {
  const parts = Object.fromEntries(Object.keys(PARTS).map((name) => [name, wanted.includes(name)]));

  return async (description) => {
    const controller = parts.signal ? new AbortController() : undefined;
    const timer = parts.timer ? setTimeout(() => controller.abort(), 30_000) : undefined;
    try {
      const url = `${endpoint}/v1/${projectId}/node-provider/credentials`;
      const response = await fetch(parts.url ? new URL(url).href : url, {
        method: "POST",
        headers: headersOf(token, parts.headers),
        body: JSON.stringify({ description }),
        ...(parts.signal ? { signal: controller.signal, redirect: "manual" } : {}),
      });
      if (!response.ok) throw new Error(`status ${response.status}`);
      const { chunks, size } = await (parts.stream ? inPieces(response.body) : inOne(response));
      if (!parts.file) return chunks[0];
      const name = /"(.*)"/.exec(response.headers.get("Content-Disposition"))?.[1] ?? `${size}.zip`;
      return new File(chunks, name, { type: "application/zip" });
    } finally {
      if (parts.timer) clearTimeout(timer);
    }
  };
}

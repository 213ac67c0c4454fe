// Stands between the browser and the service: remembers every API exchange byte for byte, can hold an answer back or
// put another in its place, and lets probe.js run in the page before the page's own scripts.
import { readFileSync } from "node:fs";
import { createServer, request } from "node:http";

const PROBE = readFileSync(new URL("probe.js", import.meta.url));

const read = async (stream) => {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
};

function forward(target, incoming, body) {
  return new Promise((resolve, reject) => {
    const { host } = new URL(target);
    const headers = { ...incoming.headers, host, connection: "close", "accept-encoding": "identity" };
    const outgoing = request(
      new URL(incoming.url, target),
      { method: incoming.method, headers, agent: false },
      async (answer) => {
        try {
          resolve({ status: answer.statusCode, headers: answer.headers, body: await read(answer) });
        } catch (error) {
          reject(error);
        }
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/**
 * @param {string} target the service's address
 * @param {Record<string, string>} [others] the addresses of other services, by what begins the paths that are theirs
 * `exchanges` lists each API call as `{ method, path, headers, body, answer }`, `files` the paths of all else. Of the next call of one method,
 * `hold(method)` keeps the answer until its `release()`, and its `arrived` resolves when the service has answered;
 * `answerNext({ status, headers, body }, method)` answers in the service's place; `dropNext(method)` cuts the connection
 * after the service has answered, `dropAll(method)` from now on; `repeatNext(method)` sends it to the service twice, as
 * browsers do on a connection that died, and gives the second answer. While `missing` is set, what begins with it is not
 * found. `reset()` forgets it all.
 */
export async function startRecorder(target, others = {}) {
  const recorder = { exchanges: [], files: [], reset, hold, answerNext, dropNext, dropAll, repeatNext };
  let plans;
  reset();

  function reset() {
    recorder.exchanges.length = 0;
    recorder.files.length = 0;
    recorder.missing = undefined;
    plans = { GET: {}, POST: {}, DELETE: {} };
  }

  function answerNext(answer, method = "POST") {
    plans[method].instead = answer;
  }

  function dropNext(method = "POST") {
    plans[method].drop = "once";
  }

  function dropAll(method) {
    plans[method].drop = "always";
  }

  function repeatNext(method = "POST") {
    plans[method].repeat = true;
  }

  function hold(method = "POST") {
    let arrive, release;
    const arrived = new Promise((resolve) => {
      arrive = resolve;
    });
    const released = new Promise((resolve) => {
      release = resolve;
    });
    plans[method].held = { arrive, released };
    return { arrived, release };
  }

  async function api(incoming, body) {
    // What a test plans while this call is under way is for the next one.
    const plan = plans[incoming.method] ?? {};
    const { instead, held, drop, repeat } = plan;
    const service = Object.entries(others).find(([path]) => incoming.url.startsWith(path))?.[1] ?? target;
    plans[incoming.method] = { drop: drop === "always" ? drop : undefined };
    if (repeat) await forward(service, incoming, body);
    const answer = instead ?? (await forward(service, incoming, body));
    recorder.exchanges.push({ method: incoming.method, path: incoming.url, headers: incoming.headers, body, answer });
    held?.arrive();
    await held?.released;
    return drop ? undefined : answer;
  }

  async function page(incoming, body) {
    recorder.files.push(incoming.url);
    const answer = await forward(target, incoming, body);
    // Each test loads the page anew.
    answer.headers["cache-control"] = "no-store";
    if (!answer.headers["content-type"]?.startsWith("text/html")) return answer;
    const html = answer.body.toString().replace("<head>", '<head><script src="/probe.js"></script>');
    return { ...answer, body: Buffer.from(html) };
  }

  const server = createServer(async (incoming, outgoing) => {
    try {
      const body = await read(incoming);
      if (incoming.url === "/probe.js")
        return outgoing.writeHead(200, { "content-type": "text/javascript" }).end(PROBE);
      if (recorder.missing && incoming.url.startsWith(recorder.missing)) return outgoing.writeHead(404).end();
      const isApi = /^\/v[13]\//.test(incoming.url);
      const answer = await (isApi ? api : page)(incoming, body);
      if (!answer) return outgoing.destroy();
      const { "transfer-encoding": _, "content-length": __, ...headers } = answer.headers;
      outgoing.writeHead(answer.status, { ...headers, connection: "close" }).end(answer.body);
    } catch (error) {
      outgoing.destroy(error);
    }
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  recorder.url = `http://127.0.0.1:${server.address().port}`;
  recorder.close = () =>
    new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    });
  return recorder;
}

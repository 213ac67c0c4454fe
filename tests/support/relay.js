// What a relay has to do, whichever program it is.
import { createServer, request } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { assert } from "chai";

/** A server that keeps the requests it gets and answers them with `status`. */
async function startUpstream(status) {
  const requests = [];
  const server = createServer({ maxHeaderSize: 128 * 1024 }, (incoming, outgoing) => {
    const { method, url, headers } = incoming;
    let body = "";
    incoming
      .setEncoding("utf8")
      .on("data", (chunk) => {
        body += chunk;
      })
      .on("end", () => {
        requests.push({ method, url, headers, body });
        outgoing.writeHead(status, { Location: "https://elsewhere.example/" }).end("moved");
      });
  });
  await new Promise((ready, reject) => server.once("error", reject).listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** A server that answers with the beginning of a body, and then ends the connection by `cut`. */
async function startCutter(head, cut) {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => socket.write(`HTTP/1.1 200 OK\r\n${head}`, () => setTimeout(() => cut(socket), 50)));
  });
  await new Promise((ready, reject) => server.once("error", reject).listen(0, "127.0.0.1", ready));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () => new Promise((closed) => server.close(closed)),
  };
}

/** How the answer to a create ends. `fetch` of Node would not tell: it takes any end of a chunked body for its end. */
const endOf = (url) =>
  new Promise((ended) => {
    const sent = request(url, { method: "POST", agent: false }, (answer) =>
      answer
        .on("error", () => {})
        .on("close", () => ended(answer.complete ? "whole" : "broken off"))
        .resume(),
    );
    sent.on("error", () => ended("broken off")).end("{}");
  });

/** Where a connection can break off: its name, the head and the beginning of the body, and how. */
const CUTS = [
  ["with a length", "Content-Length: 10\r\n\r\nPK", (socket) => socket.end()],
  ["with a length, by a reset", "Content-Length: 10\r\n\r\nPK", (socket) => socket.resetAndDestroy()],
  ["in chunks", "Transfer-Encoding: chunked\r\n\r\n2\r\nPK\r\n", (socket) => socket.end()],
  ["in chunks, by a reset", "Transfer-Encoding: chunked\r\n\r\n2\r\nPK\r\n", (socket) => socket.resetAndDestroy()],
  ["up to the connection's end, by a reset", "\r\nPK", (socket) => socket.resetAndDestroy()],
];

/**
 * Defines the tests of a relay.
 * @param {(upstream: string) => Promise<{ url: string, stop: () => Promise<unknown> }>} startRelay
 * @param {() => { service: string, projectId: string, token: string, keys: object }} given `keys` is the package
 */
export function itRelays(startRelay, given) {
  const through = async (upstream, work) => {
    const relay = await startRelay(upstream);
    try {
      return await work(relay.url);
    } finally {
      await relay.stop();
    }
  };

  it("makes, lists and revokes a key with the longest token", async () => {
    const { service, projectId, token, keys } = given();
    await through(service, async (url) => {
      const request = { endpoint: `${url}/nes`, projectId, token };
      const [{ credential_id: credentialId }] = await keys.readCredentials(
        await keys.createApiKey({ ...request, description: "Relayed" }),
      );
      assert.include(
        (await keys.listApiKeys({ ...request, limit: 1000 })).keys.map(({ id }) => id),
        credentialId,
      );
      await keys.deleteApiKey({ ...request, credentialId });
      const error = await keys.createApiKey({ ...request, token: "wrong" }).catch((thrown) => thrown);
      assert.deepInclude({ ...error }, { kind: "http", status: 401, outcome: "rejected" });
    });
  });

  it("forwards only what the API reads, once, and hands a redirect back on a connection that closes", async () => {
    const upstream = await startUpstream(302);
    try {
      await through(upstream.url, async (url) => {
        const response = await fetch(`${url}/nes/v1/project/node-provider/credentials?limit=1`, {
          method: "POST",
          redirect: "manual",
          body: "{}",
          headers: {
            "Content-Type": "application/json",
            "X-Auth-Token": "token",
            "X-Forwarded-For": "forged",
            Cookie: "session=secret",
            Authorization: "Bearer secret",
          },
        });
        assert.deepEqual(
          [
            response.status,
            response.headers.get("location"),
            response.headers.get("connection"),
            await response.text(),
          ],
          [302, "https://elsewhere.example/", "close", "moved"],
        );
        const outside = await fetch(`${url}/nes/v2/project`);
        assert.equal(outside.status, 404, "other paths are not relayed");
      });
      const [{ method, url, headers, body }, ...others] = upstream.requests;
      assert.isEmpty(others);
      assert.deepEqual([method, url, body], ["POST", "/v1/project/node-provider/credentials?limit=1", "{}"]);
      assert.deepEqual(
        { ...headers, host: "", connection: "" },
        {
          host: "",
          connection: "",
          "content-type": "application/json",
          "content-length": "2",
          "x-auth-token": "token",
        },
      );
    } finally {
      await upstream.close();
    }
  });

  for (const status of [408, 421]) {
    it(`passes no ${status} on, at which browsers would send a create again`, async () => {
      const upstream = await startUpstream(status);
      try {
        const answered = await through(upstream.url, (url) =>
          fetch(`${url}/nes/v1/project/node-provider/credentials`, { method: "POST", body: "{}" }).then(
            (response) => response.status,
            () => "closed",
          ),
        );
        // nginx closes a new connection at 408, which browsers take for what it is.
        assert.include([502, "closed"], answered);
        assert.lengthOf(upstream.requests, 1);
      } finally {
        await upstream.close();
      }
    });
  }

  for (const [name, head, cut] of CUTS) {
    it(`breaks off where the answer does: ${name}`, async () => {
      const upstream = await startCutter(head, cut);
      try {
        const ended = await through(upstream.url, (url) => endOf(`${url}/nes/v1/project/node-provider/credentials`));
        assert.equal(ended, "broken off");
      } finally {
        await upstream.close();
      }
    });
  }
}

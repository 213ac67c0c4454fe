// Is the description a valid one, and does it describe every answer of the service's?
import { request } from "node:http";
import { assert } from "chai";
import { PATH, operations, problems } from "./description.js";
import { PAGES } from "./pages.js";
import { anyKey, send } from "./service.js";
import { TOKEN, busy, load, spoilt, usual } from "./world.js";

const LONG = "a".repeat(200_000);

/** How every status comes about. */
const CAUSES = {
  200: async (page) => {
    await send(usual().url, PAGES[0]);
    const values = page.operation === "deleteApiKey" ? { credential_id: await anyKey() } : {};
    return send(usual().url, page, values);
  },
  400: (page) => raw(page, { headers: { "content-length": "none" } }),
  401: (page) => send(usual().url, page, { "X-Auth-Token": undefined }),
  403: (page) => raw(page, { headers: { host: "rebound.test" } }),
  404: (page) => send(usual().url, page),
  405: (page) => raw(page, { method: "PUT" }),
  414: (page) => raw(page, { query: `?offset=${LONG.slice(0, 66_000)}` }),
  431: (page) => raw(page, { headers: { "x-other": LONG } }),
  500: async (page) => send((await spoilt()).url, page),
  // The first is being done, and those behind it give up waiting for their turn.
  503: async (page) => {
    const { url } = await busy();
    const tries = Array.from({ length: 3 }, async () => {
      const answer = await send(url, page);
      assert.equal(answer.status, 503);
      return answer;
    });
    return Promise.any(tries);
  },
};

/** What fetch would not send. */
function raw(page, { method = page.method, query = "", headers = {} }) {
  const path = page.uri.replace(/\{\w+\}/g, "a");
  return new Promise((done, fail) => {
    const options = { method, headers: { "X-Auth-Token": TOKEN, ...headers } };
    request(`${usual().url}${path}${query}`, options, (response) => {
      let text = "";
      response
        .setEncoding("utf8")
        .on("data", (chunk) => {
          text += chunk;
        })
        .on("end", () => {
          done({ status: response.statusCode, headers: new Headers(response.headers), json: JSON.parse(text) });
        });
    })
      .once("error", fail)
      .end();
  });
}

describe("The description", () => {
  it("is valid, and so are its examples", async () => {
    const { lint, createConfig } = await load("@redocly/openapi-core");
    const rules = { "no-invalid-media-type-examples": "error", "no-server-example.com": "off" };
    const found = await lint({ ref: PATH, config: await createConfig({ extends: ["recommended-strict"], rules }) });
    assert.deepEqual(
      found.map(({ ruleId, message, location }) => [ruleId, message, location[0].pointer]),
      [],
    );
  });

  for (const page of PAGES) {
    it(`has the service's answers to ${page.operation}`, async () => {
      const { responses } = (await operations())[page.operation];
      for (const status of Object.keys(responses)) {
        const answer = await CAUSES[status](page);
        assert.equal(answer.status, Number(status));
        assert.deepEqual(await problems(page.operation, answer), [], status);
      }
    });
  }
});

// Is the description a valid one, and does it describe every answer of the service's?
import { assert } from "chai";
import { PATH, operations, problems } from "./description.js";
import { PAGES } from "./pages.js";
import { RAW, anyKey, overload, send } from "./service.js";
import { busy, load, spoilt, usual } from "./world.js";

/** How every status comes about. */
const CAUSES = {
  200: async (page) => {
    await send(usual().url, PAGES[0]);
    const values = page.operation === "deleteApiKey" ? { credential_id: await anyKey() } : {};
    return send(usual().url, page, values);
  },
  ...RAW,
  401: (page) => send(usual().url, page, { "X-Auth-Token": undefined }),
  404: (page) => send(usual().url, page),
  500: async (page) => send((await spoilt()).url, page),
  // One group is being done, and those behind it give up waiting for their turn.
  503: async (page) => {
    const { url } = await busy();
    return overload(3, () => send(url, page));
  },
};

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

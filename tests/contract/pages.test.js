// Walks each table of the API pages, and finds every row in the client, in the service and in the description.
import { assert } from "chai";
import * as client from "./client.js";
import * as description from "./description.js";
import { PAGES } from "./pages.js";
import { probes } from "./probes.js";
import * as service from "./service.js";
import { usual } from "./world.js";

const READERS = { client, service, description };
const CHECKS = {
  path: "checkRequest",
  header: "checkRequest",
  query: "checkRequest",
  body: "checkRequest",
  answer: "checkError",
  list: "checkList",
  key: "checkList",
};

for (const page of PAGES) {
  describe(page.title, () => {
    before(() => service.send(usual().url, PAGES[0]));

    for (const table of page.tables) {
      for (const row of table.rows) {
        for (const [reader, checks] of Object.entries(READERS)) {
          it(`${table.name}: ${row.parameter}, in the ${reader}`, async () => {
            for (const probe of probes(row, table.in)) {
              try {
                await checks[CHECKS[table.in]](page, table, row, probe);
              } catch (error) {
                error.message = `${probe.name}, which ${probe.fits ? "fits" : "does not fit"}: ${error.message}`;
                throw error;
              }
            }
          });
        }
      }
    }

    for (const status of Object.keys(page.statusCodes)) {
      for (const [reader, checks] of Object.entries(READERS)) {
        it(`Status code ${status} and its example, in the ${reader}`, () => checks.checkStatus(page, status));
      }
    }

    it("has the description's parameters and fields, and no other", async () => {
      const { uri, method, parameters, requestBody } = (await description.operations())[page.operation];
      assert.deepEqual({ uri, method }, { uri: page.uri, method: page.method });
      const rows = (where) => page.tables.filter((table) => table.in === where).flatMap((table) => table.rows);
      for (const where of ["path", "query", "header"]) {
        const names = parameters.filter((parameter) => parameter.in === where).map(({ name }) => name);
        assert.sameMembers(
          names,
          rows(where).map(({ parameter }) => parameter),
        );
      }
      assert.equal(requestBody !== undefined, rows("body").length > 0);
    });
  });
}

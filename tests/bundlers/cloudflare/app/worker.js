import { makeAndRevoke } from "./keys.js";

export default {
  fetch: async (request) => Response.json(await makeAndRevoke(await request.json())),
};

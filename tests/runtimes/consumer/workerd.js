import * as keys from "node-provider-keys";
import { consume } from "./consume.js";

export default {
  async fetch(request) {
    return Response.json(await consume(keys, await request.json()));
  },
};

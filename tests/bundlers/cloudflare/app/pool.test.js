import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { makeAndRevoke } from "./keys.js";

test("the package does what it must", async () => {
  expect(await makeAndRevoke(JSON.parse(env.REQUEST))).toEqual({ description: "Bundled", isOurs: true, status: 404 });
});

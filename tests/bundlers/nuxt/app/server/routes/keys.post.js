import { defineEventHandler, readRawBody } from "#imports";
import { makeAndRevoke } from "../../keys.js";

export default defineEventHandler(async (event) => makeAndRevoke(JSON.parse(await readRawBody(event))));

import { makeAndRevoke } from "../../keys.js";

export const POST = async (request) => Response.json(await makeAndRevoke(await request.json()));

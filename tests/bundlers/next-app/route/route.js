import { makeAndRevoke } from "../../keys.js";
import { request } from "../environment.js";

export const dynamic = "force-dynamic";

export async function GET() {
  return Response.json(await makeAndRevoke(request));
}

import { makeAndRevoke } from "../../keys.js";
import { request } from "../environment.js";

export const dynamic = "force-dynamic";

export default async function Page() {
  return <output data-result={JSON.stringify(await makeAndRevoke(request))}>done</output>;
}

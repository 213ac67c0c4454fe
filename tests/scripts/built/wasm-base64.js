import build from "./build.js";
import { moduleOf } from "./bytes.js";

export default Buffer.from(moduleOf(build)).toString("base64");

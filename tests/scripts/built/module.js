import build from "./build.js";
import { moduleOf } from "./bytes.js";

export default new WebAssembly.Module(moduleOf(build));

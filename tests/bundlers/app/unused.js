import * as all from "node-provider-keys";
import { createApiKey, saveFile } from "node-provider-keys";

globalThis.loaded = true;

// A key that was just made: its file goes where it was asked for, and the list tells its id.
import { TIMEOUT } from "./call.js";
import { appeared, loadKeys, markMade } from "./keys.js";
import { writeTo } from "./picker.js";
import { text } from "./text.js";

/** Writes the file to the chosen place, or else downloads it. */
export async function hand(file, place, panel, api) {
  try {
    if (place) return await writeTo(place, file);
  } catch (error) {
    panel.setNote(text.picker.failed(error.message));
  }
  api.saveFile(file);
}

/**
 * Shows the id of the key that the list has and the keys `known` before do not; answers that key. `known` is missing
 * where the token may not list.
 */
export async function findId(panel, api, to, known, description) {
  try {
    if (!known) throw new Error(text.saved.mayNotList);
    const fresh = appeared(known, await loadKeys(api, to, { signal: AbortSignal.timeout(TIMEOUT) }));
    const fitting = fresh.filter((key) => (key.description ?? "") === description);
    if (fitting.length !== 1) return panel.setId(undefined, text.saved.severalIds(fitting.length));
    panel.setId(fitting[0].id);
    markMade(fitting[0].id);
    return fitting[0];
  } catch (error) {
    panel.setId(undefined, text.saved.noId(error.message));
  }
}

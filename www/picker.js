// A place for the key file that is chosen before the key is made, where the browser has a save dialog.
import { text } from "./text.js";

/** Whether this browser has a save dialog. */
export const canPick = () => typeof globalThis.showSaveFilePicker === "function";

/** Opens the save dialog; must be called by a click itself. */
export const pick = () =>
  globalThis.showSaveFilePicker({
    suggestedName: text.picker.name,
    types: [{ description: text.picker.type, accept: { "application/zip": [".zip"] } }],
  });

/** Writes the file to the chosen place and looks whether it is all there. */
export async function writeTo(place, file) {
  const stream = await place.createWritable();
  await stream.write(file);
  await stream.close();
  const written = await place.getFile();
  if (written.size !== file.size) throw new Error(text.picker.short(written.size, file.size));
}

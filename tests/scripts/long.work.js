// Reads long inputs in a thread of its own, which can be ended while it is busy.
import { parentPort } from "node:worker_threads";
import { fileNameOf } from "../../pkg-template/filename.js";
import { redacted, secretOf } from "../../pkg-template/redact.js";
import { corpus, latin1 } from "./kit.js";
import { checkEndpoint, checkText } from "./options.check.js";

const LENGTH = 1 << 17;
/** Written by hand: the fuzzer names its inputs by their hash. */
const seeds = (place) => corpus(place).filter(({ name, data }) => name.length !== 40 && data.length > 0);
const long = (data) => latin1(data).repeat(Math.ceil(LENGTH / data.length));

for (const { data } of seeds("scripts/corpus/disposition")) {
  for (const header of [long(data), `attachment; filename=${long(data)}`, `attachment; filename="${long(data)}`])
    fileNameOf(header);
}
for (const { data } of seeds("scripts/corpus/redact")) {
  const text = long(data);
  redacted(text, [secretOf(text.slice(0, 65_535)), secretOf(text.slice(1, 14))]);
}
for (const { data } of seeds("fuzz/corpus/options")) checkText(long(data));
for (const { data } of seeds("fuzz/corpus/paths")) checkEndpoint(long(data));
for (const unit of [";", "=", "\\", '"', " ", ".", "%", "'", "/", "%41", '; filename="\\', ";filename*=UTF-8''%41"]) {
  const text = unit.repeat(LENGTH / unit.length);
  for (const header of [text, `a;filename=${text}`, `a;filename="${text}`, `a;filename*=UTF-8''${text}`])
    fileNameOf(header);
  redacted(text, [secretOf("correct-horse-battery"), secretOf(text.slice(0, 65_535))]);
}
parentPort.postMessage("read");

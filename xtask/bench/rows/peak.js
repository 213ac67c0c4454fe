import { randomBytes } from "node:crypto";
import { zip } from "../../../tests/support/zip.js";
import { runInside } from "../inside.js";
import { shuffled, summary } from "../inside/statistics.js";
import { keyFile } from "../keyfile.js";
import { contendersOf } from "../peers.js";
import { startSite } from "../site.js";

export const row = {
  name: "peak",
  what: "peak memory of one create",
  unit: "ratio",
  goal: 1.1,
};

const KIB = 1024;
const SIZES = { "1 KiB": KIB, "1 MiB": KIB * KIB, "4 MiB": 4 * KIB * KIB, "16 MiB": 16 * KIB * KIB };
const ROUNDS = 9;
/** Less than this is the noise of a process that does next to nothing. */
const NOISE = KIB * KIB;
/** What a user of the package sets for files as large as these. */
const MORE = { package: { maxFileBytes: 32 * KIB * KIB } };

export async function measure({ folder }) {
  const contenders = contendersOf("peak");
  let file = await keyFile();
  const small = file;
  const [warm, site] = [await startSite(() => small), await startSite(() => file)];
  const answers = [];
  try {
    for (const [name, size] of Object.entries(SIZES)) {
      file = await zip([{ name: "credential.csv", data: randomBytes(size) }]);
      const rounds = [];
      for (let round = 0; round < ROUNDS; round += 1) {
        const peaks = {};
        for (const contender of shuffled(contenders)) {
          const task = { contender, warmUp: warm.url, endpoint: site.url, more: MORE[contender] };
          const { peak, size: got } = await runInside(folder, "peak", task);
          if (got !== file.length) throw new Error(`${contender} gave ${got} bytes of ${file.length}`);
          peaks[contender] = peak;
        }
        rounds.push(peaks);
      }
      answers.push({ where: `Node, a file of ${name}`, ...judged(rounds) });
    }
  } finally {
    await Promise.all([warm.close(), site.close()]);
  }
  return answers;
}

/** Medians first, ratios after: a process's peak has nothing to do with that of the one before it. */
function judged(rounds) {
  const of = (contender) => summary(rounds.map((round) => round[contender]));
  const { median: bare, low } = of("bare");
  if (low < NOISE) return { remark: "below what can be told from noise", figures: {} };
  const others = Object.keys(rounds[0]).filter((contender) => contender !== "bare");
  return { figures: Object.fromEntries(others.map((contender) => [contender, scaled(of(contender), bare)])) };
}

const scaled = ({ median, low, high }, by) => ({ median: median / by, low: low / by, high: high / by });

// Runs a program of inside/ in the project and reads the JSON that it prints.
import { execFile } from "node:child_process";

/**
 * @param {string} folder the project
 * @param {string} program its name in inside/, without .js
 * @param {unknown} task what it is told
 * @param {Uint8Array} [input] its standard input
 * @param {string[]} [flags] Node's own
 */
export function runInside(folder, program, task, input, flags = []) {
  return new Promise((done, reject) => {
    const args = [...flags, `inside/${program}.js`, JSON.stringify(task)];
    const child = execFile(process.execPath, args, { cwd: folder, maxBuffer: 1 << 26 }, (error, output, said) => {
      if (said) process.stderr.write(said);
      if (error) reject(error);
      else done(JSON.parse(output));
    });
    child.stdin.end(input);
  });
}

/** The JSON on the last line that a script of ours prints. */
export function runJson(script, ...args) {
  return new Promise((done, reject) => {
    execFile(process.execPath, [script, ...args], { maxBuffer: 1 << 26 }, (error, output) => {
      if (error) reject(error);
      else done(JSON.parse(output.trim().split("\n").at(-1)));
    });
  });
}

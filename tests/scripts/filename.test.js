import { equal } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { DEFAULT_NAME, fileNameOf } from "../../pkg-template/filename.js";
import { assertSafe, check, checkHeader, extended, isHidden, quoted } from "./filename.check.js";
import { always, corpus, latin1, replay, textOf } from "./kit.js";

const each = (cases, headerOf = (given) => given) => {
  for (const [given, name] of cases) equal(fileNameOf(headerOf(given)), name, JSON.stringify(given));
};

describe("the name of a key file", () => {
  it("is read in every form of the standards", () => {
    each([
      ["attachment; filename=key.zip", "key.zip"],
      ['attachment; filename="key 1.zip"', "key 1.zip"],
      ['ATTACHMENT;FILENAME = "key.zip" ; x=y', "key.zip"],
      ['inline; x="; filename=no.zip"; filename=yes.zip', "yes.zip"],
      ['attachment; filename="a\\"b;c.zip"', "a_b;c.zip"],
      ["attachment; filename=plain.zip; filename*=utf-8'en'%e2%82%ac.zip", "€.zip"],
      ["attachment; filename*=UTF-8''cl%C3%A9.zip", "clé.zip"],
      ["attachment; filename*=ISO-8859-1''%A3.zip; filename=plain.zip", "£.zip"],
      ["attachment; filename=plain.zip; filename*=UTF-8''%ff", "plain.zip"],
      ["attachment; filename=plain.zip; filename*=UTF-8''%f", "plain.zip"],
      ["attachment; filename=plain.zip; filename*=ISO-8859-1''%f", "plain.zip"],
      ["attachment; filename=plain.zip; filename*=utf-7''x", "plain.zip"],
      ["attachment; filename=plain.zip; filename*=broken", "plain.zip"],
      ["attachment; filename=first.zip; filename=second.zip", "first.zip"],
      ["; ; filename=key.zip", "key.zip"],
      ["attachment; filename; filename=key.zip", "key.zip"],
      ['attachment; filename="key.zip', "key.zip"],
      ['attachment; filename=key.zip"', "key.zip_.zip"],
      ['attachment; filename=key 1.zip"', "key 1.zip_.zip"],
    ]);
  });

  it("is the default one where there is none", () => {
    const none = ["", "attachment", "attachment; filename", "attachment; filename=", 'attachment; filename=""'];
    const nothing = ["..", "a/", "\u202E \u0001", "...zip/"].map(quoted);
    each([undefined, ...none, ...nothing].map((header) => [header, DEFAULT_NAME]));
  });

  it("is safe on any file system, and ends as a ZIP does", () => {
    each(
      [
        ["../../etc/passwd", "passwd.zip"],
        ["C:\\Windows\\x.zip", "x.zip"],
        ["C:x.zip", "C_x.zip"],
        [".htaccess", "htaccess.zip"],
        ["key.zip. . ", "key.zip"],
        ["key.ZIP", "key.zip"],
        [" .ZIP.", "ZIP.zip"],
        ["nul", "_nul.zip"],
        ["Aux.zip", "_Aux.zip"],
        ["com1.tar.gz", "_com1.tar.gz.zip"],
        ["con .txt", "_con .txt.zip"],
        ["CONOUT$", "_CONOUT$.zip"],
        ["LPT².zip", "_LPT².zip"],
        ["common.zip", "common.zip"],
        ["comb.zip", "comb.zip"],
        ["key1.zip", "key1.zip"],
        ["a\u202Epiz.exe", "apiz.exe.zip"],
        ["a\r\n\u007f\u0085b.zip", "ab.zip"],
        ["a\u2065\u{E0000}\u{E0041}\uFE0F\u034Fb.zip", "ab.zip"],
        ["a<b>c|d?e*f.zip", "a_b_c_d_e_f.zip"],
      ],
      quoted,
    );
    each(
      ["con", "nul", "com1", "lpt9"].map((name) => [name, `_${name}.zip`]),
      (name) => `attachment; filename=${name}.zip`,
    );
  });

  it("keeps its extension and whole characters, however long it is", () => {
    equal(fileNameOf(`attachment; filename=${"é".repeat(300)}.zip`), `${"é".repeat(88)}.zip`);
    equal(fileNameOf(`attachment; filename=${"€".repeat(300)}`), `${"€".repeat(58)}.zip`);
    equal(fileNameOf(`attachment; filename=${"🔑".repeat(300)}`), `${"🔑".repeat(44)}.zip`);
    // So much of a name is looked through, also of what does not show.
    equal(fileNameOf(extended(`${"\u200B".repeat(995)}a.zip`)), "a.zip");
    equal(fileNameOf(extended(`${"\u200B".repeat(996)}a.zip`)), "a.zi.zip");
    equal(fileNameOf(`attachment; filename=${"a".repeat(99)}.zip`), `${"a".repeat(99)}.zip`);
    equal(fileNameOf(`attachment; filename=${"a".repeat(177)}.zip`), `${"a".repeat(176)}.zip`);
  });

  it("is read as UTF-8 where a server wrote UTF-8 into a header", () => {
    equal(fileNameOf(latin1(Buffer.from("attachment; filename=ключ.zip"))), "ключ.zip");
    equal(fileNameOf("attachment; filename=clé.zip"), "clé.zip");
  });

  it("has nothing in it that does not show", () => {
    const codes = Array.from({ length: 0x110000 }, (_, code) => code).filter(isHidden);
    for (const code of codes)
      equal(fileNameOf(extended(`a${String.fromCodePoint(code)}b`)), "ab.zip", code.toString(16));
  });

  it("leaves nothing of a header in RegExp's static properties", () => {
    const secret = "correct-horse-battery";
    for (const header of [`attachment; filename=${secret}.zip`, `attachment; filename="${secret} (1).zip"`]) {
      fileNameOf(header);
      const left = ["input", "lastMatch", "lastParen", "leftContext", "rightContext", "$1", "$2"];
      for (const name of left) equal(RegExp[name].includes(secret), false, name);
    }
  });

  it("is safe and that of the reference for any header", () => {
    const start = fc.constantFrom(
      "",
      "attachment; filename=",
      "attachment; filename*=",
      "attachment; filename*=UTF-8''",
    );
    always(start, fc.string({ unit: "binary", maxLength: 60 }), (before, rest) => {
      checkHeader((before + rest).toWellFormed?.() ?? before + rest);
    });
  });

  it("is that of the reference for headers that are nearly right", () => {
    const parts = [
      "attachment",
      ";",
      "; ",
      "filename",
      "filename*",
      "FileName",
      "=",
      " = ",
      '"',
      "\\",
      "UTF-8''",
      "iso-8859-1'en'",
    ];
    const names = [
      "a",
      ".",
      "..",
      ".zip",
      "con",
      "%41",
      "%e2%82%ac",
      "%F",
      "%ff",
      "é",
      "€",
      "🔑",
      "/",
      " ",
      "Ã©",
      "\u202E",
    ];
    always(textOf([...parts, ...names], 14), (header) => {
      const found = fileNameOf(header);
      assertSafe(found);
      checkHeader(header);
    });
  });

  it("is the same quoted and percent-encoded, and stays itself", () => {
    always(textOf(["a", ".", ";", "=", "'", '"', "\\", "/", "%", "€", "🔑", "\r", "\u202E", " "], 20), (name) => {
      const found = fileNameOf(quoted(name));
      equal(fileNameOf(extended(name)), found);
      equal(fileNameOf(quoted(found)), found);
    });
  });

  it("is safe and the same in every form for every input that fuzzing kept", () => {
    replay(corpus("scripts/corpus/disposition"), check);
  });
});

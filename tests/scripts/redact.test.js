import { equal } from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { redacted, secretOf, secretOfToken } from "../../pkg-template/redact.js";
import { always, corpus, replay, textOf } from "./kit.js";
import { check, checkText, reference, WINDOW } from "./redact.check.js";

const redact = (text, ...secrets) => redacted(text, secrets.map(secretOf));
const LONG = "x".repeat(300);

describe("redaction", () => {
  it("finds every piece of twelve characters wherever it stands", () => {
    const secret = "abcdefghijklmnopqrstuvwxyz";
    for (let at = 0; at + WINDOW <= secret.length; at += 1) {
      const piece = secret.slice(at, at + WINDOW);
      for (const before of ["<<", LONG]) equal(redact(`${before}${piece}>>`, secret), `${before}[redacted]>>`);
    }
    equal(redact(secret, secret), "[redacted]");
    equal(redact("abcdefghijk", secret), "abcdefghijk");
    equal(redact("abcdefghijklXmnopqrstuvwx", secret), "[redacted]X[redacted]");
    equal(redact("token correct-horse-batt is old", "correct-horse-battery"), "token [redacted] is old");
    equal(redact("correct horse", "correct-horse-battery"), "correct horse");
  });

  it("finds a short secret as a whole, and never looks for a tiny one", () => {
    equal(redact("the password is on", "password", "on"), "the [redacted] is on");
    equal(redact("the passwor is on", "password", "on"), "the passwor is on");
    equal(redact("code 123456 and 12345", "123456", "12345"), "code [redacted] and 12345");
  });

  it("finds the secrets of several attempts", () => {
    const secrets = ["first-token-of-two", "second-token-of-two", "password"];
    const hidden = "[redacted], [redacted]; [redacted]";
    equal(redact("first-token-of-two, second-token-of-two; password", ...secrets), hidden);
    equal(redact("password, second-token-of-two; first-token-of-two", ...secrets), hidden);
    const alike = ["same-beginning-first", "same-beginning-second"];
    for (const text of alike) equal(redact(text, ...alike), "[redacted]");
  });

  it("takes pieces that share a part or touch for one", () => {
    const secrets = ["abcdefghijklmnop", "ijklmnopqrstuvwx", "0123456789AB"];
    equal(redact("-abcdefghijklmnopqrstuvwx-", ...secrets), "-[redacted]-");
    equal(redact("abcdefghijklmnop0123456789AB", ...secrets), "[redacted]");
    equal(redact("0123456789ABijklmnopqrstuvwx", ...secrets), "[redacted]");
  });

  it("finds a text that is one piece, and units that do not show", () => {
    equal(redact("abcdefghijkl", "abcdefghijklm"), "[redacted]");
    equal(redact("password", "password"), "[redacted]");
    equal(redact("\0".repeat(8), "\0".repeat(8)), "[redacted]");
    equal(redact("日本語の秘密の鍵です", "日本語の秘密の鍵です"), "[redacted]");
  });

  it("finds a secret that is spaced, escaped, percent-encoded or strewn with what is hidden", () => {
    const secret = "correct-horse/battery+staple";
    for (const form of [
      "correct-horse/ battery+\nstaple",
      "correct-horse\\/battery+staple",
      encodeURIComponent(secret),
      encodeURIComponent(secret).toLowerCase(),
      [...secret].map((letter) => `%${letter.charCodeAt(0).toString(16)}`).join(""),
      [...secret].join("\u200B"),
      [...secret].join("\u{E0020}é"),
    ]) {
      for (const around of ["<>", LONG]) equal(redact(around + form + around, secret), `${around}[redacted]${around}`);
    }
    equal(redact(secret, encodeURIComponent(secret)), "[redacted]");
    equal(redact("correct-horse/battery", " correct-horse/\r\nbattery "), "[redacted]");
  });

  it("leaves a per cent sign that encodes nothing", () => {
    equal(redact("100%, 5%4, %zz, %", "correct-horse"), "100%, 5%4, %zz, %");
    equal(redact("a%correct-horse%b", "a%correct-horse%b"), "[redacted]");
  });

  it("finds a piece whose first characters a per cent sign before it makes look encoded", () => {
    for (const secret of ["ba0123456789", "41abcdefghijklmn"]) {
      equal(redact(`%${secret}`, secret), "%[redacted]");
      equal(redact(`${LONG}%${secret}%`, secret), `${LONG}%[redacted]%`);
    }
    const secret = "ba0123456789cdefghij";
    equal(redact("%ba0123456789%", secret), "%[redacted]%");
  });

  it("reads a token as any other secret", () => {
    always(textOf(" !%\\aB09~", 30), (token) => {
      const { text, plain } = secretOfToken(token);
      equal(text, token);
      equal(plain, secretOf(token).plain);
    });
  });

  it("finds what a naive search finds, where secrets and text are pieces of one text", () => {
    const whole = "abcdefghijklmnopqrstuvwxyz0123456789";
    const cut = fc.tuple(fc.nat(35), fc.nat(29)).map(([start, length]) => whole.slice(start, start + length));
    always(fc.array(cut, { maxLength: 8 }), fc.nat(3), fc.boolean(), (pieces, first, isLong) => {
      const text = pieces.slice(first).join("");
      // Long text takes another way than short text.
      checkText(isLong ? LONG + text : text, pieces.slice(0, first));
    });
  });

  it("finds it also in what hides, encodes and spaces the pieces", () => {
    const whole = "abcdef%41ghij\\klm nopq+rstuvwxyz";
    const cut = fc.tuple(fc.nat(31), fc.nat(29)).map(([start, length]) => whole.slice(start, start + length));
    const encoded = cut.map((text) => text.replace(/[a-m]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`));
    const spaced = cut.map((text) => text.replaceAll("e", "e \u202E"));
    const noise = textOf("%4 1\\\n\u200Bé", 4);
    const pieces = fc.array(fc.oneof(cut, encoded, spaced, noise), { maxLength: 8 });
    always(pieces, fc.nat(3), fc.boolean(), (parts, first, isLong) => {
      const text = parts.slice(first).join("");
      checkText(isLong ? LONG + text : text, parts.slice(0, first));
    });
  });

  it("leaves what has no piece of a secret as it is", () => {
    always(fc.string({ unit: "binary", maxLength: 40 }), (text) => {
      equal(redact(text, "correct-horse-battery"), text);
      equal(reference(text, ["correct-horse-battery"]), text);
    });
  });

  it("finds what a naive search finds in every input that fuzzing kept", () => {
    replay(corpus("scripts/corpus/redact"), check);
  });
});

import { part, succeeded, withEndless } from "./say.js";

const html = (status, more) => ({
  status,
  headers: { "Content-Type": "text/html", ...more },
  body: "<!doctype html><title>Log in</title><form><input name=user><input name=password type=password></form>",
});

export const row = {
  name: "login",
  question: "A login page answers 200: is it taken for the key",
  how:
    "A create is answered 200 with a login page, with an error as JSON, with nothing; or 302, which leads to a login page " +
    "on the same origin. Counted are those that end as a success.",
  promised: "no",
  cases: () =>
    [
      ["a login page", html(200)],
      [
        "JSON",
        { headers: { "Content-Type": "application/json" }, body: '{"error_code":"APIGW.0301","error_msg":"No."}' },
      ],
      ["nothing", {}],
      ["a redirect", html(302, { Location: "{{self}}/s/{{id}}/login" }), html(200)],
    ].map(([what, ...answers]) => ({ what, call: "create", answers })),
  judge: (_, results) => withEndless(part(results, succeeded, "no"), results),
};

const { ENDPOINT: url } = process.env;

export default {
  test: { globals: true, include: ["runner.test.js"], environmentOptions: { jsdom: { url }, happyDOM: { url } } },
};

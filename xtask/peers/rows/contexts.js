const USERS = 3;

export const row = {
  name: "contexts",
  question: "Another request's user at the same time: whose token is sent",
  how:
    `${USERS} users of a server call at once, each in a context of their own (\`AsyncLocalStorage\`), twice. A wrapper of ` +
    "`fetch`, or of Node's HTTP client, that takes the user from the context would send so many requests with another's " +
    "token.",
  on: ["node"],
  promised: "their own",
  contexts: true,
  cases: (_, { made }) => Array.from({ length: USERS }, () => ({ what: "a user", call: "create", answers: [made] })),
  judge: (_, [{ sent, strayed }]) => {
    if (sent < 2 * USERS) return `only ${sent} of ${2 * USERS} requests were seen`;
    return strayed ? `another's, ${strayed} of ${sent}` : "their own";
  },
};

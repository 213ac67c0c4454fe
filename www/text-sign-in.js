// The words of signing in, which load with its form.
export const words = {
  running: "Signing in…",
  refused: {
    password: "was not accepted with this account and user",
    project: "was not found, or the user has no right to it",
  },
  notListed: "You are signed in, but the page needs the list before it goes on.",
  listAgain: "List keys again",
  replace: {
    title: "Replace the token?",
    token: "A token is typed under “Paste a token”. Signing in replaces it.",
    session: ({ user, account, projectId }) =>
      `The page is signed in as ${user} of ${account} to the project ${projectId}. Signing in replaces that session.`,
    how: "It stays in use if you do not get in.",
    yes: "Sign in and replace it",
    no: "Keep it",
  },

  /** As in text.js: by topic, and by what is certain. */
  error: {
    topics: {
      redirect: {
        title: "IAM answered with a redirect",
        hint: "It was not followed, because it could take the password elsewhere. Check the IAM endpoint.",
      },
      unexpected_response: {
        title: "The answer is not from IAM",
        hint: "Something between this page and IAM may have answered. Check the IAM endpoint.",
      },
      400: { title: "IAM does not accept the request", hint: "Check each field, and type the password again." },
      401: {
        title: "You could not be signed in",
        hint: "Check account, user and code, and type the password again. A HUAWEI ID cannot sign in: use an IAM user. Several wrong passwords lock the user for some minutes.",
      },
      403: {
        title: "The user may not sign in to this project",
        hint: "Check the project’s name, or ask for the right to it. If the user has an authenticator, tick that and type its code.",
      },
      404: {
        title: "There is no such project, or nobody signs in at this address",
        hint: "Check the project’s name and the IAM endpoint. A relay must be told where IAM is.",
      },
      429: { title: "Too many attempts", hint: "Wait some minutes, then type the password again." },
      serverFailed: {
        title: "IAM failed",
        hint: "Try again later. If it goes on, send the report under Details to support.",
      },
    },
    outcomes: {
      not_sent: "Nothing was sent. You are not signed in.",
      rejected: "You are not signed in. No key was changed.",
      unknown: "You are not signed in. No key was changed.",
    },
  },
};

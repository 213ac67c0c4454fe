// The words of errors: what happened, what is certain, what to do.
export const error = {
  topics: {
    invalid_argument: { title: "Something in the form must be fixed" },
    network: {
      title: "The connection failed",
      hint: "The service, or a relay before it, did not answer.",
    },
    offline: { title: "This computer is offline", hint: "Connect it, and try again: your form is kept." },
    cors: {
      title: "The other address did not let this page in, or is down",
      hint: "The endpoint is on another origin than this page. It must allow this page’s origin (CORS). If it does not, use a relay on this page’s own address.",
    },
    csp: {
      title: "This page’s own policy blocks that address",
      hint: "Its Content Security Policy allows its own origin, https: and loopback. Use such an endpoint, or change connect-src where the page is served.",
    },
    timeout: { title: "No answer in time", hint: "If it goes on, ask who runs the service." },
    aborted: { title: "Cancelled" },
    redirect: {
      title: "The service answered with a redirect",
      hint: "It was not followed, because it could take the token elsewhere. Check the endpoint.",
    },
    http: { title: "The service answered with an error" },
    unexpected_response: {
      title: "The answer is not from the key service",
      hint: "Something between this page and the service may have answered. Check the endpoint.",
    },
    internal: { title: "The page could not make the call", hint: "Reload the page before you try again." },
    400: { title: "The service does not accept the request" },
    401: {
      title: "The token is expired or not accepted",
      hint: "Paste a new one and try again: your form is kept. It may also be mistyped, or another project’s.",
    },
    sessionRefused: {
      title: "The session has ended or is not accepted",
      hint: "Sign in again: your form is kept.",
    },
    403: {
      title: "The token may not do this",
      hint: "Ask for the right to manage keys in this project, or use a token that has it.",
    },
    404: { title: "There is nothing at this address", hint: "Check the endpoint and the project." },
    noKey: { title: "There is no such key", hint: "It may be gone already, or belong to another project." },
    429: { title: "Too many calls", hint: "Wait a minute, then try again." },
    431: {
      title: "The token is too long for a server on the way",
      hint: "The relay or gateway must allow longer headers: tokens may have 65,535 characters. Whoever runs it can raise the limit.",
    },
    serverFailed: { title: "The service failed", hint: "If it goes on, send the report under Details to support." },
  },
  signIn: {
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
    signIn: {
      not_sent: "Nothing was sent. You are not signed in.",
      rejected: "You are not signed in. No key was changed.",
      unknown: "You are not signed in. No key was changed.",
    },
    list: {
      not_sent: "Nothing was sent.",
      rejected: "The service refused to list the keys.",
      unknown: "The keys could not be listed. Nothing was changed.",
    },
    create: {
      not_sent: "Nothing was sent, so no key was created.",
      rejected: "The service refused. No key was created.",
      unknown: "It is not certain whether a key was created.",
    },
    revoke: {
      not_sent: "Nothing was sent. The key is as it was.",
      rejected: "The service refused. Nothing was revoked.",
      unknown: "It is not certain whether the key was revoked. Revoking it again does no harm.",
    },
  },
  details: "Details",
  unforeseen: "Something failed in the page itself. Reload it before you try again.",
  report: {
    copy: "Copy report",
    time: "time",
    action: "action",
    endpoint: "endpoint",
    project: "project",
    outcome: "outcome",
    browser: "browser",
    redacted: "[redacted]",
  },
};

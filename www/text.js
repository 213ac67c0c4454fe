// Every word the page shows, for both the eye and the screen reader. To translate the page, translate this file.
const number = new Intl.NumberFormat("en");
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

const bytes = (size) => (size < 1024 ? `${number.format(size)} bytes` : `${number.format(Math.round(size / 102.4) / 10)} KB`);

export const text = {
  title: "Node provider keys",
  subtitle: "Make and revoke the API keys that open blockchain nodes.",
  skip: "Skip to the key forms",
  packageMissing: (why) =>
    `The client package is missing, so this page can't call the service. It belongs in the folder pkg/ beside www/: build it with "cargo xtask package", then reload. (${why})`,
  counted: (length, limit) => (limit > 1000 ? (length === 0 ? "" : `${number.format(length)} characters`) : `${number.format(length)} of ${number.format(limit)}`),
  issue: (label, rule) => `${label} ${rule}.`,

  connection: {
    title: "Connection",
    endpoint: { label: "Endpoint", hint: "The service's address, or a relay's. This page's own, unless you change it." },
    projectId: { label: "Project ID", hint: "32 letters, digits, “-” or “_”." },
    token: {
      label: "Token",
      hint: "Kept in this tab's memory alone: it is gone when you reload.",
      show: "Show",
      showLabel: "Show token",
    },
  },

  create: {
    title: "Create a key",
    lead: "The service sends the key file once and never again. It is saved to your downloads as soon as it arrives.",
    description: { label: "Description", hint: "Who or what will use it. You will need it to find the key again." },
    submit: "Create key",
    running: "Creating the key…",
  },

  saved: {
    list: "Keys made on this page",
    title: "The key is made",
    untitled: "No description",
    file: "File",
    size: "Size",
    description: "Description",
    at: "Made at",
    ask: "Check that the file is in your downloads, and put it where you keep secrets: nobody can get it again.",
    again: "Save again",
    done: "I have saved it",
    broken: "What arrived instead of a key file",
    brokenAsk: "These bytes may be the only copy of a key that was made. Save them before you leave.",
    brokenAt: "Arrived at",
    saveBroken: "Save these bytes",
  },

  remove: {
    title: "Delete a key",
    lead: "Every program that uses the key loses its nodes at once.",
    credentialId: {
      label: "Key ID",
      hint: "36 characters, from the service's list of keys.",
      invalid: "must have exactly 36 letters, digits, “-” or “_”: copy it from the service's list of keys",
    },
    submit: "Delete key…",
    running: "Deleting the key…",
    done: "The key is deleted",
    at: "Deleted at",
  },

  confirm: {
    title: "Delete this key?",
    key: "Key",
    project: "Project",
    endpoint: "Endpoint",
    warning: "Every program that uses it stops working at once. This can't be undone.",
    no: "Keep the key",
    yes: "Delete the key",
  },

  call: {
    cancel: "Cancel",
    clock: (passed, limit) => `${Math.round(passed / 1000)} s of ${Math.round(limit / 1000)} s`,
  },

  copy: { button: "Copy", done: "Copied", byHand: "Marked: press Ctrl+C", requestId: "Copy request ID", credentialId: "Copy key ID" },

  error: {
    titles: {
      invalid_argument: "Something in the form needs mending",
      network: "The connection failed",
      timeout: "No answer in time",
      aborted: "Cancelled",
      redirect: "The service answered with a redirect",
      http: "The service answered with an error",
      unexpected_response: "The answer is not what it should be",
      internal: "The page could not make the call",
    },
    statuses: {
      400: "The service does not accept the request",
      401: "The token is not accepted",
      403: "The token may not do this",
      404: "There is no such key",
      429: "Too many calls: wait a little",
      431: "The token is too long for a server on the way",
    },
    serverFailed: "The service failed",
    hints: {
      401: "It may be mistyped, expired, or another project's. Paste a new one and try again: your form is kept.",
      404: "It may be deleted already, or belong to another project.",
    },
    outcomes: {
      create: {
        not_sent: "Nothing was sent, so no key was made.",
        rejected: "The service refused. No key was made.",
        unknown: "Nobody can tell from here whether a key was made.",
      },
      delete: {
        not_sent: "Nothing was sent. The key is as it was.",
        rejected: "The service refused. Nothing was deleted.",
        unknown: "Nobody can tell from here whether the key was deleted. Deleting it again does no harm.",
      },
    },
    orphan: (description, begun) =>
      `A key may exist whose file can't be had any more. Look in the service's list of keys for one made at about ${time.format(begun)}${description ? ` with the description “${description}”` : " without a description"}, and delete it.`,
    orphanHere: "A key may exist, and what arrived may be all that there is of its file. It is kept below.",
    message: "Message",
    kind: "Kind",
    status: "Status",
    code: "Code",
    errorCode: "Error code",
    errorMsg: "Error",
    detail: "Detail",
    requestId: "Request ID",
    unforeseen: "Something failed in the page itself. Reload it before you try again.",
  },

  bytes,
  time: (date) => time.format(date),
};

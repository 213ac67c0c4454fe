// Every word the page shows, for both the eye and the screen reader. To translate the page, translate this file.
const number = new Intl.NumberFormat("en");
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en", { dateStyle: "medium", timeStyle: "medium", hourCycle: "h23" });
const time = new Intl.DateTimeFormat("en", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

const collator = new Intl.Collator("en", { numeric: true });

const bytes = (size) =>
  size < 1024 ? `${number.format(size)} bytes` : `${number.format(Math.round(size / 102.4) / 10)} KB`;

export const text = {
  title: "Node provider keys",
  subtitle: "Make, rotate and revoke the API keys that open blockchain nodes.",
  skip: "Skip to the key forms",
  packageMissing: (why) =>
    `The client package is missing, so this page can't call the service. It belongs in the folder pkg/ beside www/: build it with "cargo xtask package", then reload. (${why})`,
  counted: (length, limit) =>
    limit > 1000
      ? length === 0
        ? ""
        : `${number.format(length)} characters`
      : `${number.format(length)} of ${number.format(limit)}`,
  issue: (label, rule) => `${label} ${rule}.`,

  connection: {
    title: "Connection",
    endpoint: {
      label: "Endpoint",
      hint: "The service's address, or a relay's. This page's own, unless you change it.",
    },
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
    choose: "Choose file first…",
    looking: "Looking at the list of keys…",
    running: "Creating the key…",
    findingId: "The key is made. Looking for its ID…",
    lookingAgain: "Looking whether a key was made…",
    namesake: "Another key has this description already: you will not be able to tell them apart by it.",
    again: "Nothing was made yet. Press the button again to make the key all the same.",
  },

  picker: {
    name: "node-provider-key.zip",
    type: "Key file",
    none: "No file was chosen",
    short: (written, size) => `${bytes(written)} of ${bytes(size)} were written`,
    failed: (why) => `The chosen file could not be written (${why}). The key file went to your downloads instead.`,
  },

  secret: {
    dots: "••••••••",
    hidden: "‹key›",
    notFound: "the key can't be told apart in credential.csv: open the saved file",
  },

  saved: {
    list: "Keys made on this page",
    title: "The key is made",
    untitled: "No description",
    file: "File",
    size: "Size",
    description: "Description",
    at: "Made at",
    id: "Key ID",
    findingId: "Looking for it in the list…",
    severalIds: (count) =>
      count === 0
        ? "Not in the list yet: refresh the list in a moment."
        : `${count} keys with this description appeared: look at the list.`,
    mayNotList: "this token may not list keys",
    noId: (why) => `Could not be found out: ${why}`,
    ask: "Check that the file is where you keep secrets: nobody can get it again. This panel stays until you say so.",
    again: "Save again",
    copyKey: "Copy key",
    showMasked: "Show masked",
    url: {
      label: "A node's URL with the key:",
      before: "https://‹node’s address›/",
      warning: "The key is part of that URL. Whoever sees the URL in a log, a bookmark or a screenshot has the node.",
    },
    check: "Check the saved file:",
    same: "The same, byte for byte",
    different: "Not this key file",
    done: "I have saved it",
    broken: "What arrived instead of a key file",
    brokenAsk: "These bytes may be the only copy of a key that was made. Save them before you leave.",
    brokenAt: "Arrived at",
    saveBroken: "Save these bytes",
  },

  list: {
    title: "Keys",
    refresh: "List keys",
    running: "Listing the keys…",
    filter: "Filter",
    order: "Order",
    orders: {
      newest: "Newest first",
      oldest: "Oldest first",
      name: "By description",
      used: "Last used first",
      idle: "Longest unused first",
    },
    rows: "The project's keys",
    pager: "Pages of the list",
    newer: "Previous",
    older: "Next",
    notListed: "Not listed yet.",
    state: ({ count, listed, found, from, to }) =>
      [
        count === 0 ? "This project has no keys." : count === 1 ? "1 key." : `${number.format(count)} keys.`,
        listed < count ? `The service lists the first ${number.format(listed)}.` : "",
        count > 0 && found === 0
          ? "None fits the filter."
          : found < listed
            ? `${number.format(found)} fit the filter.`
            : "",
        to - from + 1 < found ? `Shown: ${number.format(from)} to ${number.format(to)}.` : "",
      ]
        .filter(Boolean)
        .join(" "),
    untitled: "No description",
    created: "Created",
    lastUsed: "Last used",
    unknown: "Not known",
    notUsed: "No use is known",
    marks: { made: "Made here", appeared: "Appeared since" },
    rotate: "Rotate…",
    rotateOf: (name) => `Rotate… ${name}`,
    remove: "Revoke…",
    removeOf: (name) => `Revoke… ${name}`,
  },

  keyName: ({ description, id }) => (description ? `“${description}”` : `the key that ends in ${id.slice(-6)}`),
  compare: collator.compare,
  relative: (amount, unit) => relative.format(amount, unit),
  exact: (date) => exact.format(date),
  date: (date) => date.toISOString().slice(0, 10),

  rotate: {
    title: (name) => `Rotating ${name}`,
    steps: { make: "Make the new key", save: "Save it", check: "See it work", revoke: "Revoke the old key" },
    past: ": done",
    now: {
      make: "The old key keeps working. Make the new one below.",
      save: "Save the new key's file below, and say so there. Both keys work.",
      check:
        "Give the new key to what used the old one, and see that it works. Both keys work meanwhile. List the keys again to see their last use.",
      revoke: "Revoke the old key when nothing uses it any more.",
      done: "The old key is revoked. The new one is in its place.",
    },
    newUsed: "New key last used",
    oldUsed: "Old key last used",
    go: { check: "The new key works", revoke: "Revoke the old key…" },
    stop: "Stop here",
    close: "Close",
    stopped: {
      make: "The rotation was stopped. Nothing was changed.",
      save: "The rotation was stopped. Both keys work; the new one's file stays below until you have saved it.",
      check: "The rotation was stopped. Both keys work: revoke the one that you do not need in the list.",
      revoke: "The rotation was stopped. Both keys work: revoke the one that you do not need in the list.",
      gone: "The old key is revoked already: there is nothing left to rotate.",
      done: "",
    },
  },

  orphan: {
    lookFor: (description, at) =>
      `A key may exist whose file can't be had any more. It may still appear in the list: look there in a moment for one made at about ${at}${description ? ` with the description “${description}”` : " without a description"}, and revoke it.`,
    noFile:
      "A key appeared meanwhile, whose file can't be had any more. Revoke it, unless somebody else has just made it, and create another.",
    here: "A key may exist, and what arrived may be all that there is of its file. It is kept below.",
    found: (count) =>
      count === 0
        ? "No new key is in the list so far."
        : count === 1
          ? "This key appeared:"
          : `These ${count} keys appeared:`,
    notListed: (why) => `The list can't be had either: ${why}`,
    revoke: "Revoke it…",
    revokeOf: (name) => `Revoke it… ${name}`,
    revoked: "What appeared is revoked.",
  },

  remove: {
    title: "Revoke by ID",
    lead: "For a key that the list does not show.",
    credentialId: {
      label: "Key ID",
      hint: "36 characters, from the service's list of keys.",
      invalid: "must have exactly 36 letters, digits, “-” or “_”: copy it from the service's list of keys",
    },
    submit: "Revoke key…",
    running: "Revoking the key…",
    lookingAgain: "Looking whether the key is gone…",
    done: "The key is revoked",
    gone: "The key is not in the list any more: it is revoked",
    stillThere: "It is still in the list.",
    at: "Revoked at",
  },

  confirm: {
    title: "Revoke this key?",
    key: "Key ID",
    description: "Description",
    notListed: "Not known: the list does not have this key",
    project: "Project",
    endpoint: "Endpoint",
    warning: "Every program that uses it loses its nodes at once. This can't be undone.",
    answer: { label: "The last six characters of the key's ID, or its description" },
    wrong: "must be what stands above",
    no: "Keep the key",
    close: "Close",
    yes: "Revoke the key",
  },

  report: {
    title: "Report for support",
    copy: "Copy report",
    time: "time",
    action: "action",
    endpoint: "endpoint",
    project: "project",
    browser: "browser",
    redacted: "[redacted]",
  },

  call: {
    cancel: "Cancel",
    clock: (passed, limit) => `${Math.round(passed / 1000)} s of ${Math.round(limit / 1000)} s`,
  },

  copy: {
    button: "Copy",
    done: "Copied",
    byHand: "Marked: press Ctrl+C",
    failed: (why) => `Not copied: ${why}`,
    unable: "this page may not use the clipboard here",
    requestId: "Copy request ID",
    credentialId: "Copy key ID",
    idOf: (name) => `Copy the ID of ${name}`,
  },

  error: {
    topics: {
      invalid_argument: { title: "Something in the form needs mending" },
      network: { title: "The connection failed", hint: "The service, or a relay before it, did not answer." },
      offline: { title: "This computer is offline", hint: "Connect it, and try again: your form is kept." },
      cors: {
        title: "The other address did not let this page in, or can't be reached",
        hint: "The endpoint is on another origin than this page. If it is up, it must allow this page's origin (CORS): use a relay on this page's own address instead.",
      },
      csp: {
        title: "This page's own policy blocks that address",
        hint: "Its Content Security Policy allows its own origin, https: and loopback. Use such an endpoint, or change connect-src where the page is served.",
      },
      timeout: { title: "No answer in time", hint: "If it goes on, ask who runs the service." },
      aborted: { title: "Cancelled" },
      redirect: {
        title: "The service answered with a redirect",
        hint: "It was not followed, since it could take the token elsewhere. Check the endpoint.",
      },
      http: { title: "The service answered with an error" },
      unexpected_response: {
        title: "The answer is not what it should be",
        hint: "Something between this page and the service may have answered in its place. Check the endpoint.",
      },
      internal: { title: "The page could not make the call" },
      400: { title: "The service does not accept the request" },
      401: {
        title: "The token is expired or not accepted",
        hint: "Paste a new one and try again: your form is kept. It may also be mistyped, or another project's.",
      },
      403: {
        title: "The token may not do this",
        hint: "Ask for the right to manage keys in this project, or use a token of someone who has it.",
      },
      404: { title: "There is nothing at this address", hint: "Check the endpoint and the project." },
      noKey: { title: "There is no such key", hint: "It may be revoked already, or belong to another project." },
      429: { title: "Too many calls", hint: "Wait a minute, then try again." },
      431: {
        title: "The token is too long for a server on the way",
        hint: "The relay or gateway must allow longer headers: tokens may have 65,535 characters. Whoever runs it can raise the limit.",
      },
      serverFailed: { title: "The service failed", hint: "If it goes on, send the report below to support." },
    },
    outcomes: {
      list: {
        not_sent: "Nothing was sent.",
        rejected: "The service refused to list the keys.",
        unknown: "The keys could not be listed. Nothing was changed.",
      },
      create: {
        not_sent: "No create was sent, so no key was made.",
        rejected: "The service refused. No key was made.",
        unknown: "Nobody can tell from here whether a key was made.",
      },
      delete: {
        not_sent: "Nothing was sent. The key is as it was.",
        rejected: "The service refused. Nothing was revoked.",
        unknown: "Nobody can tell from here whether the key was revoked. Revoking it again does no harm.",
      },
    },
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

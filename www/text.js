// The words that scripts show; those that are always there are in index.html.
const number = new Intl.NumberFormat("en");
const relative = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
const exact = new Intl.DateTimeFormat("en", {
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});
const clock = new Intl.DateTimeFormat("en", {
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
  hourCycle: "h23",
  timeZoneName: "short",
});
const collator = new Intl.Collator("en", { numeric: true });

const bytes = (size) =>
  size < 1024 ? `${number.format(size)} bytes` : `${number.format(Math.round(size / 102.4) / 10)} KB`;
// What turns the text around it, or shows as nothing.
const UNSEEN = /[\u034f\p{Cc}\p{Cf}\p{Zl}\p{Zp}\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0]/gu;
/** A description in which nothing is hidden. */
const visible = (description) =>
  description.replace(UNSEEN, (it) => `⟨U+${(it.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}⟩`);
const short = (projectId) => `${projectId.slice(0, 8)}…`;

export const text = {
  title: "Node provider keys",
  titleOf: (projectId, host) => `${short(projectId)} at ${host} – Node provider keys`,
  packageMissing: (why) =>
    `The client package is missing, so this page cannot call the service. It belongs in the folder pkg/ beside www/: build it with "cargo xtask package", then reload. (${why})`,
  notLoaded: (why) => `A part of this page could not be loaded. Reload it. (${why})`,
  codeUsed:
    "This address no longer opens the demo: it is good once, within 10 minutes. Start the demo again and open the address that it prints, or paste a token.",
  counted: (length, limit) =>
    limit > 1000
      ? length === 0
        ? ""
        : `${number.format(length)} characters`
      : `${number.format(length)} of ${number.format(limit)}`,
  issue: (label, rule) => `${label} ${rule}.`,
  untitled: "No description",
  blank: "Only blanks",
  visible,
  keyName: ({ description, id }) =>
    description?.trim() ? `“${visible(description)}”` : `the key that ends in ${id.slice(-6)}`,
  compare: collator.compare,
  number: (amount) => number.format(amount),
  relative: (amount, unit) => relative.format(amount, unit),
  exact: (date) => exact.format(date),
  clock: (date) => clock.format(date),
  date: (date) => date.toISOString().slice(0, 10),
  where: (projectId, endpoint) => `project ${projectId} at ${endpoint}`,
  bytes,

  connection: {
    since: (date) => `token entered at ${clock.format(date)}`,
    refused: "is expired or not accepted: paste a new one",
    replace: "The address brings another token. Use it in place of the one on this page?",
    tokenFor: (projectId) => `Paste a token for the project ${projectId}.`,
  },

  session: {
    who: ({ user, account, expiresAt }) => `signed in as ${user} of ${account} until ${exact.format(expiresAt)}`,
    ends: (date) =>
      `Your session ends at ${clock.format(date)}. Sign in again before a call fails: what you typed is kept.`,
    ended: (date) => `Your session has ended (${exact.format(date)}). Sign in again: what you typed is kept.`,
    again: "Sign in again",
    refused: "is needed again: the session has ended or is not accepted",
    signInTo: (projectId) => `Type the password to sign in to the project ${projectId}.`,
  },

  task: {
    title: "Create a key",
    lead: "The service sends the key file only once. It is saved to your downloads as soon as it arrives.",
    rotate: "Rotate ",
    project: "Project",
    at: "at",
    away: "The page is connected to another project. Nothing can be created or revoked here until you go back.",
    goBack: "Go back to this project…",
    description: "Description",
    hint: "Who or what will use it.",
    namesake: "Another key has this description. You will not be able to tell them apart by it.",
    again: "Another key has this description",
    submit: "Create key",
    choose: "Create and save as…",
    notNow: "Not now",
    stop: "Stop here",
    close: "Close",
    looking: "Checking the list of keys…",
    picking: "Choosing where to save the key file…",
    running: "Creating the key…",
    findingId: "The key was created. Looking for it in the list…",
    lookingAgain: "Checking whether a key was created…",
    replaces: (tail) => `Replaces …${tail}`,
    steps: { make: "Create the new key", save: "Save it", check: "See it work", revoke: "Revoke the old key" },
    past: ": done",
    now: {
      make: "The old key keeps working.",
      save: "Both keys work. Save the new key’s file, then say so below.",
      check: "Both keys work. Give the new key to the programs that used the old one, and see that it works.",
      revoke: "Both keys work. Revoke the old key when nothing uses it any longer.",
    },
    newMissing: "The new key is not in the list: keep the old key until it is.",
    oldMissing: "The old key is not in the list: someone may have revoked it.",
    notInList: "Not in the list",
    newUsed: "New key last used",
    oldUsed: "Old key last used",
    revoked: "The key is revoked.",
    works: "The new key works",
    revokeOld: "Revoke the old key…",
    left: {
      make: () => "The rotation is stopped. Nothing was changed.",
      unheard: (name) =>
        `The rotation is stopped. A key may have been created: look for it in the list. ${name} keeps working.`,
      check: (name) =>
        `The rotation is stopped. Both keys work. When the new one is in use, revoke ${name} in the list.`,
      revoke: (name) =>
        `The rotation is stopped. Both keys work. When the new one is in use, revoke ${name} in the list.`,
      newGone: (name) => `The new key is revoked. The rotation is stopped, and ${name} was kept.`,
      bothGone: () => "Both keys are revoked.",
      gone: (name) => `${name} is revoked. There is nothing left to rotate.`,
      done: (name) => `The rotation is done: ${name} is revoked, and the new key is in its place.`,
    },
  },

  picker: {
    name: (projectId, description, date) => {
      const slug = description
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "")
        .slice(0, 40);
      const stamp = date.toISOString().slice(0, 19).replaceAll(":", "");
      return `${["node-key", projectId.slice(0, 8), slug, stamp].filter(Boolean).join("-")}.zip`;
    },
    type: "Key file",
    none: "No file was chosen",
    late: "The check of the token took too long for the save dialog to open",
    again: "The token works. Press “Create and save as…” once more.",
    empty: (name) => `The file that you chose, “${name}”, may be empty now.`,
    short: (written, size) => `${bytes(written)} of ${bytes(size)} were written`,
    failed: (why) => `The chosen file could not be written (${why}). The key file went to your downloads instead.`,
  },

  secret: {
    dots: "••••••••",
    hidden: "‹key›",
    notFound: "The key cannot be found in credential.csv: open the saved file.",
  },

  saved: {
    title: "The key is created",
    twice: "The key is created, and another key appeared",
    file: "File",
    size: "Size",
    description: "Description",
    at: "Created",
    id: "Key ID",
    looking: "(looking for it in the list…)",
    notListed: (count) =>
      count === 0
        ? "(not in the list yet: refresh it in a moment)"
        : `${count} new keys have this description, and the file does not say which one it is for.`,
    mayNotList: "(this token may not list keys)",
    notLooked: (why) => `(the list could not be read: ${why})`,
    ask: "Check that the file is in your downloads, and move it to where you keep secrets: nobody can get it again. If it is not there, your browser may have blocked it: press “Save again”.",
    askPlace: (name) => `Check that the key is in “${name}”: nobody can get it again.`,
    again: "Save again",
    notSaved: (why) => `The file was not saved: ${why} Try “Save again”, or copy the key.`,
    copyKey: "Copy key",
    showMasked: "Show masked",
    url: {
      label: "A node’s URL with the key:",
      before: "https://‹node’s address›/",
      warning: "The key is part of that URL. Whoever sees the URL in a log, a bookmark or a screenshot has the node.",
    },
    check: "Check the saved file:",
    same: "The same, byte for byte",
    different: "Not this key file",
    done: "I have saved it",
    broken: "What arrived instead of a key file",
    brokenAsk: "These bytes may be the only copy of a key. Save them before you leave.",
    brokenAt: "Arrived",
    saveBroken: "Save these bytes",
  },

  list: {
    refresh: "Refresh",
    running: "Listing the keys…",
    orders: {
      newest: "Newest first",
      oldest: "Oldest first",
      name: "By description",
      used: "Last used first",
      idle: "Longest unused first",
    },
    groups: {
      all: "All",
      unused: "Unused for 90 days",
      old: "Created over a year ago",
      fresh: "New here",
    },
    notListed: "Not listed.",
    listed: "Listed ",
    state: ({ count, listed, found, from, to }) =>
      [
        count === 0
          ? "This project has no keys. Create the first one."
          : count === 1
            ? "1 key."
            : `${number.format(count)} keys.`,
        listed < count ? `The service lists the first ${number.format(listed)}.` : "",
        count > 0 && found === 0
          ? "No matches."
          : found < listed
            ? `${number.format(found)} ${found === 1 ? "match" : "matches"}.`
            : "",
        to - from + 1 < found ? `Shown: ${number.format(from)} to ${number.format(to)}.` : "",
      ]
        .filter(Boolean)
        .join(" "),
    key: "Key",
    created: "Created",
    lastUsed: "Last used",
    actions: "Actions",
    unknown: "Not known",
    notUsed: "No use known",
    marks: { made: "Created here", appeared: "Appeared since" },
    rotate: "Rotate…",
    rotateOf: (name) => `Rotate… ${name}`,
    revoke: "Revoke…",
    revokeOf: (name) => `Revoke… ${name}`,
    columns: ["endpoint", "project_id", "key_id", "description", "created", "last_used", "listed"],
    fileName: (projectId, date) => `keys-${projectId}-${date.toISOString().slice(0, 19).replaceAll(":", "")}.csv`,
  },

  orphan: {
    lookFor: (description, at) =>
      `A key may exist whose file is lost. It may still appear in the list: look for one created at about ${at} ${description ? `with the description “${visible(description)}”` : "without a description"}, and revoke it.`,
    below: "A key appeared in the list. It is shown below: revoke it before you create another.",
    here: "A key may exist, and what arrived may be all that there is of its file. It is kept below.",
    found: (count) =>
      `${count === 1 ? "This key appeared. Its" : `These ${count} keys appeared. Their`} file is lost: revoke ${count === 1 ? "it" : "them"}, unless someone else has just created ${count === 1 ? "it" : "them"}.`,
    none: "No new key is in the list yet.",
    twice: (count) =>
      `${count === 1 ? "Another key" : `${count} other keys`} with this description appeared at the same time. Browsers can send a request twice. Its file is lost: revoke it, unless someone else has just created it.`,
    notListed: (why) => `The list could not be read either: ${why}`,
    revoke: "Revoke it…",
    revokeOf: (name) => `Revoke it… ${name}`,
    revoked: "What appeared is revoked.",
  },

  confirm: {
    title: "Revoke ",
    idEnds: (tail) => `the key that ends in ${tail}`,
    key: "Key ID",
    description: "Description",
    notListed: "Not known: the list does not have this key",
    project: "Project",
    endpoint: "Endpoint",
    used: (when) => `Used ${when}: something may still use this key.`,
    wrong: "is not the key’s: type the last six characters of its ID, or its description",
    badId: "must have exactly 36 letters, digits, “-” or “_”",
    no: "Keep the key",
    close: "Close",
    closed: "The question is closed: the page is about another project.",
    running: "Revoking the key…",
    lookingAgain: "Checking whether the key is gone…",
    done: "The key is revoked",
    gone: "The key was gone already",
    notThere: "The key is revoked: it is gone from the list",
    stillThere: "It is still in the list.",
    at: "Time",
  },

  log: {
    copy: "Copy log",
    made: "created",
    saved: "saved",
    revoked: "revoked",
    gone: "was gone already",
    unheard: "not certain whether created",
    unsure: "not certain whether revoked",
    noId: "ID not known",
  },

  call: {
    cancel: "Cancel",
    loading: "Loading the client…",
    clock: (passed, limit) => `${Math.round(passed / 1000)} s of ${Math.round(limit / 1000)} s`,
  },

  copy: {
    button: "Copy",
    done: "Copied",
    byHand: "Not copied. It is selected: press Ctrl+C",
    failed: (why) => `Not copied: ${why} Open the saved file instead.`,
    unable: "This page may not use the clipboard here.",
    credentialId: "Copy key ID",
    idOf: (name) => `Copy the ID of ${name}`,
  },

  error: {
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
    outcomes: {
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
  },
};

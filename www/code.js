// Swaps the code of the demo's address for a token.

/**
 * Gives `{ token, projectId }` for a code. The service takes each code once, so that an address which a browser keeps in
 * its history opens nothing. Rejects where the code was used or is too old, or where no service answers.
 */
export async function swapCode(code) {
  const answer = await fetch("/demo/session", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ code }),
    cache: "no-store",
    credentials: "omit",
    redirect: "error",
  });
  if (answer.status !== 200) throw new Error(`status ${answer.status}`);
  const { token, project_id: projectId } = await answer.json();
  return { token, projectId };
}

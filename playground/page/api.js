// The JSON API of the stand-in. Deeds of a person are done one after the other, as hands do them.

async function ask(path, options = {}) {
  const answer = await fetch(`/_playground/${path}`, options);
  const body = await answer.json().catch(() => ({}));
  return { status: answer.status, ...body };
}

export const look = (path) => ask(path);

export const send = (path, body) =>
  ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

let last = Promise.resolve();

/** Do something as a person; the promise holds the answer, in the order of calling. */
export function act(user, body) {
  const mine = last.then(() => send(`users/${user}/act`, body));
  last = mine.catch(() => {});
  return mine;
}

/** Chosen or dropped files as the API takes them: by name, with their content in base64. */
export function packed(files) {
  return Promise.all([...files].map(async (file) => {
    const bytes = new Uint8Array(await file.arrayBuffer());
    let text = "";
    for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
    return { name: file.name, content: btoa(text) };
  }));
}

/** Wait (up to half a minute) for a change after `version`; the number now. */
export async function changed(version) {
  const answer = await look(`changes?since=${version}`);
  return answer.version ?? version;
}

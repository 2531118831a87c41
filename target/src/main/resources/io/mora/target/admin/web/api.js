// The target's API, as docs/api.md tells it. Every path is on the host that served this page.

const V1 = '/api/v1';
let session = {signedIn: false};
let whenLost = () => {};

/** What was refused, as the problem document says. */
export class Problem extends Error {
  constructor(status, body) {
    super(body.detail || body.title || 'the target answered ' + status);
    this.status = status;
    this.kind = String(body.type ?? '').split(':').pop();
    this.title = body.title ?? 'The target answered ' + status;
    this.errors = body.errors ?? [];
  }
}

/** No answer at all. */
export class Silence extends Error {}

export const who = () => session;
export const isAdmin = () => session.role === 'admin';
/** Called when the session is over. */
export const onLost = action => { whenLost = action; };
/** A part of a path. */
export const seg = text => encodeURIComponent(text);

async function send(method, path, {body, ifMatch, accept, type = 'application/json'} = {}) {
  const headers = {Accept: accept ?? 'application/json'};
  if (body !== undefined) {
    headers['Content-Type'] = type;
  }
  if (ifMatch) {
    headers['If-Match'] = ifMatch;
  }
  if (method !== 'GET' && session.csrf) {
    headers['X-Mora-Csrf'] = session.csrf;
  }
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
  try {
    return await fetch(V1 + path, {
      method, headers, body: sent, credentials: 'same-origin', cache: 'no-store', redirect: 'error',
      signal: AbortSignal.timeout(35_000),
    });
  } catch (failure) {
    throw new Silence('no answer from the target: ' + failure.message);
  }
}

/** {body, etag} of an answer; a refusal is thrown as Problem. */
async function call(method, path, options) {
  const answer = await send(method, path, options);
  const type = answer.headers.get('Content-Type') ?? '';
  const body = type.includes('json') ? await answer.json() : await answer.text();
  if (!answer.ok && !(path === '/health' && answer.status === 503)) {
    if (answer.status === 401 && session.signedIn) {
      session = {signedIn: false};
      whenLost();
    }
    throw new Problem(answer.status, typeof body === 'object' ? body : {});
  }
  return {body, etag: answer.headers.get('ETag')};
}

export const get = async path => (await call('GET', path)).body;
/** With the version of the configuration that it is of. */
export const getWithEtag = path => call('GET', path);
export const yaml = async path => (await call('GET', path, {accept: 'application/yaml'})).body;
export const put = (path, body, options = {}) => call('PUT', path, {body, ...options});
export const post = (path, body, options = {}) => call('POST', path, {body, ...options});
export const del = (path, options = {}) => call('DELETE', path, options);

/** Who this browser is already. */
export async function resume() {
  session = await get('/session');
  return session;
}

export async function signIn(token) {
  session = (await post('/session', {token})).body;
  return session;
}

export async function signOut() {
  try {
    await del('/session');
  } catch (failure) {
    if (!(failure instanceof Problem)) {
      throw failure;
    }
  }
  session = {signedIn: false};
}

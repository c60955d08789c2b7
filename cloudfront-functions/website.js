/**
 * A website of folders: `/docs/` shows `/docs/index.html`, and `/docs` leads to `/docs/`, so that the links of a page hold.
 *
 * Runs in CloudFront, at viewer-request, behind the check of signatures (runtime cloudfront-js-2.0: ECMAScript 5.1 with
 * const; Developer Guide, JavaScript runtime 2.0 features). A last segment without a dot is taken for a folder.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const request = event.request
  const uri = request.uri
  // What lies there has its name from a standard, with a dot or without (RFC 8615).
  if ((request.method !== 'GET' && request.method !== 'HEAD') || uri.startsWith('/.well-known/')) return request
  if (uri.endsWith('/')) {
    request.uri = `${uri}index.html`
    return request
  }
  if (uri.slice(uri.lastIndexOf('/')).includes('.') || !staysHere(uri)) return request
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: { location: { value: `${uri}/${query(request)}` }, 'cache-control': { value: 'no-store' } },
  }
}

/**
 * Whether a browser takes this for a path of the same host: two slashes would begin a host's name, a backslash is as good
 * as a slash, and characters that do not belong into an address may be dropped from it (URL Standard, URL parsing).
 */
function staysHere(uri) {
  return uri.startsWith('/') && !uri.startsWith('//') && !/[^!-~]|\\/.test(uri)
}

/** The query string with its question mark, or nothing. */
function query(request) {
  const text = typeof request.rawQueryString === 'function' ? request.rawQueryString() : joined(request.querystring)
  return text ? `?${text}` : ''
}

/** Names and values are as the browser sent them, still encoded (Developer Guide, CloudFront Functions event structure). */
function joined(querystring) {
  const pairs = []
  Object.keys(querystring).forEach((name) => {
    const entry = querystring[name]
    const values = entry.multiValue || [entry]
    values.forEach((one) => {
      pairs.push(one.value === '' ? name : `${name}=${one.value}`)
    })
  })
  return pairs.join('&')
}

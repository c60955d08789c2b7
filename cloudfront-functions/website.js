/**
 * A website of folders: `/docs/` shows `/docs/index.html`, and `/docs` leads to `/docs/`, so that the links of a page hold.
 *
 * Runs in CloudFront, at viewer-request, behind the check of signatures (runtime cloudfront-js-2.0: ECMAScript 5.1 with
 * const; Developer Guide, JavaScript runtime 2.0 features). A last segment without a dot is taken for a folder. What is
 * not defined here is in plain.js, which Terraform puts before it.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const request = event.request
  const uri = request.uri
  // What lies there has its name from a standard, with a dot or without (RFC 8615).
  if ((request.method !== 'GET' && request.method !== 'HEAD') || uri.startsWith('/.well-known/')) return request
  const elsewhere = plainly(request)
  if (elsewhere) return elsewhere
  if (uri.endsWith('/')) {
    request.uri = `${uri}index.html`
    return request
  }
  if (uri.slice(uri.lastIndexOf('/')).includes('.') || !staysHere(uri)) return request
  return redirect(`${uri}/${query(request)}`)
}

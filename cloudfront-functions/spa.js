/**
 * A single-page app: whatever address a person opens, the app's one page answers. Only navigations are led there: what
 * the page itself fetches, and every file, is found or missed under its own name, and a missing image stays a 404.
 *
 * Runs in CloudFront, at viewer-request, behind the check of signatures (runtime cloudfront-js-2.0: ECMAScript 5.1 with
 * const; Developer Guide, JavaScript runtime 2.0 features). A last segment with a dot is taken for a file. What is not
 * defined here is in plain.js, which Terraform puts before it.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const request = event.request
  const uri = request.uri
  const isFile = uri.slice(uri.lastIndexOf('/')).includes('.')
  // What lies there has its name from a standard, with a dot or without (RFC 8615).
  if (uri.startsWith('/.well-known/')) return request
  if (!isNavigation(request) || isFile) return plainly(request) || request
  request.uri = '/index.html'
  return request
}

/** By Fetch Metadata (W3C), where the browser sends it; by what the browser would like to have, where not. */
function isNavigation(request) {
  if (request.method !== 'GET' && request.method !== 'HEAD') return false
  const mode = request.headers['sec-fetch-mode']
  if (mode) return mode.value === 'navigate'
  const accept = request.headers.accept
  return Boolean(accept) && accept.value.includes('text/html')
}

/**
 * Uploads are shown and played, never run: the sandbox gives each an origin of its own without scripts (Content Security
 * Policy Level 3, directive sandbox). The page that stands in for what CloudFront refuses would be caught in it as well,
 * if the header policy of the address had it; functions at viewer-response do not run for such pages (CloudFront Developer
 * Guide, Restrictions on all edge functions).
 *
 * Runs in CloudFront, at viewer-response, behind the header policy, which allows more. If it fails, so does the request.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const response = event.response
  response.headers['content-security-policy'] = {
    value: "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox",
  }
  return response
}

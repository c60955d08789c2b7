/**
 * No address with a segment of dots, for origins that may resolve them. CloudFront chooses the behaviour of
 * `/press/../app/list` by `/app/list`, compares the policy of the cookies with the address as it came, and sends that on:
 * whoever may see `/press/*` alone would be shown `/app/list`. Behind an encoded slash, or before a path parameter, CloudFront
 * sees no dots at all, and some origins do, by decoding once or several times. No browser sends such segments (URL Standard, path state), and nobody else
 * needs them.
 *
 * Runs in CloudFront, at viewer-request, behind the check of signatures.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  const request = event.request
  if (!/([/\\]|%(25)*(2f|5c))(\.|%(25)*2e){1,2}([/\\;]|%(25)*([01][0-9a-f]|20|2f|3b|5c|7f)|$)/i.test(request.uri))
    return request
  return { statusCode: 404, statusDescription: 'Not Found', headers: { 'cache-control': { value: 'no-store' } } }
}

/**
 * One way to write an address. CloudFront chooses the behaviour of `/finance%2Freport.pdf` by its text, in which no folder
 * is called finance, and S3 takes it for `/finance/report.pdf`: a folder with a behaviour of its own would be open by
 * another one. So whatever is encoded needlessly (RFC 3986, section 6.2.2.2), and each encoded slash, is led to the address
 * that says the same plainly.
 *
 * With `.` and `..` it is the other way round: CloudFront resolves them to choose, and S3 takes them literally, so that an
 * upload called `uploads/me/../../page.html` would be shown by the behaviour of `/page.html`. No browser sends them (URL
 * Standard, path state), and nothing is found by them.
 *
 * Runs in CloudFront, at viewer-request, behind the check of signatures; Terraform puts it before the function of the
 * site_mode.
 */
// biome-ignore lint/correctness/noUnusedVariables: the function of each site_mode calls it
function plainly(request) {
  const uri = request.uri.replace(/%(2[def]|3[0-9]|[46][1-9a-f]|[57][0-9a]|5f|7e)/gi, decoded)
  if (/\/\.\.?(\/|$)/.test(uri)) return notFound()
  if (uri === request.uri) return undefined
  return staysHere(uri) ? redirect(uri + query(request)) : notFound()
}

function notFound() {
  return { statusCode: 404, statusDescription: 'Not Found', headers: { 'cache-control': { value: 'no-store' } } }
}

function decoded(text) {
  return decodeURIComponent(text)
}

function redirect(location) {
  return {
    statusCode: 302,
    statusDescription: 'Found',
    headers: { location: { value: location }, 'cache-control': { value: 'no-store' } },
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

/**
 * Files by their names and nothing else, where folders with behaviours of their own need addresses written in one way.
 *
 * Runs in CloudFront, at viewer-request, behind the check of signatures. What is not defined here is in plain.js, which
 * Terraform puts before it.
 */
// biome-ignore lint/correctness/noUnusedVariables: CloudFront calls it by this name
function handler(event) {
  return plainly(event.request) || event.request
}

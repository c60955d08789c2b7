/**
 * CloudFront as a service of the endpoint.
 */
import type { AwsService } from '../endpoint/aws-request.js'
import { createCloudFrontApi } from './api.js'
import type { CloudFrontWorld } from './request.js'

/** Answers every request that is signed for `cloudfront`. */
export function createCloudFrontService(world: CloudFrontWorld): AwsService {
  const api = createCloudFrontApi(world)
  return ({ method, url, headers, body }) =>
    api({ method, url, ifMatch: headers['if-match'], body: body.toString('utf8') })
}

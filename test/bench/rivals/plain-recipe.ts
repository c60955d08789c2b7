/**
 * The same exchange as one would write it from the documentation of the usual packages: parameters through the SDK,
 * jsonwebtoken with jwk-to-pem, cookies from @aws-sdk/cloudfront-signer. Caches what the recipes cache: parameters and
 * keys.
 */
import { get } from 'node:https'
import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm'
import { getSignedCookies } from '@aws-sdk/cloudfront-signer'
import type { CloudFrontRequestEvent } from 'aws-lambda'
import { decode, verify } from 'jsonwebtoken'
import jwkToPem, { type JWK } from 'jwk-to-pem'

const ssm = new SSMClient({ region: 'us-east-1' })
const name = (process.env.AWS_LAMBDA_FUNCTION_NAME ?? '').replace(/^us-east-1\./, '')
const issuer = 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbC123'
let parameters: Promise<string[]> | undefined
let keys: Promise<Map<string, string>> | undefined

async function readParameters(): Promise<string[]> {
  const names = [`/${name}/configuration`, `/aws/reference/secretsmanager/${name}/signing-key`]
  const { Parameters = [] } = await ssm.send(new GetParametersCommand({ Names: names, WithDecryption: true }))
  return names.map((wanted) => Parameters.find(({ Name }) => Name === wanted)?.Value ?? '')
}

function readKeys(): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    get(`${issuer}/.well-known/jwks.json`, (response) => {
      let body = ''
      response.on('data', (chunk) => {
        body += chunk
      })
      response.on('end', () => {
        const { keys } = JSON.parse(body)
        resolve(new Map(keys.map((key: JWK & { kid: string }) => [key.kid, jwkToPem(key)])))
      })
    }).on('error', reject)
  })
}

export async function handler(event: CloudFrontRequestEvent) {
  const [record] = event.Records
  if (record === undefined) throw new Error('no record')
  const { headers } = record.cf.request
  const token = headers.authorization?.[0]?.value.replace('Bearer ', '') ?? ''
  parameters ??= readParameters()
  keys ??= readKeys()
  const [configuration = '', secret = ''] = await parameters
  const { cookies } = JSON.parse(configuration)
  const { keyPairId, privateKey } = JSON.parse(secret)
  const kid = decode(token, { complete: true })?.header.kid ?? ''
  verify(token, (await keys).get(kid) ?? '', { algorithms: ['RS256'], issuer, audience: '4fk29fkbexample7client' })
  const expires = Math.floor(Date.now() / 1000) + cookies.lifetimeSeconds
  const policy = JSON.stringify({
    Statement: [
      { Resource: `https://${headers.host?.[0]?.value}/*`, Condition: { DateLessThan: { 'AWS:EpochTime': expires } } },
    ],
  })
  const signed = getSignedCookies({ keyPairId, privateKey, policy })
  const value = Object.entries(signed).map(([key, content]) => ({
    key: 'Set-Cookie',
    value: `${key}=${content}; Path=/; Secure; HttpOnly`,
  }))
  return { status: '200', headers: { 'set-cookie': value }, body: JSON.stringify({ expires_at: expires }) }
}

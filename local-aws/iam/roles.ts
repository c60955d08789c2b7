/**
 * What moto's IAM knows of a role: whom it trusts and what its policies allow.
 */
import { XMLParser } from 'fast-xml-parser'
import { askMoto, ownRequest } from '../endpoint/forward.js'
import { type PolicyDocument, readPolicy } from './policy.js'

const listTags = new Set(['PolicyNames.member', 'AttachedPolicies.member'])

const parser = new XMLParser({
  parseTagValue: false,
  isArray: (_name, path) => listTags.has(String(path).split('.').slice(-2).join('.')),
})

interface IamResult {
  readonly Role?: {
    readonly AssumeRolePolicyDocument?: string
    readonly PermissionsBoundary?: { readonly PermissionsBoundaryArn?: string }
  }
  readonly PolicyNames?: { readonly member?: readonly string[] }
  readonly PolicyDocument?: string
  readonly AttachedPolicies?: { readonly member?: readonly { readonly PolicyArn: string }[] }
  readonly Policy?: { readonly DefaultVersionId?: string }
  readonly PolicyVersion?: { readonly Document?: string }
}

/** IAM's roles, read from moto each time they are asked for. */
export interface Roles {
  /** Who may assume the role; no statements for a role that is not there. */
  trustPolicy(roleArn: string): Promise<PolicyDocument>
  /** The services that may assume the role. */
  trustedServices(roleArn: string): Promise<readonly string[]>
  /** All inline and attached policies of the role. */
  policies(roleArn: string): Promise<readonly PolicyDocument[]>
  /** The policy that bounds what those can allow; undefined for a role without one. */
  boundary(roleArn: string): Promise<PolicyDocument | undefined>
}

/** Reads roles from the IAM of a moto. */
export function createRoles(moto: string): Roles {
  const ask = (action: string, parameters: Record<string, string>) => askIam(moto, action, parameters)
  const trust = async (roleArn: string): Promise<PolicyDocument> => {
    const { Role: role } = await ask('GetRole', { RoleName: roleName(roleArn) })
    return readPolicy(decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''))
  }
  return {
    trustPolicy: trust,
    async trustedServices(roleArn) {
      const { statements } = await trust(roleArn)
      return statements.filter(({ effect }) => effect === 'Allow').flatMap(({ services }) => services)
    },
    async policies(roleArn) {
      const RoleName = roleName(roleArn)
      const [inline, attached] = await Promise.all([
        ask('ListRolePolicies', { RoleName }).then(({ PolicyNames: names }) =>
          Promise.all((names?.member ?? []).map((PolicyName) => ask('GetRolePolicy', { RoleName, PolicyName }))),
        ),
        ask('ListAttachedRolePolicies', { RoleName }).then(({ AttachedPolicies: policies }) =>
          Promise.all((policies?.member ?? []).map(({ PolicyArn }) => managedPolicy(ask, PolicyArn))),
        ),
      ])
      const texts = [...inline.map(({ PolicyDocument: text = '' }) => text), ...attached]
      return texts.map((text) => readPolicy(decodeURIComponent(text)))
    },
    async boundary(roleArn) {
      const { Role: role } = await ask('GetRole', { RoleName: roleName(roleArn) })
      const arn = role?.PermissionsBoundary?.PermissionsBoundaryArn
      return arn === undefined ? undefined : readPolicy(decodeURIComponent(await managedPolicy(ask, arn)))
    },
  }
}

type Ask = (action: string, parameters: Record<string, string>) => Promise<IamResult>

async function managedPolicy(ask: Ask, PolicyArn: string): Promise<string> {
  const { Policy: policy } = await ask('GetPolicy', { PolicyArn })
  const VersionId = policy?.DefaultVersionId ?? 'v1'
  const { PolicyVersion: version } = await ask('GetPolicyVersion', { PolicyArn, VersionId })
  return version?.Document ?? ''
}

function roleName(roleArn: string): string {
  return roleArn.split('/').at(-1) ?? ''
}

// A role that is not there has an answer without any of the members: it trusts nobody and allows nothing.
async function askIam(moto: string, action: string, parameters: Record<string, string>): Promise<IamResult> {
  const body = new URLSearchParams({ Action: action, Version: '2010-05-08', ...parameters }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const answer = await askMoto(moto, ownRequest('iam', 'us-east-1', { headers, body }))
  const document = parser.parse(answer.body.toString()) as Record<string, Record<string, IamResult> | undefined>
  return document[`${action}Response`]?.[`${action}Result`] ?? {}
}

/** Rejected settings of the issuer of the tokens: oidc and user_pool. */
import type { Refusal } from './refusal.js'

const WRONG_OIDC = {
  issuer: 'http://login.example.com',
  client_id: 'a b',
  groups_claim: 'the groups',
  account_prompt: 'none',
}

/** One entry for each rule, with the arguments that it rejects. */
export const ISSUER: readonly Refusal[] = [
  {
    by: 'aws_lambda_invocation.discovery',
    message:
      'oidc.issuer must not let everybody in who has an account there: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true; got {} and {} access_rules.',
    rows: {
      'an open issuer however it is written': [
        { oidc: { client_id: 'photos', issuer: 'https://www.linkedin.com/OAuth/' }, sign_in: {} },
        'https://www.linkedin.com/OAuth/',
        '0',
      ],
      'to let everybody at gitlab in': [
        {
          access_rules: [{ everybody_allowed: true, paths: ['/*'] }],
          oidc: { client_id: 'photos', issuer: 'https://gitlab.com' },
        },
        'https://gitlab.com',
        '1',
      ],
      'to let everybody at google in': [
        { oidc: { client_id: 'photos', issuer: 'https://accounts.google.com' } },
        'https://accounts.google.com',
        '0',
      ],
      'open issuer': [
        { oidc: { client_id: 'photos', issuer: 'https://accounts.google.com' }, sign_in: {} },
        'https://accounts.google.com',
        '0',
      ],
    },
  },
  {
    by: 'var.oidc',
    message:
      'oidc.issuer must be https:// and a host in lower case, with a path or without, and without query, fragment and /.well-known/openid-configuration; got {}.',
    rows: {
      'an issuer with a fragment': [
        { oidc: { client_id: 'photos', issuer: 'https://idp.example.com/#a' } },
        'https://idp.example.com/#a',
      ],
      'an issuer with a query': [
        { oidc: { client_id: 'photos', issuer: 'https://idp.example.com?tenant=1' } },
        'https://idp.example.com?tenant=1',
      ],
      'an issuer with a user': [
        { oidc: { client_id: 'photos', issuer: 'https://me@idp.example.com' } },
        'https://me@idp.example.com',
      ],
      'an issuer with capitals': [
        { oidc: { client_id: 'photos', issuer: 'https://IDP.example.com' } },
        'https://IDP.example.com',
      ],
      'an issuer with its document': [
        { oidc: { client_id: 'photos', issuer: 'https://idp.example.com/.well-known/openid-configuration' } },
        'https://idp.example.com/.well-known/openid-configuration',
      ],
      'an issuer with plain http': [
        { oidc: { client_id: 'photos', issuer: 'http://idp.example.com' } },
        'http://idp.example.com',
      ],
      'got http://login.example.com': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
        'http://login.example.com',
      ],
    },
  },
  {
    by: 'var.oidc',
    message:
      'oidc.client_id and oidc.audiences must each be 1 to 255 visible characters, and not more than 99 audiences; got {}.',
    rows: {
      'a client id with spaces': [{ oidc: { client_id: 'my photos', issuer: 'https://idp.example.com' } }, 'my photos'],
      'an empty audience': [
        { oidc: { audiences: [''], client_id: 'photos', issuer: 'https://idp.example.com' } },
        'photos, ',
      ],
      'got a b': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
        'a b',
      ],
    },
  },
  {
    by: 'var.oidc',
    message: 'oidc.groups_claim must be the name of a claim, of letters, digits and : / . _ -; got {}.',
    rows: {
      'a groups claim with spaces': [
        { oidc: { client_id: 'photos', groups_claim: 'my groups', issuer: 'https://idp.example.com' } },
        'my groups',
      ],
      'got the groups': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
        'the groups',
      ],
    },
  },
  {
    by: 'var.oidc',
    message: 'oidc.account_prompt must be login or select_account; got none.',
    rows: {
      'a prompt that asks for no account': [
        { oidc: { account_prompt: 'none', client_id: 'photos', issuer: 'https://idp.example.com' } },
      ],
      'got none': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
      ],
    },
  },
  {
    by: 'var.oidc',
    message: 'oidc must not come with user_pool: tokens of one issuer count; got {} and {}.',
    rows: {
      'two issuers': [
        { oidc: { client_id: 'photos', issuer: 'https://idp.example.com' }, user_pool: { id: 'eu-west-1_XyZ789' } },
        'https://idp.example.com',
        'eu-west-1_XyZ789',
      ],
      'got http://login.example.com eu-west-1_AbC123': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
        'http://login.example.com',
        'eu-west-1_AbC123',
      ],
    },
  },
  {
    by: 'var.oidc',
    message: 'oidc must come without settings for a user pool of Cognito, because there is none: remove {}.',
    rows: {
      'flows of cognito': [
        { auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: { client_id: 'photos', issuer: 'https://idp.example.com' } },
        'auth_flows',
      ],
      'what shapes a user pool': [
        { mfa: 'ON', oidc: { client_id: 'photos', issuer: 'https://idp.example.com' } },
        'mfa',
      ],
      'got auth_flows': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
        'auth_flows',
      ],
    },
  },
  {
    by: 'var.oidc',
    message:
      'oidc must not come with uploads, because their identity pool takes tokens of Cognito only; got uploads.prefix uploads.',
    rows: {
      'uploads with other tokens than cognitos': [
        { oidc: { client_id: 'photos', issuer: 'https://idp.example.com' }, uploads: {} },
      ],
      'got uploads': [
        { user_pool: { id: 'eu-west-1_AbC123' }, uploads: {}, auth_flows: ['ALLOW_USER_SRP_AUTH'], oidc: WRONG_OIDC },
      ],
    },
  },
  {
    by: 'var.user_pool',
    message: 'user_pool.id must be the id of a Cognito user pool, such as eu-west-1_AbC123; got {}.',
    rows: {
      'an id that is no user pools': [{ user_pool: { id: 'photos' } }, 'photos'],
      'got AbC123': [
        { mfa: 'ON', user_pool: { id: 'AbC123', login_host: 'https://login.example.com', client_ids: ['a b'] } },
        'AbC123',
      ],
    },
  },
  {
    by: 'var.user_pool',
    message:
      'user_pool.login_host must be a host name in lower case, without https:// and without a path; got https://login.example.com.',
    rows: {
      'a login page with a scheme': [
        { user_pool: { id: 'eu-west-1_XyZ789', login_host: 'https://login.example.com' } },
      ],
      'got https://login.example.com': [
        { mfa: 'ON', user_pool: { id: 'AbC123', login_host: 'https://login.example.com', client_ids: ['a b'] } },
      ],
    },
  },
  {
    by: 'var.user_pool',
    message: 'user_pool.client_ids must be at most 100 ids of app clients, made of letters, digits, _ and +; got a b.',
    rows: {
      'ids that are no app clients': [{ user_pool: { client_ids: ['a b'], id: 'eu-west-1_XyZ789' } }],
      'got a b': [
        { mfa: 'ON', user_pool: { id: 'AbC123', login_host: 'https://login.example.com', client_ids: ['a b'] } },
      ],
    },
  },
  {
    by: 'var.user_pool',
    message:
      'user_pool must come without settings for a pool that the module makes, because it does not touch yours: remove {}, and set the like at your pool.',
    rows: {
      'groups for a pool that is there': [{ groups: { staff: {} }, user_pool: { id: 'eu-west-1_XyZ789' } }, 'groups'],
      'login domain for a pool that is there': [
        { login_domain: 'acme-photos', user_pool: { id: 'eu-west-1_XyZ789' } },
        'login_domain',
      ],
      'mfa for a pool that is there': [{ mfa: 'ON', user_pool: { id: 'eu-west-1_XyZ789' } }, 'mfa'],
      'self sign up enabled for a pool that is there': [
        { self_sign_up_enabled: true, user_pool: { id: 'eu-west-1_XyZ789' } },
        'self_sign_up_enabled',
      ],
      'user pool deletion protection enabled for a pool that is there': [
        { user_pool: { id: 'eu-west-1_XyZ789' }, user_pool_deletion_protection_enabled: true },
        'user_pool_deletion_protection_enabled',
      ],
      'users for a pool that is there': [
        { user_pool: { id: 'eu-west-1_XyZ789' }, users: { 'ada@example.com': {} } },
        'users',
      ],
      'got mfa': [
        { mfa: 'ON', user_pool: { id: 'AbC123', login_host: 'https://login.example.com', client_ids: ['a b'] } },
        'mfa',
      ],
    },
  },
]

/** Rejected settings of the user pool that the module creates: its groups, users, addresses and login page. */
import { numbered, type Refusal } from './refusal.js'

const MANY_URLS = numbered(51, (number) => `/${number - 1}`)

/** One entry for each rule, with the arguments that it rejects. */
export const IDENTITY: readonly Refusal[] = [
  {
    by: 'aws_cognito_user_pool_client.app',
    message:
      'user_pool.client_ids must be given for a pool in another region, because the module can make an app client only in its own (eu-west-1); got us-west-2.',
    rows: {
      'to make an app client in another region': [{ user_pool: { id: 'us-west-2_XyZ789' } }],
      'pool elsewhere': [{ user_pool: { id: 'us-west-2_AbC123' } }],
    },
  },
  {
    by: 'aws_cognito_user_pool_client.app',
    message:
      'callback_urls and sign_out_urls must not come to more than 100 addresses each, counting every path once a host; got 102 and 3.',
    rows: {
      'more addresses than an app client takes': [
        {
          aliases: ['a.example.com', 'b.example.com', 'c.example.com'],
          callback_urls: numbered(34, (number) => `/p${number - 1}`),
          certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
          cookie_scope: { domain: 'example.com' },
        },
      ],
      'many addresses': [
        {
          aliases: ['a.example.com', 'b.example.com', 'c.example.com'],
          callback_urls: numbered(34, (number) => `/p${number}`),
          certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
          cookie_scope: { domain: 'example.com' },
        },
      ],
    },
  },
  {
    by: 'aws_cognito_user_pool_domain.login',
    message:
      'login_domain must not contain aws, amazon or cognito when it is a prefix, because Cognito refuses these words{}; got {}.',
    rows: {
      'a login prefix that cognito reserves': [{ login_domain: 'my-cognito-login' }, '', 'my-cognito-login'],
      'a name of which no login prefix can be made': [
        { name: 'amazon-photos' },
        ', and without login_domain the prefix is made of name: set login_domain to a prefix without them',
        'amazon-photos-123456789012',
      ],
      'login prefix': [{ login_domain: 'my-cognito' }, '', 'my-cognito'],
    },
  },
  {
    by: 'terraform_data.given_app_client',
    message:
      'callback_urls and what else shapes an app client must be left out with oidc and with user_pool.client_ids, because that client is yours: remove {}, and set the like at your provider; how long sessions last, sign_in.session_days says.',
    rows: {
      'settings of an app client that is yours': [
        { callback_urls: ['/done'], user_pool: { client_ids: ['1example23456789'], id: 'eu-west-1_AbC123' } },
        'callback_urls',
      ],
      'client of own': [
        {
          accepted_tokens: ['access', 'id'],
          callback_urls: ['/done'],
          oidc: { client_id: 'photos', issuer: 'https://login.example.com' },
          sign_in: { refresh_token_rotation_enabled: false },
          token_validity: { refresh_days: 7 },
        },
        'callback_urls, token_validity, sign_in.refresh_token_rotation_enabled, accepted_tokens',
      ],
    },
  },
  {
    by: 'terraform_data.given_app_client',
    message:
      'user_pool.client_ids must not let everybody in who has an account at Google or the like, and the module cannot see which identity providers an app client of yours takes: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true if everybody who can sign in there may come; got 0 access_rules.',
    rows: {
      'a client of which it knows nothing': [
        { sign_in: {}, user_pool: { client_ids: ['app'], id: 'us-west-2_XyZ789', login_host: 'login.example.com' } },
      ],
      'everybody at a client': [
        {
          sign_in: {},
          user_pool: { client_ids: ['1example23456789'], id: 'eu-west-1_AbC123', login_host: 'login.example.com' },
        },
      ],
      'no login host': [{ sign_in: {}, user_pool: { client_ids: ['1example23456789'], id: 'eu-west-1_AbC123' } }],
    },
  },
  {
    by: 'var.auth_flows',
    message:
      'auth_flows must be among ALLOW_USER_SRP_AUTH, ALLOW_USER_PASSWORD_AUTH, ALLOW_USER_AUTH, ALLOW_CUSTOM_AUTH and ALLOW_ADMIN_USER_PASSWORD_AUTH; got {}.',
    rows: {
      'words that cognito does not know': [{ auth_flows: ['USER_PASSWORD_AUTH'] }, 'USER_PASSWORD_AUTH'],
      'got ALLOW_EVERYTHING': [{ auth_flows: ['ALLOW_EVERYTHING'] }, 'ALLOW_EVERYTHING'],
    },
  },
  {
    by: 'var.callback_urls',
    message:
      'callback_urls must hold 1 to 50 addresses, because the authorization code flow has to end somewhere; got {}.',
    rows: {
      'more callback urls than cognito': [{ callback_urls: MANY_URLS }, '51'],
      'too few and too many addresses': [{ callback_urls: [] }, '0'],
    },
  },
  {
    by: 'var.callback_urls',
    message:
      'callback_urls must each be a path that begins with one /, an https address, http://localhost, or a scheme like com.example.app://, without a fragment; got {}.',
    rows: {
      'addresses without tls': [{ callback_urls: ['http://photos.example.com/'] }, 'http://photos.example.com/'],
      fragments: [{ callback_urls: ['https://photos.example.com/#top'] }, 'https://photos.example.com/#top'],
      'hosts that look like something else': [{ callback_urls: ['//evil.example'] }, '//evil.example'],
      scripts: [{ callback_urls: ['javascript:alert(1)'] }, 'javascript:alert(1)'],
    },
  },
  {
    by: 'var.groups',
    message: 'groups must have names of 1 to 128 characters without spaces and slashes; got {}.',
    rows: {
      'groups and users without proper names': [{ groups: { 'a/b': {} } }, 'a/b'],
      'got the board': [{ groups: { 'the board': {} } }, 'the board'],
    },
  },
  {
    by: 'var.login_domain',
    message: 'login_domain must be a prefix of lower-case letters, digits and dashes, or a host name; got {}.',
    rows: {
      'a login domain with a scheme': [{ login_domain: 'https://login.example.com' }, 'https://login.example.com'],
      'got my_cognito': [{ login_domain: 'my_cognito' }, 'my_cognito'],
    },
  },
  {
    by: 'var.login_domain_certificate_arn',
    message: 'login_domain_certificate_arn must be the ARN of an ACM certificate in us-east-1; got {}.',
    rows: {
      'a login certificate of another region': [
        {
          login_domain: 'login.example.com',
          login_domain_certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/abc',
        },
        'arn:aws:acm:eu-west-1:123456789012:certificate/abc',
      ],
      'got arn:aws:acm:eu-west-1:123456789012:certificate/1': [
        {
          login_domain: 'acme-photos',
          login_domain_certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1',
        },
        'arn:aws:acm:eu-west-1:123456789012:certificate/1',
      ],
    },
  },
  {
    by: 'var.login_domain_certificate_arn',
    message:
      'login_domain_certificate_arn must be given when login_domain is a host name, and only then; got {} and login_domain {}.',
    rows: {
      'a login certificate for a prefix': [
        {
          login_domain: 'acme-photos',
          login_domain_certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/abc',
        },
        'arn:aws:acm:us-east-1:123456789012:certificate/abc',
        'acme-photos',
      ],
      'a login host without certificate': [{ login_domain: 'login.example.com' }, 'null', 'login.example.com'],
      'got arn:aws:acm:eu-west-1:123456789012:certificat …': [
        {
          login_domain: 'acme-photos',
          login_domain_certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1',
        },
        'arn:aws:acm:eu-west-1:123456789012:certificate/1',
        'acme-photos',
      ],
    },
  },
  {
    by: 'var.mfa',
    message: 'mfa must be OFF, OPTIONAL or ON; got {}.',
    rows: {
      'words that cognito does not know': [{ mfa: 'SMS' }, 'SMS'],
      'got MAYBE': [{ mfa: 'MAYBE' }, 'MAYBE'],
    },
  },
  {
    by: 'var.sign_out_urls',
    message:
      'sign_out_urls must each be a path that begins with one /, an https address, http://localhost, or a scheme like com.example.app://, without a fragment, and not more than 50; got {}.',
    rows: {
      'addresses without tls': [{ sign_out_urls: ['http://photos.example.com/'] }, 'http://photos.example.com/'],
      fragments: [{ sign_out_urls: ['/#top'] }, '/#top'],
      'hosts that look like something else': [
        { sign_out_urls: ['http://localhost.evil.example/'] },
        'http://localhost.evil.example/',
      ],
      scripts: [{ sign_out_urls: ['javascript://a.b/%0aalert(1)'] }, 'javascript://a.b/%0aalert(1)'],
      'too few and too many addresses': [
        { sign_out_urls: MANY_URLS },
        '/0, /1, /2, /3, /4, /5, /6, /7, /8, /9, /10, /11, /12, /13, /14, /15, /16, /17, /18, /19, /20, /21, /22, /23, /24, /25, /26, /27, /28, /29, /30, /31, /32, /33, /34, /35, /36, /37, /38, /39, /40, /41, /42, /43, /44, /45, /46, /47, /48, /49, /50',
      ],
      'got //evil.example': [{ sign_out_urls: ['//evil.example'] }, '//evil.example'],
    },
  },
  {
    by: 'var.token_validity',
    message:
      'token_validity.access_minutes and token_validity.id_minutes must be whole numbers from 5 to 1440; got {} and {}.',
    rows: {
      'access tokens shorter than cognitos': [{ token_validity: { access_minutes: 4 } }, '4', '60'],
      'id tokens longer than cognitos': [{ token_validity: { id_minutes: 1441 } }, '60', '1441'],
      'got 4 60': [{ token_validity: { access_minutes: 4, refresh_days: 0 } }, '4', '60'],
    },
  },
  {
    by: 'var.token_validity',
    message: 'token_validity.refresh_days must be a whole number from 1 to 3650; got 0.',
    rows: {
      'refresh tokens of no day and uploads that climb': [{ token_validity: { refresh_days: 0 } }],
      'got 0': [{ token_validity: { access_minutes: 4, refresh_days: 0 } }],
    },
  },
  {
    by: 'var.uploads',
    message:
      'uploads.prefix must be a folder of letters, digits, dashes and underscores, without slashes at its ends, and not cookie; got {}.',
    rows: {
      'access tokens shorter than cognitos': [{ uploads: { prefix: '' } }, ''],
      'id tokens longer than cognitos': [{ uploads: { prefix: 'up*' } }, 'up*'],
      'refresh tokens of no day and uploads that climb': [{ uploads: { prefix: '../photos' } }, '../photos'],
      'uploads where cookies come from': [{ uploads: { prefix: 'cookie/mine' } }, 'cookie/mine'],
      'got /uploads': [{ uploads: { prefix: '/uploads', abandoned_after_days: -1 } }, '/uploads'],
    },
  },
  {
    by: 'var.uploads',
    message: 'uploads.abandoned_after_days must be a whole number of at least 0; got -1.',
    rows: {
      'to remove parts before they came': [{ uploads: { abandoned_after_days: -1 } }],
      'got -1': [{ uploads: { prefix: '/uploads', abandoned_after_days: -1 } }],
    },
  },
  {
    by: 'var.users',
    message: 'users must have e-mail addresses in lower case as keys; got {}.',
    rows: {
      'a user who is no address': [{ users: { ada: {} } }, 'ada'],
      'an address in capitals': [{ users: { 'Ada@example.com': {} } }, 'Ada@example.com'],
      'got Ada@example.org': [{ users: { 'Ada@example.org': { groups: ['board'] } } }, 'Ada@example.org'],
    },
  },
  {
    by: 'var.users',
    message: 'users must name only groups that the variable groups defines ({}); got {}.',
    rows: {
      'a user in a group that is not there': [
        { groups: { editors: {} }, users: { 'ada@example.com': { groups: ['editor'] } } },
        'editors',
        'editor',
      ],
      'got  board': [{ users: { 'Ada@example.org': { groups: ['board'] } } }, '', 'board'],
    },
  },
]

/** Rejected settings of the sign-in. */
import type { Refusal } from './refusal.js'

const WRONG_SIGN_IN = {
  scopes: ['email'],
  authorize_params: { state: '' },
  identity_providers: ['Google'],
  client_authentication: 'tls',
  sign_out_url: '//evil.example',
  session_days: 401,
  token_cookies: 'browser',
  additional_cookies: { 'CloudFront-Policy': 'x' },
}

const LONG_COOKIES = {
  identity_providers: [],
  token_cookies: 'opensearch',
  additional_cookies: {
    a: 'x'.repeat(1024),
    b: 'x'.repeat(1024),
    c: 'x'.repeat(1024),
    d: 'x'.repeat(1024),
    'ID-TOKEN': '',
  },
}

/** One entry for each rule, with the arguments that it rejects. */
export const SIGN_IN: readonly Refusal[] = [
  {
    by: 'terraform_data.sign_in',
    message:
      'sign_in.identity_providers must be left out with oidc and with user_pool.client_ids, because the app client decides, and that is yours; got Google.',
    rows: {
      'identity providers of a client that is not its own': [
        {
          access_rules: [{ groups: ['staff'], paths: ['/*'] }],
          sign_in: { identity_providers: ['Google'] },
          user_pool: { client_ids: ['app'], id: 'eu-west-1_XyZ789', login_host: 'login.example.com' },
        },
      ],
      'providers elsewhere': [
        {
          sign_in: { any_federated_user_allowed: true, identity_providers: ['Google'] },
          user_pool: { client_ids: ['1example23456789'], id: 'eu-west-1_AbC123', login_host: 'login.example.com' },
        },
      ],
    },
  },
  {
    by: 'terraform_data.sign_in',
    message:
      "sign_in.client_authentication must be none unless oidc or user_pool.client_ids is given, because the module's own app client has no secret; got {}.",
    rows: {
      'a secret for its own client': [
        { sign_in: { client_authentication: 'client_secret_basic' } },
        'client_secret_basic',
      ],
      'secret of own': [{ sign_in: { client_authentication: 'client_secret_post' } }, 'client_secret_post'],
    },
  },
  {
    by: 'terraform_data.sign_in',
    message:
      'sign_in.session_days must not exceed token_validity.refresh_days ({}), because the session lives by the refresh token; got {}.',
    rows: {
      'sessions that outlive the refresh token': [{ sign_in: { session_days: 31 } }, '30', '31'],
      'long session': [{ sign_in: { session_days: 8 }, token_validity: { refresh_days: 7 } }, '7', '8'],
    },
  },
  {
    by: 'terraform_data.sign_in',
    message:
      'sign_in.session_days, or token_validity.refresh_days where it is left out, must not exceed {} times rotation.interval_days ({}), because each rotation makes another key that seals sessions, and {} of them are kept; got {}. Set sign_in.session_days to at most {}, or rotation.interval_days to at least {}.',
    rows: {
      'sessions that outlive the keys of the secret': [
        { rotation: { interval_days: 2 }, sign_in: {}, token_validity: { refresh_days: 31 } },
        '15',
        '2',
        '16',
        '31',
        '30',
        '3',
      ],
    },
  },
  {
    by: 'terraform_data.sign_in',
    message:
      'sign_in must come with user_pool.login_host when there is a user_pool, because people sign in at its login page; got user_pool {} without one.',
    rows: {
      'a pool without a login page': [{ sign_in: {}, user_pool: { id: 'eu-west-1_XyZ789' } }, 'eu-west-1_XyZ789'],
      'no login host': [
        { sign_in: {}, user_pool: { client_ids: ['1example23456789'], id: 'eu-west-1_AbC123' } },
        'eu-west-1_AbC123',
      ],
    },
  },
  {
    by: 'var.sign_in',
    message: 'sign_in.scopes must hold openid, and at most 50 scopes without spaces and quotes; got {}.',
    rows: {
      'scopes with spaces': [{ sign_in: { scopes: ['openid', 'photos read'] } }, 'openid, photos read'],
      'scopes without openid': [{ sign_in: { scopes: ['email'] } }, 'email'],
      'got email': [{ sign_in: WRONG_SIGN_IN }, 'email'],
    },
  },
  {
    by: 'var.sign_in',
    message:
      'sign_in.authorize_params and sign_in.viewer_params must each be at most 20 names of letters, digits, _ . and -, and none that the sign-in sets itself (client_id, client_secret, code_challenge, code_challenge_method, nonce, redirect_uri, request, request_uri, response_mode, response_type, scope, state); got {}.',
    rows: {
      'links that set them': [{ sign_in: { viewer_params: ['state'] } }, 'state'],
      'names that are none': [{ sign_in: { viewer_params: ['a b'] } }, 'a b'],
      'parameters that the sign in sets': [
        { sign_in: { authorize_params: { redirect_uri: 'https://evil.example' } } },
        'redirect_uri',
      ],
      'got client_id, client_secret, code_challenge, cod …': [{ sign_in: WRONG_SIGN_IN }, 'state'],
    },
  },
  {
    by: 'var.sign_in',
    message: 'sign_in.authorize_params must have values of 1 to 256 characters without control characters; got {}.',
    rows: {
      'line feeds in parameters': [{ sign_in: { authorize_params: { prompt: 'a\nb' } } }, '{"prompt":"a\\nb"}'],
      'got {"state":""}': [{ sign_in: WRONG_SIGN_IN }, '{"state":""}'],
    },
  },
  {
    by: 'var.sign_in',
    message:
      'sign_in.identity_providers must not let everybody in who has an account there: give each of access_rules groups, emails, email_domains or claims, or set sign_in.any_federated_user_allowed = true (rules on emails and email_domains need a provider whose attribute mapping has email_verified); got {} and {} access_rules.',
    rows: {
      'it with a rule of scopes alone': [
        { access_rules: [{ paths: ['/*'], scopes: ['openid'] }], sign_in: { identity_providers: ['Google'] } },
        'Google',
        '1',
      ],
      'it with a rule that names nobody': [
        {
          access_rules: [{ groups: ['staff'], paths: ['/staff/*'] }, { paths: ['/users/{sub}/*'] }],
          sign_in: { identity_providers: ['Google'] },
        },
        'Google',
        '2',
      ],
      'to let everybody in who has an account elsewhere': [
        { sign_in: { identity_providers: ['COGNITO', 'Google'] } },
        'COGNITO, Google',
        '0',
      ],
      'got Google 0': [{ sign_in: WRONG_SIGN_IN }, 'Google', '0'],
    },
  },
  {
    by: 'var.sign_in',
    message:
      "sign_in.identity_providers must hold at least one name, such as COGNITO for the pool's own users; got none.",
    rows: {
      'a client that lets nobody in': [{ sign_in: { identity_providers: [] } }],
      'got sign_in': [{ sign_in: LONG_COOKIES }],
    },
  },
  {
    by: 'var.sign_in',
    message: 'sign_in.client_authentication must be none, client_secret_basic or client_secret_post; got {}.',
    rows: {
      'an unknown proof of the client': [
        {
          oidc: { client_id: 'photos', issuer: 'https://idp.example.com' },
          sign_in: { client_authentication: 'private_key_jwt' },
        },
        'private_key_jwt',
      ],
      'got tls': [{ sign_in: WRONG_SIGN_IN }, 'tls'],
    },
  },
  {
    by: 'var.sign_in',
    message:
      'sign_in.sign_out_url must be a path that begins with one /, or an https address without query and fragment; got {}.',
    rows: {
      'to end at a backslash': [{ sign_in: { sign_out_url: '/\\evil.example' } }, '/\\evil.example'],
      'to end at a fragment': [
        { sign_in: { sign_out_url: 'https://www.example.com/#top' } },
        'https://www.example.com/#top',
      ],
      'to end at a script': [{ sign_in: { sign_out_url: 'javascript:alert(1)' } }, 'javascript:alert(1)'],
      'to end at another host': [{ sign_in: { sign_out_url: '//evil.example/' } }, '//evil.example/'],
      'to end at plain http': [{ sign_in: { sign_out_url: 'http://www.example.com/' } }, 'http://www.example.com/'],
      'got //evil.example': [{ sign_in: WRONG_SIGN_IN }, '//evil.example'],
    },
  },
  {
    by: 'var.sign_in',
    message: 'sign_in.session_days must be a whole number from 1 to 400; got {}.',
    rows: {
      'sessions of half a day': [{ sign_in: { session_days: 0.5 } }, '0.5'],
      'sessions that outlive the cookie': [
        { sign_in: { session_days: 401 }, token_validity: { refresh_days: 3650 } },
        '401',
      ],
      'got 401': [{ sign_in: WRONG_SIGN_IN }, '401'],
    },
  },
  {
    by: 'var.sign_in',
    message: 'sign_in.token_cookies must be amplify or opensearch; got {}.',
    rows: {
      'unknown token cookies': [{ sign_in: { token_cookies: 'cognito' } }, 'cognito'],
      'got browser': [{ sign_in: WRONG_SIGN_IN }, 'browser'],
    },
  },
  {
    by: 'var.sign_in',
    message:
      "sign_in.additional_cookies must be at most 20 cookies with names of RFC 6265 that do not begin with CloudFront- and are not the module's own, and values of at most 1024 characters without spaces, quotes, commas, semicolons and backslashes; got {}.",
    rows: {
      'additional cookies of its own names': [
        { sign_in: { additional_cookies: { 'cloudfront-policy': 'x' } } },
        '{"cloudfront-policy":"x"}',
      ],
      'additional cookies of the names of a hint': [
        { sign_in: { additional_cookies: { '__Secure-logout-hint': 'x' } } },
        '{"__Secure-logout-hint":"x"}',
      ],
      'additional cookies that break the header': [
        { sign_in: { additional_cookies: { theme: 'dark; Domain=example.com' } } },
        '{"theme":"dark; Domain=example.com"}',
      ],
      'got {"CloudFront-Policy":"x"}': [{ sign_in: WRONG_SIGN_IN }, '{"CloudFront-Policy":"x"}'],
    },
  },
  {
    by: 'var.sign_in',
    message: 'sign_in.additional_cookies must not have the names of sign_in.token_cookies; got {} beside {}.',
    rows: {
      'additional cookies of the names of its tokens': [
        { sign_in: { additional_cookies: { 'ID-TOKEN': 'x' }, token_cookies: 'opensearch' } },
        'ID-TOKEN',
        'opensearch',
      ],
      'additional cookies of the names of its users': [
        {
          sign_in: {
            additional_cookies: { 'CognitoIdentityServiceProvider.a.LastAuthUser': 'x' },
            token_cookies: 'amplify',
          },
        },
        'CognitoIdentityServiceProvider.a.LastAuthUser',
        'amplify',
      ],
      'got ID-TOKEN, a, b, c, d opensearch': [{ sign_in: LONG_COOKIES }, 'ID-TOKEN, a, b, c, d', 'opensearch'],
    },
  },
  {
    by: 'var.sign_in',
    message:
      'sign_in.additional_cookies must have at most 4096 characters of names and values together, because they travel with every request; got {}.',
    rows: {
      'more of them': [
        {
          sign_in: {
            additional_cookies: { a: 'x'.repeat(1023), b: 'x'.repeat(1023), c: 'x'.repeat(1023), d: 'x'.repeat(1024) },
          },
        },
        '4097',
      ],
      'got 4108': [{ sign_in: LONG_COOKIES }, '4108'],
    },
  },
]

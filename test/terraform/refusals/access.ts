/** Rejected values of access_rules, bearer_paths, accepted_tokens and signed_urls. */
import { numbered, type Refusal } from './refusal.js'

const WRONG_ACCESS_RULES = [
  { paths: [], groups: ['staff'] },
  { paths: ['finance'] },
  { paths: ['/cookie/*'], groups: ['staff'] },
  { paths: ['/press/*'], groups: ['staff'], everybody_allowed: true },
  { paths: ['/*'], groups: ['staff'], exclusive: true, overlap_allowed: true, exclusive_name: 'Main' },
  { paths: ['/hr/*'], emails: ['Ada@example.org'], email_domains: ['@example.com'], claims: { 'a b': ['c'] } },
]

/** One entry for each rule, with the arguments that it rejects. */
export const ACCESS: readonly Refusal[] = [
  {
    by: 'var.accepted_tokens',
    message: 'accepted_tokens must be access, id or both; got {}.',
    rows: {
      'too little': [{ accepted_tokens: [] }, '[]'],
      'words that nobody knows': [{ accepted_tokens: ['access', 'refresh'] }, '["access","refresh"]'],
    },
  },
  {
    by: 'var.access_rules',
    message: 'access_rules must be at most 100 rules, each with 1 to 50 paths; got rules with {} paths.',
    rows: {
      'rules without a path': [{ access_rules: [{ groups: ['staff'], paths: [] }] }, '0'],
      'got 0, 1, 1, 1, 1, 1': [{ access_rules: WRONG_ACCESS_RULES }, '0, 1, 1, 1, 1, 1'],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must have paths that begin with /, end with /*, and have no other wildcard, no empty part, no . or .. and a claim in braces only as a whole part, such as /*, /finance/* or /users/{sub}/*; got {}.',
    rows: {
      'paths of a file': [{ access_rules: [{ groups: ['staff'], paths: ['/report.pdf'] }] }, '/report.pdf'],
      'paths that end in a part': [{ access_rules: [{ groups: ['staff'], paths: ['/fin*'] }] }, '/fin*'],
      'paths that end the cookie': [{ access_rules: [{ groups: ['staff'], paths: ['/a;b/*'] }] }, '/a;b/*'],
      'paths with a claim in a part': [
        { access_rules: [{ groups: ['staff'], paths: ['/users-{sub}/*'] }] },
        '/users-{sub}/*',
      ],
      'paths with a question mark': [{ access_rules: [{ groups: ['staff'], paths: ['/a?/*'] }] }, '/a?/*'],
      'paths with a space': [{ access_rules: [{ groups: ['staff'], paths: ['/a b/*'] }] }, '/a b/*'],
      'paths with a wildcard between': [{ access_rules: [{ groups: ['staff'], paths: ['/a/*/b/*'] }] }, '/a/*/b/*'],
      'paths with an empty part': [{ access_rules: [{ groups: ['staff'], paths: ['/a//*'] }] }, '/a//*'],
      'paths with dots': [{ access_rules: [{ groups: ['staff'], paths: ['/a/../*'] }] }, '/a/../*'],
      'paths with encoded dots': [{ access_rules: [{ groups: ['staff'], paths: ['/a/%2E%2e/*'] }] }, '/a/%2E%2e/*'],
      'paths without a slash at the front': [
        { access_rules: [{ groups: ['staff'], paths: ['finance/*'] }] },
        'finance/*',
      ],
      'got finance, /cookie/*, /press/*, /*, /hr/*': [
        { access_rules: WRONG_ACCESS_RULES },
        'finance, /cookie/*, /press/*, /*, /hr/*',
      ],
    },
  },
  {
    by: 'var.access_rules',
    message: 'access_rules must leave /cookie/* and /.sign-in/* to the module; got {}.',
    rows: {
      'paths of its pages': [{ access_rules: [{ groups: ['staff'], paths: ['/.sign-in/x/*'] }] }, '/.sign-in/x/*'],
      'paths of the module': [{ access_rules: [{ groups: ['staff'], paths: ['/cookie/*'] }] }, '/cookie/*'],
      'got finance, /cookie/*, /press/*, /*, /hr/*': [
        { access_rules: WRONG_ACCESS_RULES },
        'finance, /cookie/*, /press/*, /*, /hr/*',
      ],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must each have groups, scopes, emails, email_domains or claims, or a claim in every path, or say everybody_allowed = true; got none of them for {}.',
    rows: {
      'a rule whose condition is misspelt': [
        { access_rules: [{ group: ['finance'], paths: ['/finance/*'] }] },
        '/finance/*',
      ],
      'got finance': [{ access_rules: WRONG_ACCESS_RULES }, 'finance'],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must not say everybody_allowed = true beside a condition, because both cannot be meant; got it for {}.',
    rows: {
      'a rule for everybody and for some': [
        { access_rules: [{ everybody_allowed: true, groups: ['staff'], paths: ['/*'] }] },
        '/*',
      ],
      'got /press/*': [{ access_rules: WRONG_ACCESS_RULES }, '/press/*'],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must have exclusive paths that are directories of letters, digits and . _ ~ -, not /* nor below /.well-known/, with a claim at most at the end, such as /finance/* or /users/{sub}/*; got {}.',
    rows: {
      'an exclusive path that begins with a claim': [
        { access_rules: [{ exclusive: true, paths: ['/{sub}/*'] }] },
        '/{sub}/*',
      ],
      'an exclusive path that can be written otherwise': [
        { access_rules: [{ exclusive: true, groups: ['a'], paths: ['/a+b/*'] }] },
        '/a+b/*',
      ],
      'an exclusive path that goes on after a claim': [
        { access_rules: [{ exclusive: true, paths: ['/users/{sub}/private/*'] }] },
        '/users/{sub}/private/*',
      ],
      'everything to be exclusive': [{ access_rules: [{ exclusive: true, groups: ['staff'], paths: ['/*'] }] }, '/*'],
      'the path of the main probe': [
        { access_rules: [{ exclusive: true, groups: ['a'], paths: ['/.well-known/*'] }] },
        '/.well-known/*',
      ],
      'got /*': [{ access_rules: WRONG_ACCESS_RULES }, '/*'],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must not say overlap_allowed = true beside exclusive = true, because both cannot be meant; got it for {}.',
    rows: {
      'an overlap that is meant and exclusive': [
        { access_rules: [{ exclusive: true, groups: ['a'], overlap_allowed: true, paths: ['/finance/*'] }] },
        '/finance/*',
      ],
      'got /*': [{ access_rules: WRONG_ACCESS_RULES }, '/*'],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must have exclusive_name only beside exclusive = true, of up to 20 lower-case letters, digits and single dashes, and not main; got {}.',
    rows: {
      'an exclusive name that is taken': [
        { access_rules: [{ exclusive: true, exclusive_name: 'main', groups: ['a'], paths: ['/finance/*'] }] },
        'main',
      ],
      'an exclusive name that is too long': [
        {
          access_rules: [
            { exclusive: true, exclusive_name: 'finance-and-all-others', groups: ['a'], paths: ['/finance/*'] },
          ],
        },
        'finance-and-all-others',
      ],
      'an exclusive name without exclusive': [
        { access_rules: [{ exclusive_name: 'books', groups: ['a'], paths: ['/finance/*'] }] },
        'books',
      ],
      'got Main': [{ access_rules: WRONG_ACCESS_RULES }, 'Main'],
    },
  },
  {
    by: 'var.access_rules',
    message: 'access_rules must have emails in lower case, each with one @; got {}.',
    rows: {
      'addresses in capitals': [{ access_rules: [{ emails: ['Ada@example.com'], paths: ['/*'] }] }, 'Ada@example.com'],
      'got Ada@example.org': [{ access_rules: WRONG_ACCESS_RULES }, 'Ada@example.org'],
    },
  },
  {
    by: 'var.access_rules',
    message: 'access_rules must have email_domains in lower case and without @, such as example.com; got @example.com.',
    rows: {
      'domains with an at sign': [{ access_rules: [{ email_domains: ['@example.com'], paths: ['/*'] }] }],
      'got @example.com': [{ access_rules: WRONG_ACCESS_RULES }],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must have claims with names of letters, digits and : / . _ -, and with at least one value each; got {}.',
    rows: {
      'claims without a proper name': [
        { access_rules: [{ claims: { 'a b': ['7'] }, paths: ['/*'] }] },
        '[{"a b":["7"]}]',
      ],
      'claims without a value': [{ access_rules: [{ claims: { level: [] }, paths: ['/*'] }] }, '[{"level":[]}]'],
      'got [{},{},{},{},{},{"a b":["c"]}]': [{ access_rules: WRONG_ACCESS_RULES }, '[{},{},{},{},{},{"a b":["c"]}]'],
    },
  },
  {
    by: 'var.access_rules',
    message:
      'access_rules must have at most 100 values in each condition, of 1 to 256 characters without control characters; got {}.',
    rows: {
      'empty values': [
        { access_rules: [{ groups: [''], paths: ['/*'] }] },
        '[{"claims":{},"email_domains":[],"emails":[],"everybody_allowed":false,"exclusive":false,"exclusive_name":null,"groups":[""],"overlap_allowed":false,"paths":["/*"],"scopes":[]}]',
      ],
    },
  },
  {
    by: 'var.bearer_paths',
    message:
      'bearer_paths must not hold more than 10 directories, because each takes one of the 75 behaviours of a distribution; got 11.',
    rows: {
      'too many bearer paths': [{ bearer_paths: numbered(11, (number) => `api${number - 1}/*`) }],
      'got 11': [{ bearer_paths: numbered(11, (number) => `api${number}/*`) }],
    },
  },
  {
    by: 'var.bearer_paths',
    message:
      'bearer_paths must each be a directory of letters, digits and . _ ~ - that ends with /*, without . and .., such as api/*; got {}.',
    rows: {
      'a bearer path of a file': [{ bearer_paths: ['api/report.json'] }, 'api/report.json'],
      'a bearer path with a wildcard between': [{ bearer_paths: ['api/*/v1/*'] }, 'api/*/v1/*'],
      'a bearer path with dots': [{ bearer_paths: ['../api/*'] }, '../api/*'],
      'everything as a bearer path': [{ bearer_paths: ['/*'] }, '/*'],
      'got api, cookie/*, press/api/*, uploads/*': [
        { public_paths: ['press/*'], uploads: {}, bearer_paths: ['api', 'cookie/*', 'press/api/*', 'uploads/*'] },
        'api, cookie/*, press/api/*, uploads/*',
      ],
    },
  },
  {
    by: 'var.bearer_paths',
    message: 'bearer_paths must leave cookie/*, .sign-in/* and .well-known/* to the module; got {}.',
    rows: {
      'the cookie endpoint as a bearer path': [{ bearer_paths: ['cookie/*'] }, 'cookie/*'],
      'the pages of the sign in as a bearer path': [{ bearer_paths: ['/.sign-in/x/*'] }, '/.sign-in/x/*'],
      'the probe as a bearer path': [{ bearer_paths: ['.well-known/*'] }, '.well-known/*'],
      'got api, cookie/*, press/api/*, uploads/*': [
        { public_paths: ['press/*'], uploads: {}, bearer_paths: ['api', 'cookie/*', 'press/api/*', 'uploads/*'] },
        'api, cookie/*, press/api/*, uploads/*',
      ],
    },
  },
  {
    by: 'var.bearer_paths',
    message:
      'bearer_paths must not lie inside public_paths nor hold one of them, because it would be both open and closed: put them side by side. Got {} and public_paths {}.',
    rows: {
      'a bearer path inside public paths': [
        { bearer_paths: ['gallery/api/*'], public_paths: ['/gallery/*'] },
        'gallery/api/*',
        '/gallery/*',
      ],
      'public paths inside a bearer path': [
        { bearer_paths: ['api/*'], public_paths: ['api/open.json'] },
        'api/*',
        'api/open.json',
      ],
      'got api, cookie/*, press/api/*, uploads/* press/*': [
        { public_paths: ['press/*'], uploads: {}, bearer_paths: ['api', 'cookie/*', 'press/api/*', 'uploads/*'] },
        'api, cookie/*, press/api/*, uploads/*',
        'press/*',
      ],
    },
  },
  {
    by: 'var.bearer_paths',
    message:
      'bearer_paths must not lie inside uploads.prefix nor hold it, because uploads are shown in a sandbox of their own: put them side by side. Got {} and uploads.prefix {}.',
    rows: {
      'a bearer path inside uploads': [
        { bearer_paths: ['uploads/api/*'], uploads: { everybody_allowed: true } },
        'uploads/api/*',
        'uploads',
      ],
      'uploads inside a bearer path': [
        { bearer_paths: ['api/*'], uploads: { everybody_allowed: true, prefix: 'api/inbox' } },
        'api/*',
        'api/inbox',
      ],
      'got api, cookie/*, press/api/*, uploads/* uploads': [
        { public_paths: ['press/*'], uploads: {}, bearer_paths: ['api', 'cookie/*', 'press/api/*', 'uploads/*'] },
        'api, cookie/*, press/api/*, uploads/*',
        'uploads',
      ],
    },
  },
  {
    by: 'var.bearer_paths',
    message:
      'bearer_paths must not lie inside an exclusive path of access_rules nor hold one, because its key would count for nothing there: put them side by side. Got {} and exclusive {}.',
    rows: {
      'a bearer path inside an exclusive one': [
        { access_rules: [{ exclusive: true, paths: ['/users/{sub}/*'] }], bearer_paths: ['users/ada/*'] },
        'users/ada/*',
        '/users/*/*',
      ],
      'an exclusive path inside a bearer one': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/api/finance/*'] }],
          bearer_paths: ['api/*'],
        },
        'api/*',
        '/api/finance/*',
      ],
      bearer: [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          bearer_paths: ['finance/api/*'],
        },
        'finance/api/*',
        '/finance/*',
      ],
    },
  },
  {
    by: 'var.signed_urls',
    message:
      'signed_urls.longest_minutes must be a whole number from 1 to cookie_ttl_minutes ({}), because signing keys are kept that long; got {}.',
    rows: {
      'links of a part of a minute': [{ signed_urls: { longest_minutes: 0.5 } }, '60', '0.5'],
      'links that outlive cookies': [{ cookie_ttl_minutes: 30, signed_urls: { longest_minutes: 31 } }, '30', '31'],
    },
  },
]

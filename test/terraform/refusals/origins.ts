/** Rejected settings of origins and behaviors. */
import { numbered, type Refusal } from './refusal.js'

const CLOSED_INSIDE = [
  { groups: ['staff'], paths: ['/*'] },
  { exclusive: true, groups: ['admins'], paths: ['/app/admin/*'] },
]

const WRONG_ORIGINS = {
  bucket: { domain_name: 'https://example.com', path_patterns: [], kind: 'ftp', port: 0, path_prefix: 'v1/' },
  api: { domain_name: 'api.example.com', path_patterns: ['a b', '/cookie/*', 'cookie/*'], headers: { 'X Key': 'k' } },
}

/** One entry for each rule, with the arguments that it rejects. */
export const ORIGINS: readonly Refusal[] = [
  {
    by: 'aws_cloudfront_distribution.content',
    message:
      'origins must not have path_patterns inside an exclusive path of access_rules or inside bearer_paths, because those go first: {}. Let the origin serve the whole directory, or put them side by side.',
    rows: {
      'an origin inside a bearer path': [
        { bearer_paths: ['api/*'], origins: { v2: { domain_name: 'api.example.com', path_patterns: ['/api/v2/*'] } } },
        '/api/v2/* (v2) lies inside /api/*',
      ],
      'an origin inside an exclusive path': [
        {
          access_rules: [{ exclusive: true, groups: ['admins'], paths: ['/app/*'] }],
          origins: { api: { domain_name: 'api.example.com', path_patterns: ['app/api/*'] } },
        },
        'app/api/* (api) lies inside /app/*',
      ],
      'an origin inside an exclusive path (2)': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          origins: { books: { domain_name: 'books.example.com', path_patterns: ['finance/books/*'] } },
        },
        'finance/books/* (books) lies inside /finance/*',
      ],
      'origin inside': [
        {
          access_rules: [{ exclusive: true, groups: ['finance'], paths: ['/finance/*'] }],
          origins: { api: { domain_name: 'api.example.com', path_patterns: ['finance/api/*'] } },
        },
        'finance/api/* (api) lies inside /finance/*',
      ],
    },
  },
  {
    by: 'terraform_data.behaviours',
    message:
      'public_paths, bearer_paths, origins and exclusive access_rules must not name the same path pattern; got {} more than once.',
    rows: {
      'one path for two things': [
        { origins: { api: { domain_name: 'api.example.com', path_patterns: ['/api/*'] } }, public_paths: ['api/*'] },
        'api/*',
      ],
      'one path for two things in a distribution of yours too': [
        {
          distribution: { arn: 'arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE', hosts: ['www.example.com'] },
          public_paths: ['press/*', '/press/*'],
        },
        'press/*',
      ],
      'two behaviours': [
        {
          origins: { api: { domain_name: 'api.example.com', path_patterns: ['/api/*'] } },
          public_paths: ['api/*', 'press/*'],
        },
        'api/*',
      ],
    },
  },
  {
    by: 'terraform_data.behaviours',
    message:
      "public_paths, bearer_paths, origins and exclusive access_rules must not come to more than 75 behaviours together with the module's own; got {}. Merge patterns, such as docs/*.css and docs/*.js into docs/*, or serve an origin by a distribution of its own.",
    rows: {
      'more behaviours than a distribution takes': [
        {
          bearer_paths: numbered(10, (number) => `api${number - 1}/*`),
          origins: {
            old: { domain_name: 'old.example.com', path_patterns: numbered(20, (number) => `old${number - 1}/*`) },
          },
          public_paths: numbered(44, (number) => `public${number - 1}/*`),
        },
        '76',
      ],
      'many behaviours': [
        {
          bearer_paths: numbered(10, (number) => `b${number}/*`),
          origins: { api: { domain_name: 'api.example.com', path_patterns: numbered(20, (number) => `o${number}/*`) } },
          public_paths: numbered(50, (number) => `p${number}/*`),
        },
        '82',
      ],
    },
  },
  {
    by: 'check.origins_with_closed_paths',
    message:
      'access_rules and bearer_paths have closed paths in an origin that has others beside them: {}. CloudFront takes an address with %2F in place of a slash for one of the others. The origin must refuse such addresses, or check by itself who may see what; or let it have the closed paths alone.',
    rows: {
      'takes the origin that is there': [
        {
          access_rules: CLOSED_INSIDE,
          bearer_paths: ['api/v1/*'],
          origins: {
            api: {
              cache_policy_id: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
              domain_name: 'api.example.com',
              path_patterns: ['/api/*'],
              writes_allowed: true,
            },
            app: { domain_name: 'app.example.com', path_patterns: ['app/*', '*.php'] },
          },
        },
        '/api/v1/* beside /api/* (api); /app/admin/* beside app/* (app); /app/admin/* beside *.php (app)',
      ],
      'warns of closed paths in an origin that may decode': [
        {
          access_rules: CLOSED_INSIDE,
          bearer_paths: ['api/*'],
          origins: { app: { domain_name: 'app.example.com', path_patterns: ['app/*', '/api/*', '*.php', 'other/*'] } },
        },
        '/api/* beside *.php (app); /app/admin/* beside app/* (app); /app/admin/* beside *.php (app)',
      ],
      'closed in origin': [
        {
          access_rules: [{ exclusive: true, groups: ['app/hr'], paths: ['/app/hr/*'] }],
          origins: { app: { domain_name: 'app.example.com', path_patterns: ['/app/*'] } },
        },
        '/app/hr/* beside /app/* (app)',
      ],
    },
  },
  {
    by: 'var.origins',
    message:
      "origins must be at most 20, with names of lower-case letters, digits and dashes other than bucket and pages, which are the module's; got {}.",
    rows: {
      'an origin by the name of the bucket': [
        { origins: { bucket: { domain_name: 'api.example.com', path_patterns: ['api/*'] } } },
        'bucket',
      ],
      'got api, bucket': [{ origins: WRONG_ORIGINS }, 'api, bucket'],
    },
  },
  {
    by: 'var.origins',
    message: 'origins must have a domain_name in lower case without scheme, port and path; got {}.',
    rows: {
      'an origin by address': [
        { origins: { api: { domain_name: 'https://api.example.com/', path_patterns: ['api/*'] } } },
        'api: https://api.example.com/',
      ],
      'got api: api.example.com, bucket: https://example …': [
        { origins: WRONG_ORIGINS },
        'api: api.example.com, bucket: https://example.com',
      ],
    },
  },
  {
    by: 'var.origins',
    message:
      'origins must have kind http, s3 or vpc, protocol http or https, and a vpc_origin_id for kind vpc alone; got {}.',
    rows: {
      'a vpc origin without id': [
        { origins: { api: { domain_name: 'api.example.com', kind: 'vpc', path_patterns: ['api/*'] } } },
        'api: vpc by https',
      ],
      'an unknown kind of origin': [
        { origins: { api: { domain_name: 'api.example.com', kind: 'ftp', path_patterns: ['api/*'] } } },
        'api: ftp by https',
      ],
      'got api: http by https, bucket: ftp by https': [
        { origins: WRONG_ORIGINS },
        'api: http by https, bucket: ftp by https',
      ],
    },
  },
  {
    by: 'var.origins',
    message:
      'origins must have protocol and port for kind http alone, because a bucket has none and a VPC origin its own; got {}.',
    rows: {
      'a port that a vpc origin has itself': [
        {
          origins: {
            api: {
              domain_name: 'api.example.com',
              kind: 'vpc',
              path_patterns: ['api/*'],
              port: 8080,
              protocol: 'http',
              vpc_origin_id: 'vo_1',
            },
          },
        },
        'api',
      ],
      'got bucket': [{ origins: WRONG_ORIGINS }, 'bucket'],
    },
  },
  {
    by: 'var.origins',
    message: 'origins must have port 80, 443 or one from 1024 to 65535, which CloudFront takes; got {}.',
    rows: {
      'a port that is none': [
        { origins: { api: { domain_name: 'api.example.com', path_patterns: ['api/*'], port: 70000 } } },
        'api: 70000',
      ],
      'ports that cloudfront does not ask': [
        { origins: { api: { domain_name: 'api.example.com', path_patterns: ['api/*'], port: 1023 } } },
        'api: 1023',
      ],
      'got api: null, bucket: 0': [{ origins: WRONG_ORIGINS }, 'api: null, bucket: 0'],
    },
  },
  {
    by: 'var.origins',
    message: 'origins must have a path_prefix that begins with a slash and does not end with one; got {}.',
    rows: {
      'a prefix of paths without slash': [
        { origins: { api: { domain_name: 'api.example.com', path_patterns: ['api/*'], path_prefix: 'v1/' } } },
        'api: v1/',
      ],
      'got api: null, bucket: v1/': [{ origins: WRONG_ORIGINS }, 'api: null, bucket: v1/'],
    },
  },
  {
    by: 'var.origins',
    message: 'origins must have at most 10 headers, with names of letters, digits and dashes; got {}.',
    rows: {
      'headers with spaces': [
        {
          origins: { api: { domain_name: 'api.example.com', headers: { 'X Secret': 's' }, path_patterns: ['api/*'] } },
        },
        'api: X Secret',
      ],
      'got api: X Key': [{ origins: WRONG_ORIGINS }, 'api: X Key'],
    },
  },
  {
    by: 'var.origins',
    message: 'origins must have path_patterns of letters, digits, _ - . / ~ @ : * and ?, at least one each; got {}.',
    rows: {
      'an origin without paths': [{ origins: { api: { domain_name: 'api.example.com', path_patterns: [] } } }, ''],
      'got api: a b, api: /cookie/*, api: cookie/*': [
        { origins: WRONG_ORIGINS },
        'api: a b, api: /cookie/*, api: cookie/*',
      ],
    },
  },
  {
    by: 'var.origins',
    message: 'origins must have at most 20 path_patterns together, each of them once; got {}.',
    rows: {
      'the same path for two origins': [
        {
          origins: {
            one: { domain_name: 'one.example.com', path_patterns: ['api/*'] },
            two: { domain_name: 'two.example.com', path_patterns: ['/api/*'] },
          },
        },
        'api/*, /api/*',
      ],
      'got a b, /cookie/*, cookie/*': [{ origins: WRONG_ORIGINS }, 'a b, /cookie/*, cookie/*'],
    },
  },
  {
    by: 'var.origins',
    message:
      'origins must leave cookie/*, .sign-in/* and .well-known/signing-key-probe, where every new key is proved, to the module; got {}.',
    rows: {
      'an origin for cookies': [
        { origins: { all: { domain_name: 'all.example.com', path_patterns: ['cookie/x'] } } },
        'cookie/x',
      ],
      'an origin for everything': [{ origins: { all: { domain_name: 'all.example.com', path_patterns: ['*'] } } }, '*'],
      'got a b, /cookie/*, cookie/*': [{ origins: WRONG_ORIGINS }, 'a b, /cookie/*, cookie/*'],
    },
  },
  {
    by: 'var.origins',
    message:
      'origins must not have path_patterns inside uploads.prefix, which goes first because uploads are shown in a sandbox of their own; got {} and uploads.prefix {}. Put them side by side.',
    rows: {
      'an origin inside of uploads': [
        {
          origins: { api: { domain_name: 'api.example.com', path_patterns: ['/people/photos/api/*'] } },
          uploads: { prefix: 'people/photos' },
        },
        '/people/photos/api/*',
        'people/photos',
      ],
      'origin in uploads': [
        {
          origins: { api: { domain_name: 'api.example.com', path_patterns: ['api/*', 'in/box/*'] } },
          uploads: { prefix: 'in/box' },
        },
        'api/*, in/box/*',
        'in/box',
      ],
    },
  },
]

/** Rejected settings of the site: its name, addresses, headers and public files. */
import { numbered, type Refusal } from './refusal.js'

/** One entry for each rule, with the arguments that it rejects. */
export const SITE: readonly Refusal[] = [
  {
    by: 'var.aliases',
    message: 'aliases must each be a full host name in lower case without wildcard, scheme or port; got {}.',
    rows: {
      'a scheme or path too many': [{ aliases: ['https://photos.example.com'] }, 'https://photos.example.com'],
      wildcards: [{ aliases: ['*.example.com'] }, '*.example.com'],
    },
  },
  {
    by: 'var.allowed_origins',
    message: 'allowed_origins must not hold more than 100 origins; got 101.',
    rows: {
      'numbers above their range': [{ allowed_origins: numbered(101, (number) => `https://a${number - 1}.example`) }],
      'got 101': [{ allowed_origins: numbered(101, (number) => `https://app${number}.example.com`) }],
    },
  },
  {
    by: 'var.allowed_origins',
    message:
      'allowed_origins must each be https:// and a lower-case host without path or wildcard (https://app.example.com), or localhost with a scheme (http://localhost:5173, capacitor://localhost); got {}.',
    rows: {
      'a scheme or path too many': [{ allowed_origins: ['https://app.example.com/'] }, 'https://app.example.com/'],
      'an origin without tls and empty strings': [
        { allowed_origins: ['http://app.example.com'] },
        'http://app.example.com',
      ],
      'capitals spaces and line feeds': [{ allowed_origins: ['https://App.example.com'] }, 'https://App.example.com'],
      'everything at once': [{ allowed_origins: ['*'] }, '*'],
      wildcards: [{ allowed_origins: ['https://*.example.com'] }, 'https://*.example.com'],
    },
  },
  {
    by: 'var.certificate_arn',
    message:
      'certificate_arn must be the ARN of an ACM certificate in us-east-1, the only region CloudFront reads; got {}.',
    rows: {
      'a certificate of another region': [
        { aliases: ['photos.example.com'], certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/abc' },
        'arn:aws:acm:eu-west-1:123456789012:certificate/abc',
      ],
      'got arn:aws:acm:eu-west-1:123456789012:certificate/1': [
        { certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' },
        'arn:aws:acm:eu-west-1:123456789012:certificate/1',
      ],
    },
  },
  {
    by: 'var.certificate_arn',
    message: 'certificate_arn must be given with aliases, and only with them; got {} and aliases [{}].',
    rows: {
      'a certificate without alias': [
        { certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/abc' },
        'arn:aws:acm:us-east-1:123456789012:certificate/abc',
        '',
      ],
      'an alias without certificate': [{ aliases: ['photos.example.com'] }, 'null', 'photos.example.com'],
      'got arn:aws:acm:eu-west-1:123456789012:certificat …': [
        { certificate_arn: 'arn:aws:acm:eu-west-1:123456789012:certificate/1' },
        'arn:aws:acm:eu-west-1:123456789012:certificate/1',
        '',
      ],
    },
  },
  {
    by: 'var.content_security_policy',
    message: 'content_security_policy must be a single line that is not empty; got {}.',
    rows: {
      'an origin without tls and empty strings': [{ content_security_policy: '' }, '""'],
      'capitals spaces and line feeds': [
        { content_security_policy: "default-src 'self'\nX-Injected: 1" },
        '"default-src \'self\'\\nX-Injected: 1"',
      ],
      'got "default-src \'self\'\\nX-Other: 1"': [
        { content_security_policy: "default-src 'self'\nX-Other: 1" },
        '"default-src \'self\'\\nX-Other: 1"',
      ],
    },
  },
  {
    by: 'var.default_root_object',
    message: 'default_root_object must be the key of an object, without a leading slash; got {}.',
    rows: {
      'a scheme or path too many': [{ default_root_object: '/index.html' }, '/index.html'],
      'an origin without tls and empty strings': [{ default_root_object: '' }, 'an empty string'],
    },
  },
  {
    by: 'var.minimum_tls_version',
    message: 'minimum_tls_version must be TLSv1.2_2019, TLSv1.2_2021, TLSv1.2_2025 or TLSv1.3_2025; got {}.',
    rows: {
      'words that cloudfront does not know': [{ minimum_tls_version: 'TLSv1.1_2016' }, 'TLSv1.1_2016'],
      'got TLSv1': [{ minimum_tls_version: 'TLSv1' }, 'TLSv1'],
    },
  },
  {
    by: 'var.name',
    message:
      'name must have 3 to 36 characters, lower-case letters, digits and dashes, begin with a letter and not end with a dash; got {}.',
    rows: {
      'names that s3 would refuse': [{ name: 'Photos' }, 'Photos'],
      'names too long for the bucket': [
        { name: 'a1234567890123456789012345678901234567' },
        'a1234567890123456789012345678901234567',
      ],
      'got aws-photos-': [{ name: 'aws-photos-' }, 'aws-photos-'],
    },
  },
  {
    by: 'var.name',
    message: 'name must not begin with aws or ssm, because Systems Manager reserves such parameter names; got {}.',
    rows: {
      'names that begin with ssm': [{ name: 'ssm-photos' }, 'ssm-photos'],
      'names that systems manager reserves': [{ name: 'awsome-photos' }, 'awsome-photos'],
      'got aws-photos-': [{ name: 'aws-photos-' }, 'aws-photos-'],
    },
  },
  {
    by: 'var.price_class',
    message: 'price_class must be PriceClass_All, PriceClass_200 or PriceClass_100; got {}.',
    rows: {
      'words that cloudfront does not know': [{ price_class: 'PriceClass_300' }, 'PriceClass_300'],
    },
  },
  {
    by: 'var.public_paths',
    message: 'public_paths must not hold more than 50 patterns; got 51.',
    rows: {
      'numbers above their range': [{ public_paths: numbered(51, (number) => `public-${number - 1}/*`) }],
      'got 51': [{ public_paths: numbered(51, (number) => `press${number}/*`) }],
    },
  },
  {
    by: 'var.public_paths',
    message: 'public_paths must each be a path pattern of letters, digits, _ - . / ~ @ : * and ?; got {}.',
    rows: {
      'capitals spaces and line feeds': [{ public_paths: ['my photos/*'] }, 'my photos/*'],
      'numbers below their range': [{ public_paths: [''] }, ''],
      'got *, cookie/help, a b': [{ public_paths: ['*', 'cookie/help', 'a b'] }, '*, cookie/help, a b'],
    },
  },
  {
    by: 'var.public_paths',
    message:
      'public_paths must not cover .well-known/signing-key-probe, where every new key is proved, so neither everything nor .well-known/*; list the public files one by one. Got {}.',
    rows: {
      'everything at once': [{ public_paths: ['/*'] }, '/*'],
      'to make the probe of new keys public': [{ public_paths: ['.well-known/*'] }, '.well-known/*'],
      'to make the probe public by question marks': [
        { public_paths: ['?well-known/signing-key-prob?'] },
        '?well-known/signing-key-prob?',
      ],
      wildcards: [{ public_paths: ['*'] }, '*'],
      'got *, cookie/help, a b': [{ public_paths: ['*', 'cookie/help', 'a b'] }, '*, cookie/help, a b'],
    },
  },
  {
    by: 'var.public_paths',
    message: 'public_paths must leave cookie/* and .sign-in/* to the module; got {}.',
    rows: {
      'leaves the pages of the sign in to the module': [{ public_paths: ['.sign-in/logo.svg'] }, '.sign-in/logo.svg'],
      'a public path around cookie': [{ public_paths: ['c*'] }, 'c*'],
      'a public path inside of cookie': [{ public_paths: ['cookie/help.html'] }, 'cookie/help.html'],
      'everything at once': [{ public_paths: ['/*'] }, '/*'],
      wildcards: [{ public_paths: ['*'] }, '*'],
      'got *, cookie/help, a b': [{ public_paths: ['*', 'cookie/help', 'a b'] }, '*, cookie/help, a b'],
    },
  },
  {
    by: 'var.public_paths',
    message:
      'public_paths must not lie inside uploads.prefix, which goes first because uploads are shown in a sandbox of their own; got {} and uploads.prefix {}. Keep public files elsewhere.',
    rows: {
      'a public path inside of uploads': [
        { public_paths: ['/people/photos/*.svg'], uploads: { prefix: 'people/photos' } },
        '/people/photos/*.svg',
        'people/photos',
      ],
      'public in uploads': [
        { public_paths: ['press/*', '/uploads/*.svg'], uploads: {} },
        'press/*, /uploads/*.svg',
        'uploads',
      ],
    },
  },
  {
    by: 'var.site_mode',
    message: 'site_mode must be files, website or spa; got {}.',
    rows: {
      'an unknown site mode': [{ site_mode: 'static' }, 'static'],
      'got blog': [{ site_mode: 'blog' }, 'blog'],
    },
  },
  {
    by: 'var.versioning',
    message: 'versioning.noncurrent_days must be a whole number of at least 1; got {}.',
    rows: {
      'numbers above their range': [{ versioning: { enabled: true, noncurrent_days: 1.5 } }, '1.5'],
      'numbers below their range': [{ versioning: { enabled: true, noncurrent_days: 0 } }, '0'],
      'got 0': [{ versioning: { noncurrent_days: 0 } }, '0'],
    },
  },
]

/** Rejected settings of cookies, signing keys and their rotation. */
import { numbered, type Refusal } from './refusal.js'

const DISTRIBUTION = {
  arn: 'arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE',
  hosts: ['www.example.com'],
}

/** One entry for each rule, with the arguments that it rejects. */
export const SIGNING: readonly Refusal[] = [
  {
    by: 'aws_ssm_parameter.signer_configuration',
    message:
      "The edge function's configuration must fit into a parameter of {} bytes; got {}. Shorten access_rules, allowed_origins or aliases.",
    rows: {
      'long document': [
        {
          access_rules: [
            {
              groups: numbered(80, (number) => `${'g'.repeat(120)}${number}`),
              paths: ['/*'],
            },
          ],
          distribution: DISTRIBUTION,
          user_pool: { client_ids: ['1example23456789'], id: 'eu-west-1_AbC123' },
        },
        '8192',
        '10334',
      ],
    },
  },
  {
    by: 'aws_ssm_parameter.signer_configuration',
    message:
      'cookie_scope.domain must be a parent domain of every alias, or of every host of the distribution that is given, because browsers drop cookies for other domains; got {} for {}.',
    rows: {
      'a cookie domain that is not above every alias': [
        {
          aliases: ['photos.example.com', 'example.com'],
          certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
          cookie_scope: { domain: 'example.com' },
        },
        'example.com',
        'photos.example.com, example.com',
      ],
      'a cookie domain that is not above the host of a distribution that is there': [
        { cookie_scope: { domain: 'example.org' }, distribution: DISTRIBUTION },
        'example.org',
        'www.example.com',
      ],
      'a cookie domain without aliases': [{ cookie_scope: { domain: 'example.com' } }, 'example.com', 'no aliases'],
      'cookie domain': [
        {
          aliases: ['photos.example.com', 'films.example.org'],
          certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
          cookie_scope: { domain: 'example.com' },
        },
        'example.com',
        'photos.example.com, films.example.org',
      ],
    },
  },
  {
    by: 'var.cookie_same_site',
    message: 'cookie_same_site must be Lax, Strict or None; got {}.',
    rows: {
      'words that nobody knows': [{ cookie_same_site: 'lax' }, 'lax'],
      'got Loose': [{ cookie_same_site: 'Loose' }, 'Loose'],
    },
  },
  {
    by: 'var.cookie_scope',
    message:
      'cookie_scope.domain must be a domain in lower case with a dot in it and none before it, such as example.com; got {}.',
    rows: {
      'a cookie domain that everybody shares': [{ cookie_scope: { domain: 'com' } }, 'com'],
      'a cookie domain with a dot before it': [{ cookie_scope: { domain: '.example.com' } }, '.example.com'],
      'got .example.com': [{ cookie_scope: { domain: '.example.com', partitioned: true } }, '.example.com'],
    },
  },
  {
    by: 'var.cookie_scope',
    message:
      'cookie_scope.partitioned must come with cookie_same_site = "None", because it is for pages of other sites, to which browsers send no others; got Lax.',
    rows: {
      'partitioned cookies that no other site gets': [{ cookie_scope: { partitioned: true } }],
      'got Lax': [{ cookie_scope: { domain: '.example.com', partitioned: true } }],
    },
  },
  {
    by: 'var.cookie_ttl_minutes',
    message: 'cookie_ttl_minutes must be a whole number from 1 to 1440, the longest life of a Cognito token; got {}.',
    rows: {
      'half minutes and another region': [{ cookie_ttl_minutes: 2.5 }, '2.5'],
      'too little': [{ cookie_ttl_minutes: 0 }, '0'],
      'too much': [{ cookie_ttl_minutes: 1441 }, '1441'],
    },
  },
  {
    by: 'var.rotation',
    message: 'rotation.interval_days must be a whole number from 1 to 999; got {}.',
    rows: {
      'a rotation rarer than secrets manager can': [{ rotation: { interval_days: 1000 } }, '1000'],
      'a rotation several times a day': [{ rotation: { interval_days: 0.5 } }, '0.5'],
      'got 0': [{ rotation: { interval_days: 0, propagation_minutes: 11 } }, '0'],
    },
  },
  {
    by: 'var.rotation',
    message: 'rotation.propagation_minutes must lie between 0 and 10; got 11.',
    rows: {
      'to wait longer than lambda runs': [{ rotation: { propagation_minutes: 11 } }],
      'got 11': [{ rotation: { interval_days: 0, propagation_minutes: 11 } }],
    },
  },
  {
    by: 'var.rotation',
    message:
      'rotation.interval_days must be at least a third of the time that a replaced key stays trusted, because a key group holds five keys: cookie_ttl_minutes ({}) + signer_cache.fresh_minutes (5) + signer_cache.stale_minutes ({}) + rotation.propagation_minutes ({}) + 5 minutes; got {}.',
    rows: {
      'more keys than a group holds': [
        { cookie_ttl_minutes: 1440, rotation: { interval_days: 1 }, signer_cache: { stale_minutes: 2871 } },
        '1440',
        '2871',
        '5',
        '1',
      ],
      'got 60 5 60 11 0': [{ rotation: { interval_days: 0, propagation_minutes: 11 } }, '60', '60', '11', '0'],
    },
  },
  {
    by: 'var.rotation',
    message:
      'rotation.probe_enabled must not be true while viewer_restrictions keep the United States out, where the rotator is; got countries_allowed DE, FR. Leave it out, or let US come.',
    rows: {
      'to try keys where the rotator may not come': [
        { rotation: { probe_enabled: true }, viewer_restrictions: { countries_allowed: ['DE', 'FR'] } },
      ],
      'kept out': [{ rotation: { probe_enabled: true }, viewer_restrictions: { countries_allowed: ['FR', 'DE'] } }],
    },
  },
  {
    by: 'var.signature_hash_algorithm',
    message: 'signature_hash_algorithm must be SHA1 or SHA256; got {}.',
    rows: {
      'words that nobody knows': [{ signature_hash_algorithm: 'SHA512' }, 'SHA512'],
      'got MD5': [{ signature_hash_algorithm: 'MD5' }, 'MD5'],
    },
  },
  {
    by: 'var.signer_cache',
    message: 'signer_cache.fresh_minutes must lie between 1 and 60; got {}.',
    rows: {
      'too little': [{ signer_cache: { fresh_minutes: 0.5 } }, '0.5'],
      'got 0': [{ signer_cache: { fresh_minutes: 0, stale_minutes: -1 } }, '0'],
    },
  },
  {
    by: 'var.signer_cache',
    message: 'signer_cache.stale_minutes must lie between 0 and 10080 (a week); got {}.',
    rows: {
      'a negative cache': [{ signer_cache: { stale_minutes: -1 } }, '-1'],
      'too much': [{ signer_cache: { stale_minutes: 10081 } }, '10081'],
      'got -1': [{ signer_cache: { fresh_minutes: 0, stale_minutes: -1 } }, '-1'],
    },
  },
  {
    by: 'var.signing_key_algorithm',
    message: 'signing_key_algorithm must be RSA-2048 or ECDSA-P256; got {}.',
    rows: {
      'words that nobody knows': [{ signing_key_algorithm: 'RSA-4096' }, 'RSA-4096'],
      'got RSA-1024': [{ signing_key_algorithm: 'RSA-1024' }, 'RSA-1024'],
    },
  },
]

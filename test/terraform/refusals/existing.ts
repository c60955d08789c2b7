/** Rejected settings of existing resources: buckets, distributions, zones, keys and logs. */
import type { Refusal } from './refusal.js'

const DISTRIBUTION = {
  arn: 'arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE',
  hosts: ['www.example.com'],
}

const WRONG_VIEWER_RESTRICTIONS = {
  web_acl_arn: 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/1',
  countries_allowed: ['de'],
  countries_denied: ['FR'],
}

/** One entry for each rule, with the arguments that it rejects. */
export const EXISTING: readonly Refusal[] = [
  {
    by: 'var.access_logs',
    message: 'access_logs.bucket_arn must be the ARN of an S3 bucket, such as arn:aws:s3:::acme-logs; got acme-logs.',
    rows: {
      'the name of a bucket for logs': [{ access_logs: { bucket_arn: 'acme-logs' } }],
      'got acme-logs': [
        { access_logs: { bucket_arn: 'acme-logs', prefix: '/logs/', format: 'csv', fields: ['c ip'] } },
      ],
    },
  },
  {
    by: 'var.access_logs',
    message: 'access_logs.prefix must be a folder without slashes at its ends; got {}.',
    rows: {
      'a prefix with a slash at its end': [
        { access_logs: { bucket_arn: 'arn:aws:s3:::acme-logs', prefix: 'photos/' } },
        'photos/',
      ],
      'got /logs/': [
        { access_logs: { bucket_arn: 'acme-logs', prefix: '/logs/', format: 'csv', fields: ['c ip'] } },
        '/logs/',
      ],
    },
  },
  {
    by: 'var.access_logs',
    message: 'access_logs.format must be json, plain, w3c or parquet; got csv.',
    rows: {
      'a format that is none': [{ access_logs: { bucket_arn: 'arn:aws:s3:::acme-logs', format: 'csv' } }],
      'got csv': [{ access_logs: { bucket_arn: 'acme-logs', prefix: '/logs/', format: 'csv', fields: ['c ip'] } }],
    },
  },
  {
    by: 'var.access_logs',
    message:
      "access_logs.fields must be names of CloudFront's log fields, such as date or cs(Host), and at least one; got {}.",
    rows: {
      'logs without fields': [{ access_logs: { bucket_arn: 'arn:aws:s3:::acme-logs', fields: [] } }, ''],
      'got c ip': [
        { access_logs: { bucket_arn: 'acme-logs', prefix: '/logs/', format: 'csv', fields: ['c ip'] } },
        'c ip',
      ],
    },
  },
  {
    by: 'var.bucket',
    message:
      "bucket.name must be the name of an S3 bucket: 3 to 63 lower-case letters, digits and dashes, and no dots, with which S3's certificate does not hold; got {}.",
    rows: {
      'a bucket name with dots': [{ bucket: { name: 'acme.photos' } }, 'acme.photos'],
      'got Photos.example.com': [
        {
          bucket_force_destroy: true,
          bucket: { name: 'Photos.example.com', regional_domain_name: 'photos.example.com' },
        },
        'Photos.example.com',
      ],
    },
  },
  {
    by: 'var.bucket',
    message:
      "bucket.regional_domain_name must be the bucket's host name in its region, such as photos.s3.eu-west-1.amazonaws.com; got {}.",
    rows: {
      'a bucket host that is an address': [
        { bucket: { name: 'acme-photos', regional_domain_name: 'https://acme-photos.s3.eu-west-1.amazonaws.com' } },
        'https://acme-photos.s3.eu-west-1.amazonaws.com',
      ],
      'got photos.example.com': [
        {
          bucket_force_destroy: true,
          bucket: { name: 'Photos.example.com', regional_domain_name: 'photos.example.com' },
        },
        'photos.example.com',
      ],
    },
  },
  {
    by: 'var.bucket',
    message:
      'bucket must come without settings for a bucket that the module makes, because it does not touch those of a bucket of yours: remove {}, and set the like at your bucket.',
    rows: {
      'settings of a bucket that is there': [
        { bucket: { name: 'acme-photos' }, bucket_force_destroy: true, versioning: { enabled: true } },
        'bucket_force_destroy, versioning',
      ],
      'got bucket_force_destroy': [
        {
          bucket_force_destroy: true,
          bucket: { name: 'Photos.example.com', regional_domain_name: 'photos.example.com' },
        },
        'bucket_force_destroy',
      ],
    },
  },
  {
    by: 'var.distribution',
    message:
      'distribution.arn must be the ARN of a CloudFront distribution, such as arn:aws:cloudfront::111122223333:distribution/EDFDVBD632BHDS5; got {}.',
    rows: {
      'the id of a distribution as its arn': [
        { distribution: { arn: 'E2EXAMPLE', hosts: ['www.example.com'] } },
        'E2EXAMPLE',
      ],
      'got EDFDVBD632BHDS5': [
        { price_class: 'PriceClass_100', distribution: { arn: 'EDFDVBD632BHDS5', hosts: ['https://www.example.com'] } },
        'EDFDVBD632BHDS5',
      ],
    },
  },
  {
    by: 'var.distribution',
    message:
      'distribution.hosts must be at least one full host name, in lower case without wildcard, scheme or path; got {}.',
    rows: {
      'a distribution without hosts': [
        { distribution: { arn: 'arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE', hosts: [] } },
        '',
      ],
      'a wildcard for a host': [
        { distribution: { arn: 'arn:aws:cloudfront::123456789012:distribution/E2EXAMPLE', hosts: ['*.example.com'] } },
        '*.example.com',
      ],
      'got https://www.example.com': [
        { price_class: 'PriceClass_100', distribution: { arn: 'EDFDVBD632BHDS5', hosts: ['https://www.example.com'] } },
        'https://www.example.com',
      ],
    },
  },
  {
    by: 'var.distribution',
    message:
      'distribution must come without settings for a distribution that the module makes, because it does not touch yours: remove {}, and set the like at your distribution.',
    rows: {
      'origins of a distribution that is there': [
        {
          distribution: DISTRIBUTION,
          origins: { api: { domain_name: 'api.example.com', path_patterns: ['api/*'] } },
        },
        'origins',
      ],
      'settings of a distribution that is there': [
        {
          distribution: DISTRIBUTION,
          price_class: 'PriceClass_100',
          viewer_restrictions: { countries_allowed: ['DE'] },
        },
        'viewer_restrictions, price_class',
      ],
      'distribution settings': [
        {
          distribution: DISTRIBUTION,
          price_class: 'PriceClass_100',
          viewer_restrictions: { countries_denied: ['KP'] },
        },
        'viewer_restrictions, price_class',
      ],
      'got price_class': [
        { price_class: 'PriceClass_100', distribution: { arn: 'EDFDVBD632BHDS5', hosts: ['https://www.example.com'] } },
        'price_class',
      ],
    },
  },
  {
    by: 'var.dns_zone',
    message: 'dns_zone.id must be the id of a Route 53 hosted zone, such as Z0123456789ABCDEFGHIJ; got {}.',
    rows: {
      'the path of a zone': [
        {
          aliases: ['photos.example.com'],
          certificate_arn: 'arn:aws:acm:us-east-1:123456789012:certificate/1',
          dns_zone: { id: '/hostedzone/Z0123456789ABCDEFGHIJ' },
        },
        '/hostedzone/Z0123456789ABCDEFGHIJ',
      ],
      'got example.com': [{ dns_zone: { id: 'example.com' } }, 'example.com'],
    },
  },
  {
    by: 'var.dns_zone',
    message: 'dns_zone must come with aliases, whose records it takes; got {} and no aliases.',
    rows: {
      'a zone without aliases': [{ dns_zone: { id: 'Z0123456789ABCDEFGHIJ' } }, 'Z0123456789ABCDEFGHIJ'],
      'got example.com': [{ dns_zone: { id: 'example.com' } }, 'example.com'],
    },
  },
  {
    by: 'var.kms_key_arns',
    message: 'kms_key_arns must be ARNs of KMS keys, not of aliases; got {}.',
    rows: {
      'the alias of a key': [
        { kms_key_arns: { bucket: 'arn:aws:kms:eu-west-1:123456789012:alias/acme' } },
        'arn:aws:kms:eu-west-1:123456789012:alias/acme, null, null',
      ],
      'got alias/photos, arn:aws:kms:eu-west-1:123456789 …': [
        { kms_key_arns: { bucket: 'alias/photos', secrets: 'arn:aws:kms:eu-west-1:123456789012:key/1' } },
        'alias/photos, arn:aws:kms:eu-west-1:123456789012:key/1, null',
      ],
    },
  },
  {
    by: 'var.kms_key_arns',
    message:
      'kms_key_arns.secrets and kms_key_arns.logs must be keys in us-east-1, where the secrets and the log groups are; got arn:aws:kms:eu-west-1:123456789012:key/1 and null.',
    rows: {
      'a key for secrets in another region': [
        { kms_key_arns: { secrets: 'arn:aws:kms:eu-west-1:123456789012:key/1' } },
      ],
      'got arn:aws:kms:eu-west-1:123456789012:key/1 null': [
        { kms_key_arns: { bucket: 'alias/photos', secrets: 'arn:aws:kms:eu-west-1:123456789012:key/1' } },
      ],
    },
  },
  {
    by: 'var.permissions_boundary_arn',
    message: 'permissions_boundary_arn must be the ARN of an IAM policy; got {}.',
    rows: {
      'the name of a boundary': [{ permissions_boundary_arn: 'boundary' }, 'boundary'],
    },
  },
  {
    by: 'var.response_headers_policy',
    message:
      'response_headers_policy.id must be the id of a response headers policy, such as 67f7725c-6f97-4210-82d7-5512b31e9d03; got {}.',
    rows: {
      'the name of a headers policy': [
        { response_headers_policy: { id: 'Managed-SecurityHeadersPolicy' } },
        'Managed-SecurityHeadersPolicy',
      ],
      'got security': [
        { content_security_policy: "default-src 'self'", response_headers_policy: { id: 'security' } },
        'security',
      ],
    },
  },
  {
    by: 'var.response_headers_policy',
    message:
      "response_headers_policy must not come with content_security_policy, which belongs into that policy then; got default-src 'self'.",
    rows: {
      'a headers policy beside a content security policy': [
        {
          content_security_policy: "default-src 'self'",
          response_headers_policy: { id: '67f7725c-6f97-4210-82d7-5512b31e9d03' },
        },
      ],
      "got default-src 'self'": [
        { content_security_policy: "default-src 'self'", response_headers_policy: { id: 'security' } },
      ],
    },
  },
  {
    by: 'var.viewer_restrictions',
    message:
      'viewer_restrictions.web_acl_arn must be the ARN of a WAF web ACL with scope CLOUDFRONT, which is in us-east-1; got arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/1.',
    rows: {
      'a regional web acl': [
        { viewer_restrictions: { web_acl_arn: 'arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/acme/1' } },
      ],
      'got arn:aws:wafv2:eu-west-1:123456789012:regional …': [{ viewer_restrictions: WRONG_VIEWER_RESTRICTIONS }],
    },
  },
  {
    by: 'var.viewer_restrictions',
    message:
      'viewer_restrictions.countries_allowed and viewer_restrictions.countries_denied must be codes of two capital letters, such as DE; got {}.',
    rows: {
      'countries by name': [{ viewer_restrictions: { countries_denied: ['Germany'] } }, 'Germany'],
      'got FR, de': [{ viewer_restrictions: WRONG_VIEWER_RESTRICTIONS }, 'FR, de'],
    },
  },
  {
    by: 'var.viewer_restrictions',
    message:
      'viewer_restrictions must have countries_allowed or countries_denied, not both, because CloudFront keeps one list; got {} and FR.',
    rows: {
      'both lists of countries': [
        { viewer_restrictions: { countries_allowed: ['DE'], countries_denied: ['FR'] } },
        'DE',
      ],
      'got de FR': [{ viewer_restrictions: WRONG_VIEWER_RESTRICTIONS }, 'de'],
    },
  },
  {
    by: 'var.viewer_restrictions',
    message:
      'viewer_restrictions must restrict something by web_acl_arn, countries_allowed or countries_denied, or be null; got none of them.',
    rows: {
      'restrictions that restrict nothing': [{ viewer_restrictions: { country_allowed: ['DE'] } }],
      'no restriction': [
        { viewer_restrictions: { webacl_arn: 'arn:aws:wafv2:us-east-1:123456789012:global/webacl/acme/1' } },
      ],
    },
  },
]

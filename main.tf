# The map of the module
#
#   variables.tf              name, content and distribution            \
#   variables.identity.tf     the user pool                              |
#   variables.issuer.tf       another pool, another provider             |
#   variables.sign-in.tf      the login in the browser                   |
#   variables.access.tf       who may see what, tokens, links             } the public interface
#   variables.signing.tf      cookies, keys                              |
#   variables.existing.tf     what you bring along                       |
#   variables.origins.tf      what else to hang on the distribution      |
#   variables.operations.tf   how it runs, and who is told              /
#   outputs.tf                what an app, an operator and a DNS record need to know
#   versions.tf               Terraform and the provider, from which version on
#
#   identity.tf       Cognito: user pool, app client, login page, groups, first users
#   oidc.tf           another OpenID Connect provider: its addresses
#   access.tf         who may see what
#   exclusive.tf      subtrees with a signing key of their own
#   sign-in.tf        the login in the browser: settings, the secret of a client that has one
#   pages.tf          the pages that people without cookies meet
#   uploads.tf        identity pool and role with which people upload
#   content.tf        the private bucket
#   behaviours.tf     what CloudFront does where: signed by default; a token in place of cookies for bearer_paths; neither for
#                     public_paths, cookie/*, .sign-in/* and what origins open
#   origins.tf        further origins behind the same cookies
#   distribution.tf   the distribution that is made of these two
#   dns.tf            records for the aliases
#   access-logs.tf    who asked CloudFront for what
#   signer.tf         the edge function behind cookie/* and bearer_paths: turns a token into signed cookies, or looks at it
#   signing-keys.tf   the signing keys: secrets, key groups, bootstrap key, schedule
#   rotator.tf        the function that rotates them
#   monitoring.tf     log groups, alarms
#   throughput.tf     Parameter Store's throughput, of the whole account
#
# Each terraform_data holds nothing: in its lifecycle stands what the file refuses when the variables are looked at together,
# so that a refused plan names the file that knows why.
#
# Two providers: aws is the region of bucket and user pool, aws.us_east_1 that of everything CloudFront wants there:
# the functions, the secret, the parameter, certificates, metrics.

data "aws_partition" "current" {}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

data "aws_region" "home" {
  provider = aws.us_east_1

  lifecycle {
    # Lambda@Edge functions live in us-east-1 only (CloudFront Developer Guide, Restrictions on Lambda@Edge).
    postcondition {
      condition     = self.id == "us-east-1"
      error_message = "The provider handed to the module as aws.us_east_1 must have region = \"us-east-1\"; got ${self.id}."
    }
  }
}

locals {
  partition   = data.aws_partition.current.partition
  account_id  = data.aws_caller_identity.current.account_id
  home_region = data.aws_region.home.id

  # Made here or given: one list of the two is empty.
  creates_distribution = var.distribution == null
  distribution_arn     = one(concat(aws_cloudfront_distribution.content[*].arn, var.distribution[*].arn))
  distribution_id      = reverse(split("/", local.distribution_arn))[0]
  distribution_host    = lower(concat(aws_cloudfront_distribution.content[*].domain_name, flatten(var.distribution[*].hosts))[0])

  # Every host under which the content is read. Policies, cookies and return addresses name exactly these. CloudFront's own
  # is not among them when cookies are for a domain in which it is not.
  own_hosts = concat(var.cookie_scope.domain == null ? [local.distribution_host] : [], var.aliases)
  hosts     = local.creates_distribution ? local.own_hosts : [for host in flatten(var.distribution[*].hosts) : lower(host)]
  url       = "https://${concat(var.aliases, [local.distribution_host])[0]}"
}

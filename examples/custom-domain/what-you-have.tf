# A stand-in for the zone that you have already, so that this example applies by itself. Put yours in its place, as a data
# source or by its id: only where the world looks for the domain will ACM see that the names are yours.

resource "aws_route53_zone" "domain" {
  name = var.domain
}

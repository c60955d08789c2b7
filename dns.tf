# Records for the aliases, where the zone is given.

locals {
  # A distribution without IPv6 has no address for AAAA.
  record_types = var.cookie_scope.bound_to_ip ? ["A"] : ["A", "AAAA"]
  records = { for pair in setproduct(var.aliases, local.record_types) :
    "${pair[0]} ${pair[1]}" => { name = pair[0], type = pair[1] } if var.dns_zone != null
  }
}

resource "aws_route53_record" "alias" {
  for_each = local.records

  name    = each.value.name
  type    = each.value.type
  zone_id = var.dns_zone.id

  alias {
    evaluate_target_health = false
    name                   = aws_cloudfront_distribution.content[0].domain_name
    zone_id                = aws_cloudfront_distribution.content[0].hosted_zone_id
  }
}

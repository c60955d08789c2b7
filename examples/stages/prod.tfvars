# The real thing. With a domain of its own, add:
#   aliases         = ["photos.example.com"]
#   certificate_arn = "arn:aws:acm:us-east-1:123456789012:certificate/..."
#   alarm_actions   = ["arn:aws:sns:us-east-1:123456789012:on-call"]
stage              = "prod"
mfa                = "OPTIONAL"
log_retention_days = 365

# As production, on a smaller scale.
stage              = "stage"
disposable         = true
mfa                = "OPTIONAL"
log_retention_days = 30
price_class        = "PriceClass_100"
